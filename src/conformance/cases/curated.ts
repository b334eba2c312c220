/** Cases that tell most of clients, written by hand: a life without faults, the waits, the loops, the limits. */
import { Opcode } from '../../../machines/protocol/opcodes.js';
import type { LogEntry } from '../../simulator/index.js';
import type { Case, Check, Step } from '../case.js';
import {
  comesBack,
  firstHeartbeatsAreSpread,
  gapsGrow,
  heartbeatsInTime,
  identifies,
  identifiesAtMost,
  isLeft,
  isLive,
  keepsSecrets,
  messagesFlow,
  NOTED,
  noFlood,
  nothingBeforeFirst,
  nothingLost,
  OWN_LIMIT_MS,
  resumes,
  rulesHold,
  runsOn,
  runsOnOnceReady,
  settledAfter,
  socketsAtMost,
  staysAway,
  staysOnConnection,
} from '../checks.js';
import type { Evidence } from '../evidence.js';
import { fieldsOf } from '../fields.js';
import { LIVE } from './live.js';

const USUAL: readonly Check[] = [noFlood, keepsSecrets, runsOn(), nothingLost];

/** A life without faults: the first of all cases, since a client that is wired up wrongly fails here. */
const EASY: readonly Case[] = [
  {
    id: 'life/connects',
    spec: 'gateway#connecting',
    level: 'must',
    says: 'The client asks where the Gateway is, connects, identifies once, and hands messages to its user',
    script: LIVE,
    watch: 1_500,
    checks: [...USUAL, rulesHold(), identifiesAtMost(1), socketsAtMost(1), messagesFlow, locates],
    quick: true,
  },
  {
    id: 'life/heartbeats',
    spec: 'gateway#sending-heartbeats',
    level: 'must',
    says: 'Heartbeats come in every interval, the first after a part of one, with the last sequence',
    script: LIVE,
    watch: 13_000,
    timed: true,
    checks: [...USUAL, rulesHold(), identifiesAtMost(1), socketsAtMost(1), heartbeatsInTime, enoughHeartbeats(3)],
    quick: true,
  },
  {
    id: 'life/burst',
    spec: 'gateway#sending-heartbeats',
    level: 'must',
    says: 'Five hundred messages a second reach the user, each once, and heartbeats stay in time',
    gateway: { dispatchesPerSecond: 500 },
    script: LIVE,
    watch: 7_000,
    timed: true,
    checks: [...USUAL, rulesHold(), heartbeatsInTime, socketsAtMost(1)],
  },
  {
    id: 'life/without-dispatches',
    spec: 'gateway#sending-heartbeats',
    level: 'must',
    says: 'A session without a dispatch is kept alive by heartbeats alone',
    gateway: { dispatchesPerSecond: 0 },
    script: [{ until: 'ready' }],
    watch: 10_000,
    timed: true,
    checks: [noFlood, keepsSecrets, runsOn(), rulesHold(), heartbeatsInTime, socketsAtMost(1), enoughHeartbeats(2)],
  },
];

/** A client that has a limit of its own has reached it by then, in ms. */
const LONGEST_MS = OWN_LIMIT_MS[1] + 1_000;

