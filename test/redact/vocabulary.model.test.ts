import { describe, expect, it } from 'vitest';
import { shardMachine } from '../../machines/index.js';
import { wordsOf } from '../../src/redact/vocabulary.js';
import { difference, lifeWith } from '../support/recorded-life.js';

describe('a session id', () => {
  const words = [...new Set(wordsOf(shardMachine).match(/[A-Za-z]+(\.[A-Za-z]+)*/g))];
  it(`that is a word of the chart breaks no replay, whichever of ${words.length} it is`, async () => {
    expect(words).toEqual(expect.arrayContaining(['session', 'running', 'ready', 'timer.hello', 'active', 'retry']));
    for (const word of [
      ...words,
      'discord',
      'gateway.discord.gg',
      'wss://gateway.discord.gg/',
      '<token>',
      '1000',
      '__proto__',
    ]) {
      const { trace } = await lifeWith({ session_id: word, resume_gateway_url: `wss://${word}` }, `${word} is over`);
      if (difference(trace) !== null || trace.length < 20)
        throw new Error(`${word}: ${JSON.stringify(difference(trace))}`);
    }
  });
});
