import { describe, expect, it } from 'vitest';
import { activeResources, differences } from '../../../src/cli/soak/measure.js';

describe('what keeps the process running', () => {
  it('is counted by its kind', () => {
    const before = activeResources().get('Timeout') ?? 0;
    const timers = [setTimeout(() => {}, 60_000), setTimeout(() => {}, 60_000)];
    const during = activeResources();
    for (const timer of timers) clearTimeout(timer);
    expect(during.get('Timeout')).toBe(before + 2);
    expect(activeResources().get('Timeout') ?? 0).toBe(before);
  });
});

describe('the differences between two counts', () => {
  const of = (counts: Record<string, number>) => new Map(Object.entries(counts));

  it.each([
    ['nothing at all', {}, {}, []],
    ['the same in another order', { Timeout: 1, TCPSocketWrap: 2 }, { TCPSocketWrap: 2, Timeout: 1 }, []],
    ['one more', { Timeout: 1 }, { Timeout: 2 }, ['Timeout: 1 before, 2 after']],
    ['one fewer', { Timeout: 2 }, { Timeout: 1 }, ['Timeout: 2 before, 1 after']],
    ['a kind that is new', {}, { Worker: 1 }, ['Worker: 0 before, 1 after']],
    ['a kind that is gone', { Worker: 1 }, {}, ['Worker: 1 before, 0 after']],
    [
      'several kinds',
      { Timeout: 1, Worker: 1, Pipe: 1 },
      { Pipe: 1, Timeout: 3 },
      ['Timeout: 1 before, 3 after', 'Worker: 1 before, 0 after'],
    ],
  ])('are told kind by kind: %s', (_, before, after, says) => {
    expect(differences(of(before), of(after))).toEqual(says);
  });
});
