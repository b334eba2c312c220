import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  assert,
  assertEqual,
  assertSilent,
  ContractError,
  cases,
  pause,
  rejection,
  within,
} from '../../src/contracts/contract.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<never>(() => {});

describe('the cases of a contract', () => {
  it('keep the names and the order of the claims', () => {
    const claims = { 'is empty': async () => {}, 'is full': async () => {} };
    expect(cases(() => 1, claims).map(({ name }) => name)).toEqual(['is empty', 'is full']);
  });

  it('make nothing until they run, and then a port each', async () => {
    let made = 0;
    const seen: string[] = [];
    const contract = cases(
      async () => {
        made += 1;
        return made;
      },
      {
        first: async (port) => void seen.push(`first ${port}`),
        second: async (port) => void seen.push(`second ${port}`),
      },
    );
    expect(made).toBe(0);
    for (const { run } of contract) await run();
    await contract[0]?.run();
    expect(seen).toEqual(['first 1', 'second 2', 'first 3']);
  });

  it('reject with what the claim or the maker of the port throws', async () => {
    const broken = async () => {
      throw new ContractError('it does not hold');
    };
    const [claim] = cases(() => 1, { broken });
    await expect(claim?.run()).rejects.toThrow(new ContractError('it does not hold'));
    const [unmade] = cases(
      () => {
        throw new TypeError('no such port');
      },
      { broken },
    );
    await expect(unmade?.run()).rejects.toThrow(new TypeError('no such port'));
  });
});

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('assert', () => {
  it('throws a ContractError with a stable code where the condition fails', () => {
    expect(thrownBy(() => assert(0, 'it is 0'))).toMatchObject({
      name: 'ContractError',
      code: 'ERR_CONTRACT',
      message: 'it is 0',
    });
    expect(thrownBy(() => assert('yes', 'it is not'))).toBeUndefined();
  });
});

describe('assertEqual', () => {
  it.each([
    ['numbers', 1, 1],
    ['lists', [1, ['a']], [1, ['a']]],
    ['what is left out of JSON', { a: 1, b: undefined }, { a: 1 }],
    ['nothing', undefined, undefined],
  ])('takes %s that are the same as JSON for equal', (_, actual, expected) => {
    expect(thrownBy(() => assertEqual(actual, expected, 'the value'))).toBeUndefined();
  });

  it.each([
    [[1, 2], [2, 1], 'the value: expected [2,1], got [1,2]'],
    [null, { a: 1 }, 'the value: expected {"a":1}, got null'],
    [undefined, 'a', 'the value: expected "a", got undefined'],
  ])('says that %j is not %j', (actual, expected, message) => {
    expect(thrownBy(() => assertEqual(actual, expected, 'the value'))).toEqual(new ContractError(message));
  });

  it('shows the first 300 characters of what is longer', () => {
    const shown = (length: number) => String(thrownBy(() => assertEqual('x'.repeat(length), 1, 'the value')));
    expect(shown(298)).toBe(`ContractError: the value: expected 1, got "${'x'.repeat(298)}"`); // 300 with its quotes
    expect(shown(299)).toBe(`ContractError: the value: expected 1, got "${'x'.repeat(299)}...`);
  });
});

describe('assertSilent', () => {
  it('says which call throws what', () => {
    expect(thrownBy(() => assertSilent(() => 1, 'close'))).toBeUndefined();
    const closing = () => {
      throw new RangeError('bad code');
    };
    expect(thrownBy(() => assertSilent(closing, 'close'))).toEqual(
      new ContractError('close throws RangeError: bad code'),
    );
  });
});

describe('within', () => {
  it('gives the value of a promise, or what it rejects with', async () => {
    await expect(within(Promise.resolve(7), 'load')).resolves.toBe(7);
    await expect(within(Promise.reject(new TypeError('no')), 'load')).rejects.toThrow(new TypeError('no'));
  });

  it('leaves no timer behind', async () => {
    await within(Promise.resolve(), 'load');
    await within(Promise.reject(new Error('no')), 'load').catch(() => {});
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [undefined, 4000],
    [250, 250],
  ])('rejects what takes longer than its time (%s: %i ms), and not before', async (given, ms) => {
    const outcome: string[] = [];
    within(never, 'load', given).catch((error: Error) => outcome.push(`${error}`));
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(outcome).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome).toEqual([`ContractError: load: nothing within ${ms} ms`]);
  });
});

describe('rejection', () => {
  it('gives what a promise rejects with, whatever it is', async () => {
    const error = new TypeError('no');
    await expect(rejection(Promise.reject(error), 'locate')).resolves.toBe(error);
    await expect(rejection(Promise.reject('no'), 'locate')).resolves.toBe('no');
  });

  it('rejects if the promise resolves, and shows its value', async () => {
    await expect(rejection(Promise.resolve({ url: 'wss://a' }), 'locate')).rejects.toThrow(
      new ContractError('locate: expected a rejection, got {"url":"wss://a"}'),
    );
  });

  it('rejects if nothing comes of the promise in time', async () => {
    const late = expect(rejection(never, 'locate', 100)).rejects.toThrow(
      new ContractError('locate: nothing within 100 ms'),
    );
    await vi.advanceTimersByTimeAsync(100);
    await late;
  });
});

describe('pause', () => {
  it('resolves after its time', async () => {
    let isOver = false;
    void pause(50).then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(49);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
  });
});
