import { describe, expect, it } from 'vitest';
import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate';
import {
  type GatewayEvent,
  gatewayAbstraction,
  gatewayMachine,
  type Instruction,
  type ShardEvent,
  shardAbstraction,
  shardMachine,
} from '../../machines/index.js';
import { type AbstractionOf, type Edge, explore, type Graph, type Node } from '../../src/exploring/graph.js';
import { only } from '../../src/exploring/model.js';
import { armedBy } from '../../src/exploring/timers.js';

const STEPS = 100_000;

/** Numbers from 0 to 1, the same every time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Instructions without what is payload: numbers, also those in ids, and the dispatches that a replay holds. */
function kinds(instructions: readonly Instruction[]): readonly string[] {
  return instructions.map(({ type, params }) =>
    `${type} ${JSON.stringify(params)}`
      .replace(/"sequence":null|\d+/g, (text) => (text.startsWith('"') ? '"sequence":#' : '#'))
      .replace(/"dispatches":\[.*\]/, '"dispatches":#'),
  );
}

/** What of an edge is compared with every run through it, made once each. */
const known = new WeakMap<object, { readonly kinds: string; readonly armed: string }>();

function expectedOf<M extends AnyStateMachine>(edge: Edge<M>) {
  const made = known.get(edge) ?? { kinds: kinds(edge.instructions).join(), armed: [...edge.to.armed].sort().join() };
  known.set(edge, made);
  return made;
}

/** What differs between an edge and what was done in a snapshot of the state where it begins; undefined if nothing. */
function difference<M extends AnyStateMachine>(
  { abstraction }: Graph<M>,
  edge: Edge<M>,
  done: { readonly snapshot: SnapshotFrom<M>; readonly instructions: readonly Instruction[]; readonly rows: number },
): string | undefined {
  const key = abstraction.key(done.snapshot);
  const wanted = expectedOf(edge);
  const came = kinds(done.instructions).join();
  const at = `${edge.from.key}: ${edge.label}: `;
  if (!edge.to.key.endsWith(key)) return `${at}to ${key} instead of ${edge.to.key}`;
  if (wanted.kinds !== came) return `${at}${came} instead of ${wanted.kinds}`;
  if (done.rows !== edge.rows.length) return `${at}${done.rows} rows instead of ${edge.rows.length}`;
  if ([...armedBy(done.snapshot)].sort().join() !== wanted.armed) return `${at}other timers`;
  return undefined;
}

/** Walks at random from every state, at least so many steps in all; what differs from the graph. */
function walk<M extends AnyStateMachine>(
  graph: Graph<M>,
  vary: (event: EventFromLogic<M>, random: () => number) => EventFromLogic<M>,
  least = STEPS,
): { steps: number; wrong: readonly string[] } {
  const random = chance(20_261);
  const wrong = new Set<string>();
  const each = Math.ceil(least / graph.nodes.size);
  let steps = 0;
  for (const start of graph.nodes.values()) {
    let [node, snapshot]: [Node<M>, SnapshotFrom<M>] = [start, start.snapshot];
    for (let i = 0; i < each; i += 1, steps += 1) {
      // From time to time from the start again, so that its surroundings are seen in many ways.
      if (i % 40 === 0) [node, snapshot] = [start, start.snapshot];
      const edge = node.edges[Math.floor(random() * node.edges.length)];
      const event = edge && graph.abstraction.alphabet(snapshot)[edge.index];
      if (edge === undefined || event === undefined) throw new Error(`${node.key} has another alphabet`);
      const step = graph.pure.step(snapshot, vary(event, random));
      const found = difference(graph, edge, { ...step, rows: step.rows.length });
      if (found !== undefined) wrong.add(found);
      [node, snapshot] = found === undefined ? [edge.to, step.snapshot] : [start, start.snapshot];
    }
  }
  return { steps, wrong: [...wrong] };
}

/** Explores a chart with more of the context in the key, and holds every edge against the coarse graph. */
function refine<M extends AnyStateMachine>(
  coarse: Graph<M>,
  more: (snapshot: SnapshotFrom<M>) => string,
): { states: number; wrong: readonly string[] } {
  const { abstraction, machine } = coarse;
  const finer: AbstractionOf<M> = { ...abstraction, key: (at) => `${abstraction.key(at)} | ${more(at)}` };
  const fine = explore(machine, finer);
  const wrong = new Set<string>();
  for (const node of fine.nodes.values()) {
    const known = coarse.nodes.get(node.key.slice(0, node.key.indexOf(' | ')));
    const places = new Map(known?.edges.map((edge) => [edge.index, edge]));
    if (known === undefined || places.size !== node.edges.length) wrong.add(`${node.key} has other events`);
    for (const { index, after, instructions, rows, label } of node.edges) {
      const edge = places.get(index);
      const found = edge && difference(coarse, edge, { snapshot: after, instructions, rows: rows.length });
      if (edge === undefined) wrong.add(`${node.key} handles ${label}`);
      if (found !== undefined) wrong.add(found);
    }
  }
  return { states: fine.nodes.size, wrong: [...wrong] };
}

const up = (value: number, most: number) => Math.min(value, most);
const between = (least: number, most: number, random: () => number) => Math.round(least + random() * (most - least));

