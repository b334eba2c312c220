/** What the documentation says of a version of the voice Gateway. */
export interface VoiceVersion {
  /** `refused` ones close the connection, `undocumented` ones have been seen. */
  readonly status: 'recommended' | 'available' | 'refused' | 'undocumented';
  /** What came with it, as a clause. */
  readonly says: string;
}

/** The versions of the voice Gateway, which are not those of the Gateway, newest first ("Voice Gateway Versioning"). */
// biome-ignore format: aligned table
export const VOICE_VERSIONS = {
  9: { status: 'undocumented', says: 'channel_id in Identify and Resume' },
  8: { status: 'recommended',  says: 'messages numbered by seq, seq_ack in heartbeats and Resume, and a resume that replays; heartbeats and their ACKs became objects' },
  7: { status: 'available',    says: 'an opcode for options of the channel' },
  6: { status: 'available',    says: 'an opcode for the version of the server' },
  5: { status: 'available',    says: 'an opcode for which videos are wanted' },
  4: { status: 'available',    says: 'speaking became a bit field; a heartbeat is a number alone' },
  3: { status: 'refused',      says: 'refused since 2024-11-18, and so is a connection that names no version' },
  2: { status: 'refused',      says: 'refused since 2024-11-18' },
  1: { status: 'refused',      says: 'refused since 2024-11-18' },
} as const satisfies Record<number, VoiceVersion>;

/** A version of the voice Gateway that can be asked for. */
export type VoiceGatewayVersion = 4 | 5 | 6 | 7 | 8;
