import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaps, linePath, scaleFor } from '../src/spark/scale.ts';

test('Counts and rates start at zero', () => assert.equal(scaleFor('rate', [5, 10], null).place(0), 0));

test('Latency turns logarithmic only beyond two decades', () => {
  assert.equal(scaleFor('latency', [0.01, 0.9], null).log, false);
  assert.equal(scaleFor('latency', [0.01, 1.1], null).log, true);
  assert.equal(scaleFor('latency', [0, 1.1], null).log, false);
});

test('The target is always within the chart', () => {
  for (const kind of ['latency', 'rate', 'goodness'] as const) {
    const place = scaleFor(kind, [0.5, 0.6], 0.9).place(0.9);
    assert.ok(place > 0 && place < 1, kind);
  }
});

test('A chart of nothing, of zeros and of a perfect uptime has finite places', () => {
  assert.equal(scaleFor('rate', [null], null).place(1), 0);
  assert.equal(scaleFor('rate', [0, 0], null).place(0), 0);
  assert.ok(Number.isFinite(scaleFor('goodness', [1, 1], 1).place(1)));
});

test('Gaps are runs of unknown cells', () => {
  assert.deepEqual(gaps([null, null, 1, null, 2]), [{ start: 0, end: 2 }, { start: 3, end: 4 }]);
  assert.deepEqual(gaps([1, 2]), []);
});

test('The line does not bridge a gap, and a lone point is a dash', () => {
  const path = linePath([1, 1, null, 1, null], { log: false, place: () => 0.5 });
  assert.equal(path, 'M0.5 50.00L1.5 50.00M3.2 50.00h0.6');
});
