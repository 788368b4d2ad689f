import { applyDelta } from './applyDelta.ts';
import type { Clock } from './clock.ts';
import type { HubLine } from './hub.ts';
import { retryDelay } from './retry.ts';
import type { StatusDelta, StatusSnapshot, StatusWindow } from './types.ts';

export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** `retryAt` is monotonic; null while an attempt is under way. */
  | { readonly kind: 'reconnecting'; readonly retryAt: number | null };

export interface StatusView {
  readonly link: Link;
  readonly window: StatusWindow;
  readonly snapshot: StatusSnapshot | null;
  /** Monotonic instant at which `snapshot` became what it is. */
  readonly receivedAt: number;
}

/** A server that takes the line and drops it again must not be asked in a tight loop. */
const steadyAfter = 5_000;
const attemptLimit = 10_000;

/** Keeps a line to the hub for ever and publishes what it says. */
export class StatusConnection {
  view: StatusView;
  #line: HubLine | null = null;
  #failures = 0;
  #liveSince: number | null = null;
  #cancelTimer: () => void = () => {};
  #asked = 0;
  #answered = 0;
  readonly #listeners = new Set<() => void>();
  readonly #openLine: () => HubLine;
  readonly #clock: Clock;

  constructor(openLine: () => HubLine, clock: Clock, window: StatusWindow) {
    this.#openLine = openLine;
    this.#clock = clock;
    this.view = { link: { kind: 'connecting' }, window, snapshot: null, receivedAt: clock.now() };
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): void {
    const line = this.#openLine();
    this.#line = line;
    line.onclose(() => this.#lost(line));
    line.on('Delta', (delta: StatusDelta) => this.#take(line, delta));
    this.#answered = this.#asked;
    this.#loseAfter(attemptLimit, line);
    line.start().then(() => this.#ask(line), () => this.#lost(line));
  }

  /** Tries at once when the page is waiting for its next attempt. */
  retry(): void {
    const { link } = this.view;
    if (link.kind !== 'reconnecting' || link.retryAt === null) return;
    this.#publish({ link: { kind: 'reconnecting', retryAt: null } });
    this.start();
  }

  watch(window: StatusWindow): void {
    if (window === this.view.window) return;
    this.#publish({ window });
    const started = this.view.link.kind === 'live' || this.#asked !== this.#answered;
    if (this.#line && started) this.#ask(this.#line); // Else the first question will name the new window.
  }

  /** Subscribes; only the answer to the newest question counts. */
  #ask(line: HubLine): void {
    if (line !== this.#line) return;
    const question = ++this.#asked;
    this.#loseAfter(attemptLimit, line);
    line.invoke<StatusSnapshot>('Subscribe', this.view.window).then(
      (snapshot) => {
        if (line !== this.#line || question !== this.#asked) return;
        this.#answered = question;
        this.#cancelTimer();
        if (this.view.link.kind !== 'live') this.#liveSince = this.#clock.now();
        this.#publish({ link: { kind: 'live' }, snapshot, receivedAt: this.#clock.now() });
      },
      () => this.#lost(line),
    );
  }

  #loseAfter(milliseconds: number, line: HubLine): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(milliseconds, () => this.#lost(line));
  }

  #take(line: HubLine, delta: StatusDelta): void {
    // Until the answer is there it is unknown what a delta builds upon; if one is missed, the next does not fit.
    if (line !== this.#line || this.#asked !== this.#answered || !this.view.snapshot) return;
    const applied = applyDelta(this.view.snapshot, delta);
    if (applied.kind === 'missed_some') this.#ask(line);
    if (applied.kind === 'applied') this.#publish({ snapshot: applied.snapshot, receivedAt: this.#clock.now() });
  }

  #lost(line: HubLine): void {
    if (line !== this.#line) return;
    this.#line = null;
    line.stop().catch(() => {});
    const now = this.#clock.now();
    if (this.#liveSince !== null && now - this.#liveSince >= steadyAfter) this.#failures = 0;
    this.#liveSince = null;
    const delay = retryDelay(this.#failures++, Math.random());
    this.#publish({ link: { kind: 'reconnecting', retryAt: now + delay } });
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(delay, () => this.retry());
  }

  #publish(change: Partial<StatusView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
