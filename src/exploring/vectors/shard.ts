/** The vectors of the shard chart: its transitions, what they leave in memory, what has no place, and long stories. */
import type { EventFromLogic } from 'xstate';
import {
  type Instruction,
  type Policy,
  policyFrom,
  type ShardContext,
  type ShardEvent,
  SPANS,
  shardAbstraction,
  shardMachine,
  type Timer,
} from '../../../machines/index.js';
import { stateName, withoutRegions } from '../../../machines/kit/state-names.js';
import type { AbstractionOf, Edge } from '../graph.js';
import { only } from '../model.js';
import { stimulusOf } from '../stimuli.js';
import type { VectorFile } from './file.js';
import { vectorsWith } from './make.js';
import { STORIES, STORIES_OF_RESUME_URLS } from './stories.js';
import type { Demand, Played, VectorTree } from './tree.js';

type Shard = typeof shardMachine;
type Tree = VectorTree<Shard>;
type At = Played<Shard>;

/** A policy in which every number and every choice but the zombie test is another than the default. */
const OTHER_POLICY: Policy = policyFrom({
  deadlines: {
    locate: 16_000,
    open: 11_000,
    hello: 21_000,
    permit: 61_000,
    ready: 301_000,
    resumed: 62_000,
    close: 600,
    silence: 300,
    overdue: 6_000,
    room: 70_000,
  },
  waits: {
    quick: [100, 200],
    backoff: { base: 2_000, factor: 3, cap: 90_000 },
    invalidSession: [2_000, 6_000],
    cooldown: [7_000, 11_000],
  },
  resumeBudget: 1,
  stability: 2,
  closeCode: 3_999,
  heartbeatInterval: [600, 3_000_000],
  invalidSession: 'identify',
  resumeAt: 'main',
  closeCodes: { 4000: { recovery: 'identify' }, 4003: { recovery: 'resume' }, 4007: { wait: 'cooldown' } },
});

/** Close codes that stand for all others, where all were played under another policy; those of `OTHER_POLICY` among them. */
const FEW_CODES = [1000, 1006, 4000, 4003, 4004, 4007, 4008, 4009];

/** The vectors of the documented shard chart, which cover every transition. */
export function shardVectors(): Promise<VectorFile> {
  const { policy } = shardAbstraction.roots['documented'] as { readonly policy: Policy };
  return vectorsUnder(policy, shardAbstraction, {
    memory,
    strays,
    stories: (tree) => {
      tell(tree, STORIES);
      tell(tree, STORIES_OF_RESUME_URLS);
    },
  });
}

/** The same under `OTHER_POLICY`, without backpressure and with a close code of each kind. */
export function otherShardVectors(): Promise<VectorFile> {
  const roots = { documented: { policy: OTHER_POLICY } };
  const includes = (event: ShardEvent) =>
    !event.type.startsWith('backlog') && (event.type !== 'closed' || FEW_CODES.includes(event.code));
  return vectorsUnder(
    OTHER_POLICY,
    { ...only(shardAbstraction, includes), roots },
    { memory, stories: (tree) => tell(tree, STORIES) },
  );
}

function vectorsUnder(
  policy: Policy,
  abstraction: AbstractionOf<Shard>,
  parts: Readonly<Record<string, (tree: Tree) => void>>,
): Promise<VectorFile> {
  return vectorsWith(
    shardMachine,
    varied(abstraction),
    {
      begunWith: { policy },
      // A frame cannot be followed by what is sent on another connection: only what is sent on one has an order.
      inOrder: ['sendHeartbeat', 'sendIdentify', 'sendResume', 'closeSocket'],
      stimulusOf,
      spanOf: (timer, context) => SPANS[timer as Timer](context),
      isOver,
    },
    parts,
  );
}

/** What is answered needs no cancelling, and what is closed no dropping, nor to be read on. */
function isOver({ type, params }: Instruction, event: EventFromLogic<Shard>, all: readonly Instruction[]): boolean {
  switch (type) {
    case 'cancelLocate':
    case 'cancelPermit':
      return 'request' in event && event.request === (params as { readonly request: number }).request;
    case 'dropSocket':
      return event.type === 'closed';
    case 'resumeSocket':
      return all.some((other) => other.type === 'dropSocket');
    default:
      return false;
  }
}

