/**
 * What follows from one thing in every state: the chart, explored completely, asked. States that answer alike with and
 * without a session, at this URL or that, give one answer; where they differ, each says when it holds.
 */
import type { SnapshotFrom } from 'xstate';
import {
  DEFAULT_POLICY,
  type ShardEvent,
  SPANS,
  shardAbstraction,
  shardMachine,
  stateName,
} from '../../../machines/index.js';
import { type Edge as EdgeOf, explore, type Graph, type Node as NodeOf } from '../../testing/graph.js';
import type { Effect, Reason } from './tracks.js';
import { doing, reason, spaced, span } from './words.js';

type Node = NodeOf<typeof shardMachine>;
type Edge = EdgeOf<typeof shardMachine>;
type Snapshot = SnapshotFrom<typeof shardMachine>;

/** Something that may happen. */
export interface Stimulus {
  readonly id: string;
  readonly title: string;
  readonly matches: (event: ShardEvent) => boolean;
  /** States that it is not about. */
  readonly except?: string;
  /** Which of two regions it is about: that of the session unless told. */
  readonly region?: 'heartbeat';
}

/** One answer to what follows in a state. */
export interface Answer {
  /** When it holds, such as `with a session`; empty if always. */
  readonly when: string;
  readonly to: string;
  readonly causes: readonly string[];
  readonly deeds: readonly string[];
  /** What it comes to in the end. */
  readonly outcome: string;
}

/** What follows in states of the chart that answer alike. */
export interface Consequence {
  /** The states, as in the chart; where it is open, those of one region. */
  readonly states: readonly string[];
  readonly answers: readonly Answer[];
}

const closed = (code: number) => (event: ShardEvent) => event.type === 'closed' && event.code === code;
const of = (type: ShardEvent['type']) => (event: ShardEvent) => event.type === type;

/** What a reader may ask, the most asked first. */
export const STIMULI: readonly Stimulus[] = [
  {
    id: 'op9-false',
    title: 'op 9, d false: the session is invalid',
    matches: (e) => e.type === 'invalidSession' && !e.resumable,
  },
  {
    id: 'op9-true',
    title: 'op 9, d true: the session may be resumed',
    matches: (e) => e.type === 'invalidSession' && e.resumable,
  },
  { id: 'op7', title: 'op 7: the Gateway asks to reconnect', matches: of('reconnectRequested') },
  {
    id: 'no-ack',
    title: 'no ACK by the time the next heartbeat is due',
    matches: (e) => e.type === 'timer.heartbeat' || e.type === 'timer.silence',
    except: 'acked',
    region: 'heartbeat',
  },
  { id: 'ack', title: 'op 11: a Heartbeat ACK', matches: of('heartbeatAck'), region: 'heartbeat' },
  {
    id: 'op1',
    title: 'op 1: the Gateway asks for a heartbeat',
    matches: of('heartbeatRequested'),
    region: 'heartbeat',
  },
  { id: '1006', title: 'the connection is lost (1006)', matches: closed(1006) },
  ...[4009, 4000, 4001, 4002, 4003, 4004, 4005, 4007, 4008, 4010, 4011, 4012, 4013, 4014, 1000, 1001].map((code) => ({
    id: `${code}`,
    title: `close ${code}`,
    matches: closed(code),
  })),
  { id: 'hello', title: 'op 10: Hello', matches: of('hello') },
  { id: 'ready', title: 'READY', matches: (e) => e.type === 'ready' && e.session?.url != null },
  { id: 'resumed', title: 'RESUMED', matches: of('resumed') },
  { id: 'malformed', title: 'a message that cannot be understood', matches: of('malformed') },
  { id: 'start', title: 'your order to start', matches: of('start') },
  { id: 'stop', title: 'your order to stop', matches: of('stop') },
  { id: 'detach', title: 'your order to detach', matches: of('detach') },
  { id: 'reconnect', title: 'your order to reconnect', matches: (e) => e.type === 'reconnect' && !e.fresh },
  ...['locate', 'open', 'hello', 'permit', 'ready', 'resumed', 'close', 'reconnect'].map((timer) => ({
    id: `timer.${timer}`,
    title: `the timer ${timer} runs out`,
    matches: of(`timer.${timer}` as ShardEvent['type']),
  })),
];

let explored: Graph<typeof shardMachine> | undefined;

/** What follows from a stimulus, in every state that answers it, in the order of the chart. */
export function consequences(stimulus: Stimulus): readonly Consequence[] {
  explored ??= explore(shardMachine, {
    ...shardAbstraction,
    roots: { documented: { policy: DEFAULT_POLICY } },
  });
  const states = new Map<string, Node[]>();
  for (const node of explored.nodes.values()) {
    if (node.snapshot.hasTag('paused')) continue; // all follows as it does otherwise, and reading goes on
    const state = subject(stateName(node.snapshot.value), stimulus);
    if (stimulus.except === undefined || !state.endsWith(stimulus.except)) {
      states.set(state, [...(states.get(state) ?? []), node]);
    }
  }
  const found = [...states]
    .sort(([a], [b]) => order(a) - order(b))
    .map(([state, nodes]) => ({ state, answers: answersOf(nodes, stimulus) }))
    .filter(({ answers }) => answers.length > 0);
  return grouped(found);
}

/** Where a stimulus is about one region, the others are left out; that a connection has held changes waits alone. */
function subject(state: string, { region }: Stimulus): string {
  const [, session = '', heartbeat = ''] =
    /^running\.connection\.open\(session\.(.+?) \+ heartbeat\.(.+?) \+ reading\.\w+\)$/.exec(state) ?? [];
  if (session === '') return state;
  if (region === 'heartbeat') return `running.connection.open.heartbeat.${heartbeat}`;
  return `running.connection.open.session.${session.replace(/\.(settling|settled)$/, '')}`;
}

