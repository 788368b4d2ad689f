import { useMemo } from 'preact/hooks';
import { stepText } from '../words/time.ts';
import { moveCursor, useCursor } from './cursor.ts';
import { gaps, linePath, scaleFor, type Scale, type ScaleKind } from './scale.ts';

export interface SparkProps {
  readonly values: readonly (number | null)[];
  readonly kind: ScaleKind;
  readonly from: string;
  readonly stepSeconds: number;
  readonly write: (value: number | null) => string;
  readonly label: string;
  readonly target?: { readonly value: number; readonly text: string } | undefined;
}

/** A small line over the window: gaps are gaps, the target is a thin labelled line. */
export function Spark(props: SparkProps) {
  const { values, kind, target } = props;
  const cells = Math.max(values.length, 1);
  const targetValue = target?.value ?? null;
  const scale = useMemo(() => scaleFor(kind, values, targetValue), [kind, values, targetValue]);
  const path = useMemo(() => linePath(values, scale), [values, scale]);
  const unknown = useMemo(() => (values.length === 0 ? [{ start: 0, end: 1 }] : gaps(values)), [values]);

  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const cell = Math.floor(((event.clientX - box.left) / box.width) * cells);
    moveCursor((Math.min(Math.max(cell, 0), cells - 1) + 0.5) / cells);
  };

  return (
    <div
      class={target ? 'spark with-target' : 'spark'}
      role="img"
      aria-label={describe(props)}
      onPointerMove={point}
      onPointerLeave={() => moveCursor(null)}
    >
      {unknown.map((run) => (
        <i class="hatch" key={run.start} style={{ left: share(run.start, cells), width: share(run.end - run.start, cells) }} />
      ))}
      <svg viewBox={`0 0 ${cells} 100`} preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
      </svg>
      {target && (
        <div class="target" style={{ bottom: share(scale.place(target.value), 1) }}>
          <span>{target.text}</span>
        </div>
      )}
      {scale.log && <span class="log">log</span>}
      <Cursor {...props} scale={scale} />
    </div>
  );
}

function Cursor({ values, from, stepSeconds, write, scale }: SparkProps & { scale: Scale }) {
  const fraction = useCursor();
  if (fraction === null || values.length === 0) return null;
  const index = Math.min(Math.floor(fraction * values.length), values.length - 1);
  const value = values[index] ?? null;
  const left = (index + 0.5) / values.length;
  const instant = Date.parse(from) + index * stepSeconds * 1_000;
  return (
    <div class="cursor" style={{ left: share(left, 1) }}>
      {value !== null && <i style={{ bottom: share(scale.place(value), 1) }} />}
      <span class={left > 0.5 ? 'before' : ''}>
        {value === null ? 'unknown' : write(value)} · {stepText(instant, stepSeconds)}
      </span>
    </div>
  );
}

function describe({ values, write, label, target }: SparkProps): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${label}: unknown`;
  const range = `between ${write(Math.min(...known))} and ${write(Math.max(...known))}`;
  const holes = known.length < values.length ? `, ${gaps(values).length} gaps` : '';
  return `${label}: ${range}${holes}${target ? `, target ${target.text}` : ''}`;
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(3)}%`;
}
