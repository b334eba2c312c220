/**
 * The shard chart with its host, as XState actor logic: for `createActor`, `invoke` or `spawn`.
 * The logic owns its host. However the actor ends (ordered, its parent leaving, an error; none of which runs the
 * chart's exit actions), the socket is dropped and permits, requests and timers are cancelled.
 */
import type { ActorLogic, AnyActorRef, AnyActorScope, SnapshotFrom } from 'xstate';
import {
  type Cause,
  type DispatchEventName,
  type DispatchEvents,
  discreet,
  drawDelays,
  type ShardEffects,
  type ShardEvent,
  type ShardInput,
  shardMachine,
  showing,
  stateName,
} from '../../machines/index.js';
import { type Dispatch, type DispatchHead, Host, type RawMessage } from '../host/host.js';
import type { GatewayInfo, RandomPort } from '../host/ports.js';
import { systemRandom } from '../host/random.js';
import { Recorder } from '../trace/recorder.js';
import { EVERYTHING, type Wanted } from '../wire/decode.js';
import { whenAncestorBreaks } from './ancestors.js';
import { type Health, HealthMeter } from './health.js';
import type { ShardSettings } from './options.js';
import { sessionFrom } from './record.js';

/** A snapshot of the shard chart. */
export type ShardSnapshot = SnapshotFrom<typeof shardMachine>;

/** A step of the chart from one state to another. States are named as by `stateName`. */
export interface ShardTransition {
  readonly from: string;
  readonly to: string;
  /** Why, in the order things happened; `cause` is the first. */
  readonly cause: Cause;
  readonly causes: readonly Cause[];
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
        readonly sequence: number;
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
  news<K extends keyof ShardNews>(name: K, news: ShardNews[K]): void;
  /** The host of the actor, once it has started, and what follows its health. */
  host?(host: Host, health: HealthMeter): void;
}

/** What belongs to an actor that runs. */
interface Running {
  readonly host: Host;
  /** Reported in the step under way. */
  readonly causes: Cause[];
  readonly audience: ShardAudience;
  readonly random: RandomPort;
  readonly recorder: Recorder | undefined;
  /** What is still to be said of the options. */
  readonly remarks: string[];
  warn(problem: string): void;
  readonly health: HealthMeter;
  /** Lets go of everything outside; `error` if the actor breaks. */
  end(error?: unknown): void;
}

/** By actor. */
const hosts = new WeakMap<AnyActorRef, Running>();

const EFFECT_NAMES: Record<keyof ShardEffects, true> = {
  locateGateway: true,
  cancelLocate: true,
  openSocket: true,
  sendHeartbeat: true,
  requestPermit: true,
  cancelPermit: true,
  sendIdentify: true,
  sendResume: true,
  closeSocket: true,
  dropSocket: true,
  pauseSocket: true,
  resumeSocket: true,
  report: true,
};
const EFFECTS = Object.keys(EFFECT_NAMES) as (keyof ShardEffects)[];

/** The chart with the effects and the chance of whichever host its actor has: one for all shards, since it is large. */
const machine = shardMachine.provide({
  actions: Object.fromEntries(
    EFFECTS.map((name) => [
      name,
      ({ self }: { self: AnyActorRef }, params: never) => {
        const running = hosts.get(self);
        if (name === 'report') running?.causes.push((params as ShardEffects['report']).cause);
        else running?.host.effects[name](params);
      },
    ]),
  ),
  delays: drawDelays(({ self }) => {
    const { random = systemRandom, recorder } = hosts.get(self) ?? {};
    return recorder === undefined ? random() : recorder.drawn(random);
  }),
});

