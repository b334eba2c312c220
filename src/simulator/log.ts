import { withoutBot } from '../redact/token.js';
import { parseExact } from './exact-ids.js';

/** Something that crossed the wire, or the end of it, as plain data. */
export interface LogEntry {
  /** Entries are numbered from 1, in order; the count goes on after `clear`. */
  readonly number: number;
  /** Connections are numbered from 1, in the order they were opened; 0 for what belongs to none. */
  readonly connection: number;
  /** By the clock of the simulator, in ms. */
  readonly at: number;
  /** Who did it. */
  readonly direction: 'client' | 'gateway';
  /**
   * `drop` is the end of TCP without a close frame; `close` a close frame, an answer to one included; `refused` a WebSocket
   * handshake that was refused; `request` a request to the API.
   */
  readonly kind: LogKind;
  /** Of `open` and `refused`: path and query, and whether it was the host that READY names for resumes. Of `request`: the path. */
  readonly path?: string;
  readonly resumeHost?: boolean;
  /** Of `text`: what the JSON says, with tokens replaced; or the text itself, tokens replaced and cut, where it is not JSON. Of `binary`: base64, cut. */
  readonly payload?: unknown;
  /** Of `text` and `binary`: the length of the message. */
  readonly bytes?: number;
  /** Of `close`. */
  readonly code?: number;
  /** Of `request`. */
  readonly method?: string;
  /** Of `refused` and `request`: the HTTP status of the answer. */
  readonly status?: number;
  /** Of `request`: the message of an answer that reports an error. Of `close` with 4002: the field that was wrong, if one was. */
  readonly error?: string;
}

/** Every kind of entry. */
export const LOG_KINDS = ['open', 'text', 'binary', 'close', 'drop', 'refused', 'request'] as const;
/** The kind of an entry. */
export type LogKind = (typeof LOG_KINDS)[number];

/** What crossed the wire, in order. */
export interface WireLog {
  readonly entries: readonly LogEntry[];
  /** The entries of one connection. */
  of(connection: number): readonly LogEntry[];
  /** The entries with higher numbers. */
  after(number: number): readonly LogEntry[];
  /** The number of the newest entry; 0 before the first. */
  readonly last: number;
  /** Calls the listener, which must not throw, with every entry from now on, kept or not; returns what ends it. */
  subscribe(listener: (entry: LogEntry) => void): () => void;
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
  add(entry: Omit<LogEntry, 'number'>, message?: Message): void;
}

/** An entry, and the message that is read only when it is to be shown. */
interface Line {
  entry: LogEntry;
  message: Message | undefined;
}

/** A log that keeps the newest `limit` entries. */
export function createLog(limit: number): WritableLog {
  let lines: Line[] = [];
  let last = 0;
  const listeners = new Set<(entry: LogEntry) => void>();
  const newest = () => (lines.length > limit ? lines.slice(-limit) : lines);
  return {
    get entries() {
      return newest().map(shown);
    },
    of: (connection) =>
      newest()
        .filter(({ entry }) => entry.connection === connection)
        .map(shown),
    after: (number) =>
      newest()
        .filter(({ entry }) => entry.number > number)
        .map(shown),
    get last() {
      return last;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    clear() {
      lines = [];
    },
    add(entry, message) {
      last += 1;
      if (limit <= 0 && listeners.size === 0) return;
      const line: Line = { entry: { number: last, ...entry }, message };
      for (const listener of listeners) listener(shown(line));
      if (limit <= 0) return;
      if (message !== undefined && message.data.length > LONGEST_READ) shown(line); // keeps what is shown of it
      lines.push(line);
      // Cut now and then: cutting at each entry would copy the log each time.
      if (lines.length >= limit * 2) lines = newest();
    },
  };
}

function shown(line: Line): LogEntry {
  if (line.message !== undefined) {
    const { data, token } = line.message;
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data).length : data.length;
    const payload = typeof data === 'string' ? shownText(data, token) : shownBinary(data, token);
    line.entry = { ...line.entry, payload, bytes };
    line.message = undefined;
  }
  return line.entry;
}

/** Longest text or binary message that is shown as it is, in characters. */
const CUT = 1024;

/** Longest text that is read as JSON, in characters. */
const LONGEST_READ = CUT * 64;

function shownText(text: string, token: string | null): unknown {
  const hidden = token === null ? text : text.replaceAll(token, TOKEN);
  if (text.length <= LONGEST_READ) {
    try {
      return withoutTokens(parseExact(hidden), token);
    } catch {
      // no JSON, then
    }
  }
  const shown = hidden
    .slice(0, CUT * 4)
    .replace(TOKEN_IN_TEXT, (_, key = '', value = '') => `${key}${placeholder(value, token)}`);
  return shown.length > CUT ? `${shown.slice(0, CUT)}...` : shown;
}

/** A path with no token in it: that of the bot, or of a webhook or interaction. */
export function withoutToken(path: string, token: string | null): string {
  const hidden = token === null ? path : path.replaceAll(token, TOKEN);
  return hidden
    .replace(/\/(webhooks|interactions)\/([^/]+)\/[^/]+/, `/$1/$2/${TOKEN}`)
    .replace(TOKEN_IN_TEXT, (_, key = '') => `${key}${TOKEN}`);
}

/** Nothing after the word `token`: its value follows in one form or another. */
function shownBinary(data: Uint8Array, token: string | null): string {
  const text = String.fromCharCode(...data.subarray(0, CUT));
  const hidden = token === null ? text : text.replaceAll(token, TOKEN);
  return btoa(hidden.replace(/(token).*/is, '$1'));
}

const TOKEN = '[token]';

/** What is called a token, in broken JSON or the like, or looks like one of Discord's. */
const TOKEN_IN_TEXT = /(token"?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[^\s,}]+)|[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}/gi;

/** A token never gets into the log: a placeholder says whether it was the right one. */
function placeholder(given: unknown, token: string | null): unknown {
  if (typeof given === 'string' && given.startsWith('"')) {
    const end = given.length > 1 && given.endsWith('"') ? '"' : '';
    return `"${placeholder(given.slice(1, given.length - end.length), token)}${end}`;
  }
  return token === null || bare(given) === TOKEN ? TOKEN : '[wrong token]';
}

function withoutTokens(value: unknown, token: string | null): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutTokens(each, token));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    key.toLowerCase() === 'token' ? placeholder(each, token) : withoutTokens(each, token),
  ]);
  return Object.fromEntries(entries);
}

/** Tokens are sent with and without `Bot ` before them; both work. */
export function bare(token: unknown): unknown {
  return typeof token === 'string' ? withoutBot(token) : token;
}

/** Whether a value is an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
