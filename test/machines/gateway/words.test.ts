import { describe, expect, it } from 'vitest';
import { gatewayMachine } from '../../../machines/gateway/chart.js';
import { GATEWAY_WORDS } from '../../../machines/gateway/words.js';
import { SHARD_WORDS } from '../../../machines/shard/words.js';
import { wordsIn, wordsUsedBy } from '../../support/words.js';

describe('the words of the Gateway chart', () => {
  it('are those that it uses, and no other', () => {
    expect(wordsIn(GATEWAY_WORDS)).toEqual(wordsUsedBy(gatewayMachine));
  });

  it('share no effect with the shard but the report, so that its name tells the side', () => {
    const shared = Object.keys(GATEWAY_WORDS.effects).filter((name) => name in SHARD_WORDS.effects);
    expect(shared).toEqual(['report']);
  });
});
