import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, setup } from 'xstate';
import { TIMER_INVARIANTS } from '../../machines/index.js';
import type { AnyInvariant } from '../../src/exploring/check.js';
import { explore } from '../../src/exploring/graph.js';
import { variant } from '../../src/exploring/variant.js';
import { walk } from '../../src/exploring/walk.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

const door = explore(doorMachine, doorAbstraction);

/** An invariant that never breaks, and the steps it was asked about. */
function watching() {
  const seen: string[] = [];
  const step: AnyInvariant['step'] = ({ from, label, to }) => {
    seen.push(`${from.key} ${label} ${to.key}`);
    return null;
  };
  return { seen, invariant: { spec: 'door', says: 'Anything goes', step } satisfies AnyInvariant };
}

/** What the graph cannot show, as it holds no state in which the door was opened twice. */
const seldomOpened: AnyInvariant = {
  spec: 'door#hinges',
  says: 'The door is opened three times at most',
  step: ({ after }) => (after.context.opened > 3 ? `it was opened ${after.context.opened} times` : null),
};

describe('a walk', () => {
  it('goes from edge to edge and takes every one, for at least as many steps as it is told', () => {
    const { seen, invariant } = watching();
    expect(walk(door, [invariant], { steps: 50 })).toBeNull();
    expect(seen.length).toBeGreaterThanOrEqual(50);
    expect(seen.length).toBeLessThan(55); // no edge is farther away than that
    expect(new Set(seen)).toEqual(
      new Set([
        'shut open open',
        'shut push shut',
        'shut lock locked',
        'open push shut',
        'open timer.shut shut',
        'locked push locked',
        'locked unlock shut',
      ]),
    );
    for (const [at, step] of seen.slice(1).entries()) expect(step.split(' ')[0]).toBe(seen[at]?.split(' ')[2]);
  });

  it('is the same for the same seed, and another for another', () => {
    const seenWith = (seed?: number) => {
      const { seen, invariant } = watching();
      walk(door, [invariant], { steps: 50, ...(seed === undefined ? {} : { seed }) });
      return seen;
    };
    expect(seenWith(7)).toEqual(seenWith(7));
    expect(seenWith(7)).not.toEqual(seenWith(8));
    expect(seenWith()).toEqual(seenWith(1));
  });

  it('finds what shows only once a number has grown, and ends there', () => {
    const found = walk(door, [seldomOpened]);
    expect(found).toMatchObject({
      spec: 'door#hinges',
      says: 'The door is opened three times at most',
      broken: 'it was opened 4 times',
      state: 'shut',
      event: 'open',
    });
    expect(found?.path.filter((label) => label === 'open')).toHaveLength(4);
    expect(found?.path.at(-1)).toBe('open');
  });

  it('gives a path that the chart can take', () => {
    let at = [...door.nodes.values()][0];
    for (const label of walk(door, [seldomOpened])?.path ?? []) at = at?.edges.find((edge) => edge.label === label)?.to;
    expect(at?.key).toBe('open');
  });

  it('takes no step if none is asked for, and none in a chart without events', () => {
    const { seen, invariant } = watching();
    const silent = variant(doorMachine, (state) => {
      state('shut').on = {};
    });
    expect(walk(door, [invariant], { steps: 0 })).toBeNull();
    expect(walk(explore(silent, doorAbstraction), [invariant], { steps: 50 })).toBeNull();
    expect(seen).toEqual([]);
  });

  it('knows which timers run', () => {
    expect(walk(door, TIMER_INVARIANTS, { steps: 500 })).toBeNull();
    const forgetful = variant(doorMachine, (state) => {
      state('open').exit = [];
    });
    const found = walk(explore(forgetful, doorAbstraction), TIMER_INVARIANTS, { steps: 500 });
    expect(found).toMatchObject({ says: 'No timer is armed while it runs', broken: 'shut is armed twice' });
  });

  it('asks about steps, and not about states or the graph', () => {
    const asked: AnyInvariant = {
      spec: 'door',
      says: 'Nothing holds',
      state: () => 'a state',
      *graph({ nodes }) {
        for (const node of nodes) yield { node, broken: 'the graph' };
      },
    };
    expect(walk(door, [asked], { steps: 50 })).toBeNull();
  });
});

