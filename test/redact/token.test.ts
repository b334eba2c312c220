import { describe, expect } from 'vitest';
import { bareToken } from '../../src/redact/token.js';
import { type Check, failureOf, testEach } from '../support/checks.js';

const refused = (token: unknown) => failureOf(() => bareToken(token));

const WRONG: readonly (readonly [token: unknown, says: string])[] = [
  [undefined, 'token is missing: set it to'],
  [5, 'token is missing: set it to'],
  ['', 'token is empty: is DISCORD_TOKEN set?'],
  [' Bot ', 'token is empty'],
  ['undefined', 'token is empty'],
  ['null', 'token is empty'],
  ['"abc"', 'token begins with a quote'],
  ["Bot 'abc'", 'token begins with a quote'],
  ['`abc`', 'token begins with a quote'],
  ['Bearer abc', 'token is the access token of a user'],
  ['DISCORD_TOKEN=abc', 'token begins with the name of a variable'],
  ['$DISCORD_TOKEN', 'token is a placeholder'],
  ['$'.concat('{TOKEN}'), 'token is a placeholder'],
  ['<token>', 'token is a placeholder'],
  ['your-token-here', 'token is a placeholder'],
  ['abc def', 'token holds a space or a line break'],
  ['abc\ndef', 'token holds a space or a line break'],
  ['Bot Bot abc', 'token holds a space'],
  ['abc\u200b', 'token holds a character that no token has'],
  ['токен', 'token holds a character that no token has'],
];

describe('a token', () => {
  testEach([
    ...[' abc.d-e_f ', 'Bot abc.d-e_f', 'bot\tabc.d-e_f\r\n'].map(
      (token): Check => [`is taken as ${JSON.stringify(token)}`, () => bareToken(token), 'abc.d-e_f'],
    ),
    ...WRONG.map(
      ([token, says]): Check => [
        `is refused as ${JSON.stringify(token)}`,
        () => refused(token),
        expect.stringContaining(`TypeError: ${says}`),
      ],
    ),
    [
      'is not shown',
      () => WRONG.filter(([token]) => /abc|def/.test(`${token}`) && refused(token)?.includes('abc')),
      [],
    ],
  ]);
});
