/** What a close code asks of the client; see `CLOSE_CODES`. */
export interface CloseCode {
  /** The name as printed in the documentation. */
  readonly name: string;
  /** What to do next; `resume` holds only while there is a session, and becomes `identify` without one. */
  readonly recovery: 'resume' | 'identify' | 'stop';
  /** Whose fault the close was; seen from the client, its user included. */
  readonly fault: 'client' | 'gateway' | 'network' | 'nobody';
  /** How many resumes in a row to try at most after this code; where absent, the usual cap holds. */
  readonly attempts?: number;
  /** How long to wait first: `cooldown` some seconds, `backoff` longer each time; where absent, as after any lost connection. */
  readonly wait?: 'cooldown' | 'backoff';
  /** Whether "Gateway Close Event Codes" or "Disconnecting" says what to do. */
  readonly documented: boolean;
  /** What it means and what to do, as a clause that fits behind a colon. */
  readonly says: string;
}

/**
 * The codes a connection may be closed with from outside, and what follows from each.
 * Rows 4000-4014 are in the order of "Gateway Close Event Codes"; `stop` is that table's Reconnect = false.
 * That table has no column for Resume: between `resume` and `identify` its explanations decide, and where they are
 * silent, a needless resume costs a round trip, a needless identify costs events and some of the day's identifies.
 */
// biome-ignore format: aligned table
export const CLOSE_CODES = {
  4000: { name: 'Unknown error',         recovery: 'resume',   fault: 'gateway', documented: true, says: 'Discord does not know what went wrong; resume' },
  4001: { name: 'Unknown opcode',        recovery: 'resume',   fault: 'client',  documented: true, attempts: 1, says: 'an opcode, or a payload for an opcode, was not valid; look at what was sent last' }, // our reading: once, since op 9 is a likely answer
  4002: { name: 'Decode error',          recovery: 'resume',   fault: 'client',  documented: true, says: 'a payload could not be decoded or was over 4096 bytes; do not send it again' },
  4003: { name: 'Not authenticated',     recovery: 'identify', fault: 'client',  documented: true, says: 'something was sent before Identify, or the session was invalidated; start a new session' }, // our reading: either way there is no session left
  4004: { name: 'Authentication failed', recovery: 'stop',     fault: 'client',  documented: true, says: 'the token is wrong or was reset; set the current token of the application' },
  4005: { name: 'Already authenticated', recovery: 'identify', fault: 'client',  documented: true, wait: 'backoff', says: 'Identify was sent twice on one connection; start a new session' }, // our reading: the client lost track of its own state
  4007: { name: 'Invalid seq',           recovery: 'identify', fault: 'client',  documented: true, says: 'Resume carried a sequence number Discord does not know; start a new session' }, // "Reconnect and start a new session"
  4008: { name: 'Rate limited',          recovery: 'resume',   fault: 'client',  documented: true, wait: 'cooldown', says: 'more than 120 payloads were sent within 60 s; send less' }, // our reading: the limit belongs to the connection, not to the session
  4009: { name: 'Session timed out',     recovery: 'identify', fault: 'nobody',  documented: true, says: 'the session timed out; start a new one' }, // "Reconnect and start a new one"
  4010: { name: 'Invalid shard',         recovery: 'stop',     fault: 'client',  documented: true, says: 'the shard id and count do not fit together, or the count is not a multiple of the number Discord assigned; ask Get Gateway Bot for the count' },
  4011: { name: 'Sharding required',     recovery: 'stop',     fault: 'client',  documented: true, says: 'the session would hold more than 2500 guilds; use more shards' },
  4012: { name: 'Invalid API version',   recovery: 'stop',     fault: 'client',  documented: true, says: 'the Gateway version in the URL does not exist; use v=10' },
  4013: { name: 'Invalid intent(s)',     recovery: 'stop',     fault: 'client',  documented: true, says: 'the intents hold a bit that does not exist; calculate them anew' },
  4014: { name: 'Disallowed intent(s)',  recovery: 'stop',     fault: 'client',  documented: true, says: 'a privileged intent is neither enabled nor approved; enable GUILD_MEMBERS, GUILD_PRESENCES or MESSAGE_CONTENT in the Developer Portal, or leave it out' },

  // Not in that table. A missing code (1005, 1006) is covered by "Disconnecting"; the rest is our reading.
  1000: { name: 'Normal closure',        recovery: 'resume',   fault: 'nobody',  documented: false, attempts: 1, says: 'Discord closed without giving a reason; resume once' }, // from our side 1000 ends the session; from Discord's it need not
  1001: { name: 'Going away',            recovery: 'resume',   fault: 'nobody',  documented: false, says: 'this Gateway server is going away, as after a Reconnect; resume' },
  1002: { name: 'Protocol error',        recovery: 'resume',   fault: 'network', documented: false, wait: 'backoff', says: 'one side broke the WebSocket protocol; resume' },
  1003: { name: 'Unsupported data',      recovery: 'resume',   fault: 'client',  documented: false, wait: 'backoff', says: 'a text frame came where binary was expected, or the reverse; resume' },
  1004: { name: 'Reserved',              recovery: 'resume',   fault: 'network', documented: false, wait: 'backoff', says: 'a code without a meaning; resume' },
  1005: { name: 'No status received',    recovery: 'resume',   fault: 'nobody',  documented: true,  says: 'the close frame held no code; resume' },
  1006: { name: 'Abnormal closure',      recovery: 'resume',   fault: 'network', documented: true,  says: 'the connection was lost without a close frame; resume' },
  1007: { name: 'Invalid payload data',  recovery: 'resume',   fault: 'client',  documented: false, wait: 'backoff', says: 'a text frame was not valid UTF-8; resume' },
  1008: { name: 'Policy violation',      recovery: 'resume',   fault: 'client',  documented: false, wait: 'backoff', says: 'a message broke a rule of the peer; resume' },
  1009: { name: 'Message too big',       recovery: 'resume',   fault: 'client',  documented: false, wait: 'backoff', says: 'a message was too big; resume' },
  1010: { name: 'Mandatory extension',   recovery: 'resume',   fault: 'network', documented: false, wait: 'backoff', says: 'an expected WebSocket extension was missing; resume' },
  1011: { name: 'Internal error',        recovery: 'resume',   fault: 'gateway', documented: false, wait: 'backoff', says: 'the server met an unexpected condition; resume' },
  1012: { name: 'Service restart',       recovery: 'resume',   fault: 'gateway', documented: false, wait: 'backoff', says: 'the server is restarting; resume' },
  1013: { name: 'Try again later',       recovery: 'resume',   fault: 'gateway', documented: false, wait: 'backoff', says: 'the server is overloaded; resume' },
  1014: { name: 'Bad gateway',           recovery: 'resume',   fault: 'gateway', documented: false, wait: 'backoff', says: 'a server behind the Gateway gave a bad answer; resume' },
  1015: { name: 'TLS handshake failed',  recovery: 'resume',   fault: 'network', documented: false, wait: 'backoff', says: 'the TLS handshake failed; check the certificate and the clock' },
  4006: { name: 'Session no longer valid', recovery: 'identify', fault: 'nobody', documented: false, says: 'the session is no longer valid; start a new one' }, // withdrawn in 2019 in favour of Invalid Session
} as const satisfies Record<number, CloseCode>;

