/** How a shard is, from the state of its chart and the causes that led there: for health checks and alarms. */
import type { SnapshotFrom } from 'xstate';
import { CAUSES, type Cause, SPANS, sentence, type shardMachine, stateName } from '../../machines/client.js';
import type { Reported, Tap } from '../host/tap.js';
import type { IdentifiesLeft } from '../limits/identify-bucket.js';
import type { Storm } from '../limits/identify-storm.js';

type ShardSnapshot = SnapshotFrom<typeof shardMachine>;

/**
 * `healthy`: dispatches arrive and the Gateway acknowledges our heartbeats. `degraded`: not so at the moment, and the
 * shard is about to put that right. `down`: it does not run, or several tries have not helped.
 */
export type HealthStatus = 'healthy' | 'degraded' | 'down';

/** How a shard is. */
export interface Health {
  readonly status: HealthStatus;
  /** When it became so, in ms since 1970. */
  readonly since: number;
  /** Why: the last cause that explains it, as a sentence. */
  readonly why: string;
  /** The section of the documentation, or of the policy, behind that cause. */
  readonly clause: string;
  readonly cause: Cause;
  /** The state of the chart. */
  readonly state: string;
  /** When the next try begins, in ms since 1970, while the shard waits for it; else null. */
  readonly retryAt: number | null;
  /**
   * The identifies of this shard: how many are left of its bucket of 10, and when the next comes, in ms since 1970, or
   * null while none is missing.
   */
  readonly identifies: IdentifiesLeft;
  /** Half of the shard's share of identifies was used within the last hour, and how many they were; else null. */
  readonly storm: Storm | null;
}

/** What a meter of health asks about identifies. */
export interface IdentifyView {
  readonly identifies: IdentifiesLeft;
  readonly storm: Storm | null;
}

/** The third try in a row, and every later one, counts as down. */
const TRIES = 3;
/** And so does a wait that is longer than this, in ms. */
const LONG_WAIT = 60_000;

/** How a shard is in a state of its chart; `attempts` counts those in a row that led to no session. */
export function statusIn(snapshot: ShardSnapshot, attempts = snapshot.context.attempts): HealthStatus {
  const isReady = snapshot.hasTag('ready');
  if (!snapshot.hasTag('degraded')) return isReady ? 'healthy' : 'down';
  if (isReady) return 'degraded';
  const isLong = snapshot.matches({ running: 'waiting' }) && SPANS.reconnect(snapshot.context)[0] > LONG_WAIT;
  return attempts >= TRIES || isLong ? 'down' : 'degraded';
}

/** What follows the health of one shard. */
export class HealthMeter implements Tap {
  readonly #identifies: () => IdentifyView;
  readonly #listener: { health(health: Health): void };
  #status: HealthStatus;
  #since: number;
  #cause: Cause;
  #state: string;
  #retryAt: number | null = null;
  /** Tries before the last one that led to a session: they are forgiven later, and were not in vain. */
  #before = 0;

  constructor(
    snapshot: ShardSnapshot,
    now: number,
    identifies: () => IdentifyView,
    listener: { health(health: Health): void },
  ) {
    this.#identifies = identifies;
    this.#listener = listener;
    this.#status = statusIn(snapshot);
    this.#since = now;
    this.#cause = snapshot.context.cause;
    this.#state = nameOf(snapshot.value);
  }

  get health(): Health {
    const [status, since, cause] = [this.#status, this.#since, this.#cause];
    const { spec: clause } = CAUSES[cause.name];
    const { identifies, storm } = this.#identifies();
    const [state, retryAt] = [this.#state, this.#retryAt];
    return { status, since, why: sentence(cause), clause, cause, state, retryAt, identifies, storm };
  }

  reported({ after, causes, at, wait }: Reported): void {
    const health = this.see(after, causes, at, wait);
    if (health !== null) this.#listener.health(health);
  }

  /** After a step that had causes: the health, if it is another one now. */
  see(snapshot: ShardSnapshot, causes: readonly Cause[], now: number, wait: number | null = null): Health | null {
    const [before, reason] = [this.#status, this.#cause];
    const { attempts } = snapshot.context;
    if (attempts < this.#before) this.#before = 0;
    if (causes.some(({ name }) => name === 'ready' || name === 'readyInstead' || name === 'resumed'))
      this.#before = attempts;
    this.#state = nameOf(snapshot.value);
    this.#retryAt = wait === null ? null : now + wait;
    const status = statusIn(snapshot, attempts - this.#before);
    const explanation = status === 'healthy' ? undefined : causes.findLast(({ name }) => CAUSES[name].explains);
    const got = status === 'down' && before === 'degraded' ? reason : (causes[0] ?? reason); // worse, but by no new reason
    if (status === before && (explanation === undefined || isSame(explanation, reason))) return null;
    if (status !== before) this.#since = now;
    this.#status = status;
    this.#cause = explanation ?? got;
    return this.health;
  }
}

/** One string for each state, however many shards are in it. */
const names = new Map<string, string>();

function nameOf(value: unknown): string {
  const name = stateName(value);
  const known = names.get(name);
  if (known === undefined) names.set(name, name);
  return known ?? name;
}

function isSame(a: Cause, b: Cause): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
