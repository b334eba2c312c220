/**
 * The shard chart with its host, as XState actor logic: for `createActor`, `invoke` or `spawn`.
 * The logic owns its host. However the actor ends (ordered, its parent leaving, an error; none of which runs the
 * chart's exit actions), the socket is dropped and permits, requests and timers are cancelled.
 */
import type { ActorLogic, AnyActorRef, AnyActorScope, Snapshot, SnapshotFrom } from 'xstate';
import {
  type Cause,
  closest,
  type DispatchEventName,
  type DispatchEvents,
  drawDelays,
  SHARD_EFFECTS,
  type ShardEffects,
  type ShardEvent,
  type ShardInput,
  SPANS,
  shardMachine,
  showing,
  stateName,
} from '../../machines/client.js';
import { guarded, type Warn } from '../guard/guarded.js';
import { guardedClock, guardedRandom } from '../host/guarded-ports.js';
import { type Dispatch, type DispatchHead, Host, type HostListener, type RawMessage } from '../host/host.js';
import type { GatewayInfo, RandomPort } from '../ports/index.js';
import { systemRandom } from '../ports/random.js';
import { redactor } from '../redact/redact.js';
import { withBareUrls } from '../redact/urls.js';
import { Recorder } from '../trace/recorder.js';
import { EVERYTHING, type Wanted } from '../wire/decode.js';
import { whenAncestorBreaks } from './ancestors.js';
import { type Health, HealthMeter } from './health.js';
import type { ShardSettings } from './options.js';
import { type Continuation, continuationOf, type KeptShard, keptShard, resumeRecord } from './record.js';
import { enter, TWICE } from './running-shards.js';

/** A snapshot of the shard chart. */
export type ShardSnapshot = SnapshotFrom<typeof shardMachine>;

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
  /** How the shard is, each time that changes or has another reason. */
  health: Health;
}

/** What the actor emits: dispatches under their own name, and news. */
export type ShardEmitted<K extends DispatchEventName = DispatchEventName> =
  | {
      [N in K]: {
        readonly type: N;
        readonly data: DispatchEvents[N];
        readonly sequence: number | null;
        readonly replayed: boolean;
      };
    }[K]
  | { [K in keyof ShardNews]: { readonly type: K } & ShardNews[K] }[keyof ShardNews];

/** Actor logic of a shard: snapshots of the chart, its events in, news and dispatches out. */
export type ShardLogic<K extends DispatchEventName = DispatchEventName> = ActorLogic<
  ShardSnapshot,
  ShardEvent,
  undefined,
  AnyActorScope['system'],
  ShardEmitted<K>
>;

/** Who hears of a shard. */
export interface ShardAudience {
  /** Which dispatches it wants, among those that the shard is for; all unless told. */
  readonly wanted?: Wanted;
  dispatch(dispatch: Dispatch, message: RawMessage): void;
  /** One that it does not want. */
  skipped?(head: DispatchHead, message: RawMessage): void;
  /** With a transition comes the snapshot that it led to. */
  news<K extends keyof ShardNews>(name: K, news: ShardNews[K], after?: ShardSnapshot): void;
  /** The host of the actor, once it has started, and what follows its health. */
  host?(host: Host, health: HealthMeter): void;
}

const NO_CAUSES: readonly Cause[] = [];
const NO_REMARKS: readonly string[] = [];
const NOTHING = () => {};

const OVERDUE = { running: { connection: { open: { heartbeat: { beating: 'overdue' } } } } } as const;

/** What belongs to an actor that runs: it hears from the host, and tells the actor and its audience. */
class Running implements HostListener {
  readonly audience: ShardAudience;
  readonly wanted: Wanted;
  readonly host: Host;
  readonly health: HealthMeter;
  readonly recorder: Recorder | undefined;
  readonly random: RandomPort;
  /** What the wait under way was drawn with. */
  drawn = 0;
  readonly now: () => number;
  readonly #settings: ShardSettings;
  readonly #actor: AnyActorRef;
  readonly #unwatch: () => void;
  /** Has it no longer counted among those that run. */
  #leave: () => void = NOTHING;
  /** Reported in the step under way. */
  #causes = NO_CAUSES;
  #remarks: readonly string[];
  /** The question whether all is read, while `overdue` waits for it. */
  #reading: symbol | 'over' | null = null;

