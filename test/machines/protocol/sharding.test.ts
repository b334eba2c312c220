/** Which shard a guild is on: examples worked out by hand, and what must hold of all ids. */
import { describe, expect, it } from 'vitest';
import { shardIdOf, shardLane, shardRange } from '../../../machines/protocol/sharding.js';
import { seededRandom } from '../../../src/ports/random.js';
import { type Check, failureOf, testEach } from '../../support/checks.js';

const SNOWFLAKE =
  "TypeError: guildId must be a snowflake: its digits as a string, such as '175928847299117063', or a bigint";
const ids = (shards: readonly (readonly [number, number])[]) => shards.map(([id]) => id);

const CHECKS: readonly Check[] = [
  ['a guild is on shard 2 of 3', () => shardIdOf('175928847299117063', 3), 2],
  ['and on shard 4 of 16', () => shardIdOf(175928847299117063n, 16), 4],
  ['the first id is on shard 0', () => shardIdOf('0', 16), 0],
  ['the low 22 bits do not count', () => [shardIdOf('4194303', 2), shardIdOf('4194304', 2)], [0, 1]],
  ['the largest id is a snowflake', () => shardIdOf('18446744073709551615', 2 ** 42), 2 ** 42 - 1],
  ...[Number('175928847299117063'), '18446744073709551616', -1n, 2n ** 64n, '', 'abc', '1'.repeat(21), null].map(
    (id): Check => [`${id} (${typeof id}) is none`, () => failureOf(() => shardIdOf(id as string, 16)), SNOWFLAKE],
  ),
  [
    'there is a shard at least',
    () => failureOf(() => shardIdOf('1', 0)),
    'RangeError: count is 0; it must be a number of shards, a whole number from 1 on',
  ],
  ['a range has both its ends', () => shardRange(4, 6, 16), [4, 5, 6].map((id) => [id, 16])],
  ['a range may be one shard, or all', () => [ids(shardRange(0, 0, 1)), ids(shardRange(0, 2, 3))], [[0], [0, 1, 2]]],
  [
    'a range lies within the count',
    () => [failureOf(() => shardRange(0, 16, 16)), failureOf(() => shardRange(3, 2, 16))],
    [
      'RangeError: last is 16; it must be the id of a shard, from 0 to 15',
      'RangeError: first is 3; it must be the id of a shard, from 0 to 2',
    ],
  ],
  ['a lane is every so-manieth', () => shardLane(1, 3, 8), [1, 4, 7].map((id) => [id, 8])],
  ['a lane beyond the count is empty', () => shardLane(15, 16, 8), []],
  [
    'lanes count from 0',
    () => [
      failureOf(() => shardLane(3, 3, 8)),
      failureOf(() => shardLane(0, 0, 8)),
      failureOf(() => shardLane(0, 1, 0)),
    ],
    [
      'RangeError: lane is 3; it must be a lane, from 0 to 2',
      'RangeError: lanes is 0; it must be a number of lanes, a whole number from 1 on',
      'RangeError: count is 0; it must be a number of shards, a whole number from 1 on',
    ],
  ],
];

describe('sharding', () => {
  testEach(CHECKS);

  it('puts each shard in one lane, whatever the numbers', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 100; i += 1) {
      const [count, lanes] = [1 + Math.floor(random() * 40), 1 + Math.floor(random() * 20)];
      const all = Array.from({ length: lanes }, (_, lane) => shardLane(lane, lanes, count));
      for (const [lane, shards] of all.entries()) for (const [id] of shards) expect(id % lanes).toBe(lane);
      expect(ids(all.flat()).sort((a, b) => a - b)).toEqual(ids(shardRange(0, count - 1, count)));
    }
  });
});
