import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../machines/protocol/opcodes.js';
import { SHARD_WORDS } from '../../machines/shard/words.js';
import { eventsOf, opcodeOf } from '../../src/reference/tables.js';
import { tableAfter } from './tables-in-pages.js';

describe('an opcode', () => {
  it('becomes events of the shard, if one receives it', () => {
    for (const [op, { name, direction }] of Object.entries(OPCODES))
      expect(eventsOf(op).length > 0, name).toBe(direction !== 'send');
    for (const type of Object.keys(OPCODES).flatMap(eventsOf)) {
      expect(Object.keys(SHARD_WORDS.events)).toContain(type);
      expect(eventsOf(opcodeOf(type) ?? '')).toContain(type);
    }
    expect(opcodeOf('closed')).toBeUndefined();
  });
});

describe('the page of the policy', () => {
  it('shows times in words, spans, the back-off by its parts, and choices as they are written', () => {
    const rows = new Map(tableAfter('policy.md', '## Numbers').map(([path, value]) => [path, value]));
    expect(
      ['deadlines.hello', 'waits.quick', 'waits.backoff', 'zombieTest', 'closeCodes'].map((path) =>
        rows.get(`\`${path}\``),
      ),
    ).toEqual(['20 s', '0 to 500 ms', 'base 1 s, factor 2, cap 1 min', "`'ack'`", 'none']);
  });
});
