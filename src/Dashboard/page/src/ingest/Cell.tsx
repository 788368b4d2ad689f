interface CellProps {
  readonly label: string;
  readonly id?: string | undefined;
  readonly raw?: number | string | null | undefined;
  readonly title?: string | undefined;
  /** Words, not a figure: set to the left. */
  readonly word?: boolean;
  readonly children?: preact.ComponentChildren;
}

/** A cell of a table that a phone shows as cards: there each cell carries its label. */
export function Cell({ label, id, raw, title, word, children }: CellProps) {
  return (
    <td data-label={label} data-testid={id} data-value={raw ?? undefined} title={title} class={word ? 'word' : undefined}>
      {children}
    </td>
  );
}

export function Heads({ columns, words }: { columns: readonly string[]; words: ReadonlySet<string> }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col" class={words.has(column) ? 'word' : undefined}>
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}
