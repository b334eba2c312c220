import { LIMITS } from '../../machines/protocol/limits.js';
import { Opcode } from '../../machines/protocol/opcodes.js';
import { BOT_ID, membersOf } from './world.js';

/** A dispatch that answers a command. */
export interface Answer {
  readonly name: string;
  readonly data: unknown;
}

/** When all members of a guild were last asked for, by guild: one request per 30 s for the whole bot. */
export type MemberRequests = Map<string, number>;

type Data = Readonly<Record<string, unknown>>;

/** What comes back for a command; nothing for what makes no sense, as from Discord ("Send Events"). */
export function answersTo(opcode: number, data: Data, now: number, requests: MemberRequests): readonly Answer[] {
  switch (opcode) {
    case Opcode.RequestGuildMembers:
      return guildMembers(data, now, requests);
    case Opcode.RequestSoundboardSounds:
      return listOf(data.guild_ids).map((guild_id) => ({
        name: 'SOUNDBOARD_SOUNDS',
        data: { guild_id, soundboard_sounds: [] },
      }));
    case Opcode.RequestChannelInfo:
      return [{ name: 'CHANNEL_INFO', data: { guild_id: data.guild_id, channels: [] } }];
    case Opcode.VoiceStateUpdate:
      return voiceState(data);
    default:
      return [];
  }
}

function guildMembers(data: Data, now: number, requests: MemberRequests): readonly Answer[] {
  const { guild_id: guild, query, user_ids: users } = data;
  if (typeof guild !== 'string' || !/^\d{1,20}$/.test(guild)) return [];
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
  const wanted = typeof users === 'string' ? [users] : listOf(users);
  const members =
    typeof query === 'string'
      ? all.filter(({ user }) => user.username.startsWith(query.toLowerCase()))
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
        ...nonce,
      },
    },
  ];
}

function voiceState({ guild_id, channel_id, self_mute, self_deaf }: Data): readonly Answer[] {
  const state = { guild_id, channel_id, user_id: BOT_ID, session_id: 'voice', self_mute, self_deaf };
  const update = { name: 'VOICE_STATE_UPDATE', data: { ...state, mute: false, deaf: false, suppress: false } };
  if (channel_id === null) return [update];
  return [update, { name: 'VOICE_SERVER_UPDATE', data: { guild_id, token: 'voice', endpoint: null } }];
}

/** An invalid nonce is ignored and not echoed. */
function echoed(nonce: unknown): { readonly nonce?: string } {
  if (typeof nonce !== 'string') return {};
  return new TextEncoder().encode(nonce).length > LIMITS.requestGuildMembers.nonceBytes ? {} : { nonce };
}

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
