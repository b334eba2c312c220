import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/conformance/case.js';
import type { Evidence } from '../../src/conformance/evidence.js';
import { runCases } from '../../src/conformance/run.js';
import type { play } from '../../src/conformance/stage.js';
import { Scenario } from './scenario.js';

const named = (id: string, timed = false): Case => ({
  id,
  spec: 'gateway#connecting',
  level: 'must',
  says: 'The client connects',
  script: [],
  watch: 0,
  checks: [],
  timed,
});

/** Plays nothing: a case is over once it is told to be. */
function stage() {
  const playing = new Map<string, { end(): void; fail(error: Error): void }>();
  const order: string[] = [];
  const playCase: typeof play = ({ id }) =>
    new Promise<Evidence>((resolve, reject) => {
      order.push(id);
      playing.set(id, {
        end: () => resolve(new Scenario().live().evidence),
        fail: reject,
      });
    });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (id: string) => {
    playing.get(id)?.end();
    playing.delete(id);
    await turn();
  };
  const fail = async (id: string, error: Error) => {
    playing.get(id)?.fail(error);
    playing.delete(id);
    await turn();
  };
  return { playCase, order, now: () => [...playing.keys()], end, fail };
}
const OPTIONS = { command: ['none'] };

describe('runCases', () => {
  it('gives results in the order of the cases, whichever ends first', async () => {
    const { playCase, end } = stage();
    const told: string[] = [];
    const onResult = ({ id }: { id: string }, done: number, of: number) => told.push(`${id} ${done}/${of}`);
    const results = runCases(
      ['a', 'b', 'c'].map((id) => named(id)),
      { ...OPTIONS, onResult },
      playCase,
    );
    for (const id of ['c', 'a', 'b']) await end(id);
    expect((await results).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(told).toEqual(['c 1/3', 'a 2/3', 'b 3/3']);
  });

  it('plays so many at once', async () => {
    const { playCase, now, end } = stage();
    const results = runCases(
      ['a', 'b', 'c'].map((id) => named(id)),
      { ...OPTIONS, atOnce: 2 },
      playCase,
    );
    expect(now()).toEqual(['a', 'b']);
    await end('b');
    expect(now()).toEqual(['a', 'c']);
    await end('a');
    await end('c');
    expect(await results).toHaveLength(3);
  });

  it('plays two at once of those that measure time, others beside them', async () => {
    const { playCase, now, order, end } = stage();
    const cases = [...['a', 'b', 'c', 'd'].map((id) => named(id, true)), named('e'), named('f')];
    const results = runCases(cases, { ...OPTIONS, atOnce: 4 }, playCase);
    expect(now()).toEqual(['a', 'b', 'e', 'f']);
    await end('e');
    await end('f');
    expect(now()).toEqual(['a', 'b']);
    await end('a');
    expect(now()).toEqual(['b', 'c']);
    await end('b');
    await end('c');
    await end('d');
    expect((await results).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(order).toEqual(['a', 'b', 'e', 'f', 'c', 'd']);
  });

  it('begins those that measure time as early as it may, since they take longest', async () => {
    const { playCase, order, end } = stage();
    const results = runCases(
      [named('a'), named('b'), named('c', true), named('d', true)],
      { ...OPTIONS, atOnce: 2 },
      playCase,
    );
    for (const id of ['c', 'd', 'a', 'b']) await end(id);
    await results;
    expect(order).toEqual(['c', 'd', 'a', 'b']);
  });

  it('begins nothing more once a client cannot be run, and rejects with why', async () => {
    const { playCase, now, order, end, fail } = stage();
    const results = runCases(
      ['a', 'b', 'c'].map((id) => named(id)),
      { ...OPTIONS, atOnce: 2 },
      playCase,
    );
    const rejects = expect(results).rejects.toThrow('it was not found');
    await fail('a', new Error('it was not found'));
    expect(now()).toEqual(['b']);
    await end('b');
    await rejects;
    expect(order).toEqual(['a', 'b']);
  });

  it('begins nothing once it is interrupted', async () => {
    const { playCase, order } = stage();
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(runCases([named('a')], { ...OPTIONS, signal }, playCase)).rejects.toThrow('interrupted');
    expect(order).toEqual([]);
  });

  it('plays no case that needs what the client cannot do, and says so', async () => {
    const { playCase, order, end } = stage();
    const needy: Case = { ...named('a'), needs: ['send', 'stop'] };
    const results = runCases([needy, named('b')], { ...OPTIONS, can: ['send'] }, playCase);
    await end('b');
    expect(order).toEqual(['b']);
    expect((await results)[0]).toMatchObject({
      verdict: 'not tested',
      why: 'the client cannot be told to stop: it has no control channel, or does not offer it',
    });
    const able = runCases([needy], { ...OPTIONS, can: ['stop', 'send'] }, playCase);
    await end('a');
    expect((await able)[0]?.verdict).toBe('passed');
  });
});

describe('cases that are not good', () => {
  const bad = (id: string): Case => ({ ...named(id), checks: [({ items }) => [...items.slice(0, 1)].map(() => FLAW)] });
  const FLAW = { grade: 'loss', says: 'a message is lost' } as const;

  it('are played once more if so asked, few at once, and tell of a verdict that differs', async () => {
    const { playCase, order, now, end } = stage();
    let isGood = false;
    const moody: Case = { ...named('moody'), checks: [() => (isGood ? [] : [FLAW])] };
    const again: (readonly [id: string, varies: unknown])[] = [];
    const others = ['d', 'e', 'f'].map(bad);
    const results = runCases(
      [bad('a'), named('b'), moody, ...others],
      { ...OPTIONS, confirms: ({ id }) => id !== 'f', onRepeat: ({ id, varies }) => again.push([id, varies]) },
      playCase,
    );
    for (const id of ['a', 'b', 'moody', 'd', 'e', 'f']) await end(id);
    expect(order).toEqual(['a', 'b', 'moody', 'd', 'e', 'f', 'a', 'moody', 'd', 'e']);
    expect(now()).toEqual(['a', 'moody', 'd', 'e']);
    isGood = true;
    for (const id of ['a', 'd', 'e', 'moody']) await end(id);
    const varies = { verdict: 'failed', grade: 'loss' };
    expect((await results).map((each) => [each.id, each.verdict, each.varies])).toEqual([
      ['a', 'failed', undefined],
      ['b', 'passed', undefined],
      ['moody', 'passed', varies],
      ...['d', 'e', 'f'].map((id) => [id, 'failed', undefined]),
    ]);
    expect(again.filter((each) => each[1] !== undefined)).toEqual([['moody', varies]]);
  });
});