/** Peers that answer less than they should. */
const SILENT: readonly Case[] = [
  {
    id: 'silent/zombie',
    spec: 'gateway#heartbeat-interval',
    level: 'must',
    says: 'Heartbeats are no longer acknowledged: the client closes with a code that keeps the session, and resumes',
    gateway: { dispatchesPerSecond: 0 },
    script: [
      { until: 'ready' },
      { fault: 'swallowAcks' },
      { until: 'end', within: LONGEST_MS },
      { clear: true },
      { until: 'resumed' },
    ],
    watch: 2_000,
    timed: true,
    checks: [noFlood, keepsSecrets, runsOn(), rulesHold([], NOTED), comesBack(), resumes, isLeft(3, 'stuck')],
    quick: true,
  },
  {
    id: 'silent/zombie-with-dispatches',
    spec: 'gateway#heartbeat-interval',
    level: 'must',
    says: 'Heartbeats are no longer acknowledged while dispatches go on: the connection is left all the same',
    script: [
      ...LIVE,
      { fault: 'swallowAcks' },
      { until: 'end', within: LONGEST_MS, orNot: true }, // whoever stays has its messages all the same
      { clear: true },
      { until: 'resumed', orNot: true },
    ],
    watch: 2_500,
    timed: true,
    checks: [...USUAL, rulesHold([], NOTED), comesBack(), resumes, isLeft(3, 'letter')],
  },
  {
    id: 'silent/network',
    spec: 'gateway#heartbeat-interval',
    level: 'must',
    says: 'The peer goes silent while TCP stays up: the client terminates the connection at once, without waiting for an answer to its close, and resumes',
    script: [...LIVE, { fault: 'goSilent' }, { until: 'resumed', within: LONGEST_MS + 10_000 }],
    watch: 2_500,
    timed: true,
    checks: [noFlood, keepsSecrets, runsOn(), rulesHold([], NOTED), comesBack(OWN_LIMIT_MS[0]), resumes],
    quick: true,
  },
  {
    id: 'silent/hello',
    spec: 'gateway#hello-event',
    level: 'should',
    says: 'Hello does not come: the client gives up and connects again',
    before: [{ fault: 'withholdHello', options: { times: 1 } }],
    script: [{ until: 'live', within: 100_000 }],
    watch: 1_500,
    timed: true,
    checks: [noFlood, keepsSecrets, runsOn(), rulesHold([], NOTED), comesBack(90_000)],
  },
  {
    id: 'silent/ready',
    spec: 'gateway#ready-event',
    level: 'robustness',
    says: 'READY does not come, while heartbeats are answered: they carry null, the client waits or connects again, and spends few identifies',
    before: [{ fault: 'withholdReady', options: { times: 1 } }],
    script: [{ until: 'identify' }],
    watch: 40_000,
    timed: true,
    isSettled: (evidence) => isLive(evidence) && evidence.readies.length > 0,
    checks: [noFlood, keepsSecrets, runsOn(), rulesHold([], NOTED), identifiesAtMost(4), nothingBeforeFirst],
  },
  {
    id: 'silent/ready-for-long',
    spec: 'gateway#ready-event',
    level: 'robustness',
    says: 'READY comes on no connection for three quarters of a minute: heartbeats go on, and few identifies are spent',
    before: [{ fault: 'withholdReady' }],
    script: [{ until: 'identify' }, { wait: 45_000 }],
    watch: 0,
    timed: true,
    reached: ({ identifies }) => (identifies.length === 0 ? 'the client did not identify' : null),
    checks: [noFlood, keepsSecrets, runsOn(), rulesHold([], NOTED), identifiesAtMost(4), heartbeatsInTime],
  },
  {
    id: 'silent/resumed',
    spec: 'gateway#resuming',
    level: 'robustness',
    says: 'A Resume is replayed and RESUMED does not come: no message is lost, and few identifies are spent',
    script: [
      ...LIVE,
      { fault: 'withholdResumed', options: { at: 'replaying', times: 1 } },
      { order: 'dropTcp' },
      { until: 'resume' },
    ],
    watch: 30_000,
    timed: true,
    isSettled: settledAfter(1_500),
    checks: [noFlood, keepsSecrets, runsOn(), identifiesAtMost(3), socketsAtMost(8)],
  },
  {
    id: 'silent/close-is-not-answered',
    spec: 'gateway#disconnecting',
    level: 'should',
    says: 'The close frame of the client is not answered: it comes back all the same',
    script: [...LIVE, { fault: 'ignoreClose' }, { order: 'requestReconnect' }, { until: 'resumed', within: 45_000 }],
    watch: 2_000,
    timed: true,
    checks: [noFlood, keepsSecrets, runsOn(), comesBack(35_000), resumes],
  },
];

