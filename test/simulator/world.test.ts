import { describe, expect, it } from 'vitest';
import {
  application,
  BOT,
  BOT_ID,
  botMember,
  channelsOf,
  EXAMPLE_TOKEN,
  guildCreate,
  guildHolding,
  guildOf,
  guildsOf,
  membersOf,
  messageCreate,
  rolesOf,
} from '../../src/simulator/world.js';

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
  it('gives five members with different ids and names, and the bot', () => {
    const members = membersOf(GUILD);
    expect(members.map(({ user }) => user.username)).toEqual([
      'member-0',
      'member-1',
      'member-2',
      'member-3',
      'member-4',
      'simulated',
    ]);
    expect(new Set([...members.map(({ user }) => user.id), GUILD]).size).toBe(7);
    expect(members.at(-1)).toEqual(botMember(GUILD));
  });

  it('gives other members in another guild', () => {
    const ids = [GUILD, '116266106884194305'].flatMap((guild) => membersOf(guild).map(({ user }) => user.id));
    expect(new Set(ids).size).toBe(11);
  });
});

describe('guildCreate', () => {
  const guild = guildCreate(GUILD);

  it('has the bot as its only listed member, of six, and a member as owner', () => {
    expect([guild.members, guild.member_count]).toEqual([[botMember(GUILD)], 6]);
    expect(membersOf(GUILD).map(({ user }) => user.id)).toContain(guild.owner_id);
  });

  it('has a channel for text and one for voice, and the role that everyone has, with the id of the guild', () => {
    expect(guild.channels).toMatchObject([
      { id: '116266106880000002', type: 0, name: 'general' },
      { id: '116266106880000003', type: 2, name: 'Voice' },
    ]);
    expect(guild.roles).toMatchObject([
      { id: GUILD, name: '@everyone' },
      { id: botMember(GUILD).roles[0], tags: { bot_id: BOT_ID } },
    ]);
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

  it('has an id of its own, higher than those before, with the time of the message', () => {
    const ids = [0, 1, 2, 10_000].map((n) => BigInt(messageCreate(GUILD, n, () => 0, false).id));
    expect(ids.map((id) => id - (ids[0] ?? 0n))).toEqual([0n, 1n, 2n, 10_000n]);
    expect(new Date(Number((ids[0] ?? 0n) >> 22n) + 1_420_070_400_000).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });
});

describe('guildHolding', () => {
  it.each([GUILD, ...channelsOf(GUILD).map(({ id }) => id), ...rolesOf(GUILD).map(({ id }) => id)])(
    'knows the guild of its own id and of those of its parts: %s',
    (id) => {
      expect([guildHolding(id, null), guildHolding(id, 1)]).toEqual([GUILD, GUILD]);
    },
  );

  it('knows no guild that the bot is not in', () => {
    const [, second = ''] = guildsOf([0, 1], 2);
    expect([guildHolding(second, null), guildHolding(second, 2), guildHolding(second, 1)]).toEqual([
      second,
      second,
      null,
    ]);
    expect(['1', '', 'guild', '9'.repeat(30), BOT_ID].map((id) => guildHolding(id, null))).toEqual(
      new Array(5).fill(null),
    );
  });
});

describe('EXAMPLE_TOKEN', () => {
  it("has the form of Discord's: its first part is the id of the bot", () => {
    expect(EXAMPLE_TOKEN).toMatch(/^[\w-]{23,28}\.[\w-]{6}\.[\w-]{38}$/);
    expect(atob(EXAMPLE_TOKEN.split('.')[0] ?? '')).toBe(BOT_ID);
  });
});

/** Every field that Discord documents for what a client is sent, transcribed from its documentation. */
const DOCUMENTED = {
  user: 'id username discriminator global_name avatar bot system banner accent_color public_flags avatar_decoration_data collectibles primary_guild',
  oneself: 'mfa_enabled locale verified email flags premium_type',
  guild:
    'id name icon splash discovery_splash owner_id afk_channel_id afk_timeout widget_enabled widget_channel_id verification_level ' +
    'default_message_notifications explicit_content_filter roles emojis features mfa_level application_id system_channel_id ' +
    'system_channel_flags rules_channel_id max_presences max_members vanity_url_code description banner premium_tier ' +
    'premium_subscription_count preferred_locale public_updates_channel_id max_video_channel_users max_stage_video_channel_users ' +
    'nsfw_level stickers premium_progress_bar_enabled safety_alerts_channel_id incidents_data',
  created:
    'joined_at large unavailable member_count voice_states members channels threads presences stage_instances guild_scheduled_events soundboard_sounds',
  role: 'id name color colors hoist icon unicode_emoji position permissions managed mentionable flags',
  colors: 'primary_color secondary_color tertiary_color',
  member:
    'nick avatar banner roles joined_at premium_since deaf mute flags pending communication_disabled_until avatar_decoration_data collectibles',
  channel: 'id type position permission_overwrites name nsfw parent_id flags last_message_id rate_limit_per_user',
  text: 'topic last_pin_timestamp default_auto_archive_duration',
  voice: 'bitrate user_limit rtc_region video_quality_mode',
  message:
    'id channel_id author content timestamp edited_timestamp tts mention_everyone mentions mention_roles attachments embeds pinned type flags components guild_id member',
  application:
    'id name icon description rpc_origins bot_public bot_require_code_grant bot owner verify_key team approximate_guild_count ' +
    'approximate_user_install_count redirect_uris interactions_endpoint_url role_connections_verification_url event_webhooks_url ' +
    'event_webhooks_status event_webhooks_types install_params integration_types_config flags',
} as const;

describe('what a client is sent', () => {
  const guild = guildCreate(GUILD);
  const message = messageCreate(GUILD, 0, () => 0, true);
  const { user: author, ...membership } = botMember(GUILD);

  it.each<readonly [string, object, readonly (keyof typeof DOCUMENTED)[]]>([
    ['the bot', BOT, ['user', 'oneself']],
    ['GUILD_CREATE', guild, ['guild', 'created']],
    ['the guild of the API', guildOf(GUILD), ['guild']],
    ...guild.roles.map((role) => [`the role ${role.name}`, role, ['role']] as const),
    ...guild.roles.map(({ name, colors }) => [`the colours of ${name}`, colors, ['colors']] as const),
    ...guild.channels.map(
      (channel, n) => [`the channel ${channel.name}`, channel, ['channel', n === 0 ? 'text' : 'voice']] as const,
    ),
    ['a user', author, ['user']],
    ['a member', membership, ['member']],
    ...membersOf(GUILD).map(({ user }) => [`the user ${user.username}`, user, ['user']] as const),
    ['a message', message, ['message']],
    ['the author of a message', message.author, ['user']],
    ['the member who wrote it', message.member, ['member']],
    ['the application', application(3), ['application']],
  ])('has every documented field: %s', (_, object, kinds) => {
    const fields = kinds.flatMap((kind) => DOCUMENTED[kind].split(' '));
    expect(fields.filter((field) => !(field in object))).toEqual([]);
    expect(Object.values(object).filter((value) => value === undefined)).toEqual([]);
  });

  it('tells nobody else what only the bot itself is told', () => {
    expect(DOCUMENTED.oneself.split(' ').filter((field) => field in author)).toEqual([]);
  });
});
