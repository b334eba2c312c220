import { describe, expect, it } from 'vitest';
import { CLOSE_CODES } from '../../../machines/protocol/close-codes.js';
import { shardMachine } from '../../../machines/shard/chart.js';
import { DEFAULT_POLICY } from '../../../machines/shard/policy.js';
import { POLICY_WORDS, SHARD_WORDS } from '../../../machines/shard/words.js';
import { wordsIn, wordsUsedBy } from '../../support/words.js';

describe('the words of the shard chart', () => {
  it('are those that it uses, and no other', () => {
    expect(wordsIn(SHARD_WORDS)).toEqual(wordsUsedBy(shardMachine));
  });

  it('are sentences, and clauses for guards', () => {
    const { guards, ...others } = SHARD_WORDS;
    for (const [name, { says }] of Object.values(others).flatMap((kind) => Object.entries(kind)))
      expect(says, name).toMatch(/^[A-Z].*\.$/);
    for (const [name, { says, short }] of Object.entries(guards)) {
      expect(says, name).toMatch(/^[^A-Z].*[^.]$|^Discord /);
      expect(short, name).toMatch(/^(if|while|with) /);
    }
  });

  it('name the close codes of a guard as the table has them', () => {
    const stop = Object.entries(CLOSE_CODES).flatMap(([code, { recovery }]) => (recovery === 'stop' ? [code] : []));
    expect(SHARD_WORDS.guards.forbidsReconnect.short).toBe(`with ${stop.join(', ')}`);
  });

  it('tell of the policy whatever it holds', () => {
    const { deadlines, waits, ...others } = DEFAULT_POLICY;
    const paths = [
      ...Object.keys(deadlines).map((name) => `deadlines.${name}`),
      ...Object.keys(waits).map((name) => `waits.${name}`),
      ...Object.keys(others),
    ];
    expect(Object.keys(POLICY_WORDS).sort()).toEqual(paths.sort());
  });
});
