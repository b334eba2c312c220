/**
 * What of the Gateway's context counts as state: whether there is a session, whether it holds anything to replay, and,
 * during a replay, how much of it is left. Numbers and data only fill payloads.
 *
 * A replay grows with every dispatch that comes meanwhile, without an end, and each part of it that is sent shows how
 * long it is. So dispatches come only while few are left, and a part is small enough that these take more than one.
 */
import type { InputFrom, SnapshotFrom } from 'xstate';
import type { Abstraction } from '../../kit/abstraction.js';
import { stateName, withoutRegions } from '../../kit/state-names.js';
import { Opcode } from '../../protocol/opcodes.js';
import { GATEWAY_CAUSES } from '../causes.js';
import type { gatewayMachine } from '../chart.js';
import { newestKept } from '../replay-buffer.js';
import { GATEWAY_TIMERS, type GatewayEvent, type IdentifyFacts } from '../vocabulary.js';
import { FAULTLESS } from './identify-facts.js';

/** Every way for an Identify to be refused, by the close code or opcode that answers it. */
const IDENTIFIES: readonly (readonly [name: string, facts: IdentifyFacts])[] = [
  ['accepted', FAULTLESS],
  ['4004', { ...FAULTLESS, tokenMatches: false }],
  ['4010', { ...FAULTLESS, shardValid: false }],
  ['4011', { ...FAULTLESS, shardingRequired: true }],
  ['4012', { ...FAULTLESS, versionValid: false }],
  ['4013', { ...FAULTLESS, intentsValid: false }],
  ['4014', { ...FAULTLESS, intentsAllowed: false }],
  ['op 9', { ...FAULTLESS, permitted: false }],
];

/** Codes a client closes with: those that end the session, and some of those that leave it. */
const CLIENT_CODES = [1000, 1001, 1005, 1006, 4900];

/** Codes the Gateway closes with, after which the session stays, ends, or may not be begun again; the rows ask no more. */
const ORDERED_CODES = [1000, 4000, 4004, 4009, 4999];

/** What the lifecycle leaves out, beside faults: what changes neither the connection nor the session, or only as others do. */
const BESIDE_THE_LIFECYCLE: readonly GatewayEvent['type'][] = [
  'received.heartbeat',
  'received.command',
  'received.unknownOpcode',
  'received.undecodable',
  'received.tooLarge',
  'received.tooMany',
  'requestHeartbeat',
  'requestReconnect',
  'timer.heartbeat',
  'timer.leave',
];
/** One code each for what a close does to the session. */
const LIFECYCLE_CODES = [1000, 1006, 4000, 4009];

/** The regions of an open connection that go on beside the session. */
const BESIDE_THE_SESSION = ['heartbeat', 'stay', 'answers'];

/** The dispatches in one part of a replay, and the most that may be left of it: a part, and another one that is not full. */
const REPLAY_BATCH = 2;
const LONGEST_REPLAY = 3;

export const gatewayAbstraction: Abstraction<
  SnapshotFrom<typeof gatewayMachine>,
  InputFrom<typeof gatewayMachine>,
  GatewayEvent
