import { describe, expect, it } from 'vitest';
import type { EventFromLogic } from 'xstate';
import {
  DEFAULT_POLICY,
  type Instruction,
  pure,
  type ShardEvent,
  shardAbstraction,
  shardMachine,
} from '../../machines/index.js';
import { armedAfter, firedFrom } from '../../src/testing/graph.js';
import { only, PathError, type SystemUnderTest, testModel } from '../../src/testing/model.js';
import { pathName } from '../../src/testing/paths.js';
import { describePaths, runPaths } from '../../src/testing/run-paths.js';
import { pairTours } from '../../src/testing/tours.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

const model = testModel(shardMachine, {
  ...shardAbstraction,
  roots: { documented: shardAbstraction.roots['documented']! },
});
const lifecycle = testModel(
  shardMachine,
  only({ ...shardAbstraction, roots: { documented: shardAbstraction.roots['documented']! } }, (event) =>
    shardAbstraction.projections!['lifecycle']!.includes(event),
  ),
);
const HELLO = 'running.connection.reaching.awaitingHello, Gateway known, no session';

/** The chart as a system under test, with something done to its effects or to what it hears. */
function chart({
  hears = () => true,
  does = (effects) => effects,
}: {
  hears?: (event: ShardEvent) => boolean;
  does?: (effects: readonly Instruction[]) => readonly Instruction[];
} = {}): SystemUnderTest<ShardEvent> {
  const runner = pure(shardMachine);
  let { snapshot } = runner.initial({ policy: DEFAULT_POLICY });
  let effects: readonly Instruction[] = [];
  let armed: ReadonlySet<string> = new Set();
  return {
    send(event) {
      const step = hears(event) ? runner.step(snapshot, event) : { snapshot, instructions: [] };
      snapshot = step.snapshot;
      effects = does(step.instructions);
      armed = armedAfter(firedFrom(armed, event), effects);
    },
    observe: () => effects as Instruction[],
    state: () => shardAbstraction.key(snapshot),
    armed: () => armed,
  };
}

/** The first thing found wrong in the lifecycle. */
async function failureOf(make: () => SystemUnderTest<ShardEvent>): Promise<PathError> {
  const { failures } = await runPaths({ model: lifecycle, criterion: 'transitions', make });
  expect(failures[0]).toBeInstanceOf(PathError);
  return failures[0] as PathError;
}

describe('runPaths', { timeout: 60_000 }, () => {
  it('finds nothing wrong with the chart itself', async () => {
    const report = await runPaths({ model, criterion: 'transitions', make: () => chart() });
    expect(report).toMatchObject({ paths: model.graph.edges.length, failed: 0, failures: [] });
  });

  it('names state, event, clause and the shortest path of a wrong effect', async () => {
    const make = () => chart({ does: (effects) => effects.filter(({ type }) => type !== 'sendResume') });
    const failure = await failureOf(make);
    expect(failure.event).toBe('hello');
    expect(failure.state).toMatch(/^running\.connection\.reaching\.awaitingHello, Gateway known, session/);
    expect(failure.message).toContain('  clause    gateway#resuming: Hello, and a session: resume it\n');
    expect(failure.message).toContain('  expected  sendResume {"sessionId":"session-1","sequence":1}\n');
    expect(failure.message).toContain('  actual    nothing\n');
    expect(failure.path).toMatch(/^start > located > opened > hello > permitGranted > ready > .* > opened > hello$/);
  });

  it('compares parameters as far as they are given', async () => {
    const make = () =>
      chart({ does: (effects) => effects.map(({ type, params }) => ({ type, params: wrong(type, params) })) });
    const wrong = (type: string, params: Instruction['params']) =>
      type === 'sendResume' ? { ...params, sequence: 0 } : params;
    const { expected, actual } = await failureOf(make);
    expect([expected, actual]).toEqual([
      'sendResume {"sessionId":"session-1","sequence":1}',
      'sendResume {"sessionId":"session-1","sequence":0}',
    ]);
  });

  it('names a state that is not left, where no effect shows it', async () => {
    const { state, event, expected, actual } = await failureOf(() =>
      chart({ hears: ({ type }) => type !== 'resumed' }),
    );
    expect([event, state]).toEqual(['resumed', expect.stringContaining('session.resuming')]);
    expect(expected).toMatch(/^state .*session\.ready\.settling/);
    expect(actual).toMatch(/^state .*session\.resuming/);
  });

  it('names timers that are left running', async () => {
    const make = () =>
      chart({ does: (all) => all.filter(({ type, params }) => type !== 'disarm' || params['timer'] !== 'hello') });
    const { state, expected, actual } = await failureOf(make);
    expect(state).toBe(HELLO);
    expect([expected, actual]).toEqual(['timers: close', 'timers: close, hello']);
  });

  it('takes what throws for a failure', async () => {
    const make = () => ({ ...chart(), send: () => Promise.reject(new Error('no such stimulus')) });
    const { failures, failed } = await runPaths({ model, criterion: 'states', make });
    expect([failed, failures.map(({ message }) => message)]).toEqual([
      model.graph.nodes.size - 1,
      ['no such stimulus'],
    ]);
  });
});