/** The same thing again and again: what would be a loop of identifies or sockets at Discord. */
const LOOPS: readonly Case[] = [
  loop('closed-after-hello', 'gateway#connecting', 'Each connection is closed in the place of Hello', {
    fault: 'closeWith',
    options: { code: 4000, at: 'greeting', times: 'all' },
  }),
  loop('closed-after-identify', 'gateway#identifying', 'Each connection is closed with 4000 after Identify', {
    fault: 'closeWith',
    options: { code: 4000, at: 'starting', times: 'all' },
  }),
  loop('invalid-after-identify', 'gateway#invalid-session', 'Each Identify is answered with Invalid Session', {
    fault: 'invalidateSession',
    options: { resumable: false, at: 'starting', times: 'all' },
  }),
  loop(
    '4009-when-live',
    'gateway#gateway-close-event-codes',
    'Each session is closed with 4009 as soon as it is live',
    {
      fault: 'closeWith',
      options: { code: 4009, at: 'live', times: 'all' },
    },
  ),
  loop('invalid-when-live', 'gateway#invalid-session', 'Each session becomes invalid as soon as it is live', {
    fault: 'invalidateSession',
    options: { resumable: false, at: 'live', times: 'all' },
  }),
  loop('drop-when-live', 'gateway#disconnecting', 'Each connection is lost as soon as it is live', {
    fault: 'dropTcp',
    options: { at: 'live', times: 'all' },
  }),
  loop('reconnect-when-live', 'gateway#reconnect', 'Each connection is told to reconnect as soon as it is live', {
    fault: 'requestReconnect',
    options: { at: 'live', times: 'all' },
  }),
  loop(
    'resume-is-dropped',
    'gateway#resuming',
    'Each Resume is accepted and its connection lost',
    { fault: 'resumeThenDrop' },
    true,
  ),
  loop(
    'resume-is-refused',
    'gateway#invalid-session',
    'Each Resume is answered with Invalid Session, d true',
    {
      fault: 'invalidateSession',
      options: { resumable: true, at: 'replaying', times: 'all' },
    },
    true,
  ),
];

/** A loop that lasts for a minute, from the beginning or once a session was live. What it counts no neighbour can change. */
function loop(name: string, spec: string, says: string, fault: Step, hasSession = false): Case {
  return {
    id: `loop/${name}`,
    spec,
    level: 'robustness',
    says: `${says}, for a minute: few identifies are spent, and the waits grow`,
    before: hasSession ? [] : [fault],
    script: hasSession ? [...LIVE, fault, { order: 'dropTcp' }, { wait: 60_000 }] : [{ wait: 60_000 }],
    watch: 0,
    reached: ({ handshakes }) => (handshakes.length === 0 ? 'the client did not connect' : null),
    checks: [noFlood, keepsSecrets, runsOn(), identifiesAtMost(8), socketsAtMost(30), gapsGrow()],
  };
}

/** What refuses before there is a connection. */
const REFUSED: readonly Case[] = [
  {
    id: 'refused/handshakes',
    spec: 'gateway#connecting',
    level: 'should',
    says: 'Every WebSocket handshake is refused with 503 for half a minute: the waits grow, and the client comes back after',
    before: [{ fault: 'refuseConnections', options: { status: 503 } }],
    script: [{ wait: 30_000 }, { clear: true }, { until: 'live', within: 70_000 }],
    watch: 1_000,
    timed: true,
    reached: ({ handshakes }) => (handshakes.length === 0 ? 'the client did not connect' : null),
    checks: [noFlood, keepsSecrets, runsOnOnceReady, comesBack(), socketsAtMost(20), gapsGrow()],
  },
  {
    id: 'refused/resume-host',
    spec: 'gateway#resuming',
    level: 'should',
    says: 'The host that READY names for resumes refuses connections: the session is resumed at the main one, or given up',
    script: [...LIVE, { fault: 'refuseResumeHost' }, { order: 'dropTcp' }, { until: 'live', within: 60_000 }],
    watch: 2_000,
    timed: true,
    isSettled: settledAfter(1_500),
    checks: [noFlood, keepsSecrets, runsOn(), comesBack(45_000), identifiesAtMost(2), socketsAtMost(15)],
    quick: true,
  },
  {
    id: 'refused/get-gateway',
    spec: 'gateway#get-gateway-bot',
    level: 'should',
    says: 'Get Gateway Bot answers 503 for ten seconds: the client goes on to try, and gets ready',
    before: [{ fault: 'refuseGetGateway', options: { status: 503 } }],
    script: [{ wait: 10_000 }, { clear: true }, { until: 'live', within: 70_000 }],
    watch: 1_000,
    timed: true,
    reached: asksWhere,
    checks: [noFlood, keepsSecrets, runsOnOnceReady, comesBack(), requestsAtMost(30)],
  },
  {
    id: 'refused/get-gateway-for-a-while',
    spec: 'gateway#get-gateway-bot',
    level: 'must',
    says: 'Get Gateway Bot answers 429, to be asked again in eight seconds: the client waits for so long, and gets ready',
    before: [{ fault: 'refuseGetGateway', options: { status: 429, retryAfter: 8 } }],
    script: [{ wait: 7_500 }, { clear: true }, { until: 'live', within: 30_000 }],
    watch: 1_000,
    timed: true,
    reached: asksWhere,
    checks: [noFlood, keepsSecrets, runsOnOnceReady, comesBack(), waitsAfterRefusal(7_500)],
  },
  {
    id: 'refused/token-over-http',
    spec: 'gateway#get-gateway-bot',
    level: 'should',
    says: 'Get Gateway Bot answers 401: the client stops, and says so',
    before: [{ fault: 'refuseGetGateway', options: { status: 401 } }],
    script: [{ wait: 12_000 }],
    watch: 0,
    timed: true,
    reached: asksWhere,
    checks: [noFlood, keepsSecrets, runsOn({ mayEnd: true }), requestsAtMost(3), staysAway],
  },
];

