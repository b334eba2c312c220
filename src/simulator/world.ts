/** What the simulated bot's world consists of: guilds, members, messages, all made from numbers. */
import type { RandomPort } from '../host/ports.js';

/** The id of the simulated bot. */
export const BOT_ID = '80351110224678912';

/** The simulated bot. */
export const BOT = {
  id: BOT_ID,
  username: 'simulated',
  discriminator: '0000',
  global_name: null,
  avatar: null,
  bot: true,
};

/** Divisible by every shard count up to 12, so that the n-th guild belongs to shard `n % count` there. */
const FIRST_GUILD = 27_720_000_000n;

/** The id of the n-th guild. */
const guildId = (n: number): string => `${((FIRST_GUILD + BigInt(n)) << 22n) | 1n}`;

/** How many guilds a shard has where nobody said. */
const GUILDS_PER_SHARD = 3;

/** The ids of a shard's guilds by `(guild_id >> 22) % num_shards`, out of `guilds` in all or three for every shard ("Sharding"). */
export function guildsOf([id, count]: readonly [id: number, count: number], guilds: number | null): readonly string[] {
  const offset = Number(FIRST_GUILD % BigInt(count));
  const first = (id - offset + count) % count;
  const held = guilds === null ? GUILDS_PER_SHARD : Math.max(0, Math.ceil((guilds - first) / count));
  return Array.from({ length: held }, (_, n) => guildId(first + n * count));
}

/** A member of a guild. */
function member(guild: string, n: number) {
  return {
    user: { id: memberId(guild, n), username: `member-${n}`, discriminator: '0000', global_name: null, avatar: null },
    nick: null,
    roles: [],
    joined_at: '2024-01-01T00:00:00.000000+00:00',
    deaf: false,
    mute: false,
    flags: 0,
  };
}

const memberId = (guild: string, n: number): string => `${BigInt(guild) + 16n + BigInt(n)}`;
const channelId = (guild: string): string => `${BigInt(guild) + 1n}`;

/** How many members a guild has. */
const MEMBERS = 5;

/** The members of a guild. */
export const membersOf = (guild: string) => Array.from({ length: MEMBERS }, (_, n) => member(guild, n));

/** The `d` of GUILD_CREATE. */
export function guildCreate(id: string) {
  return {
    id,
    name: `Guild ${BigInt(id) >> 22n}`,
    owner_id: memberId(id, 0),
    joined_at: '2024-01-01T00:00:00.000000+00:00',
    large: false,
    unavailable: false,
    member_count: MEMBERS + 1,
    members: [{ ...member(id, 0), user: BOT }],
    channels: [{ id: channelId(id), type: 0, name: 'general', position: 0, permission_overwrites: [] }],
    roles: [{ id, name: '@everyone', permissions: '104324673', position: 0, color: 0, hoist: false, managed: false }],
    threads: [],
    voice_states: [],
    presences: [],
    emojis: [],
    stickers: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

const WORDS = 'the quick brown fox jumps over the lazy dog while seven wizards box and quietly judge my vow'.split(' ');

/** The `d` of a MESSAGE_CREATE as the n-th of a session. */
export function messageCreate(guild: string, n: number, random: RandomPort, withContent: boolean) {
  const author = Math.floor(random() * MEMBERS);
  const { user, ...rest } = member(guild, author);
  const words = Array.from({ length: 4 + Math.floor(random() * 24) }, () => WORDS[Math.floor(random() * WORDS.length)]);
  return {
    id: `${BigInt(guild) + 4096n + BigInt(n)}`,
    type: 0,
    content: withContent ? words.join(' ') : '',
    channel_id: channelId(guild),
    guild_id: guild,
    author: user,
    member: rest,
    timestamp: '2026-01-01T00:00:00.000000+00:00',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    flags: 0,
    nonce: `${n}`,
  };
}
