import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastes } from '../src/ingest/endpoint.ts';
import { inPlace, worstFirst } from '../src/services/order.ts';
import { retryDelay } from '../src/status/retry.ts';
import { windowOfHash } from '../src/status/windowHash.ts';
import { ageText, clockText, staleness, stepText, utcOffset } from '../src/words/time.ts';
import { service } from './snapshots.ts';

const names = (services: readonly { service: string }[]) => services.map(({ service }) => service);

test('Worst first: error ratio, then p99, unknown last', () => {
  const rows = [
    service('unknown', { errorRatio: null, p99: null }),
    service('fine', { p99: 0.01 }),
    service('slow', { p99: 2 }),
    service('failing', { errorRatio: 0.1 }),
  ];
  assert.deepEqual(names(worstFirst(rows)), ['failing', 'slow', 'fine', 'unknown']);
});

test('Held rows stay where they were and newcomers go to the end', () => {
  assert.deepEqual(names(inPlace([service('new'), service('b'), service('a')], ['a', 'gone', 'b'], ({ service }) => service)), ['a', 'b', 'new']);
});

test('Data older than two slices is stale, data without slices never is', () => {
  const now = Date.parse('2026-11-22T14:02:00Z');
  assert.equal(staleness('2026-11-22T14:01:40Z', now), null);
  assert.equal(staleness('2026-11-22T14:01:39Z', now), '21 s');
  assert.equal(staleness(null, now), null);
});

test('An age has one unit and is rounded down', () => {
  assert.deepEqual([-5, 59_999, 60_000, 7_199_000, 172_800_000].map(ageText), ['0 s', '59 s', '1 min', '1 h', '2 d']);
});

test('A short step is told by its middle, a long one by its begin and day', () => {
  const begin = Date.parse('2026-11-22T12:00:00Z');
  assert.equal(stepText(begin, 10), clockText(begin + 5_000));
  assert.ok(/^from .*2[123]/.test(stepText(begin, 86_400)));
});

test('The UTC offset is written with its sign', () => {
  assert.deepEqual([0, -120, 210].map(utcOffset), ['UTC+00:00', 'UTC+02:00', 'UTC−03:30']);
});

test('Retries wait 0, 1, 2, 5, 10, 10 s and at most a fifth more', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((failures) => retryDelay(failures, 0)), [0, 1_000, 2_000, 5_000, 10_000, 10_000]);
  assert.equal(retryDelay(4, 1), 12_000);
});

test('The window comes from the address, five minutes when it names none', () => {
  assert.deepEqual(['#1h', '#24h', '', '#7d', '#month', '#9d'].map(windowOfHash), ['1h', '24h', '5m', '7d', 'month', '5m']);
});

test('The lines to paste name the address that reaches the server', () => {
  const [grpc, http] = pastes('0.0.0.0:4317', '127.0.0.1:4318', 'kpi.example');
  assert.deepEqual(grpc?.lines, ['OTEL_EXPORTER_OTLP_ENDPOINT=http://kpi.example:4317', 'OTEL_EXPORTER_OTLP_PROTOCOL=grpc']);
  assert.deepEqual(http?.lines, ['OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318', 'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf']);
  assert.deepEqual(pastes(null, null, 'kpi.example'), []);
});
