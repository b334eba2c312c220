/** What a close code of the voice Gateway asks of the client; see `VOICE_CLOSE_CODES`. */
export interface VoiceCloseCode {
  /** The name as printed in the documentation. */
  readonly name: string;
  /**
   * `resume`: a new connection to the same server, and Resume. `identify`: give the session up and join anew, which is
   * Update Voice State on the Gateway, its two answers, and Identify with what they say, as old data is answered with 4006.
   * `stop`: neither.
   */
  readonly recovery: 'resume' | 'identify' | 'stop';
  /** Whose fault the close was; seen from the client. */
  readonly fault: 'client' | 'gateway' | 'network' | 'nobody';
  /** How often to try at most, in a row; where absent, nothing is known. */
  readonly attempts?: number;
  /** Whether to wait longer each time. */
  readonly wait?: 'backoff';
  /** Whether it may be a move: a Voice State Update and a Voice Server Update that follow on the Gateway begin a new connection. */
  readonly maybeMoved?: true;
  /** Whether "Voice Close Event Codes" lists it. */
  readonly documented: boolean;
  /** Whether it also says what to do; else the recovery is our reading. */
  readonly instructs: boolean;
  /** What it means and what to do, as a clause that fits behind a colon. */
  readonly says: string;
}

/** The codes that the voice Gateway closes with; 4001 to 4022 in the order of "Voice Close Event Codes", but for 4013. */
// biome-ignore format: aligned table
export const VOICE_CLOSE_CODES = {
  4001: { name: 'Unknown opcode',                recovery: 'identify', fault: 'client',  documented: true,  instructs: false, wait: 'backoff', says: 'an opcode that does not exist was sent; look at what was sent last' },
  4002: { name: 'Failed to decode payload',      recovery: 'identify', fault: 'client',  documented: true,  instructs: false, wait: 'backoff', says: 'a payload could not be decoded; do not send it again' },
  4003: { name: 'Not authenticated',             recovery: 'identify', fault: 'client',  documented: true,  instructs: false, says: 'something was sent before Identify' },
  4004: { name: 'Authentication failed',         recovery: 'identify', fault: 'client',  documented: true,  instructs: false, attempts: 3, says: 'the token of the call is wrong or outdated; join anew for another' }, // "few tries": three, as many as resumes of the Gateway
  4005: { name: 'Already authenticated',         recovery: 'identify', fault: 'client',  documented: true,  instructs: false, says: 'Identify was sent twice on one connection' },
  4006: { name: 'Session no longer valid',       recovery: 'identify', fault: 'nobody',  documented: true,  instructs: false, says: 'the session or its token is outdated, or the channel became empty' },
  4009: { name: 'Session timeout',               recovery: 'identify', fault: 'nobody',  documented: true,  instructs: false, says: 'the session timed out' },
  4011: { name: 'Server not found',              recovery: 'identify', fault: 'gateway', documented: true,  instructs: false, says: 'that server does not know the call; join anew for another server' },
  4012: { name: 'Unknown protocol',              recovery: 'stop',     fault: 'client',  documented: true,  instructs: false, says: 'Select Protocol named a protocol that does not exist' },
  4014: { name: 'Disconnected',                  recovery: 'stop',     fault: 'nobody',  documented: true,  instructs: true,  maybeMoved: true, says: 'this client was kicked or moved, or the session of the Gateway ended; do not reconnect, and wait for what the Gateway says' },
  4015: { name: 'Voice server crashed',          recovery: 'resume',   fault: 'gateway', documented: true,  instructs: true,  says: 'the server crashed; try to resume' },
  4016: { name: 'Unknown encryption mode',       recovery: 'stop',     fault: 'client',  documented: true,  instructs: false, says: 'Select Protocol named an encryption that does not exist; take one of those in Ready' },
  4017: { name: 'E2EE/DAVE protocol required',   recovery: 'stop',     fault: 'client',  documented: true,  instructs: false, says: 'calls other than stages take end-to-end encryption since 2026-03-02; offer DAVE in Identify' },
  4020: { name: 'Bad request',                   recovery: 'identify', fault: 'client',  documented: true,  instructs: false, wait: 'backoff', says: 'a request was malformed' },
  4021: { name: 'Disconnected: Rate Limited',    recovery: 'stop',     fault: 'client',  documented: true,  instructs: true,  says: 'too much was sent; do not reconnect' },
  4022: { name: 'Disconnected: Call Terminated', recovery: 'stop',     fault: 'nobody',  documented: true,  instructs: true,  maybeMoved: true, says: 'the channel was deleted, or the call moves to another server; do not reconnect, and wait for what the Gateway says' },

  4013: { name: 'WebRTC crashed',                recovery: 'resume',   fault: 'gateway', documented: false, instructs: false, says: 'seen, and not documented; resume' },
} as const satisfies Record<number, VoiceCloseCode>;

/** A close code of the voice Gateway with a row of its own. */
export type KnownVoiceCloseCode = keyof typeof VOICE_CLOSE_CODES;

/** Codes below 4000 are the WebSocket's. Before Session Description there is nothing to resume, and to resume is to join anew. */
const TRANSPORT: VoiceCloseCode = {
  name: 'Connection lost',
  recovery: 'resume',
  fault: 'network',
  documented: false,
  instructs: false,
  says: 'the connection was lost; resume if Session Description was received, else join anew',
};

const UNKNOWN: VoiceCloseCode = {
  name: 'Unknown close code',
  recovery: 'identify',
  fault: 'nobody',
  documented: false,
  instructs: false,
  wait: 'backoff',
  says: 'a code the documentation does not list; join anew',
};

/** The row for any close code of the voice Gateway, of `VOICE_CLOSE_CODES` where it has one; never throws. */
export function voiceCloseCode(code: number): VoiceCloseCode {
  if (Object.hasOwn(VOICE_CLOSE_CODES, code)) return VOICE_CLOSE_CODES[code as KnownVoiceCloseCode];
  return code < 4000 ? TRANSPORT : UNKNOWN;
}
