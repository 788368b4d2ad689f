import { bytes, count, percent } from '../words/format.ts';
import { metricAdvice } from './advice.ts';
import { Cell, Heads } from './Cell.tsx';
import type { Fill, IngestReport, MetricUse } from './report.ts';

const columns = ['metric', 'kind', 'series', 'of its room', 'labels by different values', 'what to do'];
const words = new Set(['metric', 'kind', 'labels by different values', 'what to do']);
const labelsShown = 6;
const nearlyFull = 0.8;

export function MetricTable({ report }: { report: IngestReport }) {
  if (report.metrics.length === 0) return null;
  return (
    <section class="board names" aria-labelledby="metrics-title" data-testid="metrics">
      <h2 id="metrics-title">
        Metrics <small>by active series; {count(report.series)} of {count(report.seriesLimit)} in all</small>
      </h2>
      <table>
        <Heads columns={columns} words={words} />
        <tbody>
          {report.metrics.map((metric) => (
            <MetricRow key={`${metric.name} ${metric.kind}`} metric={metric} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function MetricRow({ metric }: { metric: MetricUse }) {
  const { name, kind, series, limit, overflowed, labels } = metric;
  const share = series / limit;
  return (
    <tr data-testid="metric-row" data-metric={name}>
      <th scope="row">{name || <span class="quiet">without a name</span>}</th>
      <Cell label="kind" word>
        {kind}
      </Cell>
      <Cell label="series" id="series" raw={series}>
        {count(series)}
      </Cell>
      <Cell label="of its room" raw={share} title={`${count(limit)} at most`}>
        <span class={overflowed ? 'ink-fail' : share >= nearlyFull ? 'ink-at-risk' : 'quiet'}>
          {overflowed ? '■ overflowed' : `${share >= nearlyFull ? '▲ ' : ''}${percent(share, 2)}`}
        </span>
      </Cell>
      <Cell label="labels by different values" word>
        <ul>
          {labels.slice(0, labelsShown).map((label) => (
            <li key={label.name} data-label-name={label.name} data-value={label.values}>
              {label.name} <span class="quiet">{count(label.values)}</span>
            </li>
          ))}
          {labels.length > labelsShown && <li class="quiet">and {labels.length - labelsShown} more</li>}
        </ul>
      </Cell>
      <Cell label="what to do" word>
        {metricAdvice(metric)}
      </Cell>
    </tr>
  );
}

/** "12 MiB of 4 GiB", marked when little room is left. */
export function FillWords({ fill }: { fill: Fill }) {
  const full = fill.limit > 0 && fill.bytes >= nearlyFull * fill.limit;
  return (
    <span class={full ? 'ink-at-risk' : undefined} data-value={fill.bytes}>
      {full && '▲ '}
      {bytes(fill.bytes)} of {bytes(fill.limit)}
    </span>
  );
}