// Payloads that vary.

const URLS = ['wss://gateway.discord.gg', 'wss://gateway-2.discord.gg'] as const;
const RESUME_URLS = ['wss://gateway-us-east1-b.discord.gg', 'wss://gateway-us-east1-c.discord.gg'] as const;
const INTERVALS = [41_250, 45_000] as const;

const another = <T>([one, other]: readonly [T, T], known: T | null | undefined): T => (known === one ? other : one);

/** What an event brings is always another than what is known, so that it shows which of the two is kept. */
function differing(
  event: ShardEvent,
  { gatewayUrl, session, connection, heartbeatInterval }: ShardContext,
): ShardEvent {
  switch (event.type) {
    case 'located':
      return { ...event, url: another(URLS, gatewayUrl) };
    case 'hello':
      return { ...event, interval: another(INTERVALS, heartbeatInterval) };
    case 'ready': {
      const id = another([`session-${connection}`, `session-${connection}-b`], session?.id);
      const url = event.session?.url == null ? null : another(RESUME_URLS, session?.url);
      return { ...event, session: event.session && { id, url } };
    }
    default:
      return event;
  }
}

/** Sequences that are not the next. */
function leaps({ connection, sequence }: ShardContext): readonly ShardEvent[] {
  const last = sequence ?? 0;
  return [
    { type: 'dispatch', connection, sequence: last + 10 },
    { type: 'dispatch', connection, sequence: last },
    { type: 'resumed', connection, sequence: last + 10 },
    { type: 'resumed', connection, sequence: 0 },
    { type: 'resumed', connection, sequence: null },
  ];
}

function varied({ alphabet, ...abstraction }: AbstractionOf<Shard>): AbstractionOf<Shard> {
  return {
    ...abstraction,
    alphabet: (snapshot) => [
      ...alphabet(snapshot).map((event) => differing(event, snapshot.context)),
      ...leaps(snapshot.context),
    ],
  };
}

// What a step leaves in memory.

/** What leads on from each state, up to the next connection. */
const ONWARDS: Readonly<Record<string, (context: ShardContext) => ShardEvent>> = {
  stopped: () => ({ type: 'start' }),
  failed: () => ({ type: 'start' }),
  'running.locating': ({ request, gatewayUrl }) => ({ type: 'located', request, url: another(URLS, gatewayUrl) }),
  'running.connection.reaching.opening': ({ connection }) => ({ type: 'opened', connection }),
  'running.connection.reaching.awaitingHello': ({ connection, heartbeatInterval }) => ({
    type: 'hello',
    connection,
    interval: another(INTERVALS, heartbeatInterval),
  }),
  'running.connection.open': ({ connection }) => ({ type: 'closed', connection, code: 1006 }),
  'running.connection.closing': () => ({ type: 'timer.close' }),
  'running.awaitingRoom': () => ({ type: 'timer.room' }),
  'running.waiting': () => ({ type: 'timer.reconnect' }),
  'running.awaitingRoom.full': () => ({ type: 'timer.room' }),
  'running.awaitingRoom': () => ({ type: 'timer.reconnect' }),
};

function isOpen({ snapshot }: At): boolean {
  return snapshot.matches({ running: { connection: 'open' } });
}

function onwards(tree: Tree, from: At): At {
  const name = stateName(from.snapshot.value);
  const next = Object.entries(ONWARDS).find(([state]) => name.startsWith(state))?.[1];
  if (next === undefined) throw new Error(`nothing leads on from ${name}`);
  return tree.play(from, next(from.snapshot.context));
}

/**
 * Shows what a client remembers. On an open connection it is asked for a heartbeat, which holds the sequence, and the
 * next one falls due, which shows the interval. Then the connection is lost and the next one opened: that shows the wait,
 * the URL, and by Resume or its absence the session; and its heartbeats again.
 */
