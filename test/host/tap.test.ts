import { describe, expect, it } from 'vitest';
import type { AnyActorScope } from 'xstate';
import { type Reported, type ShardSnapshot, type Tap, Taps } from '../../src/host/tap.js';

/** Everything that a tap may be told, in order. */
const CALLS: readonly [keyof Omit<Tap, 'needsData'>, ...unknown[]][] = [
  ['arrived', 'text'],
  ['received', 1, { type: 'heartbeatAck' }],
  ['sent', 1, 11, 'text', null],
  ['stepping', { type: 'start' }],
  ['acting', []],
  ['drew', 0.5],
  ['stepped', {} as ShardSnapshot],
  ['reported', {} as Reported],
  ['latency', 42],
  ['storm', {}],
  ['located', {}],
  ['warned', 'a problem', 'an error'],
  ['ended', 'an error'],
];

function callAll(taps: Taps): void {
  for (const [method, ...args] of CALLS) (taps[method] as (...args: unknown[]) => void)(...args);
}

/** A tap that writes down what it is told. */
function noting(name: string, lines: unknown[]): Tap {
  const note = ([method]: (typeof CALLS)[number]) => [
    method,
    (...args: unknown[]) => void lines.push([name, method, ...args]),
  ];
  return Object.fromEntries(CALLS.map(note));
}

describe('the taps of a shard', () => {
  it('are all told everything, one after the other', () => {
    const lines: unknown[] = [];
    callAll(new Taps([noting('one', lines), noting('two', lines)]));
    expect(lines).toEqual(
      CALLS.flatMap((call) => [
        ['one', ...call],
        ['two', ...call],
      ]),
    );
  });

  it.each(CALLS.filter(([method]) => method !== 'warned'))(
    'need not have a method for all of it: %s',
    async (method, ...args) => {
      const warned: unknown[] = [];
      const taps = new Taps([{}, { warned: (problem) => void warned.push(problem) }]);
      (taps[method] as (...args: unknown[]) => void)(...args);
      await new Promise((resolve) => setTimeout(resolve));
      expect(warned).toEqual([]);
    },
  );

  it.each(CALLS.map(([method]) => method))('may have %s alone', (method) => {
    const lines: unknown[] = [];
    callAll(new Taps([{ [method]: () => void lines.push(method) }]));
    expect(lines).toEqual([method]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('on purpose'))],
    [
      'throws',
      () => {
        throw new Error('on purpose');
      },
    ],
  ])('are told although one of them %s, which is warned of once, later', async (_, fail) => {
    const lines: unknown[] = [];
    const failing = Object.fromEntries(CALLS.map(([method]) => [method, fail]));
    const warned: unknown[] = [];
    const taps = new Taps([
      failing,
      { ...noting('the other', lines), warned: (problem, error) => void warned.push([problem, String(error)]) },
    ]);
    callAll(taps);
    expect(lines).toHaveLength(CALLS.length - 1);
    expect(warned).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve));
    callAll(taps);
    await new Promise((resolve) => setTimeout(resolve));
    expect(warned).toEqual([
      ['a problem', 'an error'],
      ['what watches the shard threw', 'Error: on purpose'],
      ['a problem', 'an error'],
    ]);
  });

  it.each<[Tap, wire: boolean, steps: boolean]>([
    [{}, false, false],
    [{ reported: () => {}, latency: () => {}, located: () => {}, warned: () => {}, ended: () => {} }, false, false],
    [{ arrived: () => {} }, true, false],
    [{ received: () => {} }, true, false],
    [{ sent: () => {} }, true, false],
    [{ stepping: () => {} }, false, true],
    [{ acting: () => {} }, false, true],
    [{ drew: () => {} }, false, true],
    [{ stepped: () => {} }, false, true],
  ])('are asked for the wire and for every step only if one of them watches it: %o', (tap, wire, steps) => {
    const taps = new Taps([{}, tap]);
    expect([taps.wire, taps.steps]).toEqual([wire ? taps : null, steps ? taps : null]);
  });

  it('need the data of every dispatch if one of them does', () => {
    expect([new Taps([{}]).needsData, new Taps([{}, { needsData: true }, {}]).needsData]).toEqual([false, true]);
  });

  it('are told of an action before it is carried out, on one scope for all steps', () => {
    const lines: string[] = [];
    const taps = new Taps([{ acting: (instructions) => void lines.push(`${instructions.length} instructions`) }]);
    const scope = { actionExecutor: () => lines.push('carried out') } as unknown as AnyActorScope;
    taps.watched(scope).actionExecutor({ type: 'closeSocket', params: { code: 1000 } } as never);
    expect(lines).toEqual(['1 instructions', 'carried out']);
    expect(taps.watched(scope)).toBe(taps.watched(scope));
    expect(taps.watched({ ...scope })).not.toBe(taps.watched(scope));
  });
});
