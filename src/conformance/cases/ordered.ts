/** Cases in which the client is ordered to do something, over the control channel. */
import { Opcode } from '../../../machines/protocol/opcodes.js';
import { counted } from '../../telling/numbers.js';
import type { Case, Check, Finding, Step } from '../case.js';
import {
  comesBack,
  heartbeatsInTime,
  identifiesAtMost,
  keepsSecrets,
  messagesFlow,
  noFlood,
  nothingLost,
  resumes,
  rulesHold,
  runsOn,
  settledAfter,
  socketsAtMost,
  staysAway,
  staysOnConnection,
} from '../checks.js';
import type { Order } from '../control.js';
import { type Evidence, now } from '../evidence.js';
import { fieldsOf } from '../fields.js';
import { LIVE } from './live.js';

/** What holds whatever is ordered. */
const USUAL: readonly Check[] = [noFlood, keepsSecrets];
/** It may be the end of the program, which is the client's to decide. */
const mayEnd = runsOn({ mayEnd: true });

/** How long a client may take to leave, in ms. */
const LEAVING_MS = 10_000;
/** An order may cross what is on its way for so long, in ms. */
const CROSSING_MS = 500;

/** Where a client may be told to stop: how it comes there, and whether it is connected. */
const STOPS: readonly (readonly [place: string, says: string, steps: readonly Step[], before?: readonly Step[]])[] = [
  ['live', 'a session is live', LIVE],
  ['before-hello', 'the Gateway has not said Hello', [{ until: 'open' }, { wait: 500 }], [{ fault: 'withholdHello' }]],
  ['before-ready', 'READY has not come', [{ until: 'identify' }, { wait: 500 }], [{ fault: 'withholdReady' }]],
  [
    'before-resumed',
    'RESUMED has not come',
    [...LIVE, { fault: 'withholdResumed', options: { at: 'replaying' } }, { order: 'dropTcp' }, { until: 'resume' }],
  ],
  [
    'waiting',
    'it waits to connect again',
    [...LIVE, { fault: 'refuseConnections', options: { status: 503 } }, { order: 'dropTcp' }, { wait: 4_000 }],
  ],
  ['silent', 'the peer answers nothing', [...LIVE, { fault: 'goSilent' }, { wait: 500 }]],
];

const STOPPING = STOPS.map(([place, says, steps, before = []]): Case => {
  return {
    id: `stop/${place}`,
    spec: 'gateway#disconnecting',
    level: 'should',
    says: `The client is told to stop while ${says}: no connection is left after, and none is opened`,
    needs: ['stop'],
    before,
    script: [...steps, { tell: { order: 'stop' } }, { hear: 'closed', within: 20_000 }],
    watch: 6_000,
    timed: true,
    checks: [...USUAL, mayEnd, leavesAfter('stop'), staysAwayAfter('stop'), ...(place === 'live' ? [endsSession] : [])],
    ...(place === 'live' ? { quick: true } : {}),
  };
});

const DETACHING: readonly Case[] = [
  {
    id: 'detach/live',
    spec: 'gateway#resuming',
    level: 'should',
    says: 'The client is told to detach, and another process goes on with the session: nothing is lost',
    needs: ['detach', 'record'],
    gateway: { dispatchesPerSecond: 20 },
    script: [
      ...LIVE,
      { wait: 1_000 },
      { tell: { order: 'detach' } },
      { hear: 'record' },
      { wait: 1_500 },
      { restart: true },
      { until: 'resumed' },
    ],
    watch: 3_000,
    checks: [
      ...USUAL,
      mayEnd,
      leavesAfter('detach'),
      keepsSession,
      resumes,
      resumesFromWhatCame,
      nothingLost,
      identifiesAtMost(1),
    ],
    quick: true,
  },
  {
    id: 'detach/session-ended',
    spec: 'gateway#invalid-session',
    level: 'should',
    says: 'Another process begins with the record of a session that has ended meanwhile: a new one is begun',
    needs: ['detach', 'record'],
    gateway: { settings: { sessionRetention: 0 } },
    script: [
      ...LIVE,
      { tell: { order: 'detach' } },
      { hear: 'record' },
      { wait: 5_000 }, // a process that begins knows of no Identify before, and the lane allows one in so long
      { restart: true },
      { until: 'ready' },
    ],
    watch: 3_000,
    checks: [...USUAL, mayEnd, comesBack(), messagesFlow, identifiesAtMost(2), socketsAtMost(4)],
  },
];