function answersOf(nodes: readonly Node[], stimulus: Stimulus): readonly Answer[] {
  const answers = new Map<string, { readonly answer: Answer; readonly nodes: Node[] }>();
  for (const node of nodes) {
    const edge = node.edges.find(({ event }) => stimulus.matches(event));
    if (edge === undefined) continue;
    const answer = answerOf(edge, stimulus);
    const key = JSON.stringify(answer);
    const known = answers.get(key) ?? { answer, nodes: [] };
    answers.set(key, known);
    known.nodes.push(node);
  }
  return [...answers.values()].map((each) => ({
    ...each.answer,
    when: answers.size === 1 ? '' : whenOf(each.nodes, nodes),
  }));
}

/** States that answer alike, and follow each other, together. */
function grouped(found: readonly { readonly state: string; readonly answers: readonly Answer[] }[]): Consequence[] {
  const groups: { states: string[]; answers: readonly Answer[] }[] = [];
  for (const { state, answers } of found) {
    const last = groups.find((group) => JSON.stringify(group.answers) === JSON.stringify(answers));
    if (last === undefined) groups.push({ states: [state], answers });
    else last.states.push(state);
  }
  return groups;
}

function answerOf({ from, after, instructions }: Edge, stimulus: Stimulus): Answer {
  const causes = instructions.flatMap(({ type, params }) =>
    type === 'report' ? [(params as { cause: Reason }).cause] : [],
  );
  const effects = instructions.filter(({ type }) => !LEFT_OUT.has(type)) as readonly Effect[];
  const to = stateName(after.value);
  return {
    when: '',
    to: to === stateName(from.snapshot.value) ? '' : subject(to, stimulus),
    causes: [...new Set(causes.map((cause) => reason('shard', cause)))],
    deeds: effects.map(withoutNumbers).map(doing),
    outcome: outcomeOf(after, stateName(from.snapshot.value)),
  };
}

/** What a reader does not ask about. */
const LEFT_OUT = new Set(['arm', 'disarm', 'report', 'cancelLocate', 'cancelPermit', 'dropSocket']);

/** An effect without what differs from run to run. */
function withoutNumbers({ type, params }: Effect): Effect {
  return type === 'sendHeartbeat' ? { type, params: { sequence: null } } : { type, params };
}

/** What it comes to: the wait, and what the next connection begins with. */
function outcomeOf({ value, context }: Snapshot, from: string): string {
  const state = stateName(value);
  const kept = context.session !== null;
  if (state === 'stopped') return kept ? 'Stopped, and the session is kept.' : 'Stopped; the session is over.';
  if (state === 'failed') return 'Failed: the reason needs a person.';
  if (state.endsWith('closing.failing')) return 'Fails once the close is answered.';
  if (state.endsWith('closing.stopping')) return kept ? 'Stops, and keeps the session.' : 'Stops; the session is over.';
  if (state !== 'running.waiting' && !state.endsWith('closing.reconnecting')) return '';
  const comesBack = kept
    ? 'a new connection, and Resume: what was missed comes again'
    : 'a new connection to the main URL, and Identify: a new session';
  return `Then, ${from.includes('closing') ? 'after the wait that was begun' : waitOf(context)}, ${comesBack}.`;
}

/** The wait in words: how long a retry takes depends on how many failed before. */
function waitOf(context: Snapshot['context']): string {
  const [least, most] = SPANS.reconnect(context);
  if (context.wait.for === 'order') return 'at once';
  if (context.wait.for === 'retry' || context.wait.for === 'backoff')
    return 'after a short wait that grows with failures';
  return `after ${span(least)} to ${span(most)}`;
}

/** In what the states of one answer differ from the others of the same name. */
function whenOf(nodes: readonly Node[], all: readonly Node[]): string {
  for (const [says, holds] of FACTS) {
    const isSo = nodes.every(({ snapshot }) => holds(snapshot.context));
    const elsewhere = all.some((other) => !nodes.includes(other) && holds(other.snapshot.context));
    if (isSo && !elsewhere) return says;
  }
  return 'in some cases';
}

type Context = Snapshot['context'];

const FACTS: readonly (readonly [says: string, holds: (context: Context) => boolean])[] = [
  ['with a session', ({ session }) => session !== null],
  ['without a session', ({ session }) => session === null],
  ['if its resumes are used up', ({ session, resumes, policy }) => session !== null && resumes >= policy.resumeBudget],
  ['if it may still be resumed', ({ session, resumes, policy }) => session !== null && resumes < policy.resumeBudget],
];

/** The place of a state in the life of a connection. */
function order(state: string): number {
  const at = ORDER.findIndex((name) => state.includes(name));
  return at < 0 ? ORDER.length : at;
}

const ORDER = [
  'stopped',
  'choosing',
  'locating',
  'opening',
  'awaitingHello',
  'queuedForIdentify',
  'identifying',
  'resuming',
  'session.ready',
  'jittering',
  'awaitingAck',
  'acked',
  'listening',
  'alive',
  'closing.reconnecting',
  'closing.stopping',
  'closing.failing',
  'waiting',
  'failed',
];

/** A state of a consequence, for people. */
export function stateOfConsequence(state: string): string {
  return spaced(state.replace(/^running\.(connection\.)?(reaching\.|open\.)?/, '').replace(/\./g, ' · '));
}
