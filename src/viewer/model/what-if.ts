/**
 * What follows from one thing in every state: the chart, explored completely, asked. States that answer alike with and
 * without a session, at this URL or that, give one answer; where they differ, each says when it holds.
 */
import type { SnapshotFrom } from 'xstate';
import {
  CLOSE_CODES,
  closeCode,
  DEFAULT_POLICY,
  rowId,
  type ShardEvent,
  SPANS,
  shardAbstraction,
  shardMachine,
  spanInWords,
  stateName,
  type Timer,
  waitInWords,
} from '../../../machines/index.js';
import { type Edge as EdgeOf, explore, type Graph, type Node as NodeOf } from '../../exploring/graph.js';
import { chartOf } from './charts.js';
import type { Effect, Reason } from './tracks.js';
import { doing, reason } from './words.js';

type Node = NodeOf<typeof shardMachine>;
type Edge = EdgeOf<typeof shardMachine>;
type Snapshot = SnapshotFrom<typeof shardMachine>;

/** Something that may happen. */
export interface Stimulus {
  readonly id: string;
  readonly title: string;
  readonly matches: (event: ShardEvent) => boolean;
  /** The state of the heartbeats that it is about, if it is about one. */
  readonly during?: string;
  /** Which of two regions it is about: that of the session unless told. */
  readonly region?: 'heartbeat';
  /** What follows it if nothing else comes. */
  readonly next?: readonly `timer.${Timer}`[];
  /** The state whose rule explains it. */
  readonly rule?: string;
}

/** One answer to what follows in a state. */
export interface Answer {
  /** When it holds, such as `with a session`; empty if always. */
  readonly when: string;
  readonly to: string;
  readonly steps: readonly Step[];
  /** What it comes to in the end. */
  readonly outcome: string;
}

/** One thing that happens in an answer. */
export interface Step {
  /** The time since the first; empty if there is but one. */
  readonly time: string;
  readonly causes: readonly string[];
  readonly deeds: readonly string[];
}

/** What follows in states of the chart that answer alike. */
export interface Consequence {
  /** The states, as in the chart; where it is open, those of one region. */
  readonly states: readonly string[];
  readonly answers: readonly Answer[];
}

const closed = (code: number) => (event: ShardEvent) => event.type === 'closed' && event.code === code;
const of = (type: ShardEvent['type']) => (event: ShardEvent) => event.type === type;

