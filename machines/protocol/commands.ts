import type * as API from 'discord-api-types/v10';
import { LIMITS } from './limits.js';
import { Opcode } from './opcodes.js';

/** The `d` of Update Presence; unlike in discord-api-types the status may be written as a plain string. */
export interface PresenceData extends Omit<API.GatewayPresenceUpdateData, 'status'> {
  status: `${API.PresenceUpdateStatus}`;
}

/** The `d` of Identify, with the token; its presence may be written with plain strings. */
export interface IdentifyData extends Omit<API.GatewayIdentifyData, 'presence'> {
  presence?: PresenceData;
}

/** The payload `d` of each opcode a client sends, in the order of "Send Events". */
// biome-ignore format: aligned table
export interface Commands {
  [Opcode.Identify]:                IdentifyData;
  [Opcode.Resume]:                  API.GatewayResumeData;
  [Opcode.Heartbeat]:               API.GatewayHeartbeatData;
  [Opcode.RequestGuildMembers]:     API.GatewayRequestGuildMembersData;
  [Opcode.RequestSoundboardSounds]: API.GatewayRequestSoundboardSoundsData;
  [Opcode.RequestChannelInfo]:      API.GatewayRequestChannelInfoData;
  [Opcode.VoiceStateUpdate]:        API.GatewayVoiceStateUpdateData;
  [Opcode.PresenceUpdate]:          PresenceData;
}

/** An opcode a client sends. */
export type CommandOpcode = keyof Commands;

/** What the documentation says of a field of a command. Bounds are inclusive. */
export interface Field {
  /** Several types are alternatives; an id is a `snowflake`, a decimal string. */
  readonly type: readonly FieldType[];
  /** A name instead of `true` stands for the field next to which, or instead of which, this one is required. */
  readonly required: boolean | { readonly with: string } | { readonly unless: string };
  /** Taken when the field is absent. */
  readonly default?: number | boolean;
  /** Of an integer. */
  readonly least?: number;
  /** Of an integer. */
  readonly most?: number;
  /** UTF-8 bytes of a string, at most. */
  readonly bytes?: number;
  /** Entries of a list at most, of a tuple exactly. */
  readonly items?: number;
  /** The strings allowed, of the field or of each of its entries. */
  readonly values?: readonly string[];
  /** The named bits of a bit field, by value. */
  readonly bits?: Readonly<Record<string, number>>;
  /** The fields of an object. */
  readonly fields?: Readonly<Record<string, Field>>;
}

/** How JSON shows a field; `integer[]` with `items` is a tuple. */
// biome-ignore format: one kind per line
export type FieldType =
  | 'string' | 'integer' | 'boolean' | 'object' | 'snowflake' | 'null'
  | 'string[]' | 'integer[]' | 'object[]' | 'snowflake[]';

/** What the documentation says of a command; see `COMMANDS`. */
export interface Command {
  /** The name in "Send Events". */
  readonly name: string;
  /** The fields of `d`; null where `d` itself is the value, an integer or null. */
  readonly fields: Readonly<Record<string, Field>> | null;
  /** What comes back when it works: event names, or opcode numbers. */
  readonly replies: readonly (string | number)[];
}

// biome-ignore format: aligned table
const PRESENCE_FIELDS = {
  since:      { type: ['integer', 'null'], required: true }, // Unix time in ms
  activities: { type: ['object[]'],        required: true, fields: { // of a bot: these only
    name:     { type: ['string'],          required: true },
    type:     { type: ['integer'],         required: true, least: 0, most: 5 },
    state:    { type: ['string', 'null'],  required: false },
    url:      { type: ['string', 'null'],  required: false },
  } },
  status:     { type: ['string'],          required: true, values: ['online', 'dnd', 'idle', 'invisible', 'offline'] },
  afk:        { type: ['boolean'],         required: true },
} as const satisfies Record<string, Field>;

/** The 8 commands and their fields, in the order of "Send Events"; limits beyond single fields are in `LIMITS`. */
// biome-ignore format: aligned table
export const COMMANDS = {
  [Opcode.Identify]: { name: 'Identify', replies: ['READY', Opcode.InvalidSession], fields: {
    token:           { type: ['string'],    required: true }, // bare, as in the documented example: without `Bot `
    properties:      { type: ['object'],    required: true, fields: {
      os:            { type: ['string'],    required: true },
      browser:       { type: ['string'],    required: true },
      device:        { type: ['string'],    required: true },
    } },
    compress:        { type: ['boolean'],   required: false, default: false },
    large_threshold: { type: ['integer'],   required: false, default: LIMITS.largeThreshold.default, least: LIMITS.largeThreshold.least, most: LIMITS.largeThreshold.most },
    shard:           { type: ['integer[]'], required: false, items: 2 }, // [shard_id, num_shards]
    presence:        { type: ['object'],    required: false, fields: PRESENCE_FIELDS },
    intents:         { type: ['integer'],   required: true },
    capabilities:    { type: ['integer'],   required: false, default: 0, bits: { CHANNEL_OBFUSCATION: 1 << 15 } }, // documented since 2026-08-12; its bit was an opt-in to what holds for all since 2026-11-16, so it is never sent unasked
  } },
  [Opcode.Resume]: { name: 'Resume', replies: ['RESUMED', Opcode.InvalidSession], fields: { // RESUMED after the missed events
    token:      { type: ['string'],  required: true },
    session_id: { type: ['string'],  required: true },
    seq:        { type: ['integer'], required: true },
  } },
  [Opcode.Heartbeat]: { name: 'Heartbeat', replies: [Opcode.HeartbeatAck], fields: null },
  [Opcode.RequestGuildMembers]: { name: 'Request Guild Members', replies: ['GUILD_MEMBERS_CHUNK', 'RATE_LIMITED'], fields: {
    guild_id:  { type: ['snowflake'],                required: true },
    query:     { type: ['string'],                   required: { unless: 'user_ids' } }, // '' asks for everyone
    limit:     { type: ['integer'],                  required: { with: 'query' }, least: 0 }, // 0 with an empty query asks for everyone
    presences: { type: ['boolean'],                  required: false },
    user_ids:  { type: ['snowflake', 'snowflake[]'], required: { unless: 'query' }, items: LIMITS.requestGuildMembers.userIds },
    nonce:     { type: ['string'],                   required: false, bytes: LIMITS.requestGuildMembers.nonceBytes }, // a longer one is ignored
  } },
  [Opcode.RequestSoundboardSounds]: { name: 'Request Soundboard Sounds', replies: ['SOUNDBOARD_SOUNDS'], fields: {
    guild_ids: { type: ['snowflake[]'], required: true },
  } },
  [Opcode.RequestChannelInfo]: { name: 'Request Channel Info', replies: ['CHANNEL_INFO'], fields: {
    guild_id: { type: ['snowflake'], required: true },
    fields:   { type: ['string[]'],  required: true, values: ['status', 'voice_start_time'] }, // more names may come
  } },
  [Opcode.VoiceStateUpdate]: { name: 'Update Voice State', replies: ['VOICE_STATE_UPDATE', 'VOICE_SERVER_UPDATE'], fields: {
    guild_id:   { type: ['snowflake'],         required: true },
    channel_id: { type: ['snowflake', 'null'], required: true }, // null leaves
    self_mute:  { type: ['boolean'],           required: true },
    self_deaf:  { type: ['boolean'],           required: true },
  } },
  [Opcode.PresenceUpdate]: { name: 'Update Presence', replies: [], fields: PRESENCE_FIELDS },
} as const satisfies Record<CommandOpcode, Command>;