function show(tree: Tree, from: At): void {
  if (isOpen(from)) beat(tree, from);
  let at = from;
  do at = onwards(tree, at);
  while (!isOpen(at));
  beat(tree, at);
}

function beat(tree: Tree, from: At): void {
  const asked = tree.play(from, { type: 'heartbeatRequested', connection: from.snapshot.context.connection });
  const timer = asked.armed.has('firstHeartbeat') ? 'firstHeartbeat' : 'heartbeat';
  tree.play(asked, { type: `timer.${timer}` });
}

/** Behind every transition what it leaves in memory; once where only the regions beside the session differ. */
function memory(tree: Tree): void {
  const seen = new Set<string>();
  for (const edge of tree.graph.edges) {
    const name = `${sessionOf(tree, edge)}: ${JSON.stringify(tree.words.stimulusOf?.(edge.event)?.kind)} ${edge.index}`;
    if (stimulusOf(edge.event) === undefined || seen.has(name)) continue;
    seen.add(name);
    show(tree, tree.play(tree.wayTo(edge.from), edge.event));
  }
}

/** Where an event comes; without heartbeat and reading, where it plays no part in them. */
function sessionOf({ graph }: Tree, { from, event }: Edge<Shard>): string {
  const { projections, key } = graph.abstraction;
  if (event.type !== 'closed' && !projections?.['lifecycle']?.includes(event)) return from.key;
  const { snapshot } = from;
  return key({ ...snapshot, value: withoutRegions(snapshot.value, ['heartbeat', 'reading']) } as typeof snapshot);
}

// What has no place.

const IGNORED: Demand = {
  name: 'hasNoPlace',
  clause: { spec: 'gateway#connection-lifecycle', says: 'what has no place here changes nothing' },
};
const STALE: Demand = {
  name: 'isOver',
  clause: {
    spec: 'gateway#connection-lifecycle',
    says: 'what belongs to an earlier connection or request changes nothing',
  },
};

/** What may still arrive of the connection and the request before. */
function staleEvents({ connection: current, request: asked, heartbeatInterval }: ShardContext): readonly ShardEvent[] {
  const [connection, request] = [current - 1, asked - 1];
  const events: readonly ShardEvent[] = [
    { type: 'located', request, url: 'wss://gateway-old.discord.gg' },
    { type: 'locateFailed', request, reason: 'unauthorized' },
    { type: 'permitGranted', request },
    { type: 'permitRefused', request, reason: 'refused by the application', retryAfter: null },
    { type: 'opened', connection },
    { type: 'hello', connection, interval: another(INTERVALS, heartbeatInterval) },
    { type: 'ready', connection, sequence: 90, session: { id: 'session-old', url: null } },
    { type: 'resumed', connection, sequence: 91 },
    { type: 'dispatch', connection, sequence: 92 },
    { type: 'invalidSession', connection, resumable: false },
    { type: 'reconnectRequested', connection },
    { type: 'undecodable', connection, problem: 'corrupt compression' },
    { type: 'closed', connection, code: 4009 },
    { type: 'closed', connection, code: 4004 },
    { type: 'heartbeatRequested', connection },
    { type: 'heartbeatAck', connection },
  ];
  return events.filter((event) => ('request' in event ? request : connection) > 0);
}

/** Where it is up to the client whether it still listens. */
const MAY_LISTEN = 'running.connection.closing';

/** What the chart ignores of what a client can meet: frames of a connection only as long as there is one. */
function ignoredEvents(tree: Tree, at: At): readonly ShardEvent[] {
  const { abstraction } = tree.graph;
  const { lifecycle } = abstraction.projections ?? {};
  const name = stateName(at.snapshot.value);
  const hasSocket = name.startsWith('running.connection') && !name.startsWith(MAY_LISTEN);
  const isMet = (event: ShardEvent): boolean => {
    if (event.type === 'opened' || event.type.startsWith('timer.') || event.type.startsWith('backlog')) return false;
    if (event.type === 'closed') return lifecycle?.includes(event) ?? false;
    return stimulusOf(event) !== undefined && (!('connection' in event) || hasSocket);
  };
  return abstraction.alphabet(at.snapshot).filter((event) => isMet(event) && !tree.handles(at, event));
}

