/** What each request asks, and what answers it ("Request Guild Members", "Request Soundboard Sounds", "Request Channel Info"). */
import { type Commands, type DispatchEvents, Opcode } from '../../machines/client.js';

/** A question, which keeps account of the parts of its answer. */
export interface Question<Part, Whole> {
  readonly op: number;
  readonly data: unknown;
  /** The parts of the answer that a dispatch brings, which may be none; null if it is no answer to this. */
  partsIn(name: string, data: Readonly<Record<string, unknown>>): readonly Part[] | null;
  /** Whether a RATE_LIMITED is about this question. */
  isMeantBy(limited: Readonly<Record<string, unknown>>): boolean;
  readonly isComplete: boolean;
  whole(parts: readonly Part[]): Whole;
}

/** A part of the members of a guild. */
export type GuildMembersChunk = DispatchEvents['GUILD_MEMBERS_CHUNK'];
/** The soundboard sounds of a guild. */
export type SoundboardSounds = DispatchEvents['SOUNDBOARD_SOUNDS'];
/** What was asked of the channels of a guild. */
export type ChannelInfo = DispatchEvents['CHANNEL_INFO'];

/** The members of a guild that were asked for. */
export interface GuildMembers {
  readonly members: GuildMembersChunk['members'];
  /** Where presences were asked for. */
  readonly presences: NonNullable<GuildMembersChunk['presences']>;
  /** Ids that were asked for and belong to no member. */
  readonly notFound: readonly string[];
}

/** What to ask for; the nonce is the shard's own. */
export type MembersWanted = WithoutNonce<Commands[typeof Opcode.RequestGuildMembers]>;
type WithoutNonce<T> = T extends unknown ? Omit<T, 'nonce'> : never;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const guildOf = (data: unknown): unknown => (data as { guild_id?: unknown } | null | undefined)?.guild_id;

/** Whether a RATE_LIMITED is about a command. */
function isAbout(limited: Readonly<Record<string, unknown>>, op: number, guild: unknown, nonce?: string): boolean {
  const meta = limited['meta'] as { guild_id?: unknown; nonce?: unknown } | null | undefined;
  return limited['opcode'] === op && guildOf(meta) === guild && (meta?.nonce ?? nonce) === nonce;
}

/** Asks for members; the parts are the chunks, told apart by their index, as a replay may bring one again. */
export class MembersQuestion implements Question<GuildMembersChunk, GuildMembers> {
  readonly op = Opcode.RequestGuildMembers;
  readonly data: Commands[typeof Opcode.RequestGuildMembers];
  readonly #nonce: string;
  readonly #seen = new Set<unknown>();
  #count: unknown = null;

  constructor(wanted: MembersWanted, nonce: string) {
    this.data = { ...wanted, nonce };
    this.#nonce = nonce;
  }

  partsIn(name: string, data: Readonly<Record<string, unknown>>): readonly GuildMembersChunk[] | null {
    if (name !== 'GUILD_MEMBERS_CHUNK' || data['nonce'] !== this.#nonce) return null;
    const index = data['chunk_index'];
    const isNew = !this.#seen.has(index);
    this.#seen.add(index);
    this.#count = data['chunk_count'];
    return isNew ? [data as unknown as GuildMembersChunk] : [];
  }

  isMeantBy(limited: Readonly<Record<string, unknown>>): boolean {
    return isAbout(limited, this.op, this.data.guild_id, this.#nonce);
  }

  /** A count that is none leaves nothing to wait for. */
  get isComplete(): boolean {
    return this.#count !== null && !(this.#seen.size < Number(this.#count));
  }

  whole(parts: readonly GuildMembersChunk[]): GuildMembers {
    const inOrder = parts.toSorted((a, b) => a.chunk_index - b.chunk_index);
    const all = (field: 'members' | 'presences' | 'not_found') => inOrder.flatMap((part) => listOf(part[field]));
    return {
      members: all('members') as GuildMembersChunk['members'],
      presences: all('presences') as NonNullable<GuildMembersChunk['presences']>,
      notFound: all('not_found').map(String),
    };
  }
}

/** Asks for the sounds of guilds; the parts are the guilds. */
export class SoundboardQuestion implements Question<SoundboardSounds, readonly SoundboardSounds[]> {
  readonly op = Opcode.RequestSoundboardSounds;
  readonly #missing: Set<unknown>;

  constructor(readonly data: Commands[typeof Opcode.RequestSoundboardSounds]) {
    this.#missing = new Set(data.guild_ids);
  }

  partsIn(name: string, data: Readonly<Record<string, unknown>>): readonly SoundboardSounds[] | null {
    const isAnswer = name === 'SOUNDBOARD_SOUNDS' && this.#missing.delete(guildOf(data));
    return isAnswer ? [data as unknown as SoundboardSounds] : null;
  }

  isMeantBy(limited: Readonly<Record<string, unknown>>): boolean {
    return this.data.guild_ids.some((guild) => isAbout(limited, this.op, guild));
  }

  get isComplete(): boolean {
    return this.#missing.size === 0;
  }

  whole(parts: readonly SoundboardSounds[]): readonly SoundboardSounds[] {
    return parts;
  }
}

/** Asks for what the channels of a guild are at; there is one part. */
export class ChannelInfoQuestion implements Question<ChannelInfo, ChannelInfo> {
  readonly op = Opcode.RequestChannelInfo;
  isComplete = false;

  constructor(readonly data: Commands[typeof Opcode.RequestChannelInfo]) {}

  partsIn(name: string, data: Readonly<Record<string, unknown>>): readonly ChannelInfo[] | null {
    if (name !== 'CHANNEL_INFO' || guildOf(data) !== this.data.guild_id) return null;
    this.isComplete = true;
    return [data as unknown as ChannelInfo];
  }

  isMeantBy(limited: Readonly<Record<string, unknown>>): boolean {
    return isAbout(limited, this.op, this.data.guild_id);
  }

  whole([info]: readonly ChannelInfo[]): ChannelInfo {
    return info as ChannelInfo;
  }
}
