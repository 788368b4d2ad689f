import { useRef, useState } from 'preact/hooks';

export function CopyLines({ title, lines }: { title: string; lines: readonly string[] }) {
  const text = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState<string | null>(null);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines.join('\n'));
      setSaid('copied');
    } catch {
      // Browsers give the clipboard only to https and localhost; elsewhere the reader's own keys must do it.
      if (text.current) getSelection()?.selectAllChildren(text.current);
      setSaid('selected, now press Ctrl+C');
    }
  };

  return (
    <div class="paste">
      <div class="paste-head">
        <h3>{title}</h3>
        <span role="status">{said}</span>
        <button type="button" onClick={copy} aria-label={`Copy the lines for ${title}`}>
          Copy
        </button>
      </div>
      <pre ref={text}>{lines.join('\n')}</pre>
    </div>
  );
}
