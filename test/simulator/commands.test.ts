import { describe, expect, it } from 'vitest';
import { answersTo, type MemberRequests } from '../../src/simulator/commands.js';
import { BOT_ID, botMember, membersOf } from '../../src/simulator/world.js';
import { inMemory } from './in-memory.js';

const GUILD = '41771983423143937';
/** The ids of its five members: 16 and more above the guild's. */
const IDS = ['41771983423143953', '41771983423143954', '41771983423143955', '41771983423143956', '41771983423143957'];
const ALL = [...IDS, BOT_ID];

const ask = (data: object, now = 0, requests: MemberRequests = new Map()) =>
  answersTo(8, { guild_id: GUILD, ...data }, now, requests);

/** The names of the answers, and what a chunk of members says, its members by id. */
function inShort(answers: ReturnType<typeof answersTo>): unknown[] {
  return answers.map(({ name, data }) => {
    const { members, ...rest } = data as { members?: { user: { id: string } }[] };
    return members === undefined ? [name, rest] : [name, { ...rest, members: members.map(({ user }) => user.id) }];
  });
}

const chunk = (members: readonly string[], rest: object = {}) => [
  ['GUILD_MEMBERS_CHUNK', { guild_id: GUILD, members, chunk_index: 0, chunk_count: 1, ...rest }],
];

describe('Request Guild Members', () => {
  it.each([
    ['the whole list for an empty query', { query: '', limit: 0 }, ALL, {}],
    ['as many as the limit says', { query: '', limit: 2 }, IDS.slice(0, 2), {}],
    ['as many of those with a name', { query: 'member-', limit: 3 }, IDS.slice(0, 3), {}],
    ['presences where they are asked for', { user_ids: IDS[0], presences: true }, [IDS[0]], { presences: [] }],
    ['the members whose name begins with the query', { query: 'member-3', limit: 5 }, [IDS[3]], {}],
    ['members by name in any case', { query: 'MEMBER-', limit: 100 }, IDS, {}],
    ['no member where no name begins with the query', { query: 'ember-3', limit: 5 }, [], {}],
    ['one member by id', { user_ids: IDS[4] }, [IDS[4]], {}],
    ['members by id, and the ids not found', { user_ids: ['1', IDS[2], '2'] }, [IDS[2]], { not_found: ['1', '2'] }],
    ['only ids', { user_ids: [null, 'x', -1, 1.5, IDS[0]] }, [IDS[0]], {}],
    ['by ids that are numbers', { user_ids: [7] }, [], { not_found: ['7'] }],
    ['by query where there are ids too', { query: 'member-1', limit: 1, user_ids: ['1'] }, [IDS[1]], {}],
  ] as const)('gives %s', (_, data, members, rest) => {
    expect(inShort(ask(data))).toEqual(chunk(members as readonly string[], rest));
  });

  it('gives members as user objects with what a guild knows of them', () => {
    const data = ask({ user_ids: IDS[1] }).map((answer) => answer.data);
    expect((data as { members: unknown }[])[0]?.members).toEqual([membersOf(GUILD)[1]]);
  });

  it.each([undefined, -417, 1.5, '', 'guild', '-1', '1'.repeat(21)])('ignores the guild %o', (guild_id) => {
    expect(ask({ guild_id, query: '', limit: 0 })).toEqual([]);
  });

  it.each([
    ['32 bytes', 'n'.repeat(32), true],
    ['33 bytes', 'n'.repeat(33), false],
    ['16 characters of two bytes', 'é'.repeat(16), true],
    ['17 characters of two bytes', 'é'.repeat(17), false],
    ['no text', 1, false],
  ])('echoes a nonce of at most 32 bytes: %s', (_, nonce, isEchoed) => {
    expect(inShort(ask({ user_ids: [], nonce }))).toEqual(chunk([], isEchoed ? { nonce } : {}));
  });
});

describe('a guild whose id is written as a number', () => {
  it('is the guild that is meant, to the last digit', () => {
    const { open, pass, gateway } = inMemory({ guilds: 1 });
    const client = open();
    client.identify();
    pass();
    client.socket.send('{"op":8,"d":{"guild_id":116266106880000001,"query":"","limit":1}}');
    pass();
    expect(client.payloads.at(-1)).toMatchObject({ t: 'GUILD_MEMBERS_CHUNK', d: { guild_id: '116266106880000001' } });
    expect(gateway.log.entries.at(-2)?.payload).toMatchObject({ d: { guild_id: '116266106880000001' } });
  });
});