> = {
  roots: {
    documented: { settings: { replayBatch: REPLAY_BATCH } },
    timesOut: { settings: { replayBatch: REPLAY_BATCH, missedHeartbeatCode: 4009 } },
  },

  key: ({ value, context: { session, backlog } }) =>
    [
      stateName(value),
      session === null ? 'no session' : session.buffer.length === 0 ? 'session' : 'session with something to replay',
      ...(backlog.length === 0 ? [] : [`${backlog.length} left of the replay`]),
    ].join(', '),

  alphabet: ({ context: { connection, session, backlog } }) => {
    const sessionId = session?.id ?? 'no such session';
    const resume = (sequence: number) =>
      ({ type: 'received.resume', connection, sessionId, sequence, tokenMatches: true }) as const;
    const last = session?.sequence ?? 1;
    const missed = session === null ? undefined : newestKept(session.buffer);
    return [
      { type: 'connected', number: connection + 1 },
      ...CLIENT_CODES.map((code) => ({ type: 'closed', connection, code }) as const),
      ...IDENTIFIES.map(
        ([, facts]) =>
          ({ type: 'received.identify', connection, sessionId: `session-${connection}`, ...facts }) as const,
      ),
      resume(last),
      ...(missed === undefined ? [] : [resume(missed.sequence - 1)]),
      resume(last + 1),
      resume((session?.floor ?? 1) - 1),
      { ...resume(last + 1), sessionId: 'another session' }, // its number tells nothing
      { ...resume(last), tokenMatches: false },
      { type: 'received.heartbeat', connection, sequence: last },
      { type: 'received.command', connection, opcode: Opcode.PresenceUpdate, data: {} },
      { type: 'received.unknownOpcode', connection, opcode: 99 },
      { type: 'received.undecodable', connection },
      { type: 'received.tooLarge', connection },
      { type: 'received.tooMany', connection },
      ...(backlog.length < LONGEST_REPLAY ? [{ type: 'dispatch', name: 'MESSAGE_CREATE', data: {} } as const] : []),
      { type: 'requestHeartbeat' },
      { type: 'requestReconnect' },
      { type: 'invalidateSession', resumable: true },
      { type: 'invalidateSession', resumable: false },
      ...ORDERED_CODES.map((code) => ({ type: 'closeWith', code }) as const),
      {
        type: 'adopt',
        session: { id: 'session-0', sequence: 2, floor: 1, buffer: [[{ sequence: 2, name: 'A', data: {} }]] },
      },
      { type: 'adopt', session: { id: 'session-0', sequence: 1, floor: 1, buffer: [] } },
      { type: 'release' },
      { type: 'fault.withholdHello' },
      { type: 'fault.withholdReady' },
      { type: 'fault.withholdResumed' },
      { type: 'fault.swallowAcks' },
      { type: 'fault.resumeThenDrop' },
      { type: 'fault.ignoreClose' },
      { type: 'fault.end' },
      { type: 'fault.goSilent' },
      { type: 'fault.stopReading' },
      { type: 'fault.startReading' },
      { type: 'fault.dropTcp' },
      { type: 'fault.malformed', kind: 'notJson' },
      { type: 'fault.skipSequence', by: 2 },
      ...GATEWAY_TIMERS.map((timer) => ({ type: `timer.${timer}` }) as const),
    ];
  },

  label: (event) => {
    switch (event.type) {
      case 'closed':
      case 'closeWith':
        return `${event.type} (${event.code})`;
      case 'received.identify':
        return `${event.type} (${nameOfIdentify(event)})`;
      case 'received.resume':
        return `${event.type} (${event.tokenMatches ? `${event.sessionId}, ${event.sequence}` : '4004'})`;
      case 'invalidateSession':
        return `${event.type} (${event.resumable})`;
      case 'adopt':
        return event.session.buffer.length === 0 ? event.type : `${event.type} (something to replay)`;
      default:
        return event.type;
    }
  },

  isHome: (snapshot) => snapshot.matches({ connection: { open: { session: 'live' } } }),

  projections: {
    lifecycle: {
      key: ({ value, context: { session } }) =>
        `${stateName(withoutRegions(value, BESIDE_THE_SESSION))}, ${session === null ? 'no session' : 'session'}`,
      includes: (event) => {
        if (event.type.startsWith('fault.') || BESIDE_THE_LIFECYCLE.includes(event.type)) return false;
        if (event.type === 'received.identify') return ['accepted', '4004'].includes(nameOfIdentify(event));
        return 'code' in event ? LIFECYCLE_CODES.includes(event.code) : true;
      },
    },
  },

  causes: GATEWAY_CAUSES,
};

function nameOfIdentify(facts: IdentifyFacts): string {
  const names = Object.keys(FAULTLESS) as (keyof IdentifyFacts)[];
  return IDENTIFIES.find(([, known]) => names.every((name) => known[name] === facts[name]))?.[0] ?? 'refused';
}
