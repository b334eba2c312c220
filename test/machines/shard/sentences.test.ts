/** Causes and waits in words. */
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_POLICY,
  policyFrom,
  type ShardContext,
  SPANS,
  shardContext,
  spanInWords,
  type Wait,
  waitInWords,
} from '../../../machines/index.js';

const after = (wait: Wait['for'], context: Partial<ShardContext> = {}) =>
  ({ ...shardContext({ policy: DEFAULT_POLICY }), wait: { for: wait, ms: 7_000 }, ...context }) as ShardContext;
const session = { id: 'x', url: null };
const GROWING = '500 ms to 1 s (doubled with each failure in a row, at most 1 min)';

describe('a wait', () => {
  it.each<[Wait['for'], boolean | undefined, Partial<ShardContext>, string]>([
    ['retry', true, { session }, '0 to 500 ms'],
    ['retry', true, {}, '0 to 500 ms'],
    ['retry', false, { session }, GROWING],
    [
      'retry',
      undefined,
      { session },
      `0 to 500 ms if the connection had held for one heartbeat interval, else ${GROWING}`,
    ],
    ['backoff', true, { session }, GROWING],
    ['cooldown', undefined, { session }, '5 to 10 s (longer with failures in a row, at most 1 min)'],
    ['invalidSession', undefined, {}, '1 to 5 s (longer with failures in a row, at most 1 min)'],
    ['order', undefined, { session }, 'none'],
    ['retryAfter', undefined, {}, 'the 7 s that were told, and a little more'],
  ])('for %s, held %s, is told with its numbers', (wait, hasHeld, context, words) => {
    expect(waitInWords(after(wait, context), hasHeld)).toBe(words);
  });

  it('has the numbers of the policy that holds', () => {
    const policy = policyFrom({
      waits: { quick: [100, 200], backoff: { base: 2_000, factor: 3, cap: 120_000 } },
      stability: 2,
    });
    expect(waitInWords(after('retry', { policy, session }))).toBe(
      '100 to 200 ms if the connection had held for 2 heartbeat intervals, ' +
        'else 1 to 2 s (times 3 with each failure in a row, at most 2 min)',
    );
  });

  it('begins with the span that the chart takes, and ends with the longest', () => {
    const span = (attempts: number) => spanInWords(SPANS.reconnect(after('backoff', { attempts })));
    expect([span(1), span(2), span(99)]).toEqual(['500 ms to 1 s', '1 to 2 s', '30 s to 1 min']);
  });
});