/** A command that is within every limit of its own. */
const member = (number: number) => ({ guild_id: '{guild}', user_ids: ['1'], limit: 1, nonce: `${number}` });
/** The same before READY, when no guild is known. */
const memberOfNone = (number: number) => ({ ...member(number), guild_id: '1' });

const presence = (number: number) => ({
  since: null,
  activities: [{ name: `${number}`, type: 0 }],
  status: 'online',
  afk: false,
});
/** "Update Presence": so many in so long, in ms. */
const PRESENCES = { most: 5, within: 20_000 };

const SENDING: readonly Case[] = [
  {
    id: 'send/one',
    spec: 'gateway#sending-events',
    level: 'must',
    says: 'A command reaches the Gateway, and the client tells so',
    needs: ['send'],
    script: [...LIVE, { send: 1, op: Opcode.RequestGuildMembers, d: member }, { hear: 'sent' }],
    watch: 1_500,
    checks: [...USUAL, runsOn(), rulesHold(), arrive(1), oneOutcomeEach, staysOnConnection()],
    quick: true,
  },
  {
    id: 'send/two-hundred',
    spec: 'gateway#rate-limiting',
    level: 'must',
    says: 'Two hundred commands at once: no more than 120 payloads leave in a minute, heartbeats stay in time, and each command has one outcome',
    needs: ['send'],
    script: [...LIVE, { send: 200, op: Opcode.RequestGuildMembers, d: member }],
    watch: 75_000,
    timed: true,
    checks: [...USUAL, runsOn(), rulesHold(), heartbeatsInTime, arrive(100), oneOutcomeEach, staysOnConnection()],
  },
  {
    id: 'send/before-ready',
    spec: 'gateway#identifying',
    level: 'must',
    says: 'A command that is given before READY is refused or waits: nothing leaves before Identify',
    needs: ['send'],
    before: [{ fault: 'withholdReady', options: { times: 1 } }],
    script: [{ until: 'identify' }, { send: 1, op: Opcode.RequestGuildMembers, d: memberOfNone }],
    watch: 45_000,
    timed: true,
    isSettled: (evidence) => evidence.told('sent', 'rejected').length > 0,
    checks: [...USUAL, runsOn(), rulesHold(), oneOutcomeEach, identifiesAtMost(4)],
  },
  {
    id: 'send/before-hello',
    spec: 'gateway#hello-event',
    level: 'must',
    says: 'A command that is given before Hello is refused or waits: nothing leaves before Hello',
    needs: ['send'],
    before: [{ fault: 'withholdHello', options: { times: 1 } }],
    script: [{ until: 'open' }, { wait: 500 }, { send: 1, op: Opcode.RequestGuildMembers, d: memberOfNone }],
    watch: 100_000,
    timed: true,
    isSettled: (evidence) => evidence.told('sent', 'rejected').some(({ at }) => now() - at > CROSSING_MS),
    checks: [...USUAL, runsOn(), rulesHold(), oneOutcomeEach, identifiesAtMost(4)],
  },
  {
    id: 'send/while-away',
    spec: 'gateway#sending-events',
    level: 'should',
    says: 'Commands that are given while the connection is lost are refused, or leave after RESUMED: each has one outcome',
    needs: ['send'],
    script: [
      ...LIVE,
      { fault: 'refuseConnections', options: { status: 503 } },
      { order: 'dropTcp' },
      { wait: 1_000 },
      { send: 10, op: Opcode.RequestGuildMembers, d: member },
      { wait: 1_000 },
      { clear: true },
      { until: 'resumed', within: 60_000 },
    ],
    watch: 3_000,
    checks: [...USUAL, runsOn(), comesBack(), oneOutcomeEach, resumes],
  },
  {
    id: 'send/too-large',
    spec: 'gateway#sending-events',
    level: 'must',
    says: 'A command of more than 4,096 bytes is refused by the client, and the connection stays',
    needs: ['send'],
    script: [
      ...LIVE,
      { send: 1, op: Opcode.RequestGuildMembers, d: (number) => ({ ...member(number), query: 'x'.repeat(5_000) }) },
      { hear: 'rejected' },
    ],
    watch: 2_000,
    checks: [...USUAL, runsOn(), rulesHold(), oneOutcomeEach, staysOnConnection()],
  },
  {
    id: 'send/presences',
    spec: 'gateway#send-events',
    level: 'must',
    says: 'Twelve presences at once: no more than five leave in twenty seconds, and the last of those that the client takes arrives',
    needs: ['send'],
    script: [...LIVE, { send: 12, op: Opcode.PresenceUpdate, d: presence }],
    watch: 48_000,
    timed: true,
    isSettled: (evidence) => presenceIsUpToDate(evidence) && now() - evidence.struck > PRESENCES.within + 5_000,
    checks: [...USUAL, runsOn(), rulesHold(), presencesAreFew, presenceArrives, staysOnConnection()],
  },
  {
    id: 'send/stopped-meanwhile',
    spec: 'gateway#sending-events',
    level: 'should',
    says: 'The client is told to stop while commands wait: each of them has one outcome all the same',
    needs: ['send', 'stop'],
    script: [
      ...LIVE,
      { send: 150, op: Opcode.RequestGuildMembers, d: member },
      { tell: { order: 'stop' } },
      { hear: 'closed' },
    ],
    watch: 1_500,
    checks: [...USUAL, mayEnd, leavesAfter('stop'), oneOutcomeEach],
  },
];