/** Sequences and sessions. */
const SESSIONS: readonly Case[] = [
  {
    id: 'session/replay',
    spec: 'gateway#resuming',
    level: 'must',
    says: 'What is sent while the client is away is replayed, and reaches the user once and in order',
    gateway: { dispatchesPerSecond: 40 },
    script: [
      ...LIVE,
      { wait: 1_000 },
      { order: 'dropTcp' },
      { until: 'resumed' },
      { wait: 1_500 },
      { order: 'dropTcp' },
      { until: 'resumed' },
    ],
    watch: 3_000,
    checks: [...USUAL, rulesHold(), comesBack(), resumes, inOrder],
    quick: true,
  },
  {
    id: 'session/jump',
    spec: 'gateway#resuming',
    level: 'robustness',
    says: 'Sequence numbers are left out: the client goes on with what came last',
    script: [
      ...LIVE,
      { fault: 'skipSequence', options: { by: 1_000 } },
      { wait: 1_500 },
      { order: 'dropTcp' },
      { until: 'resumed' },
    ],
    watch: 3_000,
    checks: [...USUAL, rulesHold(), comesBack(), resumes],
  },
  {
    id: 'session/ended-while-away',
    spec: 'gateway#invalid-session',
    level: 'must',
    says: 'The session has ended while the client was away: its Resume is refused, and it begins a new one on another connection',
    gateway: { settings: { sessionRetention: 0 } },
    script: [...LIVE, { order: 'dropTcp' }, { until: 'ready', within: 30_000 }],
    strikes: isRefusedResume, // one that comes within the same moment may still find its session
    watch: 2_000,
    checks: [noFlood, keepsSecrets, runsOn(), rulesHold(), comesBack(), messagesFlow, identifiesAtMost(2)],
  },
  {
    id: 'session/second-identify-waits',
    spec: 'gateway#rate-limiting',
    level: 'must',
    says: 'A session that ends at once is followed by an Identify that is five seconds after the first, or later',
    script: [{ until: 'ready' }, { order: 'closeWith', code: 4009 }, { until: 'ready', within: 30_000 }],
    watch: 1_500,
    timed: true,
    checks: [noFlood, keepsSecrets, runsOn(), comesBack(), identifies, identifiesApart(5_000)],
  },
  {
    id: 'session/last-sequence',
    spec: 'gateway#resuming',
    level: 'must',
    says: 'The Gateway sends nothing for a while, so that one sequence alone is the last: heartbeats and Resume name it',
    script: [
      ...LIVE,
      { configure: { dispatchesPerSecond: 0 } },
      { wait: 1_000 },
      { beats: 1 },
      { order: 'dropTcp' },
      { until: 'resumed' },
      { wait: 1_000 },
      { beats: 1 },
    ],
    watch: 500,
    checks: [...USUAL, rulesHold(), comesBack(), resumes],
  },
  longInterval('lost', 'The connection is lost', { order: 'dropTcp' }),
  longInterval('closed', 'The connection is closed with 4000', { order: 'closeWith', code: 4000 }),
  {
    id: 'session/resume-never-succeeds',
    spec: 'gateway#invalid-session',
    level: 'robustness',
    says: 'Each Resume is answered with Invalid Session, d true: in the end the client gives the session up and begins a new one',
    script: [
      ...LIVE,
      { fault: 'invalidateSession', options: { resumable: true, at: 'replaying', times: 'all' } },
      { order: 'dropTcp' },
      { until: 'ready', within: 90_000 },
    ],
    watch: 1_500,
    timed: true,
    checks: [noFlood, keepsSecrets, runsOn(), comesBack(), identifiesAtMost(4), socketsAtMost(30)],
  },
];

