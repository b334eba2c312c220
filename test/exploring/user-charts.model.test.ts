/** The tools on charts that are not ours: one of ours with a region more, and one of another subject altogether. */
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { everyEventHasAPlace, SHARD_IGNORED, SHARD_INVARIANTS, TIMER_INVARIANTS } from '../../machines/index.js';
import {
  type AnyInvariant,
  batchEquivalence,
  check,
  counterexampleText,
  coverageOf,
  exploreProduct,
  explore as exploreTyped,
  type Graph,
  mutantsOf,
  pathDiagram,
  pathsOf,
  variant,
  walk,
} from '../../src/testing.js';
import { doorAbstraction, doorMachine } from '../support/door.js';
import { PRESENCE_IGNORED, presenceAbstraction, shardWithPresence } from '../support/presence.js';

const explore = (machine: AnyStateMachine, abstraction: unknown): Graph<AnyStateMachine> =>
  exploreTyped(machine, abstraction as never);
const broken = (graph: Graph<AnyStateMachine>, invariants: readonly AnyInvariant[]) =>
  check(graph, invariants).verdicts.flatMap(({ counterexamples }) => counterexamples.slice(0, 1));

const invariants: readonly AnyInvariant[] = [
  ...SHARD_INVARIANTS.filter(({ spec }) => spec !== 'chart#ignored'),
  everyEventHasAPlace([...SHARD_IGNORED, ...PRESENCE_IGNORED]),
];

describe('the shard chart with a region of the user', () => {
  const graph = explore(shardWithPresence, presenceAbstraction);

  it('keeps to all that has to hold for ours', () => {
    expect(broken(graph, invariants).map(counterexampleText).join('\n\n')).toBe('');
  });

  it('has its paths, which cover the region too', () => {
    const missing = (criterion: 'states' | 'transitions') =>
      coverageOf(graph, pathsOf(graph, criterion)).rows.missing.filter((row) => row.includes('presence'));
    expect(missing('transitions')).toEqual([]);
    expect(missing('states')).not.toEqual([]);
  });

  it('takes batches of dispatches for the dispatches that they are', () => {
    const { compared, different } = batchEquivalence(graph);
    expect([compared > 100, different]).toEqual([true, []]);
  });

  it('lives with the Gateway chart', () => {
    const { counterexamples, frontier } = exploreProduct({ shard: shardWithPresence, faults: false });
    expect([counterexamples, frontier]).toEqual([[], 0]);
  });

  it('is found out when the region forgets its timer, and which event shows it', () => {
    const forgetful = variant(shardWithPresence, (state) => {
      state('running.connection.open.presence.fresh').exit = [];
    });
    const [first] = broken(explore(forgetful, presenceAbstraction), invariants);
    expect(first && counterexampleText(first)).toMatchInlineSnapshot(`
      "Every timer that runs is handled (chart#timers)
        state:  running.connection.closing.stopping, Gateway known, session at its own URL, resumes: 0
        after:  detach
        broken: presence runs and is not handled
        path:   start > located > opened > hello > permitGranted > ready > detach"
    `);
  });
});

describe('a chart of any other subject', () => {
  const graph = explore(doorMachine, doorAbstraction);
  const locked: AnyInvariant = {
    spec: 'door',
    says: 'A locked door does not open',
    step: ({ from, to }) => (from.snapshot.value === 'locked' && to.snapshot.value === 'open' ? 'it opens' : null),
  };

  it('is checked by what holds for all charts, and by what its author adds', () => {
    expect(broken(graph, [...TIMER_INVARIANTS, locked])).toEqual([]);
    const picked = variant(doorMachine, (state) => {
      state('locked').on['push'] = [{ target: 'open', actions: [] }];
    });
    const [first] = broken(explore(picked, doorAbstraction), [...TIMER_INVARIANTS, locked]);
    expect(first && counterexampleText(first)).toBe(
      'A locked door does not open (door)\n  state:  locked\n  event:  push\n  broken: it opens\n  path:   lock > push',
    );
  });

  it('is walked, drawn and mutated', () => {
    expect(walk(graph, [...TIMER_INVARIANTS, locked], { steps: 500 })).toBeNull();
    const [, , path = []] = pathsOf(graph, 'states');
    expect(pathDiagram(graph, path)).toBe(
      'sequenceDiagram\n  participant world\n  participant door\n  world->>door: lock\n  Note over door: Can be opened.\n',
    );
    const names = mutantsOf(doorMachine as AnyStateMachine).map(({ name }) => name);
    expect(names).toContain('open: timer.shut: to locked');
    expect(batchEquivalence(graph)).toEqual({ compared: 0, different: [] });
  });
});
