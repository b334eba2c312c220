import { describe, expect, it } from 'vitest';
import { closest } from '../../../machines/kit/closest.js';

const NAMES = ['MESSAGE_CREATE', 'MESSAGE_UPDATE', 'READY', 'GUILD_CREATE', 'url'] as const;

describe('the closest name', () => {
  it.each([
    ['MESSAGE_CREATE', 'MESSAGE_CREATE'],
    ['messageCreate', 'MESSAGE_CREATE'],
    ['message-create', 'MESSAGE_CREATE'],
    ['MESSAGE_CRAETE', 'MESSAGE_CREATE'], // two letters swapped count as one mistake
    ['MESAGE_CREAT', 'MESSAGE_CREATE'],
    ['MESSAGE_CREATED', 'MESSAGE_CREATE'],
    ['MASSAGE_CREATE', 'MESSAGE_CREATE'],
    ['GULID_CREATE', 'GUILD_CREATE'],
    ['reedy', 'READY'],
    ['URL', 'url'],
    ['ulr', 'url'],
  ])('to %s is %s', (name, meant) => expect(closest(name, NAMES)).toBe(meant));

  it.each(['', '_', 'ur', 'MSG_CREATE', 'DELETE', 'xready', 'redyx', 'uri2', 'x'.repeat(65), '__proto__', 'toString'])(
    'is none to %s',
    (name) =>
      expect(
        closest(
          name,
          NAMES.filter((each) => each !== 'READY'),
        ),
      ).toBeUndefined(),
  );

  it('is the first of those that are as close, and a short name must be closer', () => {
    expect(closest('ABCDEX', ['ABCDEF', 'ABCDEG'])).toBe('ABCDEF');
    expect(closest('abxy', ['abcd'])).toBeUndefined();
    expect(closest('abcx', ['abcd'])).toBe('abcd');
    expect(closest('anything', [])).toBeUndefined();
  });
});
