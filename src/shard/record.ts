import { type IdentifyData, type ShardInput, type TrustOptions, trustedResumeUrl } from '../../machines/client.js';
import type { ResumeRecord, WireParameters } from '../ports/index.js';
import { discreetRecord, problemOfRecord } from '../ports/resume-record.js';
import { LocalProtocolError } from './errors.js';

/** What a session belongs to: as much of Identify, how its connections are spoken, and where. */
export interface Identity {
  readonly identify: Pick<IdentifyData, 'intents'> & { readonly shard: readonly [number, number] };
  readonly wire: WireParameters;
  /** The Gateway URL that was configured; null if Discord is asked for it. */
  readonly url: string | null;
}

/**
 * A record of a session, as of now, null without one; `util.inspect` does not show the session. `sequence` is the last
 * one handled.
 */
export function resumeRecord(
  session: { readonly id: string; readonly url: string | null } | null,
  sequence: number | null,
  { identify: { shard, intents }, wire, url }: Identity,
  now: number,
): ResumeRecord | null {
  if (session === null || sequence === null) return null;
  const record: ResumeRecord = {
    version: 1,
    sessionId: session.id,
    resumeUrl: session.url,
    sequence,
    shard: [shard[0], shard[1]],
    intents,
    wire: { ...wire },
    gatewayUrl: placeOf(url),
    savedAt: Math.round(now),
  };
  return discreetRecord(record);
}

/** Where a URL is, without what else it may hold: a password, or a key in its query. */
function placeOf(url: string | null): string | null {
  if (url === null) return null;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Throws a `LocalProtocolError` that says what is wrong with something that is no record; null stands for none. */
export function checkRecord(record: unknown): asserts record is ResumeRecord | null {
  const problem = record === null ? null : problemOfRecord(record);
  if (problem === null) return;
  throw new LocalProtocolError(
    'ERR_RESUME_RECORD',
    `The resume record cannot be used: ${problem}. Leave it out to start a new session`,
  );
}

/** What is kept of an actor, besides what XState wants of a snapshot: whether it ran, and its session. */
export interface KeptShard {
  readonly version: 1;
  readonly running: boolean;
  readonly resume: ResumeRecord | null;
}

/** Reads what was kept of an actor; throws a `LocalProtocolError` that says what is wrong with anything else. */
export function keptShard(snapshot: unknown): KeptShard {
  const problem = problemOfKept(snapshot);
  if (problem === null) return snapshot as KeptShard;
  throw new LocalProtocolError(
    'ERR_SNAPSHOT',
    `The snapshot cannot be restored: ${problem}. Give what getPersistedSnapshot() gave, or leave it out`,
  );
}

function problemOfKept(snapshot: unknown): string | null {
  if (typeof snapshot !== 'object' || snapshot === null) return 'it is not an object';
  const { version, running, resume } = snapshot as { [K in keyof KeptShard]?: unknown };
  if (version !== 1) return `its version is ${typeof version === 'number' ? version : 'missing'}, not 1`;
  if (typeof running !== 'boolean') return 'it does not say whether the shard was running';
  const problem = resume === null ? null : problemOfRecord(resume);
  return problem === null ? null : `of its session, ${problem}`;
}

/** What a shard starts with, and what a person should know of it. */
export interface Continuation {
  readonly input: Pick<ShardInput, 'session' | 'sequence'>;
  readonly remarks: readonly string[];
}

const NOTHING: Continuation = { input: {}, remarks: [] };

/**
 * Decides whether the session of a record may be continued, wherever the record was kept. One of another shard, of other
 * intents, version, encoding or compression, or of another Gateway is left out: a session keeps what it was made with.
 */
export function continuationOf(record: ResumeRecord | null, identity: Identity, trust: TrustOptions): Continuation {
  if (record === null) return NOTHING;
  const [difference] = differences(record, identity);
  if (difference !== undefined) {
    return { input: {}, remarks: [`the session to be resumed has ${difference}: a new session begins`] };
  }
  const { sessionId, resumeUrl, sequence } = record;
  const url = resumeUrl === null ? null : trustedResumeUrl(resumeUrl, trust);
  const isUntrusted = resumeUrl !== null && url === null;
  return { input: { session: { id: sessionId, url }, sequence }, remarks: isUntrusted ? [UNTRUSTED] : [] };
}

const UNTRUSTED = 'the resume URL of the session is not to be trusted: it is resumed at the main URL';

function differences({ shard, intents, wire, gatewayUrl }: ResumeRecord, identity: Identity): string[] {
  const { identify, wire: ours, url } = identity;
  const rows: readonly (readonly [what: string, theirs: unknown, ours: unknown])[] = [
    ['another shard', shard.join(' of '), identify.shard.join(' of ')],
    ['other intents', intents, identify.intents],
    ['another API version', wire.version, ours.version],
    ['another encoding', wire.encoding, ours.encoding],
    ['another compression', wire.compress, ours.compress],
    ['another Gateway', gatewayUrl === undefined ? placeOf(url) : gatewayUrl, placeOf(url)],
  ];
  return rows
    .filter(([, a, b]) => a !== b)
    .map(([what, a, b]) => (what === 'another Gateway' ? what : `${what} (${String(a)} instead of ${String(b)})`));
}