describe('an observer on a walk', () => {
  it('remembers what came before: what it knew and what it knows', () => {
    const observer = {
      begin: 0,
      see: (pushes: number, { label }: { label: string }) => (label === 'push' ? pushes + 1 : pushes),
    };
    const memories: [string, number, number][] = [];
    const remembering: AnyInvariant = {
      spec: 'door',
      says: 'It is pushed twice at most',
      observer,
      step: ({ label }, before, after) => {
        memories.push([label, before, after]);
        return after > 2 ? `pushed ${after} times` : null;
      },
    };
    const found = walk(door, [remembering]);
    expect(found).toMatchObject({ event: 'push', broken: 'pushed 3 times' });
    let pushes = 0;
    for (const [label, before, after] of memories) {
      expect(before).toBe(pushes);
      if (label === 'push') pushes += 1;
      expect(after).toBe(pushes);
    }
    expect(pushes).toBe(3);
  });
});

describe('a walk with varied events', () => {
  type Event = { type: 'pay'; sum: number } | { type: 'reset'; sum: number };
  const words = setup({
    types: {} as { context: { paid: number }; input: number; events: Event },
    guards: { isEnough: ({ context, event }) => context.paid + event.sum > 50 },
    actions: { take: assign({ paid: ({ context, event }) => context.paid + event.sum }) },
  });
  const machine = words.createMachine({
    id: 'till',
    context: ({ input }) => ({ paid: input }),
    initial: 'open',
    states: {
      open: { on: { pay: [{ guard: 'isEnough', target: 'paid' }, { actions: 'take' }] } },
      paid: { on: { reset: 'open' } },
    },
  });
  const till = explore(machine, {
    roots: { empty: 0, given: 5 },
    key: ({ value }) => value,
    alphabet: (): readonly Event[] => [
      { type: 'pay', sum: 1 },
      { type: 'pay', sum: 100 },
      { type: 'reset', sum: 0 },
    ],
    label: ({ type, sum }) => `${type} ${sum}`,
  });

  /** The steps of a walk: the payment, what was paid before, and where it led. */
  function walked(steps: number, vary?: (event: Event, random: () => number) => Event) {
    const seen: { label: string; sum: number; before: number; states: string }[] = [];
    const seeing: AnyInvariant = {
      spec: 'till',
      says: 'Anything goes',
      step: ({ event, label, from, to }) => {
        const { paid } = from.snapshot.context;
        seen.push({
          label,
          sum: (event as Event).sum,
          before: paid,
          states: `${from.snapshot.value} > ${to.snapshot.value}`,
        });
        return null;
      },
    };
    walk(till, [seeing], { steps, ...(vary ? { vary } : {}) });
    return seen;
  }

  it('gives each event the payload that is asked for, by chance from 0 to below 1', () => {
    for (const { label, sum } of walked(100)) expect(label).toMatch(new RegExp(` ${sum}$`));
    const drawn = walked(100, (event, random) => ({ ...event, sum: random() })).map(({ sum }) => sum);
    expect(drawn.every((sum) => sum >= 0 && sum < 1)).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(50);
  });

  it('goes on from where another payload leads', () => {
    const steps = walked(100, (event) => ({ ...event, sum: 100 }));
    expect(new Set(steps.map(({ label, states }) => `${label}: ${states}`))).toEqual(
      new Set(['pay 1: open > paid', 'pay 100: open > paid', 'reset 0: paid > open']),
    );
  });

  it('begins at every beginning', () => {
    const amounts = walked(20, (event) => ({ ...event, sum: 0 })).map(({ before }) => before);
    expect(new Set(amounts)).toEqual(new Set([0, 5]));
  });
});

describe('a walk through a chart whose names tell numbers', () => {
  it('leaves out what has another name by now', () => {
    const machine = setup({ types: {} as { context: { at: number } } }).createMachine({
      id: 'steps',
      context: { at: 0 },
      on: { step: { actions: assign({ at: ({ context }) => context.at + 1 }) } },
    }) as AnyStateMachine;
    const graph = explore(machine, {
      roots: { only: undefined },
      key: () => 'any',
      alphabet: ({ context }) => [{ type: 'step', at: context.at }],
      label: ({ at }) => `step ${at}`,
    });
    const { seen, invariant } = watching();
    expect(walk(graph, [invariant], { steps: 50 })).toBeNull();
    expect(seen).toEqual(['any step 0 any']);
  });
});
