/** `auto` follows the system. */
export type Theme = 'auto' | 'dark' | 'light';

export const nextTheme: Readonly<Record<Theme, Theme>> = { auto: 'dark', dark: 'light', light: 'auto' };

const key = 'kpi.theme';

export function savedTheme(): Theme {
  try {
    const saved = localStorage.getItem(key);
    return saved === 'dark' || saved === 'light' ? saved : 'auto';
  } catch {
    return 'auto'; // Storage can be forbidden; the page must still come up.
  }
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Forbidden storage: the choice lasts until the page is closed.
  }
}
