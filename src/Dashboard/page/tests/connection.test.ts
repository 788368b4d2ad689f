import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../src/status/clock.ts';
import { StatusConnection } from '../src/status/connection.ts';
import type { HubLine } from '../src/status/hub.ts';
import type { StatusDelta, StatusSnapshot, StatusWindow } from '../src/status/types.ts';
import { delta, snapshot } from './snapshots.ts';

class TestClock implements Clock {
  #now = 0;
  #due: { at: number; act: () => void }[] = [];
  now = () => this.#now;
  after(milliseconds: number, act: () => void) {
    const entry = { at: this.#now + milliseconds, act };
    this.#due.push(entry);
    return () => void (this.#due = this.#due.filter((other) => other !== entry));
  }
  async pass(milliseconds: number) {
    const end = this.#now + milliseconds;
    for (await settled(); ; await settled()) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#due = this.#due.filter((entry) => entry !== next);
      this.#now = next.at;
      next.act();
    }
    this.#now = end;
  }
}

class TestServer {
  up = true;
  lines = 0;
  asked: string[] = [];
  answer: (window: string) => Promise<StatusSnapshot> = async (window) => snapshot({ window });
  send: (delta: StatusDelta) => void = () => {};
  drop: () => void = () => {};
  open = (): HubLine => {
    this.lines++;
    return {
      start: async () => {
        if (!this.up) throw new Error('refused');
      },
      stop: async () => {},
      invoke: <T>(_: string, window: unknown) => {
        this.asked.push(String(window));
        return this.answer(String(window)) as Promise<T>;
      },
      on: (_, take) => (this.send = take as (delta: StatusDelta) => void),
      onclose: (closed) => (this.drop = closed),
    };
  };
}

async function settled() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

async function started(window: StatusWindow = '5m', up = true) {
  const server = new TestServer();
  server.up = up;
  const clock = new TestClock();
  const connection = new StatusConnection(server.open, clock, window);
  connection.start();
  await settled();
  return { server, clock, connection };
}

test('It subscribes to its window and is live', async () => {
  const { server, connection } = await started('1h');
  assert.deepEqual(server.asked, ['1h']);
  assert.equal(connection.view.link.kind, 'live');
  assert.equal(connection.view.snapshot?.version, 7);
});

test('A delta that fits is applied, one that does not asks again', async () => {
  const { server, connection } = await started();
  server.send(delta());
  assert.equal(connection.view.snapshot?.version, 8);
  server.send(delta({ base: 11, version: 12 }));
  await settled();
  assert.deepEqual(server.asked, ['5m', '5m']);
  assert.equal(connection.view.snapshot?.version, 7);
});

test('A lost line keeps the figures, comes back and takes the snapshot even of a lower version', async () => {
  const { server, clock, connection } = await started();
  await clock.pass(60_000);
  server.answer = async () => snapshot({ version: 1 });
  server.drop();
  assert.equal(connection.view.link.kind, 'reconnecting');
  assert.equal(connection.view.snapshot?.version, 7);
  await clock.pass(0);
  assert.equal(connection.view.link.kind, 'live');
  assert.equal(connection.view.snapshot?.version, 1);
});

test('It tries for ever, every ten to twelve seconds in the end', async () => {
  const { server, clock, connection } = await started('5m', false);
  await clock.pass(3_600_000);
  assert.ok(server.lines > 300 && server.lines < 370, `${server.lines} attempts in an hour`);
  server.up = true;
  await clock.pass(12_000);
  assert.equal(connection.view.link.kind, 'live');
});

test('Retry does not wait for the countdown', async () => {
  const { server, clock, connection } = await started('5m', false);
  await clock.pass(60_000);
  server.up = true;
  connection.retry();
  await settled();
  assert.equal(connection.view.link.kind, 'live');
});

test('A server that takes the line and drops it at once is not asked in a tight loop', async () => {
  const { server, clock } = await started();
  server.answer = async () => {
    throw new Error('no such window');
  };
  server.drop();
  await clock.pass(30_000);
  assert.ok(server.lines < 9, `${server.lines} attempts in 30 s`);
});

test('An answer that does not come counts as a lost line', async () => {
  const { server, clock, connection } = await started();
  server.answer = () => new Promise(() => {});
  connection.watch('1h');
  await clock.pass(10_000);
  assert.equal(connection.view.link.kind, 'reconnecting');
});

test('Of two windows chosen in quick succession the last wins, whichever answer comes last', async () => {
  const { server, connection } = await started();
  const answers = new Map<string, (snapshot: StatusSnapshot) => void>();
  server.answer = (window) => new Promise((resolve) => answers.set(window, resolve));
  connection.watch('1h');
  connection.watch('24h');
  answers.get('24h')?.(snapshot({ window: '24h' }));
  await settled();
  answers.get('1h')?.(snapshot({ window: '1h' }));
  await settled();
  assert.equal(connection.view.snapshot?.window, '24h');
});
