/**
 * The shard chart with its host, as XState actor logic: for `createActor`, `invoke` or `spawn`.
 * The logic owns its host. However the actor ends (ordered, its parent leaving, an error; none of which runs the
 * chart's exit actions), the socket is dropped and permits, requests and timers are cancelled.
 *
 * There may be thousands of shards, and the chart with its implementations is large, so there is one for all of them:
 * `machine`, whose effects look up the host of the actor that they run in (`runnings`). Logic is an object that
 * inherits from it (`Object.create`), so that XState finds everything that a machine has, and nothing is copied for each
 * shard. What makes one logic differ from another stands beside it (`parts`), not in it: anybody may print actors and
 * their logic, and the settings hold the token. For the same reason what was kept of a session lies in `restored` until
 * its actor starts. All are weak maps, so that nothing outlives its actor.
 */
import type { ActorLogic, AnyActorRef, AnyActorScope, Snapshot } from 'xstate';
import {
  type DispatchEventName,
  type DispatchEvents,
  drawDelays,
  SHARD_EFFECTS,
  type ShardEffects,
  type ShardEvent,
  type ShardInput,
  shardMachine,
  stateName,
} from '../../machines/client.js';
import { showing } from '../../machines/kit/showing.js';
import { derived } from '../../machines/kit/xstate-insides.js';
import { guardedClock } from '../host/guarded-ports.js';
import type { ShardSnapshot } from '../host/tap.js';
import type { ResumeRecord } from '../ports/index.js';
import { systemRandom } from '../ports/random.js';
import { redactor } from '../redact/redact.js';
import { withBareUrls } from '../redact/urls.js';
import { EVERYTHING } from '../wire/decode.js';
import { isIdle } from './idle.js';
import type { ShardNews } from './news.js';
import type { ShardSettings } from './options.js';
import { type Continuation, continuationOf, type KeptShard, keptShard, resumeRecord } from './record.js';
import { type Beginning, type Receivers, Running } from './running.js';

/** What the actor emits: dispatches under their own name, and news. */
export type ShardEmitted<K extends DispatchEventName = DispatchEventName> =
  | {
      [N in K]: {
        readonly type: N;
        readonly data: DispatchEvents[N];
        readonly sequence: number | null;
        readonly replayed: boolean;
        readonly session: string | null;
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

/** What was kept of an actor that has not started yet. */
const restored = new WeakMap<AnyActorRef, Continuation>();

/** What an actor that runs no shard yet is to go on from at its start. */
const continuing = new WeakMap<AnyActorRef, Continuation>();

/** By actor. */
const runnings = new WeakMap<AnyActorRef, Running>();

/** The chart with the effects and the chance of whichever host its actor has. */
const machine = shardMachine.provide({
  actions: Object.fromEntries(
    SHARD_EFFECTS.map((name) => [
      name,
      ({ self }: { self: AnyActorRef }, params: never) => {
        const running = runnings.get(self);
        if (name === 'report') running?.report((params as ShardEffects['report']).cause);
        else running?.host.effects[name](params);
      },
    ]),
  ),
  delays: drawDelays(({ self, context }, timer) => runnings.get(self)?.draw(timer, context) ?? systemRandom()),
});

/** What makes the logic of one shard differ from another's. */
interface LogicParts {
  readonly settings: ShardSettings;
  readonly autoStart: boolean;
  readonly receivers: Receivers | undefined;
}

const parts = new WeakMap<object, LogicParts>();

function partsOf(logic: object): LogicParts {
  const found = parts.get(logic);
  if (found === undefined) throw new TypeError('This is no logic of createShardLogic, but something derived from it');
  return found;
}

/** What the logic of all shards does besides the chart. */
const LOGIC = derived(machine as unknown as ShardLogic, {
  getInitialSnapshot(this: object, scope: AnyActorScope) {
    showing(scope.self, summary);
    const { settings } = partsOf(this);
    return initial(settings, scope, continuation(settings));
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
    return initial(settings, scope, kept);
  },
  start(this: object, snapshot: ShardSnapshot, scope: AnyActorScope) {
    const { settings, autoStart, receivers = emitting(scope, settings) } = partsOf(this);
    runnings.set(scope.self, new Running(settings, receivers, beginning(settings, snapshot, scope), scope));
    machine.start(snapshot);
    if (autoStart) scope.self.send({ type: 'start' });
  },
  transition(this: object, snapshot: ShardSnapshot, event: ShardEvent, scope: AnyActorScope) {
    const running = runnings.get(scope.self);
    if (running !== undefined && (event.type as string) !== 'xstate.stop') {
      const from = event.type === 'start' ? continued(partsOf(this).settings, running, snapshot, scope) : snapshot;
      return shown(running.process(machine as never, from, event, scope));
    }
    running?.end();
    return shown(machine.transition(snapshot, event, scope) as ShardSnapshot);
  },
});

/** Actor logic for settings. Without receivers, everything is emitted by the actor. */
export function shardLogic(
  settings: ShardSettings,
  { autoStart, receivers }: { autoStart: boolean; receivers?: Receivers },
): ShardLogic {
  const logic = derived(LOGIC);
  parts.set(logic, { settings, autoStart, receivers });
  return logic;
}

/** Has an actor that is idle go on from the session of an earlier process with its next start; the sequence of it, if there is one. */
export function continueFrom(actor: AnyActorRef, settings: ShardSettings, record: ResumeRecord | null): number | null {
  const kept = continuation(settings, record);
  continuing.set(actor, kept);
  return kept.input.sequence ?? null;
}

/** What a start begins from: where the shard was, or where an earlier process left it. */
function continued(
  settings: ShardSettings,
  running: Running,
  before: ShardSnapshot,
  scope: AnyActorScope,
): ShardSnapshot {
  const kept = continuing.get(scope.self);
  if (kept === undefined || !isIdle(before)) return before;
  continuing.delete(scope.self);
  const snapshot = initial(settings, scope, kept);
  running.goOn(snapshot, inputFrom(settings, kept.input), kept.remarks);
  return snapshot;
}

/** What runs with an actor that has started. */
export function runningOf(actor: AnyActorRef): Running | undefined {
  return runnings.get(actor);
}

function initial(settings: ShardSettings, scope: AnyActorScope, { input }: Continuation): ShardSnapshot {
  return shown(machine.getInitialSnapshot(scope, inputFrom(settings, input)) as ShardSnapshot);
}

function beginning(settings: ShardSettings, snapshot: ShardSnapshot, { self }: AnyActorScope): Beginning {
  const { input, remarks } = restored.get(self) ?? continuation(settings);
  return { snapshot, input: inputFrom(settings, input), remarks: [...settings.remarks, ...remarks] };
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

function continuation(settings: ShardSettings, record = settings.resume): Continuation {
  const { home, allowHosts } = settings;
  return continuationOf(record, settings, { gatewayUrl: home, allowHosts });
}

/** What else a configured URL holds, such as a password, is the host's alone. */
function inputFrom({ policy, url }: ShardSettings, kept: Continuation['input']): ShardInput {
  return { policy, gatewayUrl: url === null ? null : withBareUrls(url), ...kept };
}

/** The actor emits everything. */
function emitting(scope: AnyActorScope, { events }: ShardSettings): Receivers {
  return {
    audience: {
      wanted: events === null ? EVERYTHING : { all: () => false, has: (name) => events.has(name) },
      dispatch: ({ name, ...rest }) => scope.emit({ type: name, ...rest }),
      skipped() {},
    },
    news: (name, news) => scope.emit({ ...news, type: name }), // of `located` a port may say anything
  };
}
