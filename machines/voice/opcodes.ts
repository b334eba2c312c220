/** Opcode numbers of the voice Gateway by name, spelled as in "Voice Opcodes" without spaces. */
export const VoiceOpcode = {
  Identify: 0,
  SelectProtocol: 1,
  Ready: 2,
  Heartbeat: 3,
  SessionDescription: 4,
  Speaking: 5,
  HeartbeatAck: 6,
  Resume: 7,
  Hello: 8,
  Resumed: 9,
  ClientsConnect: 11,
  ClientDisconnect: 13,
  DavePrepareTransition: 21,
  DaveExecuteTransition: 22,
  DaveTransitionReady: 23,
  DavePrepareEpoch: 24,
  DaveMlsExternalSender: 25,
  DaveMlsKeyPackage: 26,
  DaveMlsProposals: 27,
  DaveMlsCommitWelcome: 28,
  DaveMlsAnnounceCommitTransition: 29,
  DaveMlsWelcome: 30,
  DaveMlsInvalidCommitWelcome: 31,
} as const;
/** A documented opcode of the voice Gateway, as a number. */
export type VoiceOpcode = (typeof VoiceOpcode)[keyof typeof VoiceOpcode];

/** What the documentation says of an opcode of the voice Gateway. */
export interface VoiceOpcodeRow {
  /** The name as printed in the documentation. */
  readonly name: string;
  /** Seen from the client. */
  readonly direction: 'send' | 'receive' | 'both';
  /**
   * `json` goes in text messages. `binary` goes in binary ones: sent, the opcode in one byte and the payload; received, the
   * sequence in two bytes, big endian, before that.
   */
  readonly format: 'json' | 'binary';
  /** What `d`, or the payload, holds. */
  readonly d: string;
}

/** The 23 documented opcodes, in the order of "Voice Opcodes"; one that is not here is ignored, but its `seq` counts. */
// biome-ignore format: aligned table
export const VOICE_OPCODES = {
  [VoiceOpcode.Identify]:                        { name: 'Identify',                            direction: 'send',    format: 'json',   d: 'server_id, user_id, session_id, token, and max_dave_protocol_version unless there is no DAVE' },
  [VoiceOpcode.SelectProtocol]:                  { name: 'Select Protocol',                     direction: 'send',    format: 'json',   d: 'protocol, which is "udp", and data: address, port, mode' },
  [VoiceOpcode.Ready]:                           { name: 'Ready',                               direction: 'receive', format: 'json',   d: 'ssrc, ip, port, modes' }, // a heartbeat_interval here is wrong
  [VoiceOpcode.Heartbeat]:                       { name: 'Heartbeat',                           direction: 'send',    format: 'json',   d: 't, a whole number to be echoed, and seq_ack; before version 8 the number alone' }, // said to come from the server too, as a request; not documented
  [VoiceOpcode.SessionDescription]:              { name: 'Session Description',                 direction: 'receive', format: 'json',   d: 'mode, secret_key, dave_protocol_version' },
  [VoiceOpcode.Speaking]:                        { name: 'Speaking',                            direction: 'both',    format: 'json',   d: 'sent: speaking, delay, ssrc; received: speaking, ssrc, user_id' },
  [VoiceOpcode.HeartbeatAck]:                    { name: 'Heartbeat ACK',                       direction: 'receive', format: 'json',   d: 't as it was sent; before version 8 the number alone' },
  [VoiceOpcode.Resume]:                          { name: 'Resume',                              direction: 'send',    format: 'json',   d: 'server_id, session_id, token, and seq_ack from version 8 on' },
  [VoiceOpcode.Hello]:                           { name: 'Hello',                               direction: 'receive', format: 'json',   d: 'heartbeat_interval in milliseconds, maybe with a fraction, and v' },
  [VoiceOpcode.Resumed]:                         { name: 'Resumed',                             direction: 'receive', format: 'json',   d: 'null' },
  [VoiceOpcode.ClientsConnect]:                  { name: 'Clients Connect',                     direction: 'receive', format: 'json',   d: 'user_ids; those already there too, at the start' },
  [VoiceOpcode.ClientDisconnect]:                { name: 'Client Disconnect',                   direction: 'receive', format: 'json',   d: 'user_id' },
  [VoiceOpcode.DavePrepareTransition]:           { name: 'DAVE Prepare Transition',             direction: 'receive', format: 'json',   d: 'protocol_version, transition_id' },
  [VoiceOpcode.DaveExecuteTransition]:           { name: 'DAVE Execute Transition',             direction: 'receive', format: 'json',   d: 'transition_id' },
  [VoiceOpcode.DaveTransitionReady]:             { name: 'DAVE Transition Ready',               direction: 'send',    format: 'json',   d: 'transition_id' },
  [VoiceOpcode.DavePrepareEpoch]:                { name: 'DAVE Prepare Epoch',                  direction: 'receive', format: 'json',   d: 'protocol_version, epoch' }, // no transition_id, whatever the text says
  [VoiceOpcode.DaveMlsExternalSender]:           { name: 'DAVE MLS External Sender',            direction: 'receive', format: 'binary', d: 'the external sender' },
  [VoiceOpcode.DaveMlsKeyPackage]:               { name: 'DAVE MLS Key Package',                direction: 'send',    format: 'binary', d: 'an MLSMessage with the KeyPackage' },
  [VoiceOpcode.DaveMlsProposals]:                { name: 'DAVE MLS Proposals',                  direction: 'receive', format: 'binary', d: 'one byte, 0 to append and 1 to revoke, and the messages or references' },
  [VoiceOpcode.DaveMlsCommitWelcome]:            { name: 'DAVE MLS Commit Welcome',             direction: 'send',    format: 'binary', d: 'an MLSMessage with the Commit, then the Welcome if members are added' },
  [VoiceOpcode.DaveMlsAnnounceCommitTransition]: { name: 'DAVE MLS Announce Commit Transition', direction: 'receive', format: 'binary', d: 'the transition_id in two bytes, and an MLSMessage with the Commit' },
  [VoiceOpcode.DaveMlsWelcome]:                  { name: 'DAVE MLS Welcome',                    direction: 'receive', format: 'binary', d: 'the transition_id in two bytes, and the Welcome' },
  [VoiceOpcode.DaveMlsInvalidCommitWelcome]:     { name: 'DAVE MLS Invalid Commit Welcome',     direction: 'send',    format: 'json',   d: 'transition_id' },
} as const satisfies Record<VoiceOpcode, VoiceOpcodeRow>;

/** Whether `op` is one of the 23 opcodes of "Voice Opcodes". */
export const isVoiceOpcode = (op: unknown): op is VoiceOpcode =>
  typeof op === 'number' && Object.hasOwn(VOICE_OPCODES, op);
