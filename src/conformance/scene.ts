/** What the rules look at, made of what was seen at the Gateway's end of the wire. */
import { Opcode } from '../../machines/protocol/opcodes.js';
import type { LogEntry } from '../simulator/index.js';
import type { Evidence } from './evidence.js';
import { fieldsOf } from './fields.js';
import type { Connection, Entry, Payload, Scene } from './rules.js';

/** How long a message may be on its way on this machine, a busy client included, in ms. */
export const SLACK_MS = 500;

/** The placeholder that the log has for the right token. */
export const TOKEN = '[token]';

/** All connections of a case. The process was started once, and nobody ordered anything else. */
export function sceneOf(evidence: Evidence): Scene {
  return {
    connections: evidence.opens.map((open) =>
      connectionOf(open, evidence.of(open.connection), evidence.mainUrl, resumedIn(evidence.resumes)),
    ),
    starts: [evidence.began],
    renewals: [],
    token: TOKEN,
    mainUrl: evidence.mainUrl,
    until: evidence.ended,
    slack: SLACK_MS + evidence.lag,
  };
}

/** A connection, of its entries in the log, and the ids of sessions that its client resumes at any time. */
export function connectionOf(
  open: LogEntry,
  log: readonly LogEntry[],
  mainUrl: string,
  resumed: ReadonlySet<unknown>,
): Connection {
  const host = new URL(mainUrl);
  if (open.resumeHost === true) host.hostname = 'localhost';
  const entries = withoutCrossing(
    log.filter((entry) => entry !== open),
    resumed,
  );
  return { url: new URL(open.path ?? '/', host).href, at: open.at, entries: entries.map(entryOf) };
}

/** The ids of sessions that are resumed. */
export const resumedIn = (resumes: readonly LogEntry[]): ReadonlySet<unknown> => new Set(resumes.map(sessionIn));

/**
 * Without what the Gateway sent between Reconnect or Invalid Session and the client's close that answers it: the client was
 * leaving, so that it need not have looked at it. Dispatches stay, of which a client knows some or all; READY only if the
 * client resumes its session later.
 */
function withoutCrossing(entries: readonly LogEntry[], resumed: ReadonlySet<unknown>): readonly LogEntry[] {
  const from = entries.findIndex((entry) => entry.direction === 'gateway' && LEAVING.includes(opcodeOf(entry)));
  const asked = entries[from];
  const to = entries.findIndex(({ kind }, i) => i > from && (kind === 'close' || kind === 'drop'));
  const close = entries[to];
  if (asked === undefined || close === undefined || close.at > asked.at + SLACK_MS) return entries;
  if (close.direction !== 'client' || close.kind !== 'close') return entries; // it was the Gateway that left
  const isRead = (entry: LogEntry) =>
    opcodeOf(entry) === Opcode.Dispatch && (fieldsOf(entry.payload)['t'] !== 'READY' || resumed.has(sessionIn(entry)));
  return entries.filter((entry, i) => i <= from || i >= to || entry.direction === 'client' || isRead(entry));
}

/** What a client answers by leaving. */
const LEAVING: readonly number[] = [Opcode.Reconnect, Opcode.InvalidSession];

const opcodeOf = ({ payload }: LogEntry) => fieldsOf(payload)['op'] as number;
const sessionIn = ({ payload }: LogEntry) => fieldsOf(fieldsOf(payload)['d'])['session_id'];

function entryOf({ at, direction: from, kind, payload, code }: LogEntry): Entry {
  if (kind === 'drop') return { at, from, kind: 'end' };
  if (kind === 'close') return { at, from, kind: 'close', ...(code === undefined ? {} : { code }) };
  const isObject = kind === 'text' && typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  return { at, from, kind: 'message', payload: isObject ? (fieldsOf(payload) as Payload) : null };
}
