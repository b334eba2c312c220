import { describe, expect, it } from 'vitest';
import {
  DEFAULT_POLICY,
  type Instruction,
  pure,
  type ShardEvent,
  shardAbstraction,
  shardMachine,
} from '../../machines/index.js';
import { armedAfter, firedFrom } from '../../machines/kit/timers.js';
import { DivergenceError, only, type SystemUnderTest, testModel } from '../../src/exploring/model.js';
import { runPaths } from '../../src/exploring/run-paths.js';

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
async function failureOf(make: () => SystemUnderTest<ShardEvent>): Promise<DivergenceError> {
  const { failures } = await runPaths({ model: lifecycle, criterion: 'transitions', make });
  expect(failures[0]).toBeInstanceOf(DivergenceError);
  return failures[0] as DivergenceError;
}

describe('a system that is tested against the chart', () => {
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
});
