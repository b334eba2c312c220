import { describe, expect, it } from 'vitest';
import { shardMachine } from '../../machines/index.js';
import { pure } from '../../machines/kit/pure.js';
import { atTheShortest } from '../../src/rates/abstraction.js';
import { slicedClasses } from './slice.js';

/** The timer that a chart arms when it looks for the Gateway and fails. */
function firstWait(machine: typeof shardMachine): unknown {
  const { initial, step } = pure(machine);
  const { snapshot } = step(initial({}).snapshot, { type: 'start' });
  const failed = step(snapshot, { type: 'locateFailed', request: 1, reason: 'unavailable' });
  return failed.instructions.find(({ type }) => type === 'arm')?.params;
}

describe('a chart with each timer at its shortest', () => {
  it('waits for the lower end of our spans', () => {
    expect(firstWait(shardMachine)).toEqual({ timer: 'reconnect', delay: 1_000 });
    expect(firstWait(atTheShortest(shardMachine))).toEqual({ timer: 'reconnect', delay: 500 });
  });

  it('takes a delay of its own for what it is, and a span of its own before either', () => {
    const mine = shardMachine.provide({ delays: { reconnect: 70 } });
    expect(firstWait(atTheShortest(mine))).toEqual({ timer: 'reconnect', delay: 70 });
    expect(firstWait(atTheShortest(mine, { reconnect: () => [3, 9] }))).toEqual({ timer: 'reconnect', delay: 3 });
  });
});

describe('the states of the rates', () => {
  const { graph } = slicedClasses();
  const nodes = [...graph.nodes.values()];

  it('tell the steps of the back-off apart, until it has grown', () => {
    const attempts = nodes.map(({ snapshot }) => snapshot.context.attempts);
    expect([...new Set(attempts)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('tell apart what the wait is for while it is to come, and nowhere else', () => {
    const keys = (state: string) => nodes.filter(({ key }) => key.startsWith(state)).map(({ key }) => key);
    expect(keys('running.connection.closing.reconnecting').every((key) => key.includes('"for":'))).toBe(true);
    expect(keys('running.connection.reaching').some((key) => key.includes('"for":'))).toBe(false);
    expect(keys('running.waiting').some((key) => key.includes('"for":'))).toBe(false); // its timer runs
  });

  it('are those of the quickest Gateway, which nobody orders about', () => {
    const events = graph.edges.map(({ event }) => event);
    expect(new Set(events.flatMap((each) => (each.type === 'hello' ? [each.interval] : [])))).toEqual(new Set([500]));
    expect(events.filter(({ type }) => type === 'start')).toHaveLength(1);
    expect(events.some(({ type }) => type === 'stop' || type === 'reconnect')).toBe(false);
  });
});