const BLOCKING: readonly Case[] = [
  {
    id: 'block/over-a-beat',
    spec: 'gateway#heartbeat-interval',
    level: 'robustness',
    says: 'The program computes while a heartbeat falls due: it is sent late, and the connection goes on',
    needs: ['block'],
    // The Gateway closes a connection on which no heartbeat came for an interval and a half.
    script: [...LIVE, { until: 'heartbeat' }, { tell: { order: 'block', ms: 3_500 } }],
    watch: 12_000,
    timed: true,
    checks: [...USUAL, runsOn(), nothingLost, staysOnConnection(), identifiesAtMost(1)],
  },
  {
    id: 'block/over-an-ack',
    spec: 'gateway#heartbeat-interval',
    level: 'robustness',
    says: 'The program computes while an ACK arrives and the next heartbeat falls due: the ACK is read before the peer is given up',
    needs: ['block'],
    script: [
      ...LIVE,
      { until: 'heartbeat' },
      { fault: 'stopReading' },
      { beats: 1 },
      { wait: 300 },
      { tell: { order: 'block', ms: 3_500 } },
      { wait: 300 },
      { fault: 'startReading' },
    ],
    watch: 10_000,
    timed: true,
    checks: [...USUAL, runsOn(), nothingLost, staysOnConnection(), identifiesAtMost(1)],
  },
  {
    id: 'block/three-intervals',
    spec: 'gateway#heartbeat-interval',
    level: 'robustness',
    says: 'The program computes for three intervals: whatever becomes of the connection, the session goes on',
    needs: ['block'],
    script: [...LIVE, { wait: 2_000 }, { tell: { order: 'block', ms: 9_000 } }],
    watch: 22_000,
    timed: true,
    checks: [...USUAL, runsOn(), nothingLost, comesBack(), identifiesAtMost(1), socketsAtMost(4)],
  },
];