  constructor(given: ShardSettings, audience: ShardAudience, snapshot: ShardSnapshot, { self }: AnyActorScope) {
    const settings = guardedPorts(given, (problem, error) => this.warn(problem, error));
    const { input, remarks } = restored.get(self) ?? continuation(settings);
    this.#settings = settings;
    this.#actor = self;
    this.#remarks = [...settings.remarks, ...remarks];
    settings.secrets.hold(snapshot.context.session);
    this.audience = audience;
    this.wanted = wantedBy(audience, settings);
    this.random = settings.random;
    this.now = settings.clock.now;
    const failed = (error: unknown) => this.warn('the trace could not be written', error);
    this.recorder = guarded(() => recorderFor(settings, snapshot, inputFrom(settings, input), failed), failed);
    this.host = new Host(settings, this, this.recorder);
    this.health = new HealthMeter(snapshot, this.now(), () => this.host.identifies);
    this.#unwatch = whenAncestorBreaks(self, () => self.send({ type: 'xstate.stop' }));
  }

  tell(event: ShardEvent): void {
    this.#actor.send(event);
  }

  dispatch(dispatch: Dispatch, message: RawMessage): void {
    if (isFor(this.#settings, dispatch.name)) this.audience.dispatch(dispatch, message);
    else this.audience.skipped?.(dispatch, message);
  }

  skipped(head: DispatchHead, message: RawMessage): void {
    this.audience.skipped?.(head, message);
  }

  latency(ms: number): void {
    this.audience.news('latency', { ms });
  }

  located(info: GatewayInfo): void {
    this.audience.news('located', info);
  }

  warn(problem: string, error?: unknown): void {
    this.recorder?.warned(problem, error);
    const said = error === undefined ? {} : { error: this.#settings.secrets.error(error) };
    this.audience.news('warning', { problem, ...said });
  }

  /** What is to be said of the options, once. */
  takeRemarks(): readonly string[] {
    const remarks = this.#remarks;
    this.#remarks = NO_REMARKS;
    return remarks;
  }

  /** Keeps count of what runs: two shards with the same id and session limits get in each other's way. */
  note(wasIdle: boolean, isNowIdle: boolean, scope: AnyActorScope): void {
    if (wasIdle === isNowIdle) return;
    if (isNowIdle) this.#leave();
    else this.#leave = enter(this.#settings, () => scope.defer(() => this.warn(TWICE)));
  }

  report(cause: Cause): void {
    this.#causes = [...this.#causes, cause];
  }

  /**
   * Puts the end of the silence off until all that has arrived is read; whether it has. Only the host can see that, and a
   * chart that is no longer `overdue` does not ask.
   */
  putsOff({ type }: ShardEvent, snapshot: ShardSnapshot): boolean {
    if (type !== 'timer.silence' || !snapshot.matches(OVERDUE)) return false;
    if (this.#reading === 'over') {
      this.#reading = null;
      return false;
    }
    const reading = Symbol();
    this.#reading = reading;
    this.host.whenReadOut(() => {
      if (this.#reading !== reading) return;
      this.#reading = 'over';
      this.tell({ type: 'timer.silence' });
    });
    return true;
  }

  /** Whether what is read still matters. */
  see(snapshot: ShardSnapshot): void {
    if (this.#reading === null) return;
    if (!snapshot.matches(OVERDUE)) this.#reading = null;
  }

  /** What was reported in this step. */
  takeCauses(): readonly Cause[] {
    const causes = this.#causes;
    this.#causes = NO_CAUSES;
    return causes;
  }

  /** Lets go of everything outside; `error` if the actor breaks. */
  end(error?: unknown): void {
    this.#unwatch();
    this.#leave();
    this.host.dispose();
    this.recorder?.end(error);
  }
}

/** What was kept of an actor that has not started yet. */
const restored = new WeakMap<AnyActorRef, Continuation>();

/** By actor. */
const hosts = new WeakMap<AnyActorRef, Running>();

/** The chart with the effects and the chance of whichever host its actor has: one for all shards, since it is large. */
const machine = shardMachine.provide({
  actions: Object.fromEntries(
    SHARD_EFFECTS.map((name) => [
      name,
      ({ self }: { self: AnyActorRef }, params: never) => {
        const running = hosts.get(self);
        if (name === 'report') running?.report((params as ShardEffects['report']).cause);
        else running?.host.effects[name](params);
      },
    ]),
  ),
  delays: drawDelays(({ self }, timer) => {
    const running = hosts.get(self);
    if (running === undefined) return systemRandom();
    const { random, recorder } = running;
    const drawn = recorder === undefined ? random() : recorder.drawn(random);
    if (timer === 'reconnect') running.drawn = drawn;
    return drawn;
  }),
});

/** What the chart knows; anything else it ignores, as charts do. */
const EVENTS: ReadonlySet<string> = new Set(machine.events);

function noEvent(type: string): string {
  const meant = closest(type, machine.events);
  const name = /^[\w.-]{1,60}$/.test(type) ? ` ${type}` : ' of that name';
  return `the shard knows no event${name}${meant === undefined ? '' : `: send ${meant}`}`;
}

/** What makes the logic of one shard differ from another's. */
interface LogicParts {
  readonly settings: ShardSettings;
  readonly autoStart: boolean;
  readonly audience: ShardAudience | undefined;
}

/** Kept beside the logic, which anybody may print: the settings hold the token. */
const parts = new WeakMap<object, LogicParts>();

function partsOf(logic: object): LogicParts {
  const found = parts.get(logic);
  if (found === undefined) throw new TypeError('This is no logic of createShardLogic, but something derived from it');
  return found;
}

/** What the logic of all shards does besides the chart. */
const LOGIC = Object.assign(Object.create(machine) as ShardLogic, {
  getInitialSnapshot(this: object, scope: AnyActorScope) {
    showing(scope.self, summary);
    const { settings } = partsOf(this);
    return shown(machine.getInitialSnapshot(scope, inputFrom(settings, continuation(settings).input)));
  },
  /** What the chart has learnt is not kept, but whether it ran, and the session with what that belongs to. */
  getPersistedSnapshot(this: object, snapshot: ShardSnapshot): Snapshot<unknown> & KeptShard {
    const { settings } = partsOf(this);
    const { session, sequence } = snapshot.context;
    const now = guardedClock(settings.clock, () => {}).now();
    return {
      status: 'active',
      output: undefined,
      error: undefined,
      version: 1,
      running: !isIdle(snapshot),
      resume: resumeRecord(session, sequence, settings, now),
    };
  },
  /** From nothing but what was kept: options win over everything else. */
  restoreSnapshot(this: object, persisted: unknown, scope: AnyActorScope) {
    showing(scope.self, summary);
    const { settings } = partsOf(this);
    const kept = continuation(settings, keptShard(persisted).resume);
    restored.set(scope.self, kept);
    return shown(machine.getInitialSnapshot(scope, inputFrom(settings, kept.input)));
  },
  start(this: object, snapshot: ShardSnapshot, scope: AnyActorScope) {
    const { settings, autoStart, audience = emitting(scope) } = partsOf(this);
    const running = new Running(settings, audience, snapshot, scope);
    hosts.set(scope.self, running);
    running.audience.host?.(running.host, running.health);
    machine.start(snapshot);
    if (autoStart) scope.self.send({ type: 'start' });
  },
  transition(this: object, snapshot: ShardSnapshot, event: ShardEvent, scope: AnyActorScope) {
    const running = hosts.get(scope.self);
    if (running === undefined || (event.type as string) === 'xstate.stop') {
      running?.end();
      return shown(machine.transition(snapshot, event, scope) as ShardSnapshot);
    }
    for (const remark of running.takeRemarks()) scope.defer(() => running.warn(remark));
    if (!EVENTS.has(event.type)) scope.defer(() => running.warn(noEvent(event.type)));
    try {
      if (running.putsOff(event, snapshot)) return snapshot;
      const untold = running.host.takeUntold();
      const { now } = running;
      const before = untold ? step(running, snapshot, untold, scope, now) : snapshot;
      if (ordersConnection(before, event)) running.host.takeOrder();
      return shown(step(running, before, event, scope, now));
    } catch (error) {
      running.end(error); // the actor breaks
      throw error;
    }
  },
});

/** Actor logic for settings. Unless an audience is given, everything is emitted by the actor. */
export function shardLogic(
  settings: ShardSettings,
  { autoStart, audience }: { autoStart: boolean; audience?: ShardAudience },
): ShardLogic {
  const logic: ShardLogic = Object.create(LOGIC);
  parts.set(logic, { settings, autoStart, audience });
  return logic;
}

function step(
  running: Running,
  snapshot: ShardSnapshot,
  event: ShardEvent,
  scope: AnyActorScope,
  now: () => number,
): ShardSnapshot {
  const transition = (within: AnyActorScope) => machine.transition(snapshot, event, within) as ShardSnapshot;
  const next = (running.recorder?.step(event, scope, transition) as ShardSnapshot) ?? transition(scope);
  running.see(next);
  const { sequence } = next.context;
  running.host.see({ streaming: next.hasTag('streaming'), replaying: next.hasTag('replaying'), sequence });
  const causes = running.takeCauses();
  // Told once the actor has the new snapshot, so that a listener that looks at it sees this.
  if (causes.length === 0) return next;
  running.note(isIdle(snapshot), isIdle(next), scope);
  const wait = next.matches({ running: 'waiting' }) ? waitFor(next, running.drawn) : null;
  const health = running.health.see(next, causes, now(), wait);
  scope.defer(() => {
    announce(running.audience, snapshot, next, causes, wait);
    if (health !== null) running.audience.news('health', health);
  });
  return next;
}

/** How long `waiting` lasts, in ms, drawn with a number. */
function waitFor({ context }: ShardSnapshot, drawn: number): number {
  const [least, most] = SPANS.reconnect(context);
  return Math.round(least + drawn * (most - least));
}

/** As JSON too, a snapshot is for people: what is to be kept comes from `getPersistedSnapshot`. */
function toJSON(this: ShardSnapshot): unknown {
  const { status, output, error, value, context, tags, children, historyValue } = this;
  return redactor().value({ status, output, error, value, context, children, historyValue, tags: [...tags] });
}

function shown(snapshot: ShardSnapshot): ShardSnapshot {
  return Object.assign(snapshot, { toJSON });
}

/** What `util.inspect` and `console.log` show of an actor. Its own fields hold the snapshot that it was restored from. */
function summary(this: AnyActorRef): unknown {
  const { status, value, context } = this.getSnapshot() as ShardSnapshot;
  return { actor: this.id, status, state: stateName(value), context };
}

/** Whether a shard is for dispatches of a name. */
const isFor = ({ events }: ShardSettings, name: string): boolean => events === null || events.has(name);

/** What has to be parsed: what is listened to, and for a trace with contents all of it. */
function wantedBy({ wanted = EVERYTHING }: ShardAudience, settings: ShardSettings): Wanted {
  if (settings.record?.contents === true) return EVERYTHING;
  if (settings.events === null) return wanted;
  return { all: () => false, has: (name) => isFor(settings, name) && (wanted.all() || wanted.has(name)) };
}

/** The same settings, or with ports that are guarded where they are the user's. */
function guardedPorts(settings: ShardSettings, warn: Warn): ShardSettings {
  const clock = guardedClock(settings.clock, warn);
  const random = guardedRandom(settings.random, warn);
  const isOurs = clock === settings.clock && random === settings.random;
  return isOurs ? settings : { ...settings, clock, random };
}

function continuation(settings: ShardSettings, record = settings.resume): Continuation {
  const { home, allowHosts } = settings;
  return continuationOf(record, settings, { gatewayUrl: home, allowHosts });
}

/** What else a configured URL holds, such as a password, is the host's alone. */
function inputFrom({ policy, url }: ShardSettings, kept: Continuation['input']): ShardInput {
  return { policy, gatewayUrl: url === null ? null : withBareUrls(url), ...kept };
}

/** Whether a person has the shard connect now. */
function ordersConnection(snapshot: ShardSnapshot, { type }: ShardEvent): boolean {
  return type === 'start' ? isIdle(snapshot) : type === 'reconnect';
}

/** Whether nothing goes on until a start. */
export const isIdle = (snapshot: ShardSnapshot): boolean => snapshot.matches('stopped') || snapshot.matches('failed');

function recorderFor(
  settings: ShardSettings,
  snapshot: ShardSnapshot,
  input: ShardInput,
  onError: (error: unknown) => void,
): Recorder | undefined {
  const { record, secrets, clock, identify } = settings;
  if (record === null) return undefined;
  const { shard, intents } = identify;
  return new Recorder(
    record,
    { chart: shardMachine, secrets, now: clock.now, input: { ...input }, shard, intents, onError },
    snapshot,
  );
}

function announce(
  audience: ShardAudience,
  before: ShardSnapshot,
  after: ShardSnapshot,
  causes: readonly Cause[],
  wait: number | null,
): void {
  const [from, to] = [stateName(before.value), stateName(after.value)];
  const [cause] = causes;
  if (from === to) for (const each of causes) audience.news('notice', { cause: each });
  else if (cause !== undefined)
    audience.news('transition', { from, to, cause, causes, ...(wait === null ? {} : { wait }) }, after);
}

function emitting(scope: AnyActorScope): ShardAudience {
  return {
    dispatch: ({ name, ...rest }) => scope.emit({ type: name, ...rest }),
    news: (name, news) => scope.emit({ ...news, type: name }), // of `located` a port may say anything
  };
}
