import type { StatusSnapshot } from '../status/types.ts';
import { absentKpi, kpiTraits } from './kpis.ts';
import { Tile } from './Tile.tsx';

export function Scorecard({ snapshot, serverNow }: { snapshot: StatusSnapshot; serverNow: number }) {
  return (
    <section class="scorecard" aria-label="Scorecard">
      {kpiTraits.map((trait) => (
        <Tile
          key={trait.id}
          trait={trait}
          kpi={snapshot.kpis.find(({ id }) => id === trait.id) ?? absentKpi(trait)}
          snapshot={snapshot}
          serverNow={serverNow}
        />
      ))}
    </section>
  );
}