/** Actor logic for settings. Unless an audience is given, everything is emitted by the actor. */
export function shardLogic(
  settings: ShardSettings,
  { autoStart, audience }: { autoStart: boolean; audience?: ShardAudience },
): ShardLogic {
  const step = (snapshot: ShardSnapshot, event: ShardEvent, scope: AnyActorScope): ShardSnapshot => {
    const running = hosts.get(scope.self);
    const transition = (within: AnyActorScope) => machine.transition(snapshot, event, within) as ShardSnapshot;
    const next = running?.recorder
      ? (running.recorder.step(event, scope, transition) as ShardSnapshot)
      : transition(scope);
    if (running === undefined) return next;
    running.host.see({ streaming: next.hasTag('streaming'), replaying: next.hasTag('replaying') });
    const causes = running.causes.splice(0);
    // Told once the actor has the new snapshot, so that a listener that looks at it sees this.
    if (causes.length === 0) return next;
    const health = running.health.see(next, causes, settings.clock.now());
    scope.defer(() => {
      announce(running.audience, snapshot, next, causes);
      if (health !== null) running.audience.news('health', health);
    });
    return next;
  };

  /** As JSON too, a snapshot is for people: what is to be kept comes from `getPersistedSnapshot`. */
  function toJSON(this: ShardSnapshot): unknown {
    const { status, output, error, value, context, tags, children, historyValue } = this;
    const plain = { status, output, error, value, context, children, historyValue, tags: [...tags] };
    return settings.secrets.value(plain);
  }
  const shown = (snapshot: ShardSnapshot): ShardSnapshot => Object.assign(snapshot, { toJSON });

  return Object.assign(Object.create(machine) as ShardLogic, {
    getInitialSnapshot(scope: AnyActorScope) {
      showing(scope.self, () => summaryOf(scope.self));
      return shown(machine.getInitialSnapshot(scope, initialInput(settings)));
    },
    restoreSnapshot(persisted: never, scope: AnyActorScope) {
      showing(scope.self, () => summaryOf(scope.self));
      const restored = machine.restoreSnapshot(persisted, scope) as ShardSnapshot;
      const { session } = restored.context;
      const context = { ...restored.context, session: session && discreet(session) };
      return shown(Object.assign(restored, { context }));
    },
    start(snapshot: ShardSnapshot, scope: AnyActorScope) {
      const heard = audience ?? emitting(scope);
      const warn = (problem: string, error?: unknown) => {
        recorder?.warned(problem, error);
        heard.news('warning', { problem, ...(error === undefined ? {} : { error: settings.secrets.error(error) }) });
      };
      const recorder = recorderFor(settings, snapshot, (error) => warn('the trace could not be written', error));
      const host = new Host(
        settings,
        {
          tell: (event) => scope.self.send(event),
          wanted: wantedBy(heard, settings),
          dispatch: (dispatch, message) => {
            if (isFor(settings, dispatch.name)) heard.dispatch(dispatch, message);
            else heard.skipped?.(dispatch, message);
          },
          skipped: (head, message) => heard.skipped?.(head, message),
          latency: (ms) => heard.news('latency', { ms }),
          located: (info) => heard.news('located', info),
          warn,
        },
        recorder,
      );
      const unwatch = whenAncestorBreaks(scope.self, () => scope.self.send({ type: 'xstate.stop' }));
      const end = (error?: unknown) => {
        unwatch();
        host.dispose();
        recorder?.end(error);
      };
      const { random } = settings;
      const remarks = [...settings.remarks];
      const health = new HealthMeter(snapshot, settings.clock.now());
      hosts.set(scope.self, { host, causes: [], audience: heard, random, recorder, remarks, warn, health, end });
      heard.host?.(host, health);
      machine.start(snapshot);
      const isIdle = snapshot.matches('stopped') || snapshot.matches('failed');
      if (!isIdle)
        scope.self.send({ type: 'reconnect', fresh: false }); // restored: its connection was another actor's
      else if (autoStart) scope.self.send({ type: 'start' });
    },
    transition(snapshot: ShardSnapshot, event: ShardEvent, scope: AnyActorScope) {
      const running = hosts.get(scope.self);
      if ((event.type as string) === 'xstate.stop') {
        running?.end();
        return shown(machine.transition(snapshot, event, scope) as ShardSnapshot);
      }
      for (const remark of running?.remarks.splice(0) ?? []) scope.defer(() => running?.warn(remark));
      try {
        const untold = running?.host.takeUntold();
        return shown(step(untold ? step(snapshot, untold, scope) : snapshot, event, scope));
      } catch (error) {
        running?.end(error); // the actor breaks
        throw error;
      }
    },
  });
}

/** What `util.inspect` and `console.log` show of an actor. Its own fields hold the snapshot that it was restored from. */
function summaryOf(actor: AnyActorRef): unknown {
  const { status, value, context } = actor.getSnapshot() as ShardSnapshot;
  return { actor: actor.id, status, state: stateName(value), context };
}

/** Whether a shard is for dispatches of a name. */
const isFor = ({ events }: ShardSettings, name: string): boolean => events === null || events.has(name);

/** What has to be parsed: what is listened to, and for a trace with contents all of it. */
function wantedBy({ wanted = EVERYTHING }: ShardAudience, settings: ShardSettings): Wanted {
  if (settings.record?.contents === true) return EVERYTHING;
  if (settings.events === null) return wanted;
  return { all: () => false, has: (name) => isFor(settings, name) && (wanted.all() || wanted.has(name)) };
}

function initialInput(settings: ShardSettings): ShardInput {
  const { policy, url, resume, home, allowHosts } = settings;
  return { policy, gatewayUrl: url, ...sessionFrom(resume, settings, { gatewayUrl: home, allowHosts }) };
}

function recorderFor(
  settings: ShardSettings,
  snapshot: ShardSnapshot,
  onError: (error: unknown) => void,
): Recorder | undefined {
  const { record, secrets, clock, identify } = settings;
  if (record === null) return undefined;
  const input = { ...initialInput(settings) };
  const { shard, intents } = identify;
  return new Recorder(
    record,
    { chart: shardMachine, secrets, now: clock.now, input, shard, intents, onError },
    snapshot,
  );
}

function announce(
  audience: ShardAudience,
  before: ShardSnapshot,
  after: ShardSnapshot,
  causes: readonly Cause[],
): void {
  const [from, to] = [stateName(before.value), stateName(after.value)];
  const [cause] = causes;
  if (from === to) for (const each of causes) audience.news('notice', { cause: each });
  else if (cause !== undefined) audience.news('transition', { from, to, cause, causes });
}

function emitting(scope: AnyActorScope): ShardAudience {
  return {
    dispatch: ({ name, ...rest }) => scope.emit({ type: name, ...rest }),
    news: (name, news) => scope.emit({ type: name, ...news }),
  };
}
