/**
 * Dispatches as Discord sends them: the fields of its documentation, its key order (t, s, op, d), valid snowflakes, and
 * text of which a part is not Latin. Made from a seed, so that every run and every client gets the same bytes.
 */

/** A generator of numbers in [0, 1): the same for the same seed. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const DISCORD_EPOCH = 1_420_070_400_000n;
const SOME_TIME = 1_760_000_000_000n;

const LATIN =
  'the a server bot please can you check why this channel is quiet today thanks for help with deploy tonight maybe tomorrow we should play again 12 100% :)'.split(
    ' ',
  );
const ACCENTED = ['café', 'über', 'señor', 'naïve', 'příště', 'año', 'für'];
const OTHER = [
  'привет',
  'спасибо',
  'канал',
  'こんにちは',
  'ありがとう',
  '안녕하세요',
  '🎉',
  '👍🏽',
  '❤️‍🔥',
  'שלום',
  '你好',
  '“okay”',
];
const NAMES = ['mira', 'Jonas', 'k3lvin', 'Luna', 'Björn', 'あおい', 'Nikita', 'max power', 'Ольга', 'Sam', 'T O M'];

/** Everything that payloads are made of, from one seed. */
function makers(seed) {
  const random = seeded(seed);
  const below = (n) => Math.floor(random() * n);
  const pick = (list) => list[below(list.length)];
  const chance = (p) => random() < p;
  let increment = 0;
  const snowflake = (ago = below(2 ** 31) * 60) => {
    increment = (increment + 1) & 0xfff;
    return String(((SOME_TIME - BigInt(ago) - DISCORD_EPOCH) << 22n) | (BigInt(below(32)) << 12n) | BigInt(increment));
  };
  const timestamp = () => new Date(Number(SOME_TIME) - below(2 ** 31) * 40).toISOString().replace('Z', '000+00:00');
  const hash = () => Array.from({ length: 32 }, () => below(16).toString(16)).join('');

  const guilds = Array.from({ length: 40 }, () => snowflake());
  const channels = Array.from({ length: 400 }, () => snowflake());

  /** Text of so many bytes in UTF-8. One in seven has accents, and one in seven words that are not Latin. */
  const text = (bytes) => {
    const words = pick([[...LATIN, ...ACCENTED], [...LATIN, ...OTHER], LATIN, LATIN, LATIN, LATIN, LATIN]);
    let result = '';
    let size = 0;
    while (size < bytes) {
      const word = `${pick(words)} `;
      result += word;
      size += Buffer.byteLength(word);
    }
    return result.trimEnd();
  };
  const user = () => ({
    username: pick(['mira', 'jonas.b', 'k3lvin', 'luna_', 'bjorn', 'max_power']),
    public_flags: 0,
    primary_guild: null,
    id: snowflake(),
    global_name: pick(NAMES),
    display_name_styles: null,
    discriminator: '0',
    collectibles: null,
    clan: null,
    avatar_decoration_data: null,
    avatar: hash(),
  });
  const member = () => ({
    roles: Array.from({ length: below(5) }, () => snowflake()),
    premium_since: null,
    pending: false,
    nick: chance(0.3) ? pick(NAMES) : null,
    mute: false,
    joined_at: timestamp(),
    flags: 0,
    deaf: false,
    communication_disabled_until: null,
    banner: null,
    avatar: null,
  });
  const memberOf = () => ({ user: user(), ...member() });
  const message = () => ({
    type: 0,
    tts: false,
    timestamp: timestamp(),
    pinned: false,
    nonce: snowflake(),
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    member: member(),
    id: snowflake(),
    flags: 0,
    embeds: [],
    edited_timestamp: null,
    content: '',
    components: [],
    channel_type: 0,
    channel_id: pick(channels),
    author: user(),
    attachments: [],
    guild_id: pick(guilds),
  });
  const channel = (position) => ({
    version: Number(SOME_TIME),
    type: 0,
    topic: chance(0.4) ? text(40) : null,
    rate_limit_per_user: 0,
    position,
    permission_overwrites: Array.from({ length: below(4) }, () => ({
      type: 0,
      id: snowflake(),
      deny: '1024',
      allow: '0',
    })),
    parent_id: snowflake(),
    nsfw: false,
    name: pick(['general', '📢-news', 'off-topic', 'hilfe', 'música', '雑談', 'support']),
    last_message_id: snowflake(),
    id: snowflake(),
    flags: 0,
  });
  const role = (position) => ({
    version: Number(SOME_TIME),
    unicode_emoji: null,
    tags: {},
    position,
    permissions: '559623605571137',
    name: pick(['Moderator', 'Členové', '🎨 Artists', 'Bots', 'Level 10']),
    mentionable: false,
    managed: false,
    id: snowflake(),
    icon: null,
    hoist: false,
    flags: 0,
    colors: { tertiary_color: null, secondary_color: null, primary_color: 3447003 },
    color: 3447003,
  });

  const EVENTS = {
    MESSAGE_CREATE: () => message(),
    MESSAGE_UPDATE: () => ({ ...message(), edited_timestamp: timestamp() }),
    MESSAGE_REACTION_ADD: () => ({
      user_id: snowflake(),
      type: 0,
      message_id: snowflake(),
      message_author_id: snowflake(),
      emoji: { name: pick(OTHER), id: null },
      channel_id: pick(channels),
      burst: false,
      guild_id: pick(guilds),
    }),
    TYPING_START: () => ({
      user_id: snowflake(),
      timestamp: 1_760_000_000 + below(1000),
      member: {
        user: { username: 'luna_', id: snowflake(), global_name: null, discriminator: '0', avatar: null },
        roles: [],
        joined_at: timestamp(),
      },
      channel_id: pick(channels),
      guild_id: pick(guilds),
    }),
    PRESENCE_UPDATE: () => ({
      user: { id: snowflake() },
      status: pick(['online', 'idle', 'dnd', 'offline']),
      guild_id: pick(guilds),
      client_status: { desktop: 'online' },
      broadcast: null,
      activities: [{ type: 0, name: text(30), id: hash().slice(0, 15), created_at: Number(SOME_TIME) }],
    }),
    VOICE_STATE_UPDATE: () => ({
      user_id: snowflake(),
      suppress: false,
      session_id: hash(),
      self_video: false,
      self_mute: chance(0.5),
      self_deaf: false,
      request_to_speak_timestamp: null,
      mute: false,
      guild_id: pick(guilds),
      deaf: false,
      channel_id: pick(channels),
    }),
    GUILD_MEMBER_UPDATE: () => ({
      ...memberOf(),
      roles: Array.from({ length: 20 + below(8) }, () => snowflake()),
      guild_id: pick(guilds),
    }),
    GUILD_CREATE: () => ({
      id: pick(guilds),
      name: text(20),
      icon: hash(),
      owner_id: snowflake(),
      region: 'deprecated',
      joined_at: timestamp(),
      large: true,
      unavailable: false,
      member_count: 100 + below(100_000),
      features: ['COMMUNITY', 'NEWS', 'INVITE_SPLASH'],
      roles: [],
      emojis: [],
      voice_states: [],
      members: [],
      channels: [],
      threads: [],
      presences: [],
      stage_instances: [],
      guild_scheduled_events: [],
    }),
    GUILD_MEMBERS_CHUNK: () => ({ guild_id: pick(guilds), chunk_index: 0, chunk_count: 1, not_found: [], members: [] }),
  };

  /** How a payload is brought up to a size in bytes, where it is too small. */
  const fill = (data, missing) => {
    const grow = (list, make, bytes) => {
      for (let size = 0; size < bytes; ) {
        const item = make(list.length);
        list.push(item);
        size += Buffer.byteLength(JSON.stringify(item)) + 1;
      }
    };
    if ('channels' in data) {
      grow(data.channels, channel, missing * 0.4);
      grow(data.roles, role, missing * 0.3);
      grow(data.members, memberOf, missing * 0.3);
    } else if ('members' in data) grow(data.members, memberOf, missing);
    else if ('content' in data) data.content = text(missing);
    return data;
  };

  return { random, below, EVENTS, fill };
}

