/** Opcode numbers by name, spelled as in "Gateway Opcodes" without spaces. */
export const Opcode = {
  Dispatch: 0,
  Heartbeat: 1,
  Identify: 2,
  PresenceUpdate: 3,
  VoiceStateUpdate: 4,
  Resume: 6,
  Reconnect: 7,
  RequestGuildMembers: 8,
  InvalidSession: 9,
  Hello: 10,
  HeartbeatAck: 11,
  RequestSoundboardSounds: 31,
  RequestChannelInfo: 43,
} as const;
/** A documented opcode, as a number. */
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** What the documentation says of an opcode. */
export interface OpcodeRow {
  /** The name as printed in the documentation. */
  readonly name: string;
  /** Seen from the client. */
  readonly direction: 'send' | 'receive' | 'both';
  /** What `d` holds. */
  readonly d: string;
}

/** The 13 documented opcodes, in the order of "Gateway Opcodes"; an opcode that is not here is ignored when received. */
// biome-ignore format: aligned table
export const OPCODES = {
  [Opcode.Dispatch]:                { name: 'Dispatch',                  direction: 'receive', d: 'the data of the event that `t` names; documented ones are objects' },
  [Opcode.Heartbeat]:               { name: 'Heartbeat',                 direction: 'both',    d: 'sent: the last sequence number or null; received: null or absent, send one now' },
  [Opcode.Identify]:                { name: 'Identify',                  direction: 'send',    d: 'token, properties, intents and more' },
  [Opcode.PresenceUpdate]:          { name: 'Presence Update',           direction: 'send',    d: 'since, activities, status, afk' },
  [Opcode.VoiceStateUpdate]:        { name: 'Voice State Update',        direction: 'send',    d: 'guild_id, channel_id, self_mute, self_deaf' },
  [Opcode.Resume]:                  { name: 'Resume',                    direction: 'send',    d: 'token, session_id, seq' },
  [Opcode.Reconnect]:               { name: 'Reconnect',                 direction: 'receive', d: 'null or absent' },
  [Opcode.RequestGuildMembers]:     { name: 'Request Guild Members',     direction: 'send',    d: 'guild_id, then query and limit or user_ids' },
  [Opcode.InvalidSession]:          { name: 'Invalid Session',           direction: 'receive', d: 'boolean: whether the session may be resumed' },
  [Opcode.Hello]:                   { name: 'Hello',                     direction: 'receive', d: 'heartbeat_interval in milliseconds' },
  [Opcode.HeartbeatAck]:            { name: 'Heartbeat ACK',             direction: 'receive', d: 'null or absent' },
  [Opcode.RequestSoundboardSounds]: { name: 'Request Soundboard Sounds', direction: 'send',    d: 'guild_ids' },
  [Opcode.RequestChannelInfo]:      { name: 'Request Channel Info',      direction: 'send',    d: 'guild_id, fields' },
} as const satisfies Record<Opcode, OpcodeRow>;

/** An opcode that the Gateway sends. */
export type ReceivedOpcode = {
  [Op in Opcode]: (typeof OPCODES)[Op]['direction'] extends 'send' ? never : Op;
}[Opcode];

/** Whether `op` is one of the 13 opcodes of "Gateway Opcodes". */
export const isOpcode = (op: unknown): op is Opcode => typeof op === 'number' && Object.hasOwn(OPCODES, op);
