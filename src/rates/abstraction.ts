/** The shard chart as the rates see it: what counts as state where time counts, and each timer at its shortest. */
import type { AnyStateMachine } from 'xstate';
import {
  closeCodeUnder,
  type ShardContext,
  type ShardEvent,
  SPANS,
  type Span,
  type shardAbstraction,
  shardMachine,
  type Timer,
  type Wait,
} from '../../machines/index.js';
import { rowId } from '../../machines/kit/rows.js';
import { stateName } from '../../machines/kit/state-names.js';
import { explore } from '../exploring/graph.js';
import { GROWN } from './bounds.js';

/** How long timers may take, in ms, where a chart of one's own has spans that its delays do not tell. */
export type SpansOf = Readonly<Record<string, (context: ShardContext) => Span>>;

type ShardAbstraction = typeof shardAbstraction;

/**
 * The chart with each timer at its shortest. Of a timer with the delay of our vocabulary it is the lower end of the span
 * from which our host draws, of `spans` theirs; any other delay is taken for what it is.
 */
export function atTheShortest<M extends AnyStateMachine>(machine: M, spans: SpansOf = {}): M {
  type Delay = (args: { readonly context: ShardContext }, params: unknown) => number;
  const delays = machine.implementations.delays as unknown as Readonly<Record<string, Delay>>;
  const ours = shardMachine.implementations.delays as unknown as typeof delays;
  const shortest = Object.entries(delays).map(([timer, delay]) => {
    const span = spans[timer] ?? (delay === ours[timer] ? SPANS[timer as Timer] : undefined);
    return [timer, span === undefined ? delay : ({ context }: { readonly context: ShardContext }) => span(context)[0]];
  });
  return machine.provide({ delays: Object.fromEntries(shortest) } as never) as M;
}

/** Counters of the chart are told apart up to here: no wait grows beyond. */
const MOST = GROWN + 1;

/** What of the context sets no wait: numbers of questions, addresses, payloads, and what the key has in its own words. */
const BESIDE: readonly string[] = [
  'policy',
  'session',
  'sequence',
  'gatewayUrl',
  'connection',
  'request',
  'heartbeatInterval',
  'resumes',
  'cause',
];

/** Everything else of the context, a variant's own counters included. */
function counters({ wait, ...context }: ShardContext, isLive: boolean): string {
  const rest = Object.entries(context).filter(([name]) => !BESIDE.includes(name));
  return JSON.stringify([
    ...rest.map(([name, value]) => [name, typeof value === 'number' ? Math.min(value, MOST) : value]),
    ...(isLive ? [wait] : []),
  ]);
}

const HANDSHAKE = { running: { connection: { reaching: 'opening' } } } as const;

/** What a person orders is not the Gateway's. */
const ORDERS: readonly ShardEvent['type'][] = ['start', 'stop', 'detach', 'reconnect'];

/**
 * Adds to an abstraction what sets waits, and the Gateway at its quickest; leaves out orders but for the first start.
 * What the next wait is for is told apart where it is of use: where some way leads to it before it is replaced.
 */
export function rateAbstraction<M extends AnyStateMachine>(
  machine: M,
  base: ShardAbstraction,
  interval?: number,
): ShardAbstraction {
  const [root] = Object.values(base.roots);
  const roots = { documented: root };
  const quickest = { ...base, roots, alphabet: alphabetOf(base, interval), label: labelOf(base) };
  const isLive = liveWaits(machine, quickest);
  return { ...quickest, key: (each) => `${base.key(each)}, ${counters(each.context, isLive(base.key(each)))}` };
}

const REFUSED = { type: 'closed', code: 1006, httpStatus: 429 } as const;

function alphabetOf(base: ShardAbstraction, given?: number): ShardAbstraction['alphabet'] {
  return (snapshot) => {
    const { policy, connection, request } = snapshot.context;
    const isFirst = stateName(snapshot.value) === 'stopped';
    const rows = new Set<string>();
    const events = base.alphabet(snapshot).filter((event) => {
      if (ORDERS.includes(event.type)) return event.type === 'start' && isFirst;
      if (event.type !== 'closed') return true;
      if (event.httpStatus !== undefined) return snapshot.matches(HANDSHAKE); // no other socket is refused
      const { recovery, attempts, wait } = closeCodeUnder(policy, event.code);
      const row = JSON.stringify([recovery, attempts, wait, event.code === 1000]);
      return !rows.has(row) && rows.add(row);
    });
    const interval = given ?? policy.heartbeatInterval[0];
    return [
      ...events.map((event) => (event.type === 'hello' ? { ...event, interval } : event)),
      { type: 'locateFailed', request, reason: 'rateLimited', retryAfter: 0 },
      { type: 'permitRefused', request, reason: 'not now', retryAfter: 0 },
      ...(snapshot.matches(HANDSHAKE) ? [{ ...REFUSED, connection, retryAfter: 0 }] : []),
    ];
  };
}

function labelOf({ label }: ShardAbstraction): ShardAbstraction['label'] {
  return (event) =>
    'retryAfter' in event && typeof event.retryAfter === 'number'
      ? `${label(event)}, after ${event.retryAfter} ms`
      : label(event);
}

/** Two waits that differ in whatever is made of them. */
const PROBES: readonly Wait[] = [{ for: 'order' }, { for: 'retryAfter', ms: 777 }];

/** In which states it matters what the next wait is for, by their keys: tried in each step of the chart with either probe. */
function liveWaits<M extends AnyStateMachine>(machine: M, base: ShardAbstraction): (key: string) => boolean {
  const { pure, nodes } = explore(machine as unknown as typeof shardMachine, base);
  const live = new Set<string>();
  const keptTo = new Map<string, Set<string>>();
  for (const { key, snapshot, edges } of nodes.values()) {
    for (const { event, to } of edges) {
      const [a, b] = PROBES.map((wait) => {
        const probed = { ...snapshot, context: { ...snapshot.context, wait } };
        const { snapshot: after, instructions, rows } = pure.step(probed, event);
        return { wait: after.context.wait, does: JSON.stringify([instructions, rows.map(rowId)]) };
      });
      if (a?.does !== b?.does) live.add(key);
      if (a?.wait.for !== b?.wait.for) keptTo.set(to.key, (keptTo.get(to.key) ?? new Set()).add(key));
    }
  }
  for (const key of live) for (const before of keptTo.get(key) ?? []) live.add(before);
  return (key) => live.has(key) || !nodes.has(key);
}