/** A code that has a row of its own in `CLOSE_CODES`. */
export type KnownCloseCode = keyof typeof CLOSE_CODES;

/** Any code without a row: resumed like a lost connection, as often as the usual cap on resumes allows. */
const UNKNOWN: CloseCode = {
  name: 'Unknown close code',
  recovery: 'resume',
  fault: 'nobody',
  documented: false,
  says: 'a code the documentation does not list; resume if there is a session',
};

/** The row for any close code, of `CLOSE_CODES` where it has one ("Gateway Close Event Codes"); never throws. */
export const closeCode = (code: number): CloseCode =>
  Object.hasOwn(CLOSE_CODES, code) ? CLOSE_CODES[code as KnownCloseCode] : UNKNOWN;

/** What closing with a code does, when it is the client that closes; see `CLIENT_CLOSE_CODES`. */
export interface ClientCloseCode {
  readonly name: string;
  /** Whether the session ends at once and the bot shows offline, or stays for Resume and times out after a few minutes. */
  readonly session: 'ends' | 'stays';
  /** Whether the standard `WebSocket.close()` sends it: that takes 1000 and 3000-4999 and throws for all others. */
  readonly portable: boolean;
  /** What to use it for, as a clause that fits behind a colon. */
  readonly says: string;
}

/** The codes a client closes with, after "Initiating a Disconnect" and "Disconnecting". */
// biome-ignore format: aligned table
export const CLIENT_CLOSE_CODES = {
  1000: { name: 'Normal closure',     session: 'ends',  portable: true,  says: 'stop for good, or before a session that is deliberately new' },
  1001: { name: 'Going away',         session: 'ends',  portable: false, says: 'as 1000, which every WebSocket can send' },
  1005: { name: 'No status received', session: 'stays', portable: true,  says: 'a close frame without a code' },
  1006: { name: 'Abnormal closure',   session: 'stays', portable: true,  says: 'the connection is dropped without a close frame' },
  4900: { name: 'Reconnecting',       session: 'stays', portable: true,  says: 'leave in order to resume: after Reconnect, as a zombie, after an error of our own' }, // our choice: any code but 1000 and 1001, and one that Discord does not send
} as const satisfies Record<number, ClientCloseCode>;

/** What any code does when the client closes with it; all but 1000 and 1001 leave the session ("Disconnecting"). */
export const clientCloseCode = (code: number): ClientCloseCode =>
  Object.hasOwn(CLIENT_CLOSE_CODES, code)
    ? CLIENT_CLOSE_CODES[code as keyof typeof CLIENT_CLOSE_CODES]
    : {
        name: closeCode(code).name,
        session: 'stays',
        portable: code >= 3000 && code <= 4999,
        says: 'leaves the session',
      };