const TELLING: readonly Case[] = [
  {
    id: 'tell/ready-and-resumed',
    spec: 'gateway#resuming',
    level: 'should',
    says: 'The client tells its user of READY, and of RESUMED',
    needs: ['tell'],
    script: [
      { until: 'ready' },
      { hear: 'ready' },
      { until: 'message' },
      { order: 'dropTcp' },
      { hear: 'resumed', within: 45_000 },
    ],
    watch: 1_500,
    isSettled: settledAfter(1_000),
    checks: [...USUAL, runsOn(), comesBack()],
  },
  {
    id: 'tell/failure',
    spec: 'gateway#gateway-close-event-codes',
    level: 'should',
    says: 'The client tells its user that it has given up, and the close code that is the reason',
    needs: ['tell'],
    script: [...LIVE, { order: 'closeWith', code: 4004 }, { hear: 'failed' }],
    watch: 3_000,
    checks: [...USUAL, mayEnd, tellsCode(4004), staysAway],
  },
];

/** All of them. */
export const ORDERED: readonly Case[] = [...SENDING, ...STOPPING, ...DETACHING, ...BLOCKING, ...TELLING];

/** When the client was told to do something for the first time. */
function orderedAt(evidence: Evidence, order: Order): number {
  return evidence.asked(order)[0]?.at ?? Number.POSITIVE_INFINITY;
}

/** Its close of the connection that was open when it was told to leave; undefined if it was not connected. */
function leaving(evidence: Evidence, order: Order) {
  const from = orderedAt(evidence, order);
  const { connection = 0 } = evidence.opens.findLast(({ at }) => at <= from) ?? {};
  const ends = evidence.endsOf(connection);
  return ends.some(({ at }) => at < from) ? undefined : { from, end: ends[0] };
}

/** The connection that was open is left in time. */
function leavesAfter(order: Order): Check {
  return (evidence) => {
    const left = leaving(evidence, order);
    if (left === undefined || (left.end !== undefined && left.end.at - left.from <= LEAVING_MS)) return [];
    return [
      { grade: 'stuck', says: `the connection is not left within ${LEAVING_MS / 1000} s of the order to ${order}` },
    ];
  };
}

/** No further connection is opened. */
function staysAwayAfter(order: Order): Check {
  return (evidence) => {
    const from = orderedAt(evidence, order) + CROSSING_MS;
    const again = evidence.handshakes.find(({ at }) => at > from);
    return again === undefined
      ? []
      : [{ grade: 'return', says: `it connects again after the order to ${order}`, at: again.at }];
  };
}

/** A stop is for good: its close code ends the session, which would be kept for nothing. */
function endsSession(evidence: Evidence): ReturnType<Check> {
  const { end } = leaving(evidence, 'stop') ?? {};
  if (end === undefined || (end.kind === 'close' && [1000, 1001].includes(end.code ?? 0))) return [];
  const says = end.kind === 'drop' ? 'it leaves without a close frame' : `it leaves with ${end.code}`;
  const tolerated = 'the session waits for a Resume that does not come, and ends by itself';
  return [{ grade: 'letter', says, at: end.at, tolerated }];
}

/** A detach leaves so that the session can be resumed. */
function keepsSession(evidence: Evidence): ReturnType<Check> {
  const { end } = leaving(evidence, 'detach') ?? {};
  if (end?.kind !== 'close' || ![1000, 1001].includes(end.code ?? 0)) return [];
  return [{ grade: 'budget', says: `it leaves with ${end.code}, which ends the session`, at: end.at }];
}

/** So many commands reach the Gateway, at least. */
function arrive(least: number): Check {
  return (evidence) => {
    const count = evidence.messages('client', 'RequestGuildMembers').length;
    if (count >= least) return [];
    return [{ grade: 'loss', says: `${counted(count, 'command')} reached the Gateway, where ${least} should` }];
  };
}

