import { describe, expect, it } from 'vitest';
import { parseExact } from '../../src/simulator/exact-ids.js';

describe('parseExact', () => {
  it.each<[string, unknown]>([
    ['{"guild_id":116266106880000001}', { guild_id: '116266106880000001' }],
    [
      '{"user_ids": [116266106880000001, 7, 18446744073709551615]}',
      { user_ids: ['116266106880000001', 7, '18446744073709551615'] },
    ],
    ['{"guild_id":"116266106880000001"}', { guild_id: '116266106880000001' }],
    ['9007199254740991', 9_007_199_254_740_991],
    [
      '{"query":"at 116266106880000001, \\"guild_id\\":116266106880000001"}',
      { query: 'at 116266106880000001, "guild_id":116266106880000001' },
    ],
    ['[1234567890123456.5, -1e30, 1e30, 0.1234567890123456]', [1234567890123456.5, -1e30, 1e30, 0.1234567890123456]],
    ['{"op":1,"d":null}', { op: 1, d: null }],
  ])('keeps integers that a number cannot hold, and everything else as it is: %s', (json, value) => {
    expect(parseExact(json)).toEqual(value);
  });

  it.each(['{', '116266106880000001 1', '"116266106880000001', '['.repeat(300)])(
    'throws for what is no JSON, or too deep',
    (json) => {
      expect(() => parseExact(json)).toThrow();
    },
  );
});
