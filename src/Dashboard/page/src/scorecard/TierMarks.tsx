import { tierIds, type Kpi, type Tier, type TierId } from '../status/types.ts';
import { verdictWord } from '../words/sentences.ts';
import { tierName, type KpiTrait } from './kpis.ts';
import { Mark } from './Mark.tsx';
import { usePulse } from './usePulse.ts';

export function TierMarks({ kpi, trait, tier }: { kpi: Kpi; trait: KpiTrait; tier: Tier }) {
  return (
    <ul class="tiers">
      {tierIds.map((id) => (
        <TierMark key={id} id={id} kpi={kpi} trait={trait} current={id === tier.current} />
      ))}
    </ul>
  );
}

function TierMark({ id, kpi, trait, current }: { id: TierId; kpi: Kpi; trait: KpiTrait; current: boolean }) {
  const verdict = kpi.verdicts[id];
  const changes = usePulse(verdict);
  const target = Number.isNaN(kpi.targets[id]) ? '' : `${trait.limit} ${trait.write(kpi.targets[id])}`;
  const words = `${tierName[id]}${current ? ' (current tier)' : ''}: ${verdictWord[verdict]} ${target}`;
  return (
    <li data-testid={`verdict-${id}`} data-verdict={verdict} class={current ? 'current' : ''} title={words} aria-label={words}>
      <span class="tier-name">
        <span key={changes} class={changes > 0 ? 'pulse' : ''}>
          <Mark verdict={verdict} />
        </span>
        <span class="tier-id">{tierName[id]}</span>
      </span>
      <span class="tier-target">{target}</span>
    </li>
  );
}
