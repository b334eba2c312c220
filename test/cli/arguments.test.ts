import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { dispatchNames, intents, lineRange, shardId, whole } from '../../src/cli/arguments.js';

/** What an argument is refused with. */
function refusal(read: (text: string) => unknown, text: string): string {
  try {
    return `not refused: ${JSON.stringify(read(text))}`;
  } catch (error) {
    return error instanceof InvalidArgumentError ? error.message : `another error: ${error}`;
  }
}

describe('a whole number', () => {
  it.each([
    ['the least', '1', 1],
    ['the most', '65535', 65_535],
    ['one with leading zeros', '0080', 80],
  ])('is read: %s', (_, text, value) => {
    expect(whole(1, 65_535)(text)).toBe(value);
  });

  it.each(['0', '65536', '', ' 1', '1 ', '-1', '+1', '1.0', '1e3', '0x10', '1,000', 'many'])(
    'is not %j where 1 to 65535 are allowed',
    (text) => {
      expect(refusal(whole(1, 65_535), text)).toBe('Write a whole number from 1 to 65535.');
    },
  );

  it('is bounded by what a number can hold exactly where no upper bound is given', () => {
    expect(whole(2)('9007199254740991')).toBe(9_007_199_254_740_991);
    for (const text of ['1', '9007199254740992']) {
      expect(refusal(whole(2), text)).toBe('Write a whole number of at least 2.');
    }
  });
});

describe('a list of intents', () => {
  it('is read without spaces and empty places, in the order in which it was written', () => {
    expect(intents('GUILD_MESSAGES')).toEqual(['GUILD_MESSAGES']);
    expect(intents(' GUILDS , GUILD_MESSAGES,,')).toEqual(['GUILDS', 'GUILD_MESSAGES']);
  });

  it('may be written in small letters', () => {
    expect(intents('guilds,Guild_Messages')).toEqual(['GUILDS', 'GUILD_MESSAGES']);
  });

  it('is refused with the name of the first that there is not, and what it may have meant', () => {
    expect(refusal(intents, 'GUILDS,GULID_MESSAGES,x')).toBe(
      'There is no intent GULID_MESSAGES. Write GUILD_MESSAGES.',
    );
    expect(refusal(intents, 'guild-messages')).toBe('There is no intent guild-messages. Write GUILD_MESSAGES.');
  });

  it('is refused with those that there are, where nothing is close', () => {
    const says = refusal(intents, 'GUILDS,constructor');
    expect(says).toMatch(/^There is no intent constructor\. There are: GUILDS, GUILD_MEMBERS, /);
    expect(says).toMatch(/, DIRECT_MESSAGE_POLLS\.$/);
  });

  it.each(['', ' ', ',', ' , '])('holds at least one name: not %j', (text) => {
    expect(refusal(intents, text)).toBe('Write one name or more, with commas between.');
  });
});

describe('a list of dispatches', () => {
  it('may name what Discord does not document', () => {
    expect(dispatchNames('MESSAGE_CREATE, PRESENCES_REPLACE')).toEqual(['MESSAGE_CREATE', 'PRESENCES_REPLACE']);
  });

  it.each(['messageCreate', 'MESSAGE_CREATE,ready', 'MESSAGE CREATE', '_READY', 'MESSAGE-CREATE', 'READY2'])(
    'is not %j',
    (text) => {
      expect(refusal(dispatchNames, text)).toBe(
        'Write names of dispatches in capitals, as in MESSAGE_CREATE,GUILD_CREATE.',
      );
    },
  );

  it('is not one that is mistyped', () => {
    expect(refusal(dispatchNames, 'READY,MESSAGE_CREAT')).toBe(
      'There is no documented event MESSAGE_CREAT. Write MESSAGE_CREATE.',
    );
  });

  it('holds at least one name', () => {
    expect(refusal(dispatchNames, ',')).toBe('Write one name or more, with commas between.');
  });
});

describe('a shard', () => {
  it.each([
    ['0,1', [0, 1]],
    ['1,2', [1, 2]],
    ['15,16', [15, 16]],
  ])('is read from %s', (text, shard) => {
    expect(shardId(text)).toEqual(shard);
  });

  it.each(['1,1', '2,2', '16,2', '0,0', '0', '0,', ',1', '', '-1,2', '0, 2', '0,1,2', 'a,b'])('is not %j', (text) => {
    expect(refusal(shardId, text)).toBe('Write id,count with ids from 0 on: --shard 0,2 and --shard 1,2 are a pair.');
  });
});

describe('a range of lines', () => {
  it.each([
    ['120-180', [120, 180]],
    ['120-', [120, Number.POSITIVE_INFINITY]],
    ['-180', [1, 180]],
    ['7', [7, 7]],
    ['1-1', [1, 1]],
  ])('is read from %s', (text, range) => {
    expect(lineRange(text)).toEqual(range);
  });

  it.each(['', '-', '0', '0-5', '-0', '5-4', '1-2-3', 'a-b', '1 - 2', '1.5-2'])('is not %j', (text) => {
    expect(refusal(lineRange, text)).toBe(
      'Write the first line and the last: --lines 120-180, --lines 120- or --lines -180.',
    );
  });
});
