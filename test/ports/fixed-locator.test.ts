import { describe, expect, it } from 'vitest';
import { fixedLocator } from '../../src/ports/fixed-locator.js';
import { failureOf } from '../support/checks.js';

describe('a Gateway whose URL is known', () => {
  it.each([
    ['gateway.discord.gg', 'the Gateway URL is not a URL: use one such as wss://gateway.discord.gg'],
    [undefined, 'the Gateway URL is not a URL: use one such as wss://gateway.discord.gg'],
    ['https://user:secret@gateway.discord.gg', 'the Gateway URL is not a WebSocket URL: use wss://'],
  ])('is refused at %s, in words that show nothing of it', (url, says) => {
    expect(failureOf(() => fixedLocator(url as string))).toBe(`InvalidGatewayUrlError: ${says}`);
  });

  it.each(['wss://gateway.discord.gg', 'ws://own.example'])('may be at %s', async (url) => {
    const { signal } = new AbortController();
    expect(await fixedLocator(url).locate({ signal })).toMatchObject({ url, shards: null, sessionStartLimit: null });
  });
});
