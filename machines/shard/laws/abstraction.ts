/**
 * What of the shard's context counts as state, declared beside the chart: with it the chart has finitely many states,
 * and a tool can explore all of them. Everything else in the context only sets delays and payloads.
 */
import type { InputFrom, SnapshotFrom } from 'xstate';
import type { Abstraction } from '../../kit/abstraction.js';
import { stateName, withoutRegions } from '../../kit/state-names.js';
import { CLOSE_CODES } from '../../protocol/close-codes.js';
import { CAUSES } from '../causes.js';
import type { shardMachine } from '../chart.js';
import { DEFAULT_POLICY, policyFrom } from '../policy.js';
import { type ShardEvent, TIMERS } from '../vocabulary.js';

type ShardSnapshot = SnapshotFrom<typeof shardMachine>;

const MAIN_URL = 'wss://gateway.discord.gg';
const RESUME_URL = 'wss://gateway-us-east1-b.discord.gg';

/** A sequence that is not new once there was another: a session begins above it. */
const REPEATED = 0;

/** One code for each recovery: they stand for all others in the lifecycle, and come first in the shortest paths. */
const LIFECYCLE_CODES = [1006, 4009, 4004];
/** Every documented and undocumented code of the table, and one that nobody has heard of. */
const CODES = [...new Set([...LIFECYCLE_CODES, ...Object.keys(CLOSE_CODES).map(Number), 4999])];

/** What the lifecycle leaves out: heartbeats, and how the socket is read. */
const BESIDE_THE_SESSION: readonly ShardEvent['type'][] = [
  'heartbeatAck',
  'heartbeatRequested',
  'timer.firstHeartbeat',
  'timer.heartbeat',
  'timer.silence',
  'timer.overdue',
  'backlogFull',
  'backlogDrained',
  'backlogOverflowed',
];

export const shardAbstraction: Abstraction<ShardSnapshot, InputFrom<typeof shardMachine>, ShardEvent> = {
  roots: {
    documented: { policy: DEFAULT_POLICY },
    anyTraffic: { policy: policyFrom({ zombieTest: 'anyTraffic' }) },
  },

  key: ({ value, tags, context: { session, sequence, gatewayUrl, resumes, policy } }) =>
    [
      stateName(value),
      gatewayUrl === null ? 'Gateway unknown' : 'Gateway known',
      session === null ? 'no session' : `session at ${session.url === null ? 'the main' : 'its own'} URL`,
      ...(session === null ? [] : [`resumes: ${Math.min(resumes, policy.resumeBudget)}`]),
      ...(sequence === null && (session !== null || tags.has('streaming')) ? ['no sequence'] : []),
    ].join(', '),

  alphabet: ({ context: { connection, request, sequence } }) => {
    const next = (sequence ?? 0) + 1;
    const session = { id: `session-${connection}`, url: RESUME_URL };
    return [
      { type: 'start' },
      { type: 'stop' },
      { type: 'detach' },
      { type: 'reconnect', fresh: false },
      { type: 'reconnect', fresh: true },
      { type: 'located', request, url: MAIN_URL },
      { type: 'locateFailed', request, reason: 'unauthorized' },
      { type: 'locateFailed', request, reason: 'rateLimited', retryAfter: 5_000 },
      { type: 'locateFailed', request, reason: 'unavailable' },
      { type: 'locateFailed', request, reason: 'unreachable' },
      { type: 'permitGranted', request },
      { type: 'permitRefused', request, reason: 'no identify is left today', retryAfter: 3_600_000 },
      { type: 'permitRefused', request, reason: 'refused by the application', retryAfter: null },
      { type: 'opened', connection },
      ...CODES.map((code) => ({ type: 'closed', connection, code }) as const),
      { type: 'closed', connection, code: 1006, httpStatus: 429, retryAfter: 5_000 },
      { type: 'hello', connection, interval: 41_250 },
      { type: 'heartbeatAck', connection },
      { type: 'heartbeatRequested', connection },
      { type: 'reconnectRequested', connection },
      { type: 'invalidSession', connection, resumable: true },
      { type: 'invalidSession', connection, resumable: false },
      { type: 'ready', connection, sequence: 1, session },
      { type: 'ready', connection, sequence: 1, session: { ...session, url: null } },
      { type: 'ready', connection, sequence: 1, session: null },
      { type: 'ready', connection, sequence: null, session },
      { type: 'resumed', connection, sequence: next },
      { type: 'dispatch', connection, sequence: next },
      { type: 'dispatch', connection, sequence: REPEATED },
      { type: 'dispatch', connection, sequence: null },
      { type: 'dispatched', connection, sequence: next + 1, count: 2 },
      { type: 'unknownOpcode', connection, opcode: 99 },
      { type: 'malformed', connection, problem: 'not JSON' },
      { type: 'undecodable', connection, problem: 'corrupt compression' },
      { type: 'backlogFull' },
      { type: 'backlogDrained' },
      { type: 'backlogOverflowed', sequence: Math.max(1, (sequence ?? 0) - 1) },
      ...TIMERS.map((timer) => ({ type: `timer.${timer}` }) as const),
    ];
  },

  label: (event) => {
    switch (event.type) {
      case 'reconnect':
        return event.fresh ? 'reconnect (fresh)' : 'reconnect';
      case 'locateFailed':
        return `locateFailed (${event.reason})`;
      case 'permitRefused':
        return event.retryAfter === null ? 'permitRefused (for good)' : 'permitRefused (until later)';
      case 'closed':
        return `closed (${event.httpStatus === undefined ? event.code : `HTTP ${event.httpStatus}`})`;
      case 'dispatch':
        return event.sequence === null
          ? 'dispatch (no number)'
          : event.sequence === REPEATED
            ? 'dispatch (repeated)'
            : event.type;
      case 'invalidSession':
        return `invalidSession (${event.resumable})`;
      case 'ready':
        return event.sequence === null
          ? 'ready (no number)'
          : event.session === null
            ? 'ready (no session id)'
            : event.session.url === null
              ? 'ready (no resume URL)'
              : 'ready';
      default:
        return event.type;
    }
  },

  isHome: (snapshot) => snapshot.matches({ running: { connection: { open: { session: 'ready' } } } }),

  projections: {
    lifecycle: {
      key: ({ value, context: { session } }) =>
        `${stateName(withoutRegions(value, ['heartbeat', 'reading']))}, ${session === null ? 'no session' : 'session'}`,
      includes: (event) =>
        event.type === 'closed'
          ? LIFECYCLE_CODES.includes(event.code) && event.retryAfter === undefined
          : !BESIDE_THE_SESSION.includes(event.type),
    },
  },

  causes: CAUSES,
};
