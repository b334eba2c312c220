import { describe, expect, it, vi } from 'vitest';
import { type AnyStateMachine, createMachine, type EventFromLogic } from 'xstate';
import { type Instruction, pure } from '../../machines/kit/pure.js';
import { DivergenceError, type SystemUnderTest, testModel } from '../../src/exploring/model.js';
import { pathName } from '../../src/exploring/paths.js';
import { describePaths, runPaths } from '../../src/exploring/run-paths.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

type DoorEvent = EventFromLogic<typeof doorMachine>;

const door = testModel(doorMachine, doorAbstraction);

/** The door as a system under test, without some of its effects. */
function doorWith(does: (effect: Instruction) => boolean = () => true): SystemUnderTest<DoorEvent> {
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
const silent = () => doorWith(({ type }) => type !== 'ring');
/** Where a failure was, and what had to be there. */
const inShort = (error: Error) =>
  error instanceof DivergenceError ? `${error.path}: ${error.expected}, not ${error.actual}` : error.message;

describe('runPaths', () => {
  it('plays every path, and counts paths and steps', async () => {
    const report = await runPaths({ model: door, criterion: 'transitions', make: () => doorWith() });
    // open, push, lock, and four of two events
    expect(report).toEqual({ paths: 7, steps: 11, failed: 0, skipped: 0, failures: [], ms: expect.any(Number) });
  });

  it('makes a system for each path and disposes of it, whether the path fails or not', async () => {
    const log: string[] = [];
    const make = () => {
      log.push('made');
      const dispose = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        log.push('disposed');
      };
      return { ...silent(), dispose };
    };
    const [first, second] = door.paths('transitions');
    await runPaths({ model: door, criterion: [first!, second!], make });
    // The second fails, and is tried again at the end of the shortest path.
    expect(log).toEqual(['made', 'disposed', 'made', 'disposed', 'made', 'disposed']);
  });

  it('gives the first failure for each edge and difference, and counts all', async () => {
    const report = await runPaths({ model: door, criterion: 'pairs', make: silent });
    expect(report.failures.map(inShort)).toEqual(['push: ring, not nothing', 'lock > push: ring, not nothing']);
    // push, then open, push or lock; lock > push, then push or unlock; and what ends with a push while shut or locked.
    expect(report.failed).toBe(3 + 2 + 4);
  });

  it('ends a path with the step that fails', async () => {
    const path = [...door.paths('pairs')].find((each) => pathName(each) === 'push > open')!;
    expect(await runPaths({ model: door, criterion: [path], make: silent })).toMatchObject({ steps: 1, failed: 1 });
  });

  it('takes what throws for a failure', async () => {
    const make = () => ({ ...doorWith(), send: () => Promise.reject(new Error('no such stimulus')) });
    const report = await runPaths({ model: door, criterion: 'states', make });
    expect(report).toMatchObject({ paths: 3, failed: 2, failures: [new Error('no such stimulus')] });
  });

  it('takes what is thrown and no error for one', async () => {
    const make = () => ({ ...doorWith(), observe: () => Promise.reject('out of order') });
    const { failures } = await runPaths({ model: door, criterion: 'states', make });
    expect(failures).toEqual([new Error('out of order')]);
  });

  it('compares what is to be compared', async () => {
    const options = { model: door, criterion: 'transitions', make: silent } as const;
    expect(await runPaths({ ...options, observes: ['swing'] })).toMatchObject({ failed: 0 });
    const stateful = () => ({ ...doorWith(), state: () => 'SHUT' });
    const report = await runPaths({ ...options, make: stateful, stateOf: ({ value }) => value.toUpperCase() });
    expect(report.failures.map(inShort)).toContain('open: state OPEN, not state SHUT');
  });

  describe('in tours', () => {
    const tour = (make: () => SystemUnderTest<DoorEvent>, length: number) =>
      runPaths({ model: door, criterion: 'pairs', inTours: length, make });

    it.each([4, 100])('of %i steps finds nothing wrong with the chart itself', async (length) => {
      expect(await tour(() => doorWith(), length)).toMatchObject({ failed: 0, skipped: 0, failures: [] });
    });

    it('reports a failure at the end of the shortest path, and takes the rest of the tour', async () => {
      const report = await tour(silent, 100);
      expect(report.failures.map(({ message }) => message).sort()).toEqual([
        '"push" in locked\n  clause    the chart: door.locked: push\n  expected  ring\n  actual    nothing\n  path      lock > push',
        '"push" in shut\n  clause    the chart: Can be opened.\n  expected  ring\n  actual    nothing\n  path      push',
      ]);
      expect(report).toMatchObject({ paths: 1, skipped: 0 });
    });

    it('counts as skipped what lies behind a failure, if there is no other way', async () => {
      const report = await tour(() => doorWith(({ type }) => type !== 'swing'), 100);
      expect(new Set(report.failures.map((error) => (error as DivergenceError).event))).toEqual(new Set(['open']));
      expect(report.skipped).toBeGreaterThan(0);
    });

    it('reports where it was a failure that does not show on the shortest path', async () => {
      const forgetful = () => {
        let steps = 0;
        return {
          ...doorWith(() => {
            steps += 1;
            return steps < 20;
          }),
        };
      };
      const { failures } = await tour(forgetful, 100);
      for (const failure of failures) expect((failure as DivergenceError).at).toBeGreaterThan(3);
      expect(failures.length).toBeGreaterThan(0);
    });

    it('takes pairs, and no other criterion', async () => {
      const options = { model: door, criterion: 'transitions', inTours: 100, make: () => doorWith() } as const;
      await expect(runPaths(options)).rejects.toThrow(
        new TypeError('`inTours` takes pairs of transitions, and no other criterion.'),
      );
    });
  });
});

