/**
 * The states of the two charts as far as they count in the product, each kept once, together with every step that was
 * taken from it: a step that is asked for again costs a look into a map.
 *
 * Numbers that only grow would make infinitely many states. Connections and requests count from the newest, session ids
 * say whose they are, and sequences are replaced by their ranks: the charts do no more than compare them.
 */

import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import type { gatewayMachine } from '../../machines/gateway/chart.js';
import { gatewayAbstraction, shardAbstraction, stateName } from '../../machines/index.js';
import { type Instruction, type Pure, pure, type Step } from '../../machines/kit/pure.js';
import { armedAfter, firedFrom } from '../../machines/kit/timers.js';
import type { shardMachine } from '../../machines/shard/chart.js';

/** Numbers of events below this stand for moves, those from here on for messages. */
export const MESSAGES = 1 << 16;

/** Room for the moves of either chart. */
const MOVES = 128;

const TIMING: ReadonlySet<string> = new Set(['arm', 'disarm']);

/** A state of one chart. */
export interface ChartState<M extends AnyStateMachine, Facts> {
  /** Its number in the order of discovery. */
  readonly index: number;
  readonly snapshot: SnapshotFrom<M>;
  readonly armed: ReadonlySet<string>;
  readonly facts: Facts;
  /** By the number of the event; those of moves, which are few, in a list. */
  readonly moves: (ChartStep<M, Facts> | undefined)[];
  readonly messages: Map<number, ChartStep<M, Facts>>;
  readonly renamed: Map<number, ChartState<M, Facts>>;
  /** The last two namings that changed nothing here; most change nothing, and most are like one of those before. */
  settled: number;
  settledBefore: number;
}

/** What an event leads to. */
export interface ChartStep<M extends AnyStateMachine, Facts> {
  readonly to: ChartState<M, Facts>;
  /** What is to be done, timers left out. */
  readonly effects: readonly Instruction[];
  /** The timers that are started, or started anew. */
  readonly starts: readonly string[];
  readonly isHandled: boolean;
}

/** How numbers are replaced: sequences by their rank in `mask`, one bit for each that is in use; null keeps them. */
export interface Naming {
  readonly mask: number | null;
  /** Whether the client can know of the Gateway's session, and for the shard, whether it does. */
  readonly shared: boolean;
  /** Whether a coloured dispatch is to be like all others. */
  readonly plain: boolean;
}

/** What the product needs to know of a chart. */
export interface Form<M extends AnyStateMachine, Facts> {
  readonly machine: M;
  key(snapshot: SnapshotFrom<M>): string;
  /** Whether an effect is more than what its state shows; all are unless told. */
  matters?(effect: Instruction): boolean;
  facts(snapshot: SnapshotFrom<M>): Facts;
  /** The same state with the newest connection and request called 1. */
  rebased(snapshot: SnapshotFrom<M>): SnapshotFrom<M>;
  renamed(snapshot: SnapshotFrom<M>, naming: Naming): SnapshotFrom<M>;
}

/** The states of one chart that were met. `exact` keeps every number as it is: for a single run, not for exploring. */
export class ChartStates<M extends AnyStateMachine, Facts> {
  readonly all: ChartState<M, Facts>[] = [];
  readonly #byKey = new Map<string, ChartState<M, Facts>>();
  readonly #pure: Pure<M>;

  constructor(
    private readonly form: Form<M, Facts>,
    private readonly exact: boolean,
  ) {
    this.#pure = pure(form.machine);
  }

  begin(input: InputFrom<M>): ChartState<M, Facts> {
    const { snapshot, instructions } = this.#pure.initial(input);
    return this.#keep(snapshot, armedAfter(new Set(), instructions));
  }

  /** `number` stands for the event, the same for all events that are alike. */
  step(
    state: ChartState<M, Facts>,
    number: number,
    event: (snapshot: SnapshotFrom<M>, number: number) => EventFromLogic<M>,
  ): ChartStep<M, Facts> {
    const known = number < MESSAGES ? state.moves[number] : state.messages.get(number);
    if (known !== undefined) return known;
    const happening = event(state.snapshot, number);
    const { snapshot, instructions, rows } = this.#stepOf(state.snapshot, happening);
    const armed = armedAfter(firedFrom(state.armed, happening), instructions);
    const step: ChartStep<M, Facts> = {
      to: rows.length === 0 ? state : this.#keep(snapshot, armed),
      effects: instructions.filter((each) => !TIMING.has(each.type) && (this.form.matters?.(each) ?? true)),
      starts: instructions.flatMap(({ type, params }) => (type === 'arm' ? [(params as { timer: string }).timer] : [])),
      isHandled: rows.length > 0,
    };
    if (number < MESSAGES) state.moves[number] = step;
    else state.messages.set(number, step);
    return step;
  }

