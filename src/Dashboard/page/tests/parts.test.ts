import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kpiTraits } from '../src/scorecard/kpis.ts';
import { applyDelta } from '../src/status/applyDelta.ts';
import { layerTitle, layerWords, worstTitle, worstWords } from '../src/words/parts.ts';
import { tileWords } from '../src/words/sentences.ts';
import { delta, kpi, layer, perTier, smallTier, snapshot } from './snapshots.ts';

const queries = kpiTraits.find(({ id }) => id === 'db_query_time')!;
const worst = { label: 'db.client.connection.pool.name', name: 'shard-3', value: 0.2118, n: 4_120 };

test('A layer says its ratio, and of how many reads when asked', () => {
  assert.equal(layerWords(layer()), 'L2 93.1 %');
  assert.equal(layerTitle(layer()), '931 hits of the 1,000 reads that reached L2');
  assert.equal(layerTitle(layer({ misses: null })), '931 hits of the 931 reads that reached L2');
});

test('A layer that nearly always hits does not read 100 %, and one that never does reads 0 %', () => {
  assert.equal(layerWords(layer({ ratio: 0.99996 })), 'L2 99.996 %');
  assert.equal(layerWords(layer({ ratio: 0 })), 'L2 0 %');
});

test('The slowest shard is named with its figure, and with what it was told by', () => {
  assert.equal(worstWords(worst, queries), 'worst: shard-3, 212 ms');
  assert.equal(worstTitle(worst, queries), 'by db.client.connection.pool.name, from 4,120 queries');
});

test('A hit ratio short of its target says by how much', () => {
  const cache = kpi({
    id: 'cache_hit_ratio', unit: '1', value: 0.764, quantile: null, targets: perTier(0.8, 0.9, 0.95),
    verdicts: perTier('fail' as const, 'fail' as const, 'fail' as const),
  });
  assert.equal(tileWords(cache, smallTier), '3.6 points short of the 1k target');
});

test('A delta brings a KPI with its parts, or without them again', () => {
  const before = snapshot({ kpis: [kpi({ id: 'cache_hit_ratio', layers: [layer()] }), kpi({ id: 'db_query_time', worst })] });
  const changed = [kpi({ id: 'cache_hit_ratio', layers: [layer({ ratio: 0.5 })] }), kpi({ id: 'db_query_time' })];
  const applied = applyDelta(before, delta({ kpis: changed }));
  assert.ok(applied.kind === 'applied');
  assert.deepEqual(applied.snapshot.kpis.map(({ layers }) => layers?.[0]?.ratio), [0.5, undefined]);
  assert.deepEqual(applied.snapshot.kpis.map((found) => found.worst), [undefined, undefined]);
});
