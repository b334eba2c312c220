import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/cli/live/ledger.js';

/** The balance of one session that was sent one list and received the other. */
function balance(sent: readonly number[], received: readonly number[]) {
  const ledger = new Ledger();
  ledger.sent('session', sent);
  for (const sequence of received) ledger.received('session', sequence);
  return ledger.close('session');
}

describe('the ledger', () => {
  it.each([
    ['all in order', [2, 3, 4], [2, 3, 4], 0, 0],
    ['one lost', [2, 3, 4], [2, 4], 1, 0],
    ['the last lost', [2, 3, 4], [2, 3], 1, 0],
    ['all lost', [2, 3, 4], [], 3, 0],
    ['one twice', [2, 3, 4], [2, 3, 3, 4], 0, 1],
    ['a replay of what was received', [2, 3, 4], [2, 3, 2, 3, 4], 0, 2],
    ['out of order', [2, 3, 4], [2, 4, 3], 1, 1],
    ['never sent', [2, 3], [2, 3, 9], 0, 1],
    ['a gap in the numbers', [2, 9], [2, 9], 0, 0],
  ])('sees %s', (_, sent, received, lost, unexpected) => {
    expect(balance(sent, received)).toEqual({ sent: sent.length, received: received.length, lost, unexpected });
  });

  it('finds no fault with what arrived once and in order, whichever side shows it first', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 50 }), (turns) => {
        const ledger = new Ledger();
        const next = { sent: 1, received: 1 };
        for (const isSent of turns) {
          if (isSent) ledger.sent('session', [next.sent++]);
          else ledger.received('session', next.received++);
        }
        while (next.sent < next.received) ledger.sent('session', [next.sent++]);
        while (next.received < next.sent) ledger.received('session', next.received++);
        expect(ledger.isSettled('session')).toBe(true);
        expect(ledger.close('session')).toMatchObject({ lost: 0, unexpected: 0 });
      }),
    );
  });

  it('notices every dispatch that was dropped or doubled', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 2), { maxLength: 50 }), (copies) => {
        const sent = copies.map((_, at) => at + 2);
        const received = copies.flatMap((times, at) => Array<number>(times).fill(at + 2));
        expect(balance(sent, received)).toEqual({
          sent: sent.length,
          received: received.length,
          lost: copies.filter((times) => times === 0).length,
          unexpected: copies.filter((times) => times === 2).length,
        });
      }),
    );
  });
});