describe('describePaths', () => {
  it('makes one test of every path, named by its events', async () => {
    const tests = new Map<string, () => Promise<void>>();
    describePaths({
      model: door,
      criterion: 'transitions',
      test: (name, run) => tests.set(name, run),
      make: silent,
    });
    expect([...tests.keys()]).toEqual([
      'open',
      'push',
      'lock',
      'open > push',
      'open > timer.shut',
      'lock > push',
      'lock > unlock',
    ]);
    await expect(tests.get('lock > unlock')?.()).resolves.toBeUndefined();
    await expect(tests.get('lock > push')?.()).rejects.toThrow('"push" in locked');
  });

  it('makes no system before a test runs, and one for each run', async () => {
    const make = vi.fn(() => doorWith());
    const tests: (() => Promise<void>)[] = [];
    describePaths({ model: door, criterion: 'states', test: (_, run) => tests.push(run), make });
    expect(make).not.toHaveBeenCalled();
    await tests[1]?.();
    await tests[1]?.();
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('names the beginning of a path, unless it is the first', () => {
    const machine: AnyStateMachine = createMachine({
      id: 'lamp',
      context: ({ input }: { input: { colour: string } }) => input,
      on: { press: {} },
    });
    const model = testModel(machine, {
      roots: { green: { colour: 'green' }, red: { colour: 'red' } },
      key: ({ context }) => context.colour,
      alphabet: () => [{ type: 'press' }],
      label: ({ type }) => type,
    });
    const names: string[] = [];
    const make = () => ({ send() {}, observe: () => [] });
    describePaths({ model, criterion: 'transitions', test: (name) => names.push(name), make });
    expect(names).toEqual(['press', 'red: press']);
  });

  it('takes any paths that are given', () => {
    const names: string[] = [];
    const criterion = [...door.paths('pairs')].slice(0, 2);
    describePaths({ model: door, criterion, test: (name) => names.push(name), make: () => doorWith() });
    expect(names).toEqual(['open > push', 'open > timer.shut']);
  });
});
