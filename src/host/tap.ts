/**
 * The one interface by which a shard is watched: by its recorder, its news, its health, its latency, and by telemetry.
 * A tap changes nothing: what it throws is told once, and the shard goes on. What no tap watches costs a comparison.
 */
import type { AnyActorScope, SnapshotFrom } from 'xstate';
import type { Cause, Instruction, ShardEvent, shardMachine } from '../../machines/client.js';
import { watchRejection } from '../guard/guarded.js';
import type { Storm } from '../limits/identify-storm.js';
import type { GatewayInfo } from '../ports/index.js';
import { withInstructions } from '../trace/instructions.js';
import type { Incoming } from '../wire/decode.js';

/** A snapshot of the shard chart. */
export type ShardSnapshot = SnapshotFrom<typeof shardMachine>;

/** A step of the chart that had causes. */
export interface Reported {
  readonly event: ShardEvent;
  readonly before: ShardSnapshot;
  readonly after: ShardSnapshot;
  /** Why, in the order things happened; at least one. */
  readonly causes: readonly Cause[];
  /** How long the shard waits now before it tries again, in ms; null where it does not. */
  readonly wait: number | null;
  /** When, in ms since 1970. */
  readonly at: number;
}

/** Watches a shard. */
export interface Tap {
  /** Whether it needs the data of every dispatch, which then are all parsed. */
  readonly needsData?: boolean;

  /** A WebSocket message arrived; `received` follows once what it holds is understood. */
  arrived?(message: string | Uint8Array): void;
  /** A message of the Gateway, before anything follows from it. */
  received?(connection: number, message: Incoming): void;
  /** A payload is about to be sent, encoded as `message`. */
  sent?(connection: number, op: number, message: string | Uint8Array, data: unknown): void;

  /** The chart is about to take a step. */
  stepping?(event: ShardEvent): void;
  /** An action of this step is about to be carried out. */
  acting?(instructions: readonly Instruction[]): void;
  /** Chance drew a number for the next timer to be armed. */
  drew?(value: number): void;
  /** The chart has taken the step. */
  stepped?(after: ShardSnapshot): void;
  /** The same for a step that had causes: a transition from one state to another, or a notice. */
  reported?(step: Reported): void;

  /** The time between a heartbeat and its ACK, in ms. */
  latency?(ms: number): void;
  /** The Gateway's answer to Get Gateway Bot. */
  located?(info: GatewayInfo): void;
  /** The shard begins to identify too often. */
  storm?(storm: Storm): void;
  /** Something that is worth knowing and changes nothing: an adapter that threw, a resume URL not to be trusted. */
  warned?(problem: string, error?: unknown): void;
  /** The actor is no more; with an error if it broke. */
  ended?(error?: unknown): void;
}

type Part = Exclude<keyof Tap, 'needsData'>;

const WIRE: readonly Part[] = ['arrived', 'received', 'sent'];
const STEPS: readonly Part[] = ['stepping', 'acting', 'drew', 'stepped'];

/** The taps of one shard, told one after the other. */
export class Taps implements Required<Tap> {
  readonly #taps: readonly Tap[];
  /** The actor's scope, and the same with every action told. */
  #scopes: { readonly given: AnyActorScope; readonly watched: AnyActorScope } | null = null;
  #hasThrown = false;

  constructor(taps: readonly Tap[]) {
    this.#taps = taps;
  }

  /** These taps, if any watches what crosses the wire; null otherwise. */
  get wire(): Taps | null {
    return this.#watch(WIRE);
  }

  /** These taps, if any watches every step of the chart; null otherwise. */
  get steps(): Taps | null {
    return this.#watch(STEPS);
  }

  get needsData(): boolean {
    return this.#taps.some((tap) => tap.needsData === true);
  }

  // For each message: a tap that does not watch the wire costs no call.

  arrived(message: string | Uint8Array): void {
    for (const tap of this.#taps) if (tap.arrived) this.#tell(() => tap.arrived?.(message));
  }

  received(connection: number, message: Incoming): void {
    for (const tap of this.#taps) if (tap.received) this.#tell(() => tap.received?.(connection, message));
  }

  sent(connection: number, op: number, message: string | Uint8Array, data: unknown): void {
    for (const tap of this.#taps) this.#tell(() => tap.sent?.(connection, op, message, data));
  }

  stepping(event: ShardEvent): void {
    for (const tap of this.#taps) this.#tell(() => tap.stepping?.(event));
  }

  acting(instructions: readonly Instruction[]): void {
    for (const tap of this.#taps) this.#tell(() => tap.acting?.(instructions));
  }

  drew(value: number): void {
    for (const tap of this.#taps) this.#tell(() => tap.drew?.(value));
  }

  stepped(after: ShardSnapshot): void {
    for (const tap of this.#taps) this.#tell(() => tap.stepped?.(after));
  }

  reported(step: Reported): void {
    for (const tap of this.#taps) this.#tell(() => tap.reported?.(step));
  }

  latency(ms: number): void {
    for (const tap of this.#taps) this.#tell(() => tap.latency?.(ms));
  }

  located(info: GatewayInfo): void {
    for (const tap of this.#taps) this.#tell(() => tap.located?.(info));
  }

  storm(storm: Storm): void {
    for (const tap of this.#taps) this.#tell(() => tap.storm?.(storm));
  }

  warned(problem: string, error?: unknown): void {
    for (const tap of this.#taps) this.#tell(() => tap.warned?.(problem, error));
  }

  ended(error?: unknown): void {
    for (const tap of this.#taps) this.#tell(() => tap.ended?.(error));
  }

  /** The scope for a step whose actions are watched. */
  watched(scope: AnyActorScope): AnyActorScope {
    if (this.#scopes?.given === scope) return this.#scopes.watched;
    const watched = withInstructions(scope, (instructions) => this.acting(instructions));
    this.#scopes = { given: scope, watched };
    return watched;
  }

  #watch(parts: readonly Part[]): this | null {
    return this.#taps.some((tap) => parts.some((part) => tap[part] !== undefined)) ? this : null;
  }

  #tell(run: () => unknown): void {
    try {
      watchRejection(run(), (error) => this.#threw(error));
    } catch (error) {
      this.#threw(error);
    }
  }

  /** Told once, and later: it may have been in the middle of a step. */
  #threw(error: unknown): void {
    if (this.#hasThrown) return;
    this.#hasThrown = true;
    queueMicrotask(() => this.warned('what watches the shard threw', error));
  }
}
