import { useState } from 'preact/hooks';
import { nextTheme, savedTheme, showTheme } from './theme.ts';

export function ThemeToggle() {
  const [theme, setTheme] = useState(savedTheme);
  const turn = () => {
    const next = nextTheme[theme];
    showTheme(next);
    setTheme(next);
  };
  return (
    <button type="button" class="theme" onClick={turn} title={`Colours: ${theme}. Press for ${nextTheme[theme]}.`}>
      {theme}
    </button>
  );
}
