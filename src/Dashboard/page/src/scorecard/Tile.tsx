import type { ScaleKind } from '../spark/scale.ts';
import { Spark } from '../spark/Spark.tsx';
import type { Kpi, StatusSnapshot } from '../status/types.ts';
import { count, watchedPercent } from '../words/format.ts';
import { tileWords, verdictWord } from '../words/sentences.ts';
import { clockText, fullText, staleness, windowStart } from '../words/time.ts';
import { tierName, type KpiTrait } from './kpis.ts';
import { Mark } from './Mark.tsx';
import { Parts } from './Parts.tsx';
import { TierMarks } from './TierMarks.tsx';

interface TileProps {
  readonly kpi: Kpi;
  readonly trait: KpiTrait;
  readonly snapshot: StatusSnapshot;
  readonly serverNow: number;
}

export function Tile({ kpi, trait, snapshot, serverNow }: TileProps) {
  const { tier, from, lineFrom, stepSeconds } = snapshot;
  const verdict = kpi.verdicts[tier.current];
  const age = staleness(kpi.newest, serverNow);
  const target = kpi.targets[tier.current];
  return (
    <article
      class={`tile ${verdict}${age ? ' stale' : ''}`}
      data-testid={`tile-${kpi.id}`}
      aria-label={`${trait.name}: ${kpi.value === null ? 'no figure' : trait.write(kpi.value)}, ${verdictWord[verdict]}`}
    >
      <header>
        <h2>{trait.name}</h2>
        {age && kpi.newest && (
          <span class="age" title={`newest data: ${fullText(kpi.newest)}`}>
            {age} old
          </span>
        )}
      </header>
      <p class="figure">
        <Figure text={trait.write(kpi.value)} raw={kpi.value} />
        <Mark verdict={verdict} />
      </p>
      <p class="evidence">
        {interval(kpi, trait)}
        <span data-testid="n" data-n={kpi.n ?? ''} title={`${trait.counted} counted`}>
          {kpi.n === null ? 'n –' : `n ${count(kpi.n)}`}
        </span>
        {kpi.source && <span>{kpi.source}</span>}
        <Watched coverage={kpi.coverage} />
      </p>
      <TierMarks kpi={kpi} trait={trait} tier={tier} />
      <Spark
        values={kpi.spark}
        kind={scaleKind(kpi, trait)}
        from={lineFrom}
        stepSeconds={stepSeconds}
        write={trait.write}
        label={trait.name}
        target={Number.isNaN(target) ? undefined : { value: target, text: `${tierName[tier.current]} ${trait.write(target)}` }}
      />
      <p class="axis" aria-hidden="true">
        <span title={fullText(from)}>{windowStart[snapshot.window]}</span>
        <span>{clockText(snapshot.to)}</span>
      </p>
      <p class="words" data-testid="words">
        {tileWords(kpi, tier)}
      </p>
      <Parts kpi={kpi} trait={trait} />
    </article>
  );
}

/** The unit in muted ink, so that the digits carry the figure. */
function Figure({ text, raw }: { text: string; raw: number | null }) {
  const [digits, unit] = text.split(' ');
  return (
    <data class="value" data-testid="value" value={raw ?? ''}>
      {digits}
      {unit && <span class="unit"> {unit}</span>}
    </data>
  );
}

/** Silent while all was watched; unknown time is neither good nor bad. */
function Watched({ coverage }: { coverage: number | null }) {
  if (coverage === null || coverage >= 1) return null;
  return (
    <span data-testid="coverage" data-value={coverage} title="the rest is unknown: we were down, turned senders away, or a source was silent">
      {watchedPercent(coverage)} watched
    </span>
  );
}

function interval({ value, low, high }: Kpi, { write }: KpiTrait) {
  if (value === null || (low === null && high === null)) return null;
  return (
    <span title="95 % interval">
      {write(low)} to {write(high)}
    </span>
  );
}

function scaleKind(kpi: Kpi, trait: KpiTrait): ScaleKind {
  if (trait.better === 'higher') return 'goodness';
  return kpi.unit === 's' ? 'latency' : 'rate';
}