/** With the interval of Discord, where a client that waits for a missing ACK does not come back in time. */
function longInterval(name: string, says: string, order: Step): Case {
  return {
    id: `session/${name}-in-a-long-interval`,
    spec: 'gateway#disconnecting',
    level: 'must',
    says: `${says} where heartbeats are 41.25 s apart, as at Discord: the client notices without one, and resumes`,
    gateway: { heartbeatInterval: 41_250 },
    script: [...LIVE, order, { until: 'live', within: 25_000 }],
    watch: 1_500,
    checks: [...USUAL, rulesHold(), comesBack(), resumes],
  };
}

/** Frames on the wire. */
const TRANSPORT: readonly Case[] = [
  {
    id: 'transport/hello-with-upgrade',
    spec: 'gateway#hello-event',
    level: 'robustness',
    says: 'Hello comes in the same packet as the answer to the handshake: it is not missed',
    before: [{ fault: 'helloWithUpgrade' }],
    script: LIVE,
    watch: 3_500,
    checks: [...USUAL, rulesHold([], NOTED), socketsAtMost(2), messagesFlow],
  },
  {
    id: 'transport/slow-replay',
    spec: 'gateway#resuming',
    level: 'should',
    says: 'A long replay in parts takes longer than a heartbeat interval: it is not given up',
    gateway: { dispatchesPerSecond: 60, settings: { replayBatch: 20, replayDelay: 400 } },
    script: [
      ...LIVE,
      { wait: 2_000 },
      { fault: 'refuseConnections' },
      { order: 'dropTcp' },
      { wait: 4_000 },
      { configure: { dispatchesPerSecond: 0 } }, // or the replay would never end
      { clear: true },
      { until: 'resumed', within: 45_000 },
    ],
    watch: 3_000,
    timed: true,
    checks: [...USUAL, comesBack(), identifiesAtMost(1), heartbeatsInTime],
  },
  {
    id: 'transport/events-named-like-ours',
    spec: 'gateway#payload-structure',
    level: 'robustness',
    says: 'Dispatches named like events of a program (error, close, __proto__) are handed on or left out, and break nothing',
    script: [
      ...LIVE,
      ...['error', 'close', 'end', 'message', '__proto__', 'constructor', 'ready', 'READY2', 'newListener'].map(
        (name): Step => ({ order: 'dispatch', name, data: { id: '1' } }),
      ),
    ],
    watch: 3_500,
    checks: [...USUAL, rulesHold([], NOTED), comesBack(), messagesFlow, staysOnConnection()],
  },
  {
    id: 'transport/large-event',
    spec: 'gateway#payload-structure',
    level: 'robustness',
    says: 'An event of 1 MB, as GUILD_CREATE of a large guild is one, is read, and the connection goes on',
    script: [...LIVE, { order: 'dispatch', name: 'GUILD_CREATE', data: { id: '1', description: 'x'.repeat(2 ** 20) } }],
    watch: 4_000,
    checks: [...USUAL, rulesHold([], NOTED), messagesFlow, staysOnConnection()],
  },
];

