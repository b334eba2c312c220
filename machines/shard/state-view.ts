/** The state of a shard, part by part: for what wants to know where it is without reading its name. */
import type { SnapshotFrom, StateValue } from 'xstate';
import { stateParts } from '../kit/state-names.js';
import type { shardMachine } from './chart.js';

type Value = SnapshotFrom<typeof shardMachine>['value'];
/** The states that a value can name, as `stateName` writes them. */
type Names<V> = V extends string ? V : { [K in keyof V & string]: `${K}.${Names<V[K]>}` }[keyof V & string];
/** The value of an open connection, in which the regions run side by side. */
type Running = Extract<Extract<Value, object>['running'], { connection: unknown }>;
type Regions = Extract<Running['connection'], { open: unknown }>['open'];

const OPEN = 'running.connection.open';

/** Where the shard is, the regions of an open connection apart. Names are those of the chart. */
export interface StateView {
  /** `running.connection.open` while there are regions. */
  readonly run: Exclude<Names<Value>, `${typeof OPEN}.${string}`> | typeof OPEN;
  readonly session: Names<Regions['session']> | null;
  readonly heartbeat: Names<Regions['heartbeat']> | null;
  readonly reading: Names<Regions['reading']> | null;
}

/** The parts of a state: of a snapshot's `value`, or of its name as in `shard.state` and in traces. */
export function stateView(state: StateValue): StateView {
  const { path, regions } = stateParts(state);
  const { session = null, heartbeat = null, reading = null } = Object.fromEntries(regions);
  return { run: path.join('.'), session, heartbeat, reading } as StateView;
}

/** Whether the session is ready: dispatches arrive, and commands may be sent. Of a snapshot its tag `ready` says the same. */
export function isReadyIn({ session }: StateView): boolean {
  return session?.startsWith('ready.') ?? false;
}

/** A word or two for each state, as people say it. */
export const STATE_WORDS: { readonly [P in keyof StateView]: Readonly<Record<NonNullable<StateView[P]>, string>> } = {
  run: {
    stopped: 'stopped',
    'running.choosing': 'choosing',
    'running.locating': 'locating',
    'running.connection.reaching.opening': 'opening',
    'running.connection.reaching.awaitingHello': 'awaitingHello',
    'running.connection.open': 'open',
    'running.connection.closing.reconnecting': 'closing.reconnecting',
    'running.connection.closing.makingRoom': 'closing.makingRoom',
    'running.connection.closing.stopping': 'closing.stopping',
    'running.connection.closing.failing': 'closing.failing',
    'running.waiting': 'waiting',
    'running.awaitingRoom.resting': 'awaitingRoom',
    'running.awaitingRoom.full': 'awaitingRoom.full',
    'running.awaitingRoom.drained': 'awaitingRoom.drained',
    failed: 'failed',
  },
  session: {
    queuedForIdentify: 'queuedForIdentify',
    identifying: 'identifying',
    resuming: 'resuming',
    'ready.settling': 'ready',
    'ready.unproven': 'unproven',
    'ready.settled': 'settled',
  },
  heartbeat: {
    jittering: 'jittering',
    'beating.awaitingAck': 'awaitingAck',
    'beating.excused': 'excused',
    'beating.catchingUp': 'catchingUp',
    'beating.acked': 'acked',
    'beating.overdue.listening': 'overdue',
    'beating.overdue.alive': 'alive',
  },
  reading: { flowing: 'flowing', paused: 'paused' },
};

/** A state in few words: that of the session, or else of the connection; and of the regions beside it. */
export interface StateInWords {
  readonly state: string;
  readonly heartbeat: string | null;
  readonly reading: string | null;
}

/** A state in the words of `STATE_WORDS`; one that is not the chart's keeps its name. */
export function stateInWords(state: StateValue): StateInWords {
  const { run, session, heartbeat, reading } = stateView(state);
  return {
    state: word('session', session) ?? word('run', run) ?? run,
    heartbeat: word('heartbeat', heartbeat),
    reading: word('reading', reading),
  };
}

function word(part: keyof StateView, name: string | null): string | null {
  const words: Readonly<Record<string, string>> = STATE_WORDS[part];
  return name !== null && Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
