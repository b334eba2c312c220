import { describe, expect, it } from 'vitest';
import { inCommand } from '../../../src/cli/run/run.js';
import { createShard } from '../../../src/index.js';

const refusal = (options: object) => {
  try {
    createShard({ token: 'token', intents: 0, ...options } as never);
  } catch (error) {
    return inCommand((error as Error).message);
  }
  throw new Error('nothing was refused');
};

describe('what the command refuses', () => {
  it.each([
    [{ url: 'ws://example.com' }, 'use wss://, or set --allow-insecure if'],
    [{ restUrl: 'nowhere' }, '--rest-url is not a URL: '],
    [{ restUrl: 'http://example.com' }, '--rest-url must be https:, not http: (--allow-insecure lets http: pass)'],
    [{ compress: 'payload', encoding: 'etf' }, "--compress is 'payload', which "],
    [{ url: 'wss://gateway.discord.gg?compress=foo' }, 'asks for compress foo, which does not exist: use compress='],
  ])('is told by the options that it has: %j', (options, says) => expect(refusal(options)).toContain(says));
});
