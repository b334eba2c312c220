/** Causes in words, for people. */

import { spanInWords } from '../kit/durations.js';
import { demandGiven, isObject, type Rule } from '../kit/shape.js';
import { closeCode } from '../protocol/close-codes.js';
import { CAUSES, type Cause } from './causes.js';
import { type ShardContext, SPANS } from './vocabulary.js';

const IS_CAUSE: Rule = {
  says: 'a cause, such as that of a transition, with a name of CAUSES',
  holds: (value) => isObject(value) && 'name' in value && Object.hasOwn(CAUSES, String(value.name)),
};

/** Why the shard moved, as a sentence, with what the event told. */
export function sentence(cause: Cause): string {
  demandGiven('the cause', cause, IS_CAUSE);
  const { name, closeCode: code, httpStatus, reason, frame, retryAfter, systemCode } = cause;
  const details = [
    code === undefined || isRefused(cause)
      ? []
      : name === 'closeAnswered'
        ? `${code}`
        : `${code} ${closeCode(code).name}`,
    httpStatus === undefined ? [] : `HTTP ${httpStatus}`,
    reason === undefined ? [] : reason,
    systemCode === undefined || systemCode === reason ? [] : systemCode,
    frame === undefined || name.startsWith('hello') || name === 'ready' || name === 'resumed' ? [] : frame,
    retryAfter === undefined ? [] : `again in ${Math.ceil(retryAfter / 1000)} s`,
  ].flat();
  const { says } = CAUSES[name];
  const happened = isRefused(cause)
    ? says.replace('the connection closed', 'the connection could not be opened')
    : says;
  return details.length === 0 ? happened : `${happened} (${details.join(', ')})`;
}

/** What the system says of a connection that was open before. */
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

/** Whether a connection has never been open, as far as the end of it tells. */
function isRefused({ closeCode: code, httpStatus, systemCode }: Cause): boolean {
  return code === 1006 && (httpStatus !== undefined || (systemCode !== undefined && !BROKEN.has(systemCode)));
}

/**
 * How long `waiting` waits, with the numbers of the policy, such as `500 ms to 1 s (doubled with each failure in a
 * row, at most 1 min)`. `hasHeld` tells whether the connection had counted as good; undefined says what holds in either case.
 */
export function waitInWords(context: ShardContext, hasHeld?: boolean): string {
  const { policy, wait } = context;
  const { factor, cap } = policy.waits.backoff;
  const after = (attempts: number) => spanInWords(SPANS.reconnect({ ...context, attempts }));
  const grows = factor === 2 ? 'doubled' : `times ${factor}`;
  const most = `at most ${spanInWords(cap)}`;
  const [first, retry] = [after(0), `${after(1)} (${grows} with each failure in a row, ${most})`];
  switch (wait.for) {
    case 'order':
      return 'none';
    case 'retryAfter':
      return `the ${spanInWords(wait.ms)} that were told, and a little more`;
    case 'cooldown':
    case 'invalidSession':
      return `${first} (longer with failures in a row, ${most})`;
    case 'backoff':
      return retry;
    default:
      if (hasHeld !== undefined) return hasHeld ? first : retry;
      return `${first} if the connection had held for ${intervals(policy.stability)}, else ${retry}`;
  }
}

const intervals = (count: number): string => (count === 1 ? 'one heartbeat interval' : `${count} heartbeat intervals`);
