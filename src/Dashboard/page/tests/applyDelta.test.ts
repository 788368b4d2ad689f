import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyDelta } from '../src/status/applyDelta.ts';
import type { StatusDelta, StatusSnapshot } from '../src/status/types.ts';
import { delta, kpi, service, snapshot } from './snapshots.ts';

function applied(old: StatusSnapshot, change: StatusDelta): StatusSnapshot {
  const result = applyDelta(old, change);
  assert.ok(result.kind === 'applied');
  return result.snapshot;
}

test('A delta replaces what changed and keeps the identity of the rest', () => {
  const old = snapshot();
  const next = applied(old, delta({ services: [service('checkout', { requests: 101 })] }));
  assert.equal(next.version, 8);
  assert.equal(next.at, '2026-11-22T14:02:01Z');
  assert.equal(next.services[0], old.services[0]);
  assert.equal(next.services[1]?.requests, 101);
  assert.equal(next.kpis, old.kpis);
  assert.equal(next.build, 'test');
});

test('New services are added and gone ones removed', () => {
  const next = applied(snapshot(), delta({ services: [service('edge')], gone: ['catalog'] }));
  assert.deepEqual(next.services.map(({ service }) => service), ['checkout', 'edge']);
});

test('KPIs are replaced whole', () => {
  const next = applied(snapshot(), delta({ kpis: [kpi({ value: null })] }));
  assert.equal(next.kpis.length, 1);
  assert.equal(next.kpis[0]?.value, null);
});

test('Null leaves ingest and problems as they are, an empty list clears the problems', () => {
  const old = snapshot({ problems: [{ file: 'kpis.yaml', line: 12, column: 5, message: 'm' }] });
  assert.equal(applied(old, delta()).problems, old.problems);
  assert.equal(applied(old, delta()).ingest, old.ingest);
  assert.deepEqual(applied(old, delta({ problems: [] })).problems, []);
});

test('A delta upon another version is not applied', () => {
  assert.equal(applyDelta(snapshot(), delta({ base: 6 })).kind, 'missed_some');
});

test('A delta of another window is left alone, whatever its version', () => {
  assert.equal(applyDelta(snapshot(), delta({ window: '1h' })).kind, 'other_window');
});
