import type * as API from 'discord-api-types/v10';
import { LIMITS } from '../../machines/protocol/limits.js';
import { Opcode } from '../../machines/protocol/opcodes.js';
import type { NewDispatch } from './payloads.js';
import { BOT_ID, botMember, membersOf, type Whole } from './world.js';

/** When all members of a guild were last asked for, by guild: one request per 30 s for the whole bot. */
export type MemberRequests = Map<string, number>;

type Data = Readonly<Record<string, unknown>>;

/** What comes back for a command; nothing for what is invalid, as from Discord ("Send Events"). */
export function answersTo(opcode: number, data: Data, now: number, requests: MemberRequests): readonly NewDispatch[] {
  const guild = idFrom(data.guild_id);
  if (opcode === Opcode.RequestSoundboardSounds) return soundboardSounds(data);
  if (guild === null) return [];
  switch (opcode) {
    case Opcode.RequestGuildMembers:
      return guildMembers(guild, data, now, requests);
    case Opcode.RequestChannelInfo:
      return [{ name: 'CHANNEL_INFO', data: { guild_id: guild, channels: [] } }];
    case Opcode.VoiceStateUpdate:
      return voiceState(guild, data);
    default:
      return [];
  }
}

function soundboardSounds({ guild_ids: guilds }: Data): readonly NewDispatch[] {
  return idsFrom(guilds).map((guild_id) => ({ name: 'SOUNDBOARD_SOUNDS', data: { guild_id, soundboard_sounds: [] } }));
}

function guildMembers(guild: string, data: Data, now: number, requests: MemberRequests): readonly NewDispatch[] {
  const { query, user_ids: users, limit, presences } = data;
  const nonce = echoed(data.nonce);
  if (query === '' && data.limit === 0) {
    const wait = LIMITS.requestGuildMembers.everyMemberMs - (now - (requests.get(guild) ?? Number.NEGATIVE_INFINITY));
    if (wait > 0) {
      const meta = { guild_id: guild, ...nonce };
      return [{ name: 'RATE_LIMITED', data: { opcode: Opcode.RequestGuildMembers, retry_after: wait / 1000, meta } }];
    }
    for (const [each, at] of requests) if (now - at >= LIMITS.requestGuildMembers.everyMemberMs) requests.delete(each);
    requests.set(guild, now);
  }
  const all = membersOf(guild);
  const wanted = idsFrom(Array.isArray(users) ? users : [users]);
  const named = (text: string) => all.filter(({ user }) => user.username.startsWith(text.toLowerCase()));
  const members =
    typeof query === 'string'
      ? named(query).slice(0, mostMembers(limit))
      : all.filter(({ user }) => wanted.includes(user.id));
  const found = members.map(({ user }) => user.id);
  const missing = typeof query === 'string' ? [] : wanted.filter((id) => !found.includes(id));
  return [
    {
      name: 'GUILD_MEMBERS_CHUNK',
      data: {
        guild_id: guild,
        members,
        chunk_index: 0,
        chunk_count: 1,
        ...(missing.length === 0 ? {} : { not_found: missing }),
        ...(presences === true ? { presences: [] } : {}),
        ...nonce,
      },
    },
  ];
}

/** Without a limit, or with 0, all that match. */
const mostMembers = (limit: unknown): number =>
  typeof limit === 'number' && limit > 0 ? limit : Number.POSITIVE_INFINITY;

function voiceState(guild: string, { channel_id, self_mute, self_deaf, self_video }: Data): readonly NewDispatch[] {
  const channel = idFrom(channel_id);
  const state = {
    guild_id: guild,
    channel_id: channel,
    user_id: BOT_ID,
    member: botMember(guild),
    session_id: 'voice',
    deaf: false,
    mute: false,
    self_deaf: self_deaf === true,
    self_mute: self_mute === true,
    self_stream: false,
    self_video: self_video === true,
    suppress: false,
    request_to_speak_timestamp: null,
  } satisfies Whole<API.APIVoiceState>;
  const update = { name: 'VOICE_STATE_UPDATE', data: state };
  if (channel === null) return [update];
  return [update, { name: 'VOICE_SERVER_UPDATE', data: { guild_id: guild, token: 'voice', endpoint: null } }];
}

/** An id, which some clients write as a number. */
function idFrom(value: unknown): string | null {
  const id = Number.isSafeInteger(value) ? `${value}` : value;
  return typeof id === 'string' && /^\d{1,20}$/.test(id) ? id : null;
}

const idsFrom = (values: unknown): readonly string[] =>
  Array.isArray(values) ? values.map(idFrom).filter((id) => id !== null) : [];

/** An invalid nonce is ignored and not echoed. */
function echoed(nonce: unknown): { readonly nonce?: string } {
  if (typeof nonce !== 'string') return {};
  return new TextEncoder().encode(nonce).length > LIMITS.requestGuildMembers.nonceBytes ? {} : { nonce };
}
