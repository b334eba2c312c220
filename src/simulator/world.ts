/** What the simulated bot's world consists of: its application, guilds, members and messages, all made from numbers. */
import type * as API from 'discord-api-types/v10';
import type { RandomPort } from '../ports/index.js';

/** The values of a type of discord-api-types as JSON has them: numbers and texts, no enums. */
export type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? number
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T extends object
        ? { readonly [K in keyof T]: Plain<T[K]> }
        : T;

/** Every documented field, optional ones included, but for those that are named. */
export type Whole<T, Without extends keyof T = never> = Plain<Required<Omit<T, Without>>>;

/** The id of the simulated bot and of its application. */
export const BOT_ID = '80351110224678912';

/** A token of the form that Discord's have: the bot's id in Base64, a time, and a signature, which here says what it is. */
export const EXAMPLE_TOKEN = `${btoa(BOT_ID).replaceAll('=', '')}.GaTeCh.${'any-token-will-do'.padEnd(38, '-')}`;

/** Of a user, whatever its part. */
const user = (id: string, username: string, bot: boolean) =>
  ({
    id,
    username,
    discriminator: '0000',
    global_name: null,
    avatar: null,
    bot,
    system: false,
    banner: null,
    accent_color: null,
    public_flags: 0,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
  }) as const satisfies Whole<API.APIUser, OfOneself | 'avatar_decoration'>;

/** What only the user itself gets to see. */
type OfOneself = 'mfa_enabled' | 'locale' | 'verified' | 'email' | 'flags' | 'premium_type';

/** The simulated bot, as it sees itself. */
export const BOT = {
  ...user(BOT_ID, 'simulated', true),
  mfa_enabled: true,
  locale: 'en-US',
  verified: true,
  email: null,
  flags: 0,
  premium_type: 0,
} as const satisfies Whole<API.APIUser, 'avatar_decoration'>;

/** The bot, as others see it. */
const BOT_USER = user(BOT_ID, 'simulated', true);

/** The application of READY. */
export const PARTIAL_APPLICATION = { id: BOT_ID, flags: 0, flags_new: '0' } as const satisfies Plain<
  API.GatewayReadyDispatchData['application']
>;

/** The application of the simulated bot, which is in so many guilds. */
export const application = (guilds: number) =>
  ({
    ...PARTIAL_APPLICATION,
    name: 'simulated',
    icon: null,
    description: '',
    rpc_origins: [],
    bot_public: true,
    bot_require_code_grant: false,
    bot: BOT_USER,
    owner: user(`${BigInt(BOT_ID) + 1n}`, 'owner', false),
    summary: '',
    verify_key: '0'.repeat(64),
    team: null,
    approximate_guild_count: guilds,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    install_params: { scopes: ['bot'], permissions: '0' },
    integration_types_config: {},
    event_webhooks_url: null,
    event_webhooks_status: 1,
    event_webhooks_types: [],
  }) as const satisfies Whole<
    API.APIApplication,
    // Of applications that are sold, are games, or belong to a guild.
    | 'terms_of_service_url'
    | 'privacy_policy_url'
    | 'guild_id'
    | 'guild'
    | 'primary_sku_id'
    | 'slug'
    | 'cover_image'
    | 'tags'
    | 'custom_install_url'
  >;

/** Divisible by every shard count up to 12, so that the n-th guild belongs to shard `n % count` there. */
const FIRST_GUILD = 27_720_000_000n;

/** The id of the n-th guild. */
const guildId = (n: number | bigint): string => `${((FIRST_GUILD + BigInt(n)) << 22n) | 1n}`;

/** How many guilds a shard has by default. */
const GUILDS_PER_SHARD = 3;

/** The ids of a shard's guilds by `(guild_id >> 22) % num_shards`, out of `guilds` in all or three for every shard ("Sharding"). */
export function guildsOf([id, count]: readonly [id: number, count: number], guilds: number | null): readonly string[] {
  const offset = Number(FIRST_GUILD % BigInt(count));
  const first = (id - offset + count) % count;
  const held = guilds === null ? GUILDS_PER_SHARD : Math.max(0, Math.ceil((guilds - first) / count));
  return Array.from({ length: held }, (_, n) => guildId(first + n * count));
}

/** The guild that an id of the simulated world belongs to, its own included; null if there is none, out of `guilds` in all. */
export function guildHolding(id: string, guilds: number | null): string | null {
  if (!/^\d{1,20}$/.test(id)) return null;
  const n = (BigInt(id) >> 22n) - FIRST_GUILD;
  return n < 0n || (guilds !== null && n >= BigInt(guilds)) ? null : guildId(n);
}

const JOINED = '2024-01-01T00:00:00.000000+00:00';

/** A member of a guild, without its user. */
const membership = (roles: readonly string[] = []) =>
  ({
    nick: null,
    avatar: null,
    banner: null,
    roles,
    joined_at: JOINED,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
    avatar_decoration_data: null,
    collectibles: null,
  }) as const satisfies Whole<API.APIGuildMember, 'user'>;

