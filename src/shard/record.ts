import { type IdentifyData, type ShardInput, type TrustOptions, trustedResumeUrl } from '../../machines/client.js';
import type { ResumeRecord, WireParameters } from '../host/ports.js';
import { LONGEST } from '../trace/redact.js';
import { LocalProtocolError } from './errors.js';

/** What a session belongs to: as much of Identify, and how its connections are spoken. */
export interface Identity {
  readonly identify: Pick<IdentifyData, 'intents'> & { readonly shard: readonly [number, number] };
  readonly wire: WireParameters;
}

/** A record of a session, as of now. `sequence` is the last one handled. */
export function resumeRecord(
  session: { readonly id: string; readonly url: string | null },
  sequence: number,
  { identify: { shard, intents }, wire }: Identity,
  now: number,
): ResumeRecord {
  return {
    version: 1,
    sessionId: session.id,
    resumeUrl: session.url,
    sequence,
    shard: [shard[0], shard[1]],
    intents,
    wire: { ...wire },
    savedAt: Math.round(now),
  };
}

/** Throws a `LocalProtocolError` that says what is wrong with something that is no record; null stands for none. */
export function checkRecord(record: unknown): asserts record is ResumeRecord | null {
  if (record === null) return;
  if (typeof record !== 'object') throw unusable('it is no object');
  const { version, sessionId, resumeUrl, sequence, shard, intents, wire } = record as Partial<ResumeRecord>;
  if (version !== 1) throw unusable(`its version is ${String(version)}, not 1`);
  if (typeof sessionId !== 'string' || sessionId === '') throw unusable('it has no sessionId');
  if (sessionId.length > LONGEST.session) throw unusable(`its sessionId has over ${LONGEST.session} characters`);
  if (!Number.isSafeInteger(sequence) || (sequence ?? -1) < 0) throw unusable('its sequence is no number');
  if (resumeUrl !== null && typeof resumeUrl !== 'string') throw unusable('its resumeUrl is neither a string nor null');
  if (!Array.isArray(shard) || typeof intents !== 'number') throw unusable('it does not say its shard and intents');
  if (typeof wire !== 'object' || wire === null)
    throw unusable('it does not say its version, encoding and compression');
}

/**
 * What the chart starts from. A record of another shard count, of other intents, or of another version, encoding or
 * compression is useless and left out: a session keeps what it was made with.
 */
export function sessionFrom(
  record: ResumeRecord | null,
  identity: Identity,
  trust: TrustOptions,
): Pick<ShardInput, 'session' | 'sequence'> {
  if (record === null || !belongsTo(record, identity)) return {};
  const { sessionId, resumeUrl, sequence } = record;
  return { session: { id: sessionId, url: resumeUrl === null ? null : trustedResumeUrl(resumeUrl, trust) }, sequence };
}

/** Whether a record's session was made by the same shard, with the same intents, over the same kind of wire. */
function belongsTo({ shard, intents, wire }: ResumeRecord, identity: Identity): boolean {
  const { identify } = identity;
  return (
    shard[0] === identify.shard[0] &&
    shard[1] === identify.shard[1] &&
    intents === identify.intents &&
    wire.version === identity.wire.version &&
    wire.encoding === identity.wire.encoding &&
    wire.compress === identity.wire.compress
  );
}

function unusable(why: string): LocalProtocolError {
  return new LocalProtocolError(
    'ERR_RESUME_RECORD',
    `The resume record cannot be used: ${why}. Leave it out to start a new session`,
  );
}
