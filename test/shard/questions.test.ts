import { describe, expect, it } from 'vitest';
import { ChannelInfoQuestion, MembersQuestion, SoundboardQuestion } from '../../src/shard/questions.js';

const GUILD = { guild_id: '7' };
const EVERYONE = { ...GUILD, query: '', limit: 0 };

describe('a question for members', () => {
  it('carries its nonce, and is answered by chunks of it alone', () => {
    const question = new MembersQuestion(EVERYONE, 'n');
    expect(question.data).toEqual({ ...EVERYONE, nonce: 'n' });
    expect(question.partsIn('GUILD_MEMBERS_CHUNK', { ...GUILD, nonce: 'other', chunk_count: 1 })).toBeNull();
    expect(question.partsIn('CHANNEL_INFO', { ...GUILD, nonce: 'n' })).toBeNull();
    expect(question.isComplete).toBe(false);
  });

  it.each([0, 'many', undefined])('waits for nothing more where the count is %s', (chunk_count) => {
    const question = new MembersQuestion(EVERYONE, 'n');
    const chunk = { nonce: 'n', chunk_index: 0, chunk_count };
    expect(question.partsIn('GUILD_MEMBERS_CHUNK', chunk)).toEqual([chunk]);
    expect(question.isComplete).toBe(true);
    expect(question.whole([chunk as never])).toEqual({ members: [], presences: [], notFound: [] });
  });

  it.each([
    [{ opcode: 8, meta: { ...GUILD, nonce: 'n' } }, true],
    [{ opcode: 8, meta: GUILD }, true],
    [{ opcode: 8, meta: { ...GUILD, nonce: 'other' } }, false],
    [{ opcode: 8, meta: { guild_id: '8', nonce: 'n' } }, false],
    [{ opcode: 31, meta: GUILD }, false],
    [{ opcode: 8, meta: null }, false],
    [{}, false],
  ])('is meant by %j: %s', (limited, isMeant) => {
    expect(new MembersQuestion(EVERYONE, 'n').isMeantBy(limited)).toBe(isMeant);
  });
});

describe('a question for sounds', () => {
  it('is complete with an answer for each guild, each taken once', () => {
    const question = new SoundboardQuestion({ guild_ids: ['1', '2'] });
    const answer = (guild_id: string) => question.partsIn('SOUNDBOARD_SOUNDS', { guild_id });
    expect([answer('1'), answer('1'), answer('3')]).toEqual([[{ guild_id: '1' }], null, null]);
    expect(question.isComplete).toBe(false);
    expect(question.partsIn('CHANNEL_INFO', { guild_id: '2' })).toBeNull();
    answer('2');
    expect(question.isComplete).toBe(true);
  });
});

describe('a question for channel info', () => {
  it('is complete with the answer of its guild', () => {
    const question = new ChannelInfoQuestion({ guild_id: '7', fields: ['status'] });
    expect(question.partsIn('CHANNEL_INFO', { guild_id: '8' })).toBeNull();
    expect(question.partsIn('SOUNDBOARD_SOUNDS', GUILD)).toBeNull();
    expect(question.isComplete).toBe(false);
    expect(question.partsIn('CHANNEL_INFO', GUILD)).toEqual([GUILD]);
    expect(question.isComplete).toBe(true);
    expect(question.isMeantBy({ opcode: 43, meta: GUILD })).toBe(true);
    expect(question.isMeantBy({ opcode: 43, meta: { guild_id: '8' } })).toBe(false);
  });
});
