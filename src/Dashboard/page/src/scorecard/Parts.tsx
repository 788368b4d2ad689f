import type { Kpi } from '../status/types.ts';
import { layerTitle, layerWords, worstTitle, worstWords } from '../words/parts.ts';
import type { KpiTrait } from './kpis.ts';

/** What a figure is made of, where the server tells: the layers of a cache, the slowest shard. */
export function Parts({ kpi, trait }: { kpi: Kpi; trait: KpiTrait }) {
  // A layer without a ratio is one that nobody reached, or that is not there.
  const layers = (kpi.layers ?? []).filter(({ ratio }) => ratio !== null);
  const { worst } = kpi;
  if (layers.length === 0 && !worst) return null;
  return (
    <p class="parts" data-testid="parts">
      {layers.map((layer) => (
        <span key={layer.name} data-testid="layer" data-name={layer.name} data-value={layer.ratio} title={layerTitle(layer)}>
          {layerWords(layer)}
        </span>
      ))}
      {worst && (
        <span data-testid="worst" data-name={worst.name} data-value={worst.value} title={worstTitle(worst, trait)}>
          {worstWords(worst, trait)}
        </span>
      )}
    </p>
  );
}
