/** Something that crossed the wire, or the end of it, as plain data. */
export interface LogEntry {
  /** Connections are numbered from 1, in the order they were opened. */
  readonly connection: number;
  /** By the clock of the simulator, in ms. */
  readonly at: number;
  /** Who did it. */
  readonly direction: 'client' | 'gateway';
  /** `drop` is the end of TCP without a close frame; `close` a close frame, an answer to one included. */
  readonly kind: 'open' | 'text' | 'binary' | 'close' | 'drop';
  /** Of `open`: path and query, and whether it was the host that READY names for resumes. */
  readonly path?: string;
  readonly resumeHost?: boolean;
  /** Of `text`: what the JSON says, with the token replaced; or the text itself, cut, where it is not JSON. Of `binary`: base64, cut. */
  readonly payload?: unknown;
  /** Of `text` and `binary`: the length of the message. */
  readonly bytes?: number;
  /** Of `close`. */
  readonly code?: number;
}

/** What crossed the wire, in order. */
export interface WireLog {
  readonly entries: readonly LogEntry[];
  /** The entries of one connection. */
  of(connection: number): readonly LogEntry[];
  clear(): void;
}

/** A log that can be written. */
export interface WritableLog extends WireLog {
  /** Whether anything is kept at all: if not, nothing has to be made ready for it. */
  readonly isKept: boolean;
  add(entry: LogEntry): void;
}

/** A log that keeps the newest `limit` entries. */
export function createLog(limit: number): WritableLog {
  let entries: LogEntry[] = [];
  return {
    isKept: limit > 0,
    get entries() {
      return entries.slice(-limit);
    },
    of: (connection) => entries.slice(-limit).filter((entry) => entry.connection === connection),
    clear() {
      entries = [];
    },
    add(entry) {
      if (limit <= 0) return;
      entries.push(entry);
      // Cut now and then: cutting at each entry would copy the log each time.
      if (entries.length >= limit * 2) entries = entries.slice(-limit);
    },
  };
}

/** Longest text or binary message that is kept as it is, in characters. */
const CUT = 1024;

/** What a log shows of a text message: its JSON, without the token. */
export function shownText(text: string, token: string | null): unknown {
  if (text.length > CUT * 64) return `${text.slice(0, CUT)}...`;
  try {
    return withoutToken(JSON.parse(text), token);
  } catch {
    return text.length > CUT ? `${text.slice(0, CUT)}...` : text;
  }
}

/** What a log shows of a binary message. */
export function shownBinary(data: Uint8Array): string {
  return btoa(String.fromCharCode(...data.subarray(0, CUT)));
}

/** A token never gets into the log: a placeholder tells whether it was the right one. */
function withoutToken(payload: unknown, token: string | null): unknown {
  if (!isRecord(payload) || !isRecord(payload.d) || !('token' in payload.d)) return payload;
  const matches = token === null || bare(payload.d.token) === bare(token);
  return { ...payload, d: { ...payload.d, token: matches ? '[token]' : '[wrong token]' } };
}

/** Tokens are sent with and without `Bot ` before them; both work. */
export function bare(token: unknown): unknown {
  return typeof token === 'string' ? token.replace(/^Bot /, '') : token;
}

/** Whether a value is an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
