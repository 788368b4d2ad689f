import type { Problem } from '../status/types.ts';

export function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="bar problems" data-testid="problems" role="alert">
      {problems.map((problem) => (
        <li key={`${problem.file}:${problem.line}:${problem.column}:${problem.message}`}>
          <span aria-hidden="true">▲ </span>
          <code>
            {problem.file}:{problem.line}:{problem.column}
          </code>{' '}
          {problem.message}; the last good version stays in force
        </li>
      ))}
    </ul>
  );
}
