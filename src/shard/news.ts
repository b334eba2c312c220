/** What a shard tells besides dispatches, as a tap: news by name. */
import { type Cause, stateName } from '../../machines/client.js';
import type { Reported, ShardSnapshot, Tap } from '../host/tap.js';
import type { Storm } from '../limits/identify-storm.js';
import type { GatewayInfo } from '../ports/index.js';
import type { Redactor } from '../redact/redact.js';
import type { Health } from './health.js';

/** A step of the chart from one state to another. States are named as by `stateName`. */
export interface ShardTransition {
  readonly from: string;
  readonly to: string;
  /** Why, in the order things happened; `cause` is the first. */
  readonly cause: Cause;
  readonly causes: readonly Cause[];
  /** How long the shard waits now before it tries again, in ms, where it does. */
  readonly wait?: number;
}

/** News that is no dispatch, by name. */
export interface ShardNews {
  transition: ShardTransition;
  /** Something the chart noticed without moving, such as a malformed message. */
  notice: { readonly cause: Cause };
  /** Something outside of the chart that a person should know, such as a port that threw. */
  warning: { readonly problem: string; readonly error?: unknown };
  /** The Gateway's answer to Get Gateway Bot. */
  located: GatewayInfo;
  /** The time between a heartbeat and its ACK, in ms. */
  latency: { readonly ms: number };
  /** The shard has used half of its share of identifies within an hour; told once, until it is over. */
  storm: Storm;
  /** How the shard is, each time that changes or has another reason. */
  health: Health;
}

/** Is told the news; with a transition comes the snapshot that it led to. */
export type NewsListener = <K extends keyof ShardNews>(name: K, news: ShardNews[K], after?: ShardSnapshot) => void;

/** Makes news of what it sees. */
export class News implements Tap {
  readonly #tell: NewsListener;
  readonly #secrets: Redactor;
  readonly #scope: { defer(fn: () => void): void };

  /** What a step brings is told once the actor has the new snapshot, so that a listener that looks at it sees this. */
  constructor(tell: NewsListener, secrets: Redactor, scope: { defer(fn: () => void): void }) {
    this.#tell = tell;
    this.#secrets = secrets;
    this.#scope = scope;
  }

  reported(step: Reported): void {
    this.#scope.defer(() => this.#announce(step));
  }

  health(health: Health): void {
    this.#scope.defer(() => this.#tell('health', health));
  }

  latency(ms: number): void {
    this.#tell('latency', { ms });
  }

  located(info: GatewayInfo): void {
    this.#tell('located', info);
  }

  storm(storm: Storm): void {
    this.#tell('storm', storm);
  }

  warned(problem: string, error?: unknown): void {
    const said = error === undefined ? {} : { error: this.#secrets.error(error) };
    this.#tell('warning', { problem, ...said });
  }

  #announce({ before, after, causes, wait }: Reported): void {
    const [from, to] = [stateName(before.value), stateName(after.value)];
    const [cause] = causes;
    if (from === to) for (const each of causes) this.#tell('notice', { cause: each });
    else if (cause !== undefined)
      this.#tell('transition', { from, to, cause, causes, ...(wait === null ? {} : { wait }) }, after);
  }
}
