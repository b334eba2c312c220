/** What goes out on the connections of one host, as far as it is limited: all of it is counted, and what has to wait waits. */
import { type CommandOpcode, Opcode } from '../../machines/client.js';
import { guarded, spanOf } from '../guard/guarded.js';
import type { BudgetLeft, ClockPort, LimiterPort, OutgoingPayload, SendLane, SendLimiter } from '../ports/index.js';
import type { Warnings } from './warnings.js';

/** What it needs to use. */
export interface OutgoingSettings {
  readonly limiter: LimiterPort;
  readonly clock: ClockPort;
}

/** The lane of an opcode; an answer to op 1 is a heartbeat like any other once it is sent. */
export function laneOf(op: number): SendLane {
  if (op === Opcode.Heartbeat) return 'heartbeat';
  if (op === Opcode.Identify || op === Opcode.Resume) return 'session';
  return op === Opcode.VoiceStateUpdate ? 'voice' : 'user';
}

const ANSWER: OutgoingPayload = { lane: 'answer', op: Opcode.Heartbeat, data: null };

/** Where a limiter says nothing that can be, nothing waits for it. */
const UNKNOWN: BudgetLeft = { left: Number.POSITIVE_INFINITY, nextAt: null };

/** What one host sends. A limiter of the user's may throw: that is told, and what it was asked about is sent. */
export class Outgoing {
  readonly #settings: OutgoingSettings;
  readonly #warnings: Warnings;
  /** Made for the first connection. */
  #limiter: SendLimiter | null = null;
  /** Null where no heartbeat is expected. */
  #interval: number | null = null;
  /** The timer of the one answer that is owed for all requested heartbeats. */
  #owed: { readonly timer: unknown } | null = null;
  #hasThrown = false;

  constructor(settings: OutgoingSettings, warnings: Warnings) {
    this.#settings = settings;
    this.#warnings = warnings;
  }

  /** A new connection. */
  connected(): void {
    this.ended();
    this.#interval = null;
    this.#limiter ??= this.#ask(() => this.#settings.limiter.open()) ?? null;
    this.#ask(() => this.#limiter?.connected());
  }

  /** The first heartbeat of this connection is due in so many ms, and others follow. */
  expectHeartbeat(ms: number, interval: number): void {
    this.#interval = interval;
    const now = this.#now;
    this.#ask(() => this.#limiter?.expectHeartbeat(now + ms, interval, now));
  }

  /** A scheduled heartbeat goes out; it answers what was requested too. */
  scheduled(): void {
    this.ended();
    if (this.#interval !== null) this.expectHeartbeat(this.#interval, this.#interval);
  }

  /** Answers a requested heartbeat, at once or when there is a place: one answer for all that wait. */
  answer(send: (isLate: boolean) => void, isLate = false): void {
    if (this.#owed !== null) return;
    const wait = this.wait(ANSWER);
    if (wait === 0) send(isLate);
    else {
      const timer = this.#settings.clock.setTimeout(() => {
        this.#owed = null;
        this.answer(send, true);
      }, wait);
      this.#owed = { timer };
    }
  }

  /** No answer is owed any more. */
  ended(): void {
    if (this.#owed !== null) this.#settings.clock.clearTimeout(this.#owed.timer);
    this.#owed = null;
  }

  /** A payload goes out. */
  sent(op: CommandOpcode, data: unknown): void {
    this.#ask(() => this.#limiter?.sent({ lane: laneOf(op), op, data }, this.#now));
  }

  /** How long a payload has to wait, in ms. */
  wait(payload: OutgoingPayload): number {
    return this.#ask(() => spanOf(this.#limiter?.wait(payload, this.#now))) ?? 0;
  }

  /** Discord has refused a command for so many ms. */
  refused(op: CommandOpcode, data: unknown, retryAfter: number): void {
    this.#ask(() => this.#limiter?.refused({ lane: laneOf(op), op, data }, retryAfter, this.#now));
  }

  /** What is left for commands on this connection. */
  look(): BudgetLeft {
    return this.#ask(() => this.#limiter?.look(this.#now)) ?? UNKNOWN;
  }

  get #now(): number {
    return this.#settings.clock.now();
  }

  #ask<T>(run: () => T): T | undefined {
    return guarded<T | undefined>(run, (error) => this.#threw(error), undefined);
  }

  /** Told once. */
  #threw(error: unknown): void {
    if (this.#hasThrown) return;
    this.#hasThrown = true;
    this.#warnings.warn('the limiter port threw: what it was asked about is sent', error);
  }
}