/** The most asked one, then Discord's, then those of WebSocket. */
const CODES = [
  ...new Set([
    4009,
    ...[4000, 1000].flatMap((least) =>
      Object.keys(CLOSE_CODES)
        .map(Number)
        .filter((c) => c >= least),
    ),
  ]),
].filter((code) => code !== 1006);

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
    title: 'a missed ACK: none by the time the next heartbeat is due',
    matches: of('timer.heartbeat'),
    during: 'beating.awaitingAck',
    next: ['timer.silence', 'timer.close'],
    rule: 'shard.running.connection.open.heartbeat.beating.overdue',
  },
  { id: 'ack', title: 'op 11: a Heartbeat ACK', matches: of('heartbeatAck'), region: 'heartbeat' },
  {
    id: 'op1',
    title: 'op 1: the Gateway asks for a heartbeat',
    matches: of('heartbeatRequested'),
    region: 'heartbeat',
  },
  { id: '1006', title: 'the connection is lost (1006)', matches: closed(1006) },
  ...CODES.map((code) => ({
    id: `${code}`,
    title: `close ${code}: ${closeCode(code).name}`,
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

function graph(): Graph<typeof shardMachine> {
  explored ??= explore(shardMachine, {
    ...shardAbstraction,
    roots: { documented: { policy: DEFAULT_POLICY } },
  });
  return explored;
}

/** What follows from a stimulus. */
export interface Consequences {
  /** In every state that answers it, in the order of the chart. */
  readonly found: readonly Consequence[];
  /** The states that ignore it, or in which it cannot come. */
  readonly elsewhere: readonly string[];
  /** A rule that explains what is found; empty if none is needed. */
  readonly rule: string;
  /** The rows of the chart that are taken, as `rowId` names them. */
  readonly rows: readonly string[];
}

/** What follows from a stimulus, in every state. */
export function consequences(stimulus: Stimulus): Consequences {
  const states = new Map<string, Node[]>();
  const rows = new Set<string>();
  for (const node of graph().nodes.values()) {
    if (node.snapshot.hasTag('paused')) continue; // all follows as it does otherwise, and reading goes on
    const state = subject(stateName(node.snapshot.value), stimulus);
    states.set(state, [...(states.get(state) ?? []), node]);
  }
  const all = [...states]
    .sort(([a], [b]) => order(a) - order(b))
    .map(([state, nodes]) => ({ state, answers: answersOf(nodes, stimulus, rows) }));
  const found = grouped(all.filter(({ answers }) => answers.length > 0));
  const elsewhere = all.filter(({ answers }) => answers.length === 0).map(({ state }) => state);
  const { description = '' } = chartOf('shard')?.nodes.get(stimulus.rule ?? '') ?? {};
  return { found, elsewhere, rule: description, rows: [...rows] };
}

/** The stimulus is about one region, the others are left out; that a connection has held changes waits alone. */
function subject(state: string, { region }: Stimulus): string {
  const [, session = '', heartbeat = ''] =
    /^running\.connection\.open\(session\.(.+?) \+ heartbeat\.(.+?) \+ reading\.\w+\)$/.exec(state) ?? [];
  if (session === '') return state;
  if (region === 'heartbeat') return `running.connection.open.heartbeat.${heartbeat}`;
  return `running.connection.open.session.${session.replace(/\.(settling|unproven|settled)$/, '')}`;
}

/** The answers of some states; the rows that they take are added to `rows`. */
function answersOf(nodes: readonly Node[], stimulus: Stimulus, rows: Set<string>): readonly Answer[] {
  const answers = new Map<string, { readonly answer: Answer; readonly nodes: Node[] }>();
  for (const node of nodes) {
    if (!stateName(node.snapshot.value).includes(stimulus.during ?? '')) continue;
    const edge = node.edges.find(({ event }) => stimulus.matches(event));
    if (edge === undefined) continue;
    const answer = answerOf(edge, stimulus, rows);
    const key = JSON.stringify(answer);
    const known = answers.get(key) ?? { answer, nodes: [] };
    answers.set(key, known);
    known.nodes.push(node);
  }
  return [...answers.values()].map((each) => ({
    ...each.answer,
    when:
      answers.size === 1
        ? ''
        : whenOf(
            each.nodes,
            [...answers.values()].flatMap((other) => other.nodes),
          ),
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

function answerOf(edge: Edge, stimulus: Stimulus, rows: Set<string>): Answer {
  const { from, instructions } = edge;
  for (const row of edge.rows) rows.add(row);
  let { after } = edge;
  const steps = [stepOf(stimulus.next === undefined ? '' : '0', instructions)];
  let time = 0;
  for (const type of stimulus.next ?? []) {
    time += SPANS[type.slice('timer.'.length) as Timer](after.context)[1];
    const taken = graph().pure.step(after, { type });
    const latest = type === 'timer.close' ? 'by ' : ''; // an answer comes sooner
    steps.push(stepOf(`${latest}${spanInWords(time)}`, taken.instructions));
    for (const row of taken.rows) rows.add(rowId(row));
    after = taken.snapshot;
  }
  const [before, to] = [stateName(from.snapshot.value), stateName(after.value)];
  return { when: '', to: to === before ? '' : subject(to, stimulus), steps, outcome: outcomeOf(after, from.snapshot) };
}

function stepOf(time: string, instructions: Edge['instructions']): Step {
  const causes = instructions.flatMap(({ type, params }) =>
    type === 'report' ? [(params as { cause: Reason }).cause] : [],
  );
  const effects = instructions.filter(({ type }) => !LEFT_OUT.has(type)) as readonly Effect[];
  return {
    time,
    causes: [...new Set(causes.map((cause) => reason('shard', cause)))],
    deeds: effects.map(withoutNumbers).map(doing),
  };
}

/** What a reader does not ask about. */
const LEFT_OUT = new Set(['arm', 'disarm', 'report', 'cancelLocate', 'cancelPermit', 'dropSocket']);

/** An effect without what differs from run to run. */
function withoutNumbers({ type, params }: Effect): Effect {
  return type === 'sendHeartbeat' ? { type, params: { sequence: null } } : { type, params };
}

/** What it comes to: the wait, and what the next connection begins with. */
function outcomeOf({ value, context }: Snapshot, before: Snapshot): string {
  const state = stateName(value);
  const kept = context.session !== null;
  if (state === 'stopped') return kept ? 'Stopped, and the session is kept.' : 'Stopped; the session is over.';
  if (state === 'failed') return 'Failed: the reason needs a person.';
  if (state.endsWith('closing.failing')) return 'Fails once the close is answered.';
  if (state.endsWith('closing.stopping')) return kept ? 'Stops, and keeps the session.' : 'Stops; the session is over.';
  if (state !== 'running.waiting' && !state.endsWith('closing.reconnecting')) return '';
  const comesBack = canResume(context)
    ? 'a new connection, and Resume: what was missed comes again'
    : 'a new connection to the main URL, and Identify: a new session';
  return `Then, ${waitBefore(context, before)}, ${comesBack}.`;
}

/** The wait, with its numbers; only a connection that was ready may have held. */
function waitBefore(context: Snapshot['context'], before: Snapshot): string {
  const from = stateName(before.value);
  if (from.includes('closing') && context.wait === before.context.wait)
    return 'after the wait that was begun with our close';
  if (context.wait.for === 'order') return 'at once';
  return `after ${waitInWords(context, from.includes('session.ready') ? undefined : false)}`;
}

/** In what the states of one answer differ from the others of the same name. */
function whenOf(nodes: readonly Node[], all: readonly Node[]): string {
  for (const [says, holds] of FACTS) {
    const isSo = nodes.every(({ snapshot }) => holds(snapshot.context));
    const elsewhere = all.some((other) => !nodes.includes(other) && holds(other.snapshot.context));
    if (isSo && !elsewhere) return says === WITHOUT && nodes.every(isReady) ? `${WITHOUT}, as READY named none` : says;
  }
  return 'in some cases';
}

const WITHOUT = 'without a session';
const isReady = ({ snapshot }: Node): boolean => stateName(snapshot.value).includes('session.ready');

type Context = Snapshot['context'];

const FACTS: readonly (readonly [says: string, holds: (context: Context) => boolean])[] = [
  ['with a session', ({ session }) => session !== null],
  [WITHOUT, ({ session }) => session === null],
  ['without a session that READY named and numbered', ({ session, sequence }) => session === null || sequence === null],
  ['if its resumes are used up', ({ session, resumes, policy }) => session !== null && resumes >= policy.resumeBudget],
  ['if it may still be resumed', canResume],
  ['if it cannot be resumed any more', (context) => context.session !== null && !canResume(context)],
  ['if there is no session that may be resumed', (context) => !canResume(context)],
];

/** Whether the next connection resumes. */
function canResume({ session, sequence, resumes, policy }: Context): boolean {
  return session !== null && sequence !== null && resumes < policy.resumeBudget;
}

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

/** A state of a consequence, as pictures and pages name it. */
export const stateOfConsequence = (state: string): string => state.replace(/^.*\./, '');
