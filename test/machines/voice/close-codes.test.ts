/** The table against documented.json, a transcription of Discord's documentation made apart from it, and discord-api-types. */
import { VoiceCloseCodes } from 'discord-api-types/voice/v8';
import { describe, expect, it } from 'vitest';
import { VOICE_CLOSE_CODES, type VoiceCloseCode, voiceCloseCode } from '../../../machines/voice/close-codes.js';
import documented from './documented.json' with { type: 'json' };

const { says, read } = documented;
const RECOVERY: readonly (readonly [VoiceCloseCode['recovery'], boolean, readonly number[]])[] = [
  ['stop', true, says.shouldNotReconnect],
  ['resume', true, says.tryResuming],
  ['resume', false, read.resume],
  ['identify', false, read.rejoin],
  ['stop', false, read.stop],
];
const rows = RECOVERY.flatMap(([recovery, instructs, codes]) => codes.map((code) => ({ code, recovery, instructs })));
const codes = Object.keys(VOICE_CLOSE_CODES).map(Number);
const where = (holds: (row: VoiceCloseCode) => unknown) => codes.filter((code) => holds(voiceCloseCode(code)));

describe('Voice Close Event Codes', () => {
  it('are the 16 documented ones, and 4013', () => {
    const theirs = Object.entries(documented.closeCodes).map(([name, code]) => [code, name]);
    expect(where(({ documented }) => documented).map((code) => [code, voiceCloseCode(code).name])).toEqual(theirs);
    expect(theirs).toHaveLength(16);
    expect(where(({ documented }) => !documented)).toEqual([4013]);
  });

  it('have a recovery each', () => {
    expect(rows.map(({ code }) => code).sort((a, b) => a - b)).toEqual(codes);
  });

  it.each(rows)('$code leads to: $recovery (in so many words: $instructs)', ({ code, recovery, instructs }) => {
    expect(voiceCloseCode(code)).toMatchObject({ recovery, instructs });
  });

  it('wait, give up and are faults where the documentation or our reading has it', () => {
    expect(where(({ wait }) => wait === 'backoff')).toEqual(documented.withBackoff);
    expect(where(({ attempts }) => attempts !== undefined)).toEqual(documented.fewTries);
    expect(voiceCloseCode(4004).attempts).toBe(3);
    expect(where(({ maybeMoved }) => maybeMoved)).toEqual(documented.alsoOnAMove);
    expect(where(({ fault }) => fault === 'client')).toEqual(expect.arrayContaining(documented.clientBugs));
  });

  it('have the numbers of discord-api-types', () => {
    const theirs = Object.values(VoiceCloseCodes).filter((code) => typeof code === 'number');
    expect(where(({ documented }) => documented)).toEqual(theirs);
  });

  it.each([1000, 1001, 1006, 3999])('%d is the connection lost: resume', (code) => {
    expect(voiceCloseCode(code)).toMatchObject({ name: 'Connection lost', recovery: 'resume' });
  });

  it.each([4000, 4007, 4999, 5000])('%d is not known: join anew, after a growing wait', (code) => {
    expect(voiceCloseCode(code)).toMatchObject({ name: 'Unknown close code', recovery: 'identify', wait: 'backoff' });
  });

  it('read as a clause that fits behind a colon', () => {
    for (const code of codes) expect(voiceCloseCode(code).says).toMatch(/^(?!.*\.$)\S.{10,}/);
  });
});
