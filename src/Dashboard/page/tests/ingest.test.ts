import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceFor, metricAdvice } from '../src/ingest/advice.ts';
import type { MetricUse, Sender } from '../src/ingest/report.ts';
import { clockWords, faults, reasonRows, senderKey, worstSenders } from '../src/ingest/senders.ts';
import { inPlace } from '../src/services/order.ts';
import { linkTo, viewOfPath } from '../src/status/place.ts';
import { bytes, rate } from '../src/words/format.ts';

const reason = (name: string, count: number) => ({ reason: name, count });

function sender(service: string | null, change: Partial<Sender> = {}): Sender {
  return {
    peer: '10.0.0.1', service, signals: ['traces'], itemsPerSecond: 0, bytesPerSecond: 0, items: 0, lastHeard: '2026-11-22T14:02:00Z',
    bytes: 0, inflatedBytes: 0, rejected: [], refused: [], remarks: [], repeated: 0, clockSkewSeconds: null, ...change,
  };
}

function metric(change: Partial<MetricUse> = {}): MetricUse {
  return {
    name: 'http.requests', kind: 'counter', series: 20_000, limit: 20_000, overflowed: true,
    labels: [{ name: 'user.id', values: 19_998 }, { name: 'route', values: 12 }], ...change,
  };
}

test('Worst senders first: what was not taken, then rate; who was asked to retry is not at fault', () => {
  const rows = [
    sender('quiet'),
    sender('busy', { itemsPerSecond: 900 }),
    sender('wrong', { rejected: [reason('too_old', 3)] }),
    sender(null, { refused: [{ ...reason('malformed', 7), retry: false }] }),
    sender('patient', { refused: [{ ...reason('overloaded', 900), retry: true }] }),
  ];
  assert.deepEqual(worstSenders(rows).map(({ service }) => service), [null, 'wrong', 'busy', 'quiet', 'patient']);
  assert.deepEqual(rows.map(faults), [0, 0, 3, 7, 0]);
});

test('Rows of senders stay while somebody points at them', () => {
  const rows = [sender('a'), sender('b'), sender('b', { peer: '10.0.0.2' })];
  assert.deepEqual(inPlace(rows, ['10.0.0.2 b', '10.0.0.1 b'], senderKey).map(senderKey), ['10.0.0.2 b', '10.0.0.1 b', '10.0.0.1 a']);
});

test('A clock is ahead for certain, and behind or late', () => {
  assert.deepEqual([null, -4.23, 2, 301.4].map(clockWords), ['', '4.2 s ahead', '2 s behind or late', '5 min behind or late']);
});

test('Reasons: what was not taken by count, then what comes again, then remarks', () => {
  const rows = reasonRows({
    rejected: [reason('too_old', 3)],
    refused: [{ ...reason('overloaded', 90), retry: true }, { ...reason('malformed', 7), retry: false }],
    remarks: [reason('out_of_order', 500)],
  });
  assert.deepEqual(rows.map((row) => [row.reason, row.of, row.bad]), [
    ['malformed', 'requests refused', true],
    ['too_old', 'items rejected', true],
    ['overloaded', 'requests asked to try again', false],
    ['out_of_order', 'items taken with a remark', false],
  ]);
});

test('Too many series: the advice names the metric and the label to drop', () => {
  const room = { series: 20_007, seriesLimit: 100_000 };
  const words = 'http.requests has 20,000 series, all it may have. Drop its label user.id (19,998 values) in the sender or in labels.yaml, or raise Kpi:Rollups:SeriesPerMetric.';
  assert.equal(metricAdvice(metric()), words);
  assert.equal(adviceFor('too_many_series', { ...room, metrics: [metric()] }), words);
  assert.equal(adviceFor('series_overflow', { ...room, metrics: [metric()] }), words);
  assert.equal(metricAdvice(metric({ overflowed: false })), '');
  assert.ok(adviceFor('too_many_series', { ...room, metrics: [] }).startsWith('There is room again.'));
  const full = { series: 100_000, seriesLimit: 100_000, metrics: [metric({ overflowed: false, series: 9_000 })] };
  assert.ok(adviceFor('too_many_series', full).startsWith('All room for series is taken, most of it by http.requests. Drop its label user.id'));
});

test('Each other reason has its own advice, an unknown one none', () => {
  const none = { series: 0, seriesLimit: 1, metrics: [] };
  assert.ok(adviceFor('too_far_ahead', none).includes('clock'));
  assert.equal(adviceFor('a_reason_of_tomorrow', none), '');
});

test('The path names the view, also under a proxy’s path, and links keep the window', () => {
  assert.deepEqual(['/', '/ingest', '/kpi/', '/kpi/ingest', '/index.html', '/ingestion'].map(viewOfPath), ['status', 'ingest', 'status', 'ingest', 'status', 'status']);
  assert.deepEqual([linkTo('status', '1h'), linkTo('ingest', '5m')], ['./#1h', './ingest#5m']);
});

test('Bytes have binary units and three digits, fading rates end', () => {
  assert.deepEqual([0, 1, 1_023, 1_024, 1_536, 4 * 2 ** 30, 123_456_789].map(bytes), ['0 B', '1 B', '1,020 B', '1 KiB', '1.5 KiB', '4 GiB', '118 MiB']);
  assert.deepEqual([0.000_02, 0.01, 12.345].map(rate), ['0/s', '0.01/s', '12.3/s']);
});