  #stepOf(snapshot: SnapshotFrom<M>, event: EventFromLogic<M>): Step<M> {
    try {
      return this.#pure.step(snapshot, event);
    } catch (error) {
      const { value } = snapshot as { readonly value: unknown };
      const where = `${event.type} in ${stateName(value)}`;
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`The ${this.form.machine.id} chart throws on ${where}: ${what}`, { cause: error });
    }
  }

  /** The state with its numbers replaced. */
  rename(state: ChartState<M, Facts>, naming: Naming): ChartState<M, Facts> {
    const number = ((naming.mask ?? 0) << 2) | (naming.shared ? 1 : 0) | (naming.plain ? 2 : 0);
    if (state.settled === number || state.settledBefore === number) return state;
    let renamed = state.renamed.get(number);
    if (renamed === undefined) {
      renamed = this.#keep(this.form.renamed(state.snapshot, naming), state.armed);
      state.renamed.set(number, renamed);
    }
    if (renamed === state) {
      state.settledBefore = state.settled;
      state.settled = number;
    }
    return renamed;
  }

  #keep(met: SnapshotFrom<M>, armed: ReadonlySet<string>): ChartState<M, Facts> {
    const key = this.exact ? `${this.all.length}` : `${this.form.key(met)} | ${[...armed].sort().join(' ')}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const snapshot = this.exact ? met : this.form.rebased(met);
    const facts = this.form.facts(snapshot);
    const state: ChartState<M, Facts> = {
      index: this.all.length,
      snapshot,
      armed,
      facts,
      moves: new Array(MOVES).fill(undefined),
      messages: new Map(),
      renamed: new Map(),
      settled: -1,
      settledBefore: -1,
    };
    this.#byKey.set(key, state);
    this.all.push(state);
    return state;
  }
}

/** How many sequences of a mask are at most so great. */
export function rankIn(mask: number | null, sequence: number): number {
  if (mask === null) return sequence;
  let count = 0;
  for (let bits = mask & (2 ** (sequence + 1) - 1); bits !== 0; bits &= bits - 1) count += 1;
  return count;
}

type ShardMachine = typeof shardMachine;
type ShardSnapshot = SnapshotFrom<ShardMachine>;

/** What the product needs to know of the shard. */
export interface ShardFacts {
  readonly isStreaming: boolean;
  readonly isReady: boolean;
  /** Whether it reads nothing from its socket. */
  readonly isPaused: boolean;
  /** Whether it stays away until there is room in its buffer. */
  readonly isAwaitingRoom: boolean;
  /** Whether nothing will happen before a start. */
  readonly isIdle: boolean;
  /** Whether it is idle, or will be once its connection is closed. */
  readonly isEnding: boolean;
  /** Whether it has held for so long that earlier failures are forgiven. */
  readonly isSettled: boolean;
  /** Resumes in a row that brought nothing. */
  readonly resumes: number;
  readonly sessionId: string | null;
  readonly sequence: number;
}

/** The id of the Gateway's session, and of every other. */
const SHARED_ID = 'session';
export const FOREIGN_ID = 'a dead session';

/** Whether nothing will happen before a start. */
const isIdle = (snapshot: ShardSnapshot): boolean => snapshot.matches('stopped') || snapshot.matches('failed');

/** Whether its connection is in a state. */
const isIn = (snapshot: ShardSnapshot, state: object): boolean =>
  snapshot.matches({ running: { connection: state } } as never);

const AWAIT_ROOM = [
  { connection: { closing: 'makingRoom' } },
  { awaitingRoom: 'resting' },
  { awaitingRoom: 'full' },
] as const;

/** The shard's part in the product. */
export function shardForm(machine: ShardMachine): Form<ShardMachine, ShardFacts> {
  const withContext = (snapshot: ShardSnapshot, context: Partial<ShardSnapshot['context']>): ShardSnapshot => ({
    ...snapshot,
    context: { ...snapshot.context, ...context },
  });
  return {
    machine,
    key: (snapshot) => {
      const { session, sequence } = snapshot.context;
      return `${shardAbstraction.key(snapshot)}, ${session === null ? '' : session.id} ${sequence}`;
    },
    facts: (snapshot) => ({
      isStreaming: snapshot.hasTag('streaming'),
      isReady: isIn(snapshot, { open: { session: 'ready' } }),
      isPaused: snapshot.hasTag('paused'),
      isAwaitingRoom: AWAIT_ROOM.some((state) => snapshot.matches({ running: state })),
      isIdle: isIdle(snapshot),
      isEnding: isIdle(snapshot) || isIn(snapshot, { closing: 'stopping' }) || isIn(snapshot, { closing: 'failing' }),
      isSettled: snapshot.hasTag('settled'),
      resumes: snapshot.context.resumes,
      sessionId: snapshot.context.session?.id ?? null,
      sequence: snapshot.context.sequence ?? 0,
    }),
    rebased: (snapshot) => withContext(snapshot, { connection: 1, request: 1 }),
    renamed: (snapshot, { mask, shared }) => {
      const { session, sequence } = snapshot.context;
      if (session === null) return withContext(snapshot, { sequence: sequence === null ? null : 1 });
      if (!shared) return withContext(snapshot, { session: { ...session, id: FOREIGN_ID }, sequence: 1 });
      return withContext(snapshot, {
        session: { ...session, id: SHARED_ID },
        sequence: rankIn(mask, sequence ?? 0),
      });
    },
  };
}

type GatewayMachine = typeof gatewayMachine;
type GatewaySnapshot = SnapshotFrom<GatewayMachine>;

/** What the product needs to know of the Gateway. */
export interface GatewayFacts {
  /** Whether it holds a connection. */
  readonly isConnected: boolean;
  readonly isLive: boolean;
  /** Whether it reads nothing from TCP. */
  readonly isDeaf: boolean;
  /** Which answer it is about to give, if one that a fault can withhold. */
  readonly owes: 'hello' | 'ready' | 'resumed' | null;
  /** Whether it has asked the client to leave. */
  readonly isLeaving: boolean;
  readonly sessionId: string | null;
  /** The sequences that it holds, a bit each. */
  readonly mask: number;
  readonly sequence: number;
  readonly isColoured: boolean;
  /** How many dispatches a replay still has to send. */
  readonly backlog: number;
}

/** The names that tell the coloured dispatch from all others. */
export const COLOURED_NAME = 'COLOURED';
export const PLAIN_NAME = 'PLAIN';

/** The Gateway's part in the product. */
export function gatewayForm(machine: GatewayMachine): Form<GatewayMachine, GatewayFacts> {
  return {
    machine,
    key: (snapshot) => `${gatewayAbstraction.key(snapshot)}, ${contextKey(snapshot.context)}`,
    facts: gatewayFacts,
    rebased: (snapshot) => ({ ...snapshot, context: { ...snapshot.context, connection: 1 } }),
    renamed: (snapshot, naming) => ({ ...snapshot, context: renamedContext(snapshot.context, naming) }),
  };
}

function contextKey({ session, backlog }: GatewaySnapshot['context']): string {
  const list = (dispatches: typeof backlog) =>
    dispatches.map(({ sequence, name }) => `${sequence}${name[0]}`).join(' ');
  return session === null
    ? list(backlog)
    : `${session.id} ${session.sequence} ${session.floor} [${list(session.buffer.flat())}] ${list(backlog)}`;
}

function renamedContext(
  context: GatewaySnapshot['context'],
  { mask, shared, plain }: Naming,
): GatewaySnapshot['context'] {
  const rename = (dispatches: typeof context.backlog) =>
    dispatches.map((dispatch) => ({
      ...dispatch,
      sequence: rankIn(mask, dispatch.sequence),
      name: plain ? PLAIN_NAME : dispatch.name,
    }));
  const { session, backlog } = context;
  // Nobody will ask for what such a session holds.
  if (!shared && session !== null) {
    return { ...context, backlog: [], session: { id: SHARED_ID, sequence: 1, floor: 1, buffer: [] } };
  }
  return {
    ...context,
    backlog: rename(backlog),
    session: session && {
      id: mask === null ? session.id : SHARED_ID,
      sequence: rankIn(mask, session.sequence),
      floor: rankIn(mask, session.floor),
      buffer: session.buffer.length === 0 ? [] : [rename(session.buffer.flat())], // in one run: how it is cut tells nothing
    },
  };
}

function gatewayFacts(snapshot: GatewaySnapshot): GatewayFacts {
  const { session, backlog } = snapshot.context;
  const dispatches = [...(session?.buffer.flat() ?? []), ...backlog];
  const sequences = dispatches.map(({ sequence }) => sequence);
  if (session !== null) sequences.push(session.sequence, session.floor);
  const isIn = (state: string | object) => snapshot.matches({ connection: { open: { session: state } } } as never);
  return {
    isConnected: snapshot.matches('connection'),
    isLive: isIn('live'),
    isDeaf: snapshot.matches({ connection: { open: { heartbeat: 'unread' } } }),
    owes: isIn({ greeting: 'due' })
      ? 'hello'
      : isIn({ starting: 'due' })
        ? 'ready'
        : isIn({ replaying: 'due' }) && backlog.length === 0
          ? 'resumed'
          : null,
    isLeaving: snapshot.matches({ connection: { open: { stay: 'overdue' } } }),
    sessionId: session?.id ?? null,
    mask: sequences.reduce((mask, sequence) => mask | (2 ** sequence), 0),
    sequence: session?.sequence ?? 0,
    isColoured: dispatches.some(({ name }) => name === COLOURED_NAME),
    backlog: backlog.length,
  };
}
