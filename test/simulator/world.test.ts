import { describe, expect, it } from 'vitest';
import { BOT, BOT_ID, guildCreate, guildsOf, membersOf, messageCreate } from '../../src/simulator/world.js';

/** The shard that a guild belongs to ("Sharding"). */
const shardOf = (guild: string, count: number) => Number((BigInt(guild) >> 22n) % BigInt(count));

describe('guildsOf', () => {
  it.each([1, 2, 3, 7, 12, 13, 64, 1_000])('gives guilds that belong to their shard, of %d shards', (count) => {
    for (const id of new Set([0, 1, count - 1].filter((n) => n < count))) {
      const shards = guildsOf([id, count], 5 * count).map((guild) => shardOf(guild, count));
      expect(shards).toEqual([id, id, id, id, id]);
    }
  });

  it.each([
    [1, 10],
    [3, 10],
    [13, 100],
    [16, 5],
  ])('spreads the guilds over %d shards: each of %d belongs to one of them', (count, guilds) => {
    const shards = Array.from({ length: count }, (_, id) => guildsOf([id, count], guilds));
    expect(new Set(shards.flat()).size).toBe(guilds);
    expect(shards.flat().length).toBe(guilds);
    const sizes = shards.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('gives every shard three where their number is not known', () => {
    expect([guildsOf([0, 1], null), guildsOf([99, 100], null)].map(({ length }) => length)).toEqual([3, 3]);
  });

  it('gives none where there are none', () => {
    expect([guildsOf([0, 1], 0), guildsOf([1, 2], 1)]).toEqual([[], []]);
  });

  it('gives the same guilds each time, with ids that are snowflakes', () => {
    const guilds = guildsOf([0, 1], 3);
    expect(guilds).toEqual(['116266106880000001', '116266106884194305', '116266106888388609']);
    expect(guildsOf([0, 1], null)).toEqual(guilds);
  });
});

const GUILD = '116266106880000001';

describe('membersOf', () => {
  it('gives five members with different ids and names', () => {
    const members = membersOf(GUILD);
    expect(members.map(({ user }) => user.username)).toEqual([
      'member-0',
      'member-1',
      'member-2',
      'member-3',
      'member-4',
    ]);
    expect(new Set([...members.map(({ user }) => user.id), GUILD, BOT_ID]).size).toBe(7);
  });

  it('gives other members in another guild', () => {
    const ids = [GUILD, '116266106884194305'].flatMap((guild) => membersOf(guild).map(({ user }) => user.id));
    expect(new Set(ids).size).toBe(10);
  });
});

describe('guildCreate', () => {
  const guild = guildCreate(GUILD);

  it('has the bot as its only listed member, of six, and a member as owner', () => {
    expect([guild.members.map(({ user }) => user), guild.member_count]).toEqual([[BOT], 6]);
    expect(membersOf(GUILD).map(({ user }) => user.id)).toContain(guild.owner_id);
  });

  it('has a text channel, and the role that everyone has, with the id of the guild', () => {
    expect(guild.channels).toMatchObject([{ id: '116266106880000002', type: 0, name: 'general' }]);
    expect(guild.roles).toMatchObject([{ id: GUILD, name: '@everyone' }]);
  });

  it('has every list that Discord documents beside those of a guild', () => {
    const lists = [
      'voice_states',
      'threads',
      'presences',
      'stage_instances',
      'guild_scheduled_events',
      'soundboard_sounds',
    ] as const;
    expect(lists.map((name) => guild[name])).toEqual([[], [], [], [], [], []]);
    expect(guild).toMatchObject({ id: GUILD, large: false, unavailable: false });
    expect(Date.parse(guild.joined_at)).toBeGreaterThan(0);
  });
});

describe('messageCreate', () => {
  it('is written by a member in the channel of the guild', () => {
    const message = messageCreate(GUILD, 0, () => 0.5, true);
    const [member] = membersOf(GUILD).slice(2);
    expect(message).toMatchObject({
      guild_id: GUILD,
      channel_id: guildCreate(GUILD).channels[0]?.id,
      author: member?.user,
      member: { nick: null, roles: [], joined_at: member?.joined_at },
      nonce: '0',
    });
    expect(message.member).not.toHaveProperty('user');
  });

  it.each([
    ['shortest', 0, 4],
    ['longest', 0.999_999, 27],
  ])('has from 4 to 27 words: %s', (_, chance, words) => {
    expect(messageCreate(GUILD, 0, () => chance, true).content.split(' ')).toHaveLength(words);
  });

  it('has no content without the intent for it, and takes the same chances', () => {
    const taken = (withContent: boolean) => {
      let count = 0;
      const { content, author } = messageCreate(GUILD, 0, () => (count++ % 10) / 10, withContent);
      return { content, author, count };
    };
    expect(taken(false)).toEqual({ ...taken(true), content: '' });
  });

  it('has an id of its own, higher than those before', () => {
    const ids = [0, 1, 2, 10_000].map((n) => BigInt(messageCreate(GUILD, n, () => 0, false).id) - BigInt(GUILD));
    expect(ids).toEqual([4096n, 4097n, 4098n, 14_096n]);
  });
});