/** What a client costs at Discord when sessions last for two heartbeat intervals. */
export const storm = (minutes: number): Case => ({
  id: 'storm/short-sessions',
  spec: 'gateway#rate-limiting',
  level: 'robustness',
  says: `Sessions end two heartbeat intervals after they were live, for ${minutes} minutes: identifies grow rare`,
  script: [
    { until: 'live' },
    {
      during: minutes * 60_000,
      steps: [{ beats: 2 }, { order: 'closeWith', code: 4009 }, { until: 'live', within: 150_000 }],
    },
  ],
  strikes: ({ kind, direction, code }) => kind === 'close' && direction === 'gateway' && code === 4009,
  watch: 0,
  checks: [noFlood, keepsSecrets, runsOn(), identifiesAtMost(8), firstHeartbeatsAreSpread],
});

/** All of them. */
export const CURATED: readonly Case[] = [...EASY, ...SESSIONS, ...SILENT, ...REFUSED, ...TRANSPORT, ...LOOPS];

/** Whether the client asks the API for the Gateway at all; null if it does. */
function asksWhere({ wire }: Evidence): string | null {
  const isAsked = wire.some(({ kind, path = '' }) => kind === 'request' && GET_GATEWAY.test(path));
  return isAsked ? null : 'the client did not ask for the URL of the Gateway';
}
const GET_GATEWAY = /\/gateway(?:\/bot)?$/;

function isRefusedResume({ direction, payload }: LogEntry): boolean {
  return direction === 'gateway' && fieldsOf(payload)['op'] === Opcode.InvalidSession;
}

function locates({ wire }: Evidence) {
  return wire.some(({ kind, path = '' }) => kind === 'request' && GET_GATEWAY.test(path))
    ? []
    : [
        {
          grade: 'letter' as const,
          says: 'it does not ask for the URL of the Gateway',
          spec: 'gateway#get-gateway-bot',
          tolerated: 'the URL may have been given to it',
        },
      ];
}

function enoughHeartbeats(least: number): Check {
  return (evidence) => {
    const count = evidence.messages('client', 'Heartbeat').length;
    return count >= least ? [] : [{ grade: 'letter', says: `${count} heartbeats were sent, where ${least} are due` }];
  };
}

/** The second request comes so long after the first, in ms. */
function waitsAfterRefusal(ms: number): Check {
  return ({ wire }) => {
    const [first, second] = wire.filter(({ kind, path = '' }) => kind === 'request' && GET_GATEWAY.test(path));
    if (first === undefined || second === undefined || second.at - first.at >= ms) return [];
    const waited = `${Math.round((second.at - first.at) / 100) / 10} s`;
    return [{ grade: 'letter', says: `it asks again after ${waited}, and was told to wait for 8 s`, at: second.at }];
  };
}

function requestsAtMost(most: number): Check {
  return ({ wire }) => {
    const count = wire.filter(({ kind, path = '' }) => kind === 'request' && GET_GATEWAY.test(path)).length;
    return count <= most
      ? []
      : [{ grade: 'sockets', says: `the URL is asked for ${count} times, where ${most} would do` }];
  };
}

function identifiesApart(ms: number): Check {
  return (evidence) => {
    const times = evidence.identifies.map(({ at }) => at);
    const early = times.findIndex((at, i) => i > 0 && at - (times[i - 1] ?? 0) < ms - 100);
    return early === -1
      ? []
      : [
          {
            grade: 'budget',
            says: `an Identify follows ${Math.round((times[early] ?? 0) - (times[early - 1] ?? 0))} ms after the one before`,
            at: times[early] ?? 0,
          },
        ];
  };
}

/** Messages reach the user in the order of their sequences. */
function inOrder(evidence: Evidence): ReturnType<Check> {
  const order = new Map(
    evidence
      .messages('gateway', 'Dispatch', 'MESSAGE_CREATE')
      .map(({ payload }, i) => [String(fieldsOf(fieldsOf(payload)['d'])['id']), i]),
  );
  const places = evidence.deliveries.map(({ id }) => order.get(id) ?? -1).filter((place) => place >= 0);
  const at = places.findIndex((place, i) => i > 0 && place < (places[i - 1] ?? 0));
  return at === -1
    ? []
    : [{ grade: 'letter', says: 'messages reach the user in another order than they were sent in' }];
}