const memberId = (guild: string, n: number): string => `${BigInt(guild) + 16n + BigInt(n)}`;
const member = (guild: string, n: number) => ({
  ...membership(),
  user: user(memberId(guild, n), `member-${n}`, false),
});

/** The bot as a member of a guild. */
export const botMember = (guild: string) => ({ ...membership([botRoleId(guild)]), user: BOT_USER });

/** How many members a guild has beside the bot. */
const MEMBERS = 5;

/** The members of a guild; the bot is the last. */
export const membersOf = (guild: string) => [
  ...Array.from({ length: MEMBERS }, (_, n) => member(guild, n)),
  botMember(guild),
];

const textChannelId = (guild: string): string => `${BigInt(guild) + 1n}`;
const voiceChannelId = (guild: string): string => `${BigInt(guild) + 2n}`;
const botRoleId = (guild: string): string => `${BigInt(guild) + 3n}`;

/** The channels of a guild: one for text and one for voice. */
export const channelsOf = (guild: string) =>
  [
    {
      id: textChannelId(guild),
      type: 0,
      guild_id: guild,
      name: 'general',
      position: 0,
      topic: null,
      nsfw: false,
      flags: 0,
      parent_id: null,
      permission_overwrites: [],
      rate_limit_per_user: 0,
      last_message_id: null,
      last_pin_timestamp: null,
      default_auto_archive_duration: 1440,
      default_thread_rate_limit_per_user: 0,
    } satisfies Whole<API.APITextChannel>,
    {
      id: voiceChannelId(guild),
      type: 2,
      guild_id: guild,
      name: 'Voice',
      position: 1,
      nsfw: false,
      flags: 0,
      parent_id: null,
      permission_overwrites: [],
      rate_limit_per_user: 0,
      last_message_id: null,
      bitrate: 64_000,
      user_limit: 0,
      rtc_region: null,
      video_quality_mode: 1,
    } satisfies Whole<API.APIGuildVoiceChannel>,
  ] as const;

/** Permissions that everyone has by default, and those of an administrator. */
const [EVERYONE, ADMINISTRATOR] = ['2248473465835073', '8'];

const role = (id: string, name: string, position: number, permissions: string) =>
  ({
    id,
    name,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position,
    permissions,
    managed: position > 0,
    mentionable: false,
    flags: 0,
  }) as const satisfies Whole<API.APIRole, 'tags'>;

/** The roles of a guild: the one of everyone, with the guild's id, and the bot's. */
export const rolesOf = (guild: string) => [
  role(guild, '@everyone', 0, EVERYONE ?? ''),
  { ...role(botRoleId(guild), 'simulated', 1, ADMINISTRATOR ?? ''), tags: { bot_id: BOT_ID } },
];

/** A guild, as the API gives it. */
export const guildOf = (id: string) =>
  ({
    id,
    name: `Guild ${BigInt(id) >> 22n}`,
    icon: null,
    icon_hash: null,
    splash: null,
    discovery_splash: null,
    owner_id: memberId(id, 0),
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    roles: rolesOf(id),
    emojis: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    max_presences: null,
    max_members: 500_000,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    public_updates_channel_id: null,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    nsfw_level: 0,
    stickers: [],
    premium_progress_bar_enabled: false,
    hub_type: null,
    safety_alerts_channel_id: null,
    incidents_data: null,
  }) as const satisfies Whole<API.APIGuild, OfOtherRequests>;

/** What only lists of guilds, invites and requests with counts have. */
type OfOtherRequests =
  | 'owner'
  | 'permissions'
  | 'welcome_screen'
  | 'approximate_member_count'
  | 'approximate_presence_count';

/** The `d` of GUILD_CREATE. */
export const guildCreate = (id: string) =>
  ({
    ...guildOf(id),
    joined_at: JOINED,
    large: false,
    unavailable: false,
    member_count: MEMBERS + 1,
    members: [botMember(id)],
    channels: channelsOf(id).map(({ guild_id, ...channel }) => channel),
    threads: [],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }) as const satisfies Whole<API.GatewayGuildCreateDispatchData, OfOtherRequests | 'channels'> & {
    readonly channels: readonly object[];
  };

const WORDS = 'the quick brown fox jumps over the lazy dog while seven wizards box and quietly judge my vow'.split(' ');

/** The first id of a message: a snowflake of 2026-01-01. */
const FIRST_MESSAGE = BigInt(Date.UTC(2026, 0, 1) - 1_420_070_400_000) << 22n;

/** The `d` of the n-th MESSAGE_CREATE of the simulated world. */
export function messageCreate(guild: string, n: number, random: RandomPort, withContent: boolean) {
  const author = Math.floor(random() * MEMBERS);
  const words = Array.from({ length: 4 + Math.floor(random() * 24) }, () => WORDS[Math.floor(random() * WORDS.length)]);
  return {
    id: `${FIRST_MESSAGE + BigInt(n)}`,
    type: 0,
    content: withContent ? words.join(' ') : '',
    channel_id: textChannelId(guild),
    channel_type: 0,
    guild_id: guild,
    author: user(memberId(guild, author), `member-${author}`, false),
    member: membership(),
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
  } as const satisfies Plain<API.GatewayMessageCreateDispatchData>;
}