/** No more presences leave in any time of the window than the documentation allows. */
function presencesAreFew(evidence: Evidence): ReturnType<Check> {
  const times = evidence.messages('client', 'PresenceUpdate').map(({ at }) => at);
  const { most, within } = PRESENCES;
  const first = times.find((at, i) => (times[i + most] ?? Number.POSITIVE_INFINITY) - at < within - CROSSING_MS);
  if (first === undefined) return [];
  const count = times.filter((at) => at >= first && at < first + within).length;
  return [{ grade: 'letter', says: `${count} presences leave within 20 s, where ${most} may`, at: first }];
}

/** The newest presence that was not refused is the last that reached the Gateway. */
function presenceIsUpToDate(evidence: Evidence): boolean {
  const refused = evidence.told('rejected').map(({ fields }) => fields['id']);
  const last = evidence.asked('send').findLast(({ id }) => !refused.includes(id));
  const { activities } = fieldsOf(fieldsOf(evidence.messages('client', 'PresenceUpdate').at(-1)?.payload)['d']);
  const name = fieldsOf(Array.isArray(activities) ? activities[0] : undefined)['name'];
  return last === undefined || name === `${last.id}`;
}

function presenceArrives(evidence: Evidence): ReturnType<Check> {
  return presenceIsUpToDate(evidence)
    ? []
    : [{ grade: 'loss', says: 'the last presence was not refused, and did not reach the Gateway' }];
}

/** What lies between the last that was sent and what a Resume names is never sent: on the wire nothing shows that it is lost. */
function resumesFromWhatCame({ wire }: Evidence): ReturnType<Check> {
  let last = 0;
  for (const { direction, payload, at } of wire) {
    const { op, s, d } = fieldsOf(payload);
    if (direction === 'gateway' && op === Opcode.Dispatch && typeof s === 'number') last = s;
    const { seq } = fieldsOf(d);
    if (direction !== 'client' || op !== Opcode.Resume || typeof seq !== 'number' || seq <= last) continue;
    return [{ grade: 'loss', says: `a Resume names sequence ${seq}, and the last that came was ${last}`, at }];
  }
  return [];
}

/** Each command is told to be sent or rejected, once, and no more than what was told to be sent can have arrived. */
function oneOutcomeEach(evidence: Evidence): ReturnType<Check> {
  const outcomes = evidence.told('sent', 'rejected').map(({ fields }) => fields['id']);
  const ids = evidence.asked('send').map(({ id }) => id);
  const untold = ids.filter((id) => !outcomes.includes(id));
  const twice = ids.filter((id) => outcomes.filter((each) => each === id).length > 1);
  const told = evidence.told('sent');
  const left = evidence.messages('client', 'RequestGuildMembers');
  const [sent, arrived] = [told.length, left.length];
  const early = told.findIndex(
    ({ at }, i) => (left[i]?.at ?? Number.POSITIVE_INFINITY) > at + CROSSING_MS + evidence.lag,
  );
  const findings: Finding[] = [];
  if (untold.length > 0)
    findings.push({ grade: 'loss', says: `nothing is told of ${counted(untold.length, 'command')} of ${ids.length}` });
  if (twice.length > 0)
    findings.push({ grade: 'double', says: `two outcomes are told of ${counted(twice.length, 'command')}` });
  if (early !== -1) {
    const says = `${counted(early + 1, 'command')} had been told to be sent, and ${early} had left`;
    findings.push({ grade: 'loss', says, at: told[early]?.at ?? 0 });
  }
  if (untold.length === 0 && arrived > sent)
    findings.push({ grade: 'double', says: `${arrived} commands arrived, and ${sent} are told to be sent` });
  return findings;
}

/** The reason that it gives holds the close code. */
function tellsCode(code: number): Check {
  return (evidence) => {
    const [failed] = evidence.told('failed');
    if (failed === undefined || failed.fields['code'] === code) return [];
    return [
      { grade: 'letter', says: `it tells ${JSON.stringify(failed.fields)}, without the code ${code}`, at: failed.at },
    ];
  };
}