describe('the abstraction of the shard chart', () => {
  const graph = explore(shardMachine, shardAbstraction);
  const documented = explore(shardMachine, {
    ...shardAbstraction,
    roots: { documented: shardAbstraction.roots['documented']! },
  });

  function vary(event: ShardEvent, random: () => number): ShardEvent {
    switch (event.type) {
      case 'hello':
        return { ...event, interval: between(500, 120_000, random) };
      case 'ready':
      case 'resumed':
      case 'dispatch':
      case 'dispatched':
        return event.sequence ? { ...event, sequence: event.sequence + between(0, 1_000_000, random) } : event;
      case 'locateFailed':
        return event.retryAfter === undefined ? event : { ...event, retryAfter: between(0, 60_000, random) };
      case 'permitRefused':
        return event.retryAfter === null ? event : { ...event, retryAfter: between(0, 80_000_000, random) };
      case 'unknownOpcode':
        return { ...event, opcode: between(12, 255, random) };
      default:
        return event;
    }
  }

  it('agrees with random runs from every state, whatever numbers they carry', () => {
    const { steps, wrong } = walk(graph, vary);
    expect(wrong).toEqual([]);
    expect(steps).toBeGreaterThanOrEqual(STEPS);
  });

  it('hides no successor and no effect of a finer one: attempts, and whether there is a sequence', () => {
    const { states, wrong } = refine(documented, ({ context: { attempts, sequence } }) =>
      [up(attempts, 7), sequence === null].join(),
    );
    expect(wrong).toEqual([]);
    expect(states).toBeGreaterThan(7 * documented.nodes.size);
  });

  it('hides no successor and no effect of a finer one: what is waited for, and whether there is a sequence', () => {
    const { states, wrong } = refine(documented, ({ context: { wait, sequence } }) =>
      [wait.for, sequence === null].join(),
    );
    expect(wrong).toEqual([]);
    expect(states).toBeGreaterThan(3 * documented.nodes.size);
  });

  it('would be found out: without the session in it, or the number of resumes', () => {
    const cut = (pattern: RegExp) =>
      explore(shardMachine, {
        ...shardAbstraction,
        roots: { documented: shardAbstraction.roots['documented']! },
        key: (at) => shardAbstraction.key(at).replace(pattern, ''),
      });
    expect(walk(cut(/, (no )?session.*/), vary).wrong).not.toEqual([]);
    // Three resumes in vain are more than chance comes upon: this takes the finer graph.
    const { wrong } = refine(cut(/, resumes: \d/), ({ context: { resumes, policy } }) =>
      String(up(resumes, policy.resumeBudget)),
    );
    expect(wrong).not.toEqual([]);
  });
});

describe('the abstraction of the Gateway chart', () => {
  const graph = explore(gatewayMachine, gatewayAbstraction);
  const inSingles: typeof gatewayAbstraction = {
    ...gatewayAbstraction,
    roots: { inSingles: { settings: { replayBatch: 1, replayBuffer: 3 } } },
  };
  /** Few events, so that chance comes upon long replays. */
  const replays = only(inSingles, ({ type }) =>
    /^(timer|connected|dispatch|adopt|received.resume|fault.withhold)/.test(type),
  );

  function vary(event: GatewayEvent, random: () => number): GatewayEvent {
    switch (event.type) {
      case 'fault.skipSequence':
        return { ...event, by: between(1, 1_000, random) };
      case 'received.heartbeat':
        return { ...event, sequence: random() < 0.5 ? null : between(0, 1_000, random) };
      case 'received.unknownOpcode':
        return { ...event, opcode: between(12, 255, random) };
      default:
        return event;
    }
  }

  it('agrees with random runs from every state, whatever numbers they carry', () => {
    const { steps, wrong } = walk(graph, vary);
    expect(wrong).toEqual([]);
    expect(steps).toBeGreaterThanOrEqual(STEPS);
  });

  it('agrees with random runs where every dispatch of a replay is a part', () => {
    expect(walk(explore(gatewayMachine, replays), vary, STEPS / 5).wrong).toEqual([]);
  });

  it('hides no successor and no effect of a finer one: how much is kept, and how much is still to be replayed', () => {
    const coarse = explore(gatewayMachine, inSingles);
    const { states, wrong } = refine(coarse, ({ context: { session, backlog } }) => {
      const kept = session?.buffer.flat().length ?? 0;
      return [up(kept, 3), up(backlog.length, 4), (session?.sequence ?? 0) > 1].join();
    });
    expect(wrong).toEqual([]);
    expect(states).toBeGreaterThan(1.5 * coarse.nodes.size);
  });

  it('takes a longer replay for one that takes longer, and for nothing else', () => {
    const longest = [...graph.nodes.values()].filter(({ snapshot }) => snapshot.context.backlog.length === 3);
    const wrong: string[] = [];
    for (const node of longest) {
      let longer = node.snapshot;
      for (let left = 4; left <= 101; left += 1) {
        longer = graph.pure.step(longer, { type: 'dispatch', name: 'A', data: {} }).snapshot;
        if (left > 4 && left < 101) continue;
        const alphabet = gatewayAbstraction.alphabet(longer);
        for (const { index, to, instructions, label } of node.edges) {
          const step = graph.pure.step(longer, alphabet[index] as GatewayEvent);
          const key = to.key.replace(/(\d+) left/, (_, few) => `${Number(few) + left - 3} left`);
          const isSame = key.endsWith(gatewayAbstraction.key(step.snapshot));
          const [wanted, came] = [kinds(instructions).join(), kinds(step.instructions).join()];
          if (!isSame || wanted !== came) wrong.push(`${node.key}: ${label}, with ${left} left`);
        }
      }
    }
    expect(longest.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  it('would be found out: without how much is left of a replay', () => {
    const key: typeof replays.key = (at) => gatewayAbstraction.key(at).replace(/\d+ left/, 'something left');
    expect(walk(explore(gatewayMachine, { ...replays, key }), vary, STEPS / 5).wrong).not.toEqual([]);
  });
});
