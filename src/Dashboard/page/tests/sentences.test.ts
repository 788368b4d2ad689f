import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kpi, Verdict } from '../src/status/types.ts';
import { tileWords } from '../src/words/sentences.ts';
import { kpi, perTier, smallTier } from './snapshots.ts';

const all = (verdict: Verdict) => perTier(verdict, verdict, verdict);
const says = (change: Partial<Kpi>, words: string, tier = smallTier) => assert.equal(tileWords(kpi(change), tier), words);

test('The note of the server wins', () => says({ note: 'as the server says' }, 'as the server says'));

test('A met target says by how much, and whether the next is out of reach', () => {
  says({}, '38 ms under the 1k target');
  says({ verdicts: perTier<Verdict>('pass', 'fail', 'fail') }, '38 ms under the 1k target, 12 ms over the 100k one');
});

test('A missed target says by how much', () => {
  says({ value: 0.162, verdicts: all('fail') }, '12 ms over the 100k target', { users: null, current: '100k', next: '1m' });
  says({ value: 1.7, verdicts: all('fail') }, '1.5 s over the 1k target');
});

test('At risk says why it is not a pass', () => says({ verdicts: all('at_risk') }, '38 ms under the 1k target, too close to be sure'));

test('What shows as the target is right at it', () => says({ value: 0.20004, verdicts: all('at_risk') }, 'right at the 1k target, too close to be sure'));

test('Where more is better it is above or short of the target, in points', () => {
  const uptime: Partial<Kpi> = { id: 'uptime', unit: '1', targets: perTier(0.999, 0.9995, 0.9999), quantile: null };
  says({ ...uptime, value: 0.9921, verdicts: all('fail') }, '0.69 points short of the 1k target');
  says({ ...uptime, value: 0.99953 }, '0.053 points above the 1k target');
  says({ ...uptime, id: 'error_rate', targets: perTier(0.01, 0.001, 0.0001), value: 0.02, verdicts: all('fail') }, '1 point over the 1k target');
});

test('Cost is said in dollars', () => {
  says({ id: 'infra_cost_per_user', unit: 'USD', targets: perTier(2.5, 0.5, 0.08), value: 3.12, verdicts: all('fail') }, '$0.62 over the 1k target');
});

test('What nobody measures says so', () => says({ value: null, n: null, verdicts: all('not_measured') }, 'nobody measures this yet'));

test('Too little data says how much is needed', () => {
  const few = { value: null, verdicts: all('insufficient_data') };
  says({ ...few, n: 120 }, 'needs at least 299 requests, has 120');
  const errors: Partial<Kpi> = { ...few, id: 'error_rate', unit: '1', quantile: null, targets: perTier(0.01, 0.001, 0.0001), n: 500 };
  says(errors, 'needs at least 2,995 requests, has 500', { users: null, current: '100k', next: '1m' });
  says({ ...few, id: 'db_query_time', quantile: 0.95, n: 5 }, 'needs at least 59 queries, has 5');
  says({ ...few, id: 'uptime', quantile: null, coverage: 0.6189, n: 300 }, 'only 61.8 % of the window was watched');
  says({ ...few, id: 'mttr', quantile: null, n: 2 }, 'too few outages to tell, has 2');
  says({ ...few, id: 'cache_hit_ratio', quantile: null, n: null }, 'no reads in this window');
});
