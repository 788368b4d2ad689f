import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, dollars, duration, percent, perSecond, significant, uptimePercent, watchedPercent } from '../src/words/format.ts';

function writes(write: (value: number | null) => string, cases: readonly (readonly [number | null, string])[]) {
  for (const [value, text] of cases) assert.equal(write(value), text, `${value}`);
}

test('Numbers keep three significant digits and no zeros that say nothing', () => {
  writes((value) => significant(value!), [[0, '0'], [1, '1'], [12.345, '12.3'], [0.00037, '0.00037'], [48_213, '48,200'], [-1.005, '-1']]);
});

test('Durations choose the unit after rounding', () => {
  writes(duration, [
    [null, '–'], [0, '0 ms'], [0.00042, '0.42 ms'], [0.012, '12 ms'], [0.11849, '118 ms'], [0.9994, '999 ms'], [0.9996, '1 s'],
    [1.2, '1.2 s'], [59.96, '1 min'], [720, '12 min'], [900, '15 min'], [3_600, '1 h'], [12_600, '3.5 h'], [259_200, '3 d'],
  ]);
});

test('Ratios read as percent, and what is not zero never reads zero', () => {
  writes(percent, [
    [null, '–'], [0, '0 %'], [0.0037, '0.37 %'], [0.000042, '0.0042 %'], [0.0000001, '<0.0001 %'], [0.931, '93.1 %'],
    [0.9999, '99.99 %'], [0.9999999, '>99.999 %'], [1, '100 %'],
  ]);
});

test('Uptime keeps three decimals and never rounds up to 100 %', () => {
  writes(uptimePercent, [[null, '–'], [0.99953, '99.953 %'], [0.999, '99.9 %'], [0.9999, '99.99 %'], [0.9999999, '>99.999 %'], [1, '100 %'], [0.5, '50 %']]);
});

test('What was not watched whole never reads as whole', () => {
  for (const [coverage, text] of [[0.99999, '99.9 %'], [0.8999, '89.9 %'], [0.7272, '72.7 %'], [0, '0 %']] as const) {
    assert.equal(watchedPercent(coverage), text);
  }
});

test('Dollars keep cents, and more digits below one', () => {
  writes(dollars, [
    [null, '–'], [0, '$0'], [0.08, '$0.08'], [0.5, '$0.50'], [0.4237, '$0.424'], [0.0834, '$0.0834'], [2.5, '$2.50'], [45.678, '$45.68'],
    [123.4, '$123'], [1_234, '$1,230'], [-2.5, '−$2.50'],
  ]);
});

test('Counts are exact up to a million', () => {
  writes(count, [[null, '–'], [0, '0'], [48_213, '48,213'], [999_999, '999,999'], [1_234_567, '1.23 M'], [2_500_000_000, '2.5 G']]);
});

test('Rates say per second', () => {
  writes(perSecond, [[null, '–'], [0, '0/s'], [160.71, '161/s'], [0.14, '0.14/s']]);
});