describe('describePaths', () => {
  it('makes one test of every path of a part of the chart, named by its events', async () => {
    const tests = new Map<string, () => Promise<void>>();
    describePaths({
      model: lifecycle,
      criterion: 'transitions',
      test: (name, run) => tests.set(name, run),
      make: () => chart({ hears: ({ type }) => type !== 'located' }),
    });
    expect([...tests.keys()].slice(0, 3)).toEqual(['start', 'start > stop', 'start > detach']);
    await expect(tests.get('start > stop')?.()).resolves.toBeUndefined();
    await expect(tests.get('start > located')?.()).rejects.toThrow('"located" in running.locating');
  });
});

describe('a chart of any other subject', () => {
  const door = testModel(doorMachine, doorAbstraction);
  const play = (does: (effect: Instruction) => boolean, length: number) =>
    runPaths({ model: door, criterion: 'pairs', inTours: length, make: () => doorWith(does) });

  it('has its paths, and passes its own tests', async () => {
    expect([...door.paths('transitions')].map(pathName)).toEqual([
      'open',
      'push',
      'lock',
      'open > push',
      'open > timer.shut',
      'lock > push',
      'lock > unlock',
    ]);
    expect(door.paths('pairs').size).toBe(18);
    expect([...door.paths('roundTrips')].map(pathName)).toEqual(['open > push', 'lock > unlock']);
    expect(await play(() => true, 4)).toMatchObject({ failed: 0, skipped: 0 });
  });

  it.each([2, 5, 100])('has every pair taken by tours of %i steps', (length) => {
    const pairs = new Set<string>();
    for (const tour of pairTours(door.graph, { length })) {
      expect(tour[0]?.from.via).toBeUndefined();
      for (const [i, edge] of tour.entries())
        if (i > 0) pairs.add(`${tour[i - 1]?.from.key} ${tour[i - 1]?.label} ${edge.label}`);
    }
    expect(pairs.size).toBe(18);
  });

  it('has a failure of a tour reported at the end of the shortest path, and the rest of the tour taken', async () => {
    const report = await play(({ type }) => type !== 'ring', 100);
    expect(report.failures.map(({ message }) => message).sort()).toEqual([
      '"push" in locked\n  clause    the chart: door.locked: push\n  expected  ring\n  actual    nothing\n  path      lock > push',
      '"push" in shut\n  clause    the chart: Can be opened.\n  expected  ring\n  actual    nothing\n  path      push',
    ]);
    expect(report).toMatchObject({ paths: 1, skipped: 0 });
  });

  it('has what lies behind a failure counted as skipped, if there is no other way', async () => {
    const report = await play(({ type }) => type !== 'swing', 100);
    expect(new Set(report.failures.map((error) => (error as PathError).event))).toEqual(new Set(['open']));
    expect(report.skipped).toBeGreaterThan(0);
  });
});

function doorWith(does: (effect: Instruction) => boolean): SystemUnderTest<EventFromLogic<typeof doorMachine>> {
  const runner = pure(doorMachine);
  let { snapshot } = runner.initial(undefined);
  let effects: Instruction[] = [];
  return {
    send(event) {
      const step = runner.step(snapshot, event);
      snapshot = step.snapshot;
      effects = step.instructions.filter(does);
    },
    observe: () => effects,
  };
}