/** In every state, by a way with a connection that failed before it, what has no place there, one after the other. */
function strays(tree: Tree): void {
  const { lifecycle } = tree.graph.abstraction.projections ?? {};
  const second = new Map<unknown, At>();
  for (const node of tree.graph.nodes.values()) {
    const { via } = node;
    const at =
      via?.from.via === undefined ? afterFailure(tree, via !== undefined) : again(tree, second.get(via.from), via);
    second.set(node, at);
    chain(tree, at, pauses(tree, at), IGNORED);
    for (const [events, demand] of [
      [ignoredEvents(tree, at), IGNORED],
      [staleEvents(at.snapshot.context), STALE],
    ] as const) {
      // First what belongs to the lifecycle, which can be passed without the rest.
      const isPart = (event: ShardEvent) => lifecycle?.includes(event) ?? true;
      const first = chain(tree, at, events.filter(isPart), demand);
      show(tree, first);
      const rest = events.filter((event) => !isPart(event));
      if (rest.length > 0) show(tree, chain(tree, first, rest, demand));
    }
  }
}

/** Backpressure where there is nothing to hold back, apart from the rest for clients that have none. */
function pauses(tree: Tree, at: At): readonly ShardEvent[] {
  const events: readonly ShardEvent[] = [
    { type: 'backlogFull' },
    { type: 'backlogDrained' },
    { type: 'backlogOverflowed', sequence: 1 },
  ];
  return events.filter((event) => !tree.handles(at, event));
}

function chain(tree: Tree, from: At, events: readonly ShardEvent[], demand: Demand): At {
  return events.reduce((at, event) => tree.play(at, event, demand), from);
}

/** Begun, and stopped again if told so, once the first connection has failed. */
function afterFailure(tree: Tree, running: boolean): At {
  let at = tree.play(tree.root, { type: 'start' });
  const { request } = at.snapshot.context;
  at = tree.play(at, { type: 'located', request, url: URLS[0] });
  at = tree.play(at, { type: 'closed', connection: 1, code: 1006 });
  at = tree.play(at, { type: 'timer.reconnect' });
  return running ? at : tree.play(at, { type: 'stop' });
}

function again(tree: Tree, from: At | undefined, { index }: Edge<Shard>): At {
  const event = from && tree.graph.abstraction.alphabet(from.snapshot)[index];
  if (from === undefined || event === undefined) throw new Error('a state comes before the one it is reached from');
  return tree.play(from, event);
}

// Stories.

/** Long runs, each event by its short name. */
function tell(tree: Tree, stories: Readonly<Record<string, string>>): void {
  const { abstraction } = tree.graph;
  for (const [name, events] of Object.entries(stories)) {
    let at = tree.root;
    for (const [i, label] of events.split(' > ').entries()) {
      const meant = LEAPS[label]?.(at.snapshot.context) ?? eventCalled(label, at);
      if (meant === undefined || !tree.handles(at, meant) || isIdle(meant, at))
        throw new Error(`${name}: "${label}", the ${i + 1}. event, has no place in ${stateName(at.snapshot.value)}`);
      at = tree.play(at, meant);
    }
  }

  function eventCalled(label: string, { snapshot }: At): ShardEvent | undefined {
    return abstraction.alphabet(snapshot).find((event) => abstraction.label(event) === label);
  }
}

function isIdle({ type }: ShardEvent, { armed }: At): boolean {
  return type.startsWith('timer.') && !armed.has(type.slice('timer.'.length));
}

/** Events of stories that the abstraction has no name for. */
const LEAPS: Readonly<Record<string, (context: ShardContext) => ShardEvent>> = {
  'dispatch (jump)': ({ connection, sequence }) => ({ type: 'dispatch', connection, sequence: (sequence ?? 0) + 40 }),
  'dispatch (earlier)': ({ connection, sequence }) => ({ type: 'dispatch', connection, sequence: (sequence ?? 0) - 1 }),
  'resumed (earlier)': ({ connection, sequence }) => ({ type: 'resumed', connection, sequence: (sequence ?? 0) - 1 }),
};
