import type { Verdict } from '../status/types.ts';

// Drawn, not typed: the glyphs differ in size from font to font, and some fonts lack the half circle.
const shapes: Readonly<Record<Verdict, preact.ComponentChild>> = {
  pass: <circle cx="8" cy="8" r="6.5" />,
  at_risk: <path d="M8 1.2 15.2 14H.8z" />,
  fail: <path d="M2 2h12v12H2z" />,
  insufficient_data: (
    <>
      <circle cx="8" cy="8" r="5.8" class="ring" />
      <path d="M8 8V2.2A5.8 5.8 0 0 1 13.8 8z" />
    </>
  ),
  not_measured: <circle cx="8" cy="8" r="5.8" class="ring" />,
};

/** The shape of a verdict; what it says stands beside it in words. */
export function Mark({ verdict }: { verdict: Verdict }) {
  return (
    <svg class={`mark ${verdict}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[verdict]}
    </svg>
  );
}
