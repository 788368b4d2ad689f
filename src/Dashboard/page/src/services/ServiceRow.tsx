import { useMemo } from 'preact/hooks';
import { Mark } from '../scorecard/Mark.tsx';
import { Spark } from '../spark/Spark.tsx';
import type { Service } from '../status/types.ts';
import { count, duration, percent, perSecond } from '../words/format.ts';
import { fullText } from '../words/time.ts';

interface RowProps {
  readonly service: Service;
  readonly age: string | null;
  /** The error ratio that the current tier allows. */
  readonly errorTarget: number | null;
  readonly from: string;
  readonly stepSeconds: number;
}

/** Drawn anew only when something of it changed: the page ticks every second, hundreds of rows need not. */
export function ServiceRow(props: RowProps) {
  const { service, age, errorTarget, from, stepSeconds } = props;
  return useMemo(() => row(props), [service, age, errorTarget, from, stepSeconds]);
}

function row({ service: s, age, errorTarget, from, stepSeconds }: RowProps) {
  const over = errorTarget !== null && s.errorRatio !== null && s.errorRatio >= errorTarget;
  return (
    <tr data-testid="service-row" data-service={s.service} class={age ? 'stale' : ''}>
      <th scope="row">
        <div>
          <span class="name" title={s.service}>
            {s.service}
          </span>
          {age && s.newest && (
            <span class="age" title={`newest data: ${fullText(s.newest)}`}>
              {age} old
            </span>
          )}
        </div>
      </th>
      <Cell label="requests" id="requests" raw={s.requests} text={count(s.requests)} />
      <Cell label="rate" raw={s.rate} text={perSecond(s.rate)} />
      <Cell label="errors" id="errors" raw={s.errors} text={count(s.errors)} />
      <Cell label="error ratio" raw={s.errorRatio} text={percent(s.errorRatio)} over={over ? `over the ${percent(errorTarget)} of the current tier` : undefined} />
      <Cell label="aborted" raw={s.aborted} text={count(s.aborted)} />
      <Cell label="p50" raw={s.p50} text={duration(s.p50)} />
      <Cell label="p90" raw={s.p90} text={duration(s.p90)} />
      <Cell label="p99" id="p99" raw={s.p99} text={duration(s.p99)} />
      <td class="trend">
        <Spark values={s.spark} kind="rate" from={from} stepSeconds={stepSeconds} write={perSecond} label={`${s.service}, requests per second`} />
      </td>
      <td class="source" >
        {s.estimated && <abbr title="Estimated: the spans are a sample, the counts are scaled up to the whole">≈</abbr>} {s.source ?? ''}
      </td>
    </tr>
  );
}

interface CellProps {
  readonly label: string;
  readonly text: string;
  readonly raw: number | null;
  readonly id?: string;
  /** Says which limit is broken. */
  readonly over?: string | undefined;
}

function Cell({ label, text, raw, id, over }: CellProps) {
  return (
    <td data-label={label} data-testid={id} data-value={raw ?? ''} class={over ? 'over' : raw ? '' : 'zero'} title={over}>
      {over && <Mark verdict="fail" />} {text}
    </td>
  );
}
