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

/** A message on its way, as it is. */
export interface Message {
  readonly data: string | Uint8Array;
  /** What the log must not show; null if any token is right. */
  readonly token: string | null;
}

/** A log that can be written. */
export interface WritableLog extends WireLog {
  add(entry: LogEntry, message?: Message): void;
}

/** An entry, and the message that is read only when somebody wants to see it. */
interface Line {
  entry: LogEntry;
  message: Message | undefined;
}

/** A log that keeps the newest `limit` entries. */
export function createLog(limit: number): WritableLog {
  let lines: Line[] = [];
  const newest = () => (lines.length > limit ? lines.slice(-limit) : lines);
  return {
    get entries() {
      return newest().map(shown);
    },
    of: (connection) =>
      newest()
        .filter(({ entry }) => entry.connection === connection)
        .map(shown),
    clear() {
      lines = [];
    },
    add(entry, message) {
      if (limit <= 0) return;
      lines.push({ entry, message });
      // Cut now and then: cutting at each entry would copy the log each time.
      if (lines.length >= limit * 2) lines = newest();
    },
  };
}

function shown(line: Line): LogEntry {
  if (line.message !== undefined) {
    const { data, token } = line.message;
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data).length : data.length;
    const payload = typeof data === 'string' ? shownText(data, token) : shownBinary(data);
    line.entry = { ...line.entry, payload, bytes };
    line.message = undefined;
  }
  return line.entry;
}

/** Longest text or binary message that is shown as it is, in characters. */
const CUT = 1024;

function shownText(text: string, token: string | null): unknown {
  const hidden = token === null ? text : text.replaceAll(token, TOKEN);
  const cut = hidden.length > CUT ? `${hidden.slice(0, CUT)}...` : hidden;
  if (text.length > CUT * 64) return cut;
  try {
    return withoutToken(JSON.parse(hidden), token);
  } catch {
    return cut;
  }
}

function shownBinary(data: Uint8Array): string {
  return btoa(String.fromCharCode(...data.subarray(0, CUT)));
}

const TOKEN = '[token]';

/** A token never gets into the log: a placeholder tells whether it was the right one. */
function withoutToken(payload: unknown, token: string | null): unknown {
  if (!isRecord(payload) || !isRecord(payload.d) || !('token' in payload.d)) return payload;
  const matches = token === null || bare(payload.d.token) === TOKEN;
  return { ...payload, d: { ...payload.d, token: matches ? TOKEN : '[wrong token]' } };
}

/** Tokens are sent with and without `Bot ` before them; both work. */
export function bare(token: unknown): unknown {
  return typeof token === 'string' ? token.replace(/^Bot /, '') : token;
}

/** Whether a value is an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
