/**
 * What the mutants are played against: the invariants on the explored chart, and on concrete runs. Both come from the
 * documentation; no mutant is compared with the chart that it was made of.
 */
import type { InputFrom } from 'xstate';
import {
  GATEWAY_INVARIANTS,
  type GatewayEvent,
  gatewayAbstraction,
  type gatewayMachine,
  SHARD_INVARIANTS,
  type ShardEvent,
  shardAbstraction,
  type shardMachine,
} from '../../machines/index.js';
import { check } from '../../src/exploring/check.js';
import { explore } from '../../src/exploring/graph.js';
import { walk } from '../../src/exploring/walk.js';

type ShardMachine = typeof shardMachine;
type Roots = Readonly<Record<string, InputFrom<ShardMachine>>>;

/** A code of each kind, in place of all: those that go together are told apart by the table, not by the chart. */
const CODES = [1000, 1006, 1011, 4000, 4004, 4005, 4008, 4009];
/** The charts have some hundred states; a mutant with many more counts something for ever. */
const LIMIT = 3_000;
const INTERVALS = [41_250, 45_000, 30_000];

/** Says what is wrong with a shard chart, or null if nothing was found. Throws where it is none. */
export function judgeShard(machine: ShardMachine, roots: Roots = shardAbstraction.roots, codes = CODES): string | null {
  const abstraction = {
    ...shardAbstraction,
    roots,
    alphabet: (snapshot: Parameters<typeof shardAbstraction.alphabet>[0]) =>
      shardAbstraction.alphabet(snapshot).filter((event) => event.type !== 'closed' || codes.includes(event.code)),
  };
  for (const [name, input] of Object.entries(roots)) {
    const graph = explore(machine, { ...abstraction, roots: { [name]: input } }, { limit: LIMIT });
    const found = firstBroken(check(graph, SHARD_INVARIANTS, { first: true }));
    if (found !== null) return found;
  }
  const [root] = Object.entries(roots).slice(0, 1);
  const finer = { ...abstraction, key: finerKey, roots: Object.fromEntries(root === undefined ? [] : [root]) };
  const broken = firstBroken(check(explore(machine, finer, { limit: 4 * LIMIT }), SHARD_INVARIANTS, { first: true }));
  if (broken !== null) return broken;
  const graph = explore(machine, abstraction, { limit: LIMIT });
  const found = walk(graph, SHARD_INVARIANTS, { steps: 5_000, vary });
  return found === null ? null : `${found.says}: ${found.broken}`;
}

/** Settings that no two delays share, so that one cannot pass for another. */
const GATEWAY_ROOTS = {
  documented: {
    settings: {
      helloDelay: 11,
      readyDelay: 12,
      replayDelay: 13,
      replayBatch: 1,
      reconnectGrace: 5_001,
      closeGrace: 5_002,
      sessionRetention: 180_003,
    },
  },
  timesOut: { settings: { missedHeartbeatCode: 4009 } },
};
/** The events without faults make a graph of a twentieth of the size, in which most mutants show. */
const ALPHABETS: readonly ((event: { readonly type: string; readonly code?: number }) => boolean)[] = [
  ({ type }) => (!type.startsWith('fault.') || type === 'fault.skipSequence') && type !== 'requestReconnect',
  ({ type, code }) => type !== 'closeWith' || code === 4000 || code === 4009,
];

/** Says what is wrong with a Gateway chart, or null if nothing was found. Throws where it is none. */
export function judgeGateway(machine: typeof gatewayMachine): string | null {
  for (const isInAlphabet of ALPHABETS) {
    for (const [name, input] of Object.entries(GATEWAY_ROOTS)) {
      const abstraction = {
        ...gatewayAbstraction,
        roots: { [name]: input },
        alphabet: (snapshot: Parameters<typeof gatewayAbstraction.alphabet>[0]) =>
          gatewayAbstraction.alphabet(snapshot).filter(isInAlphabet),
      };
      const graph = explore(machine, abstraction, { limit: LIMIT });
      const found = firstBroken(check(graph, GATEWAY_INVARIANTS, { first: true }));
      if (found !== null) return found;
      const onWalk = walk(graph, GATEWAY_INVARIANTS, { steps: 2_000, vary: varyGateway });
      if (onWalk !== null) return `${onWalk.says}: ${onWalk.broken}`;
    }
  }
  return null;
}

/** Identifies with several faults, and resumes with any sequence. */
function varyGateway(event: GatewayEvent, random: () => number): GatewayEvent {
  const fails = () => random() < 0.3;
  if (event.type === 'received.identify') {
    return {
      ...event,
      tokenMatches: !fails(),
      shardValid: !fails(),
      shardingRequired: fails(),
      versionValid: !fails(),
      intentsValid: !fails(),
      intentsAllowed: !fails(),
      permitted: !fails(),
    };
  }
  if (event.type !== 'received.resume') return event;
  return { ...event, sequence: Math.max(0, event.sequence + Math.floor(random() * 5) - 2), tokenMatches: !fails() };
}

/** States told apart by what only sets delays and payloads: what the last wait was for, and whether there is a sequence. */
function finerKey(snapshot: Parameters<typeof shardAbstraction.key>[0]): string {
  const { wait, sequence } = snapshot.context;
  return `${shardAbstraction.key(snapshot)}, wait for ${wait.for}, sequence ${sequence === null ? 'unknown' : 'known'}`;
}

/** The first invariant of a report that does not hold. */
function firstBroken({ verdicts }: ReturnType<typeof check>): string | null {
  const [found] = verdicts.flatMap(({ counterexamples }) => counterexamples);
  return found === undefined ? null : `${found.says}: ${found.broken}`;
}

/** The same event with another payload. */
function vary(event: ShardEvent, random: () => number): ShardEvent {
  const upTo = (most: number) => Math.floor(random() * most);
  switch (event.type) {
    case 'hello':
      return { ...event, interval: INTERVALS[upTo(INTERVALS.length)] ?? 41_250 };
    case 'dispatch':
    case 'dispatched':
    case 'resumed':
      return event.sequence ? { ...event, sequence: event.sequence + upTo(3) } : event;
    case 'locateFailed':
      return event.retryAfter === undefined ? event : { ...event, retryAfter: 1_000 * (1 + upTo(9)) };
    case 'permitRefused':
      return event.retryAfter === null ? event : { ...event, retryAfter: 1_000 * (1 + upTo(9)) };
    default:
      return event;
  }
}