describe('requests for a whole member list', () => {
  const whole = { query: '', limit: 0, nonce: 'n1' };
  const limited = (retry_after: number) => [
    ['RATE_LIMITED', { opcode: 8, retry_after, meta: { guild_id: GUILD, nonce: 'n1' } }],
  ];

  it('are answered once per 30 s and guild', () => {
    const requests: MemberRequests = new Map();
    const at = (now: number, data: object = whole) => inShort(ask(data, now, requests));
    expect(at(1_000)).toEqual(chunk(ALL, { nonce: 'n1' }));
    expect(at(1_000)).toEqual(limited(30));
    expect(at(30_999)).toEqual(limited(0.001));
    expect(at(31_000)).toEqual(chunk(ALL, { nonce: 'n1' }));
    expect(at(31_001)).toEqual(limited(29.999));
  });

  it('are limited for each guild by itself', () => {
    const requests: MemberRequests = new Map();
    ask(whole, 0, requests);
    expect(ask({ ...whole, guild_id: '1' }, 1, requests)[0]?.name).toBe('GUILD_MEMBERS_CHUNK');
  });

  it('are the only ones that are limited', () => {
    const requests: MemberRequests = new Map();
    ask(whole, 0, requests);
    for (const data of [{ query: '', limit: 5 }, { query: 'member', limit: 0 }, { user_ids: IDS }]) {
      expect(inShort(ask(data, 1, requests))).toEqual(chunk(IDS));
    }
  });

  it('are limited by time that passes on the clock of the Gateway', () => {
    const { live, pass } = inMemory();
    const client = live();
    const request = { guild_id: '41771983423143937', query: '', limit: 0, nonce: 'n1' };
    client.send(8, request);
    pass(1_600);
    client.send(8, request);
    pass();
    expect(client.news()).toEqual(['GUILD_MEMBERS_CHUNK 2', 'RATE_LIMITED 3']);
    expect(client.payloads.at(-1)?.d).toEqual({
      opcode: 8,
      retry_after: 28.4,
      meta: { guild_id: '41771983423143937', nonce: 'n1' },
    });
    pass(30_000);
    client.send(8, request);
    pass();
    expect(client.news()).toEqual(['GUILD_MEMBERS_CHUNK 4']);
  });
});

describe('other commands', () => {
  const answers = (opcode: number, data: Record<string, unknown>) => answersTo(opcode, data, 0, new Map());

  it('Request Soundboard Sounds is answered for each guild', () => {
    expect(answers(31, { guild_ids: ['1', 3, 'x'] })).toEqual([
      { name: 'SOUNDBOARD_SOUNDS', data: { guild_id: '1', soundboard_sounds: [] } },
      { name: 'SOUNDBOARD_SOUNDS', data: { guild_id: '3', soundboard_sounds: [] } },
    ]);
    expect(answers(31, { guild_ids: [] })).toEqual([]);
    expect(answers(31, { guild_ids: '1' })).toEqual([]);
  });

  it('Request Channel Info is answered without channels', () => {
    expect(answers(43, { guild_id: '1', fields: ['status'] })).toEqual([
      { name: 'CHANNEL_INFO', data: { guild_id: '1', channels: [] } },
    ]);
  });

  const voiceState = {
    guild_id: '1',
    user_id: '80351110224678912',
    member: botMember('1'),
    session_id: 'voice',
    self_mute: true,
    self_deaf: false,
    self_stream: false,
    self_video: false,
    mute: false,
    deaf: false,
    suppress: false,
    request_to_speak_timestamp: null,
  };

  it('Update Voice State is answered with the state and, in a channel, with a server', () => {
    expect(answers(4, { guild_id: '1', channel_id: '2', self_mute: true, self_deaf: false })).toEqual([
      { name: 'VOICE_STATE_UPDATE', data: { ...voiceState, channel_id: '2' } },
      { name: 'VOICE_SERVER_UPDATE', data: { guild_id: '1', token: 'voice', endpoint: null } },
    ]);
    expect(answers(4, { guild_id: '1', channel_id: null, self_mute: true, self_deaf: false })).toEqual([
      { name: 'VOICE_STATE_UPDATE', data: { ...voiceState, channel_id: null } },
    ]);
  });

  it.each([8, 43, 4])('of a guild are not answered without one: %d', (opcode) => {
    for (const guild_id of [undefined, null, -1, 'guild']) {
      expect(answers(opcode, { guild_id, channel_id: '2', query: '', limit: 0 })).toEqual([]);
    }
    expect(answers(31, { guild_ids: ['guild', ''] })).toEqual([]);
  });

  it.each([
    ['Update Presence', 3],
    ['an opcode that does not exist', 99],
  ])('%s is not answered', (_, opcode) => {
    expect(answers(opcode, { guild_id: '1' })).toEqual([]);
  });
});