/** Messages of 1.2 KB, as from a busy text channel. */
const MESSAGES = [{ share: 1, name: 'MESSAGE_CREATE', bytes: [1150, 1250] }];

/** What a bot with most intents hears: 30 % small ones, 60 % of some 1 KB, 10 % large ones. */
const MIX = [
  { share: 0.05, name: 'MESSAGE_REACTION_ADD', bytes: [200, 400] },
  { share: 0.1, name: 'TYPING_START', bytes: [200, 400] },
  { share: 0.1, name: 'PRESENCE_UPDATE', bytes: [200, 400] },
  { share: 0.05, name: 'VOICE_STATE_UPDATE', bytes: [200, 400] },
  { share: 0.25, name: 'MESSAGE_CREATE', bytes: [900, 1100] },
  { share: 0.2, name: 'MESSAGE_UPDATE', bytes: [900, 1100] },
  { share: 0.15, name: 'GUILD_MEMBER_UPDATE', bytes: [900, 1100] },
  { share: 0.06, name: 'GUILD_CREATE', bytes: [10_000, 50_000] },
  { share: 0.04, name: 'GUILD_MEMBERS_CHUNK', bytes: [10_000, 50_000] },
];

/** What the messages of a load are made of, by the name of the blend. */
export const BLENDS = { messages: MESSAGES, mix: MIX };

/** Two events of the mix, 30 % of its messages, none of them large. */
export const WANTED = ['MESSAGE_CREATE', 'MESSAGE_REACTION_ADD'];

/**
 * So many dispatches of a blend, numbered from `from` on, as JSON. Each holds its `s` and, as the last one, is a
 * MESSAGE_CREATE: those who filter see the end of a flood as well as those who do not.
 */
export function dispatches(blend, count, { from, seed }) {
  const { random, below, EVENTS, fill } = makers(seed);
  const kinds = BLENDS[blend];
  const draw = () => {
    let left = random();
    for (const kind of kinds) {
      left -= kind.share;
      if (left < 0) return kind;
    }
    return kinds[0]; // of what rounding leaves
  };
  return Array.from({ length: count }, (_, i) => {
    const { name, bytes } = i === count - 1 ? kinds.find((kind) => kind.name === 'MESSAGE_CREATE') : draw();
    const data = EVENTS[name]();
    const size = bytes[0] + below(bytes[1] - bytes[0]);
    const json = (d) => JSON.stringify({ t: name, s: from + i, op: 0, d });
    const missing = size - Buffer.byteLength(json(data));
    return { name, text: json(missing > 0 ? fill(data, missing) : data) };
  });
}
