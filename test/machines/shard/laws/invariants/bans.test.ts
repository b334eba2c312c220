import { describe, expect, it } from 'vitest';
import { bans } from '../../../../../machines/shard/laws/invariants/bans.js';
import type { ShardSeen } from '../../../../../machines/shard/laws/observer.js';
import type { ShardEvent } from '../../../../../machines/shard/vocabulary.js';
import { type Cases, does, notShown } from '../../../../support/hand-steps.js';
import { closed, EVENT, MAIN_URL, SESSION, type ShardStep, shardBench } from '../../../../support/shard-steps.js';

const bench = shardBench(bans);

const none: Partial<ShardSeen> = { run: 'running' };
const locating: Partial<ShardSeen> = { ...none, question: 'locate' };
const opening: Partial<ShardSeen> = { ...none, socket: 'opening' };
const greeting: Partial<ShardSeen> = { ...none, socket: 'greeting' };
const queued: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'jitter', question: 'permit' };
const identifying: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'jitter', stage: 'identifying' };
const live: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'acked', stage: 'live' };
const paused: Partial<ShardSeen> = { ...live, paused: true };
const full: Partial<ShardSeen> = { ...none, away: 'full' };
const rested: Partial<ShardSeen> = { ...none, away: 'rested' };
const closing: Partial<ShardSeen> = { ...none, socket: 'closing' };

const identify = does('sendIdentify');
const resume = does('sendResume', { sessionId: 's1', sequence: 42 });
const heartbeat = does('sendHeartbeat', { sequence: 42 });
const close = does('closeSocket', { code: 4900 });
const drop = does('dropSocket', { connection: 3 });
const open = does('openSocket', { connection: 4, url: MAIN_URL });
const locate = does('locateGateway', { request: 8 });
const ask = does('requestPermit', { request: 8 });
const withSession = { session: SESSION, sequence: 42 };

const CASES: Cases<ShardStep> = {
  'Nothing is sent before Hello': [
    ['holds for Resume in answer to Hello', { seen: greeting, event: EVENT.hello, does: [resume] }, null],
    [
      'holds for a heartbeat on an open connection',
      { seen: live, event: EVENT.heartbeatRequested, does: [heartbeat] },
      null,
    ],
    ['holds while nothing is sent', { seen: greeting, event: EVENT.malformed }, null],
    [
      'is broken by a heartbeat after the handshake',
      { seen: greeting, event: EVENT.heartbeatRequested, does: [heartbeat] },
      'Heartbeat goes out with no Hello on this connection',
    ],
    [
      'is broken by Identify and a heartbeat as soon as the socket is open',
      { seen: opening, event: EVENT.opened, does: [identify, heartbeat] },
      'Identify and Heartbeat go out with no Hello on this connection',
    ],
    [
      'is broken by a heartbeat after our close frame',
      { seen: closing, event: EVENT.heartbeatRequested, does: [heartbeat] },
      'Heartbeat goes out with no Hello on this connection',
    ],
  ],
  'At most one Identify or Resume is sent on a connection': [
    ['holds for the first Identify', { seen: queued, event: EVENT.permitGranted, does: [identify] }, null],
    ['holds while neither is sent', { seen: live, event: EVENT.hello }, null],
    [
      'is broken by Resume after Identify',
      { seen: identifying, event: EVENT.hello, does: [resume] },
      'Identify or Resume goes out again',
    ],
    [
      'is broken by Identify in a session that is live',
      { seen: live, event: EVENT.permitGranted, does: [identify] },
      'Identify or Resume goes out again',
    ],
    [
      'is broken by both in one step',
      { seen: greeting, event: EVENT.hello, does: [resume, identify] },
      'Identify or Resume goes out again',
    ],
  ],
  'Identify is sent with a permit only, one for each': [
    [
      'holds where the permit that was asked for arrives',
      { seen: queued, event: EVENT.permitGranted, does: [identify] },
      null,
    ],
    [
      'holds for a permit that was not used yet',
      { seen: { ...greeting, permitted: true }, event: EVENT.hello, does: [identify] },
      null,
    ],
    ['holds where no Identify is sent', { seen: greeting, event: EVENT.hello, does: [resume] }, null],
    [
      'is broken by Identify in answer to Hello',
      { seen: greeting, event: EVENT.hello, does: [identify] },
      'Identify goes out without a permit',
    ],
    [
      'is broken by a permit that nothing asks for',
      { seen: { ...queued, question: null }, event: EVENT.permitGranted, does: [identify] },
      'Identify goes out without a permit',
    ],
  ],
  'Resume carries the session and the last sequence received in it': [
    [
      'holds for the session and its sequence',
      { seen: greeting, context: withSession, event: EVENT.hello, does: [resume] },
      null,
    ],
    ['holds where no Resume is sent', { seen: queued, event: EVENT.permitGranted, does: [identify] }, null],
    ...[
      ['is broken by another session', withSession, { sessionId: 's0', sequence: 42 }] as const,
      ['is broken by an earlier sequence', withSession, { sessionId: 's1', sequence: 41 }] as const,
      ['is broken by a Resume without a session', {}, { sessionId: '', sequence: 0 }] as const,
    ].map(
      ([claim, context, sent]) =>
        [
          claim,
          { seen: greeting, context, event: EVENT.hello, does: [does('sendResume', sent)] },
          'Resume goes out with another session or sequence, or with none',
        ] as const,
    ),
  ],
  'A socket is dropped before the next is opened': [
    ['holds where there is none', { seen: locating, event: EVENT.located, does: [open] }, null],
    ['holds where the old one is dropped first', { seen: opening, event: EVENT.restart, does: [drop, open] }, null],
    [
      'is broken by dropping the old one last',
      { seen: opening, event: EVENT.restart, does: [open, drop] },
      'a socket is opened beside another',
    ],
    [
      'is broken by opening two',
      { seen: locating, event: EVENT.located, does: [open, open] },
      'two sockets are opened',
    ],
  ],
  'An open connection is closed once, and dropped when the close is answered or its deadline has passed': [
    ['holds for one close of an open connection', { seen: live, event: EVENT.reconnectRequested, does: [close] }, null],
    ['holds for one close before Hello', { seen: greeting, event: EVENT.reconnectRequested, does: [close] }, null],
    ['holds for a drop once the close is answered', { seen: closing, event: closed(4900), does: [drop] }, null],
    ['holds for a drop after the deadline', { seen: closing, event: { type: 'timer.close' }, does: [drop] }, null],
    ['holds for a drop of what is not open yet', { seen: opening, event: EVENT.stop, does: [drop] }, null],
    ['holds for a drop of what the peer closed', { seen: live, event: closed(1006), does: [drop] }, null],
    [
      'is broken by closing twice',
      { seen: live, event: EVENT.reconnectRequested, does: [close, close] },
      'a connection is closed that is not open',
    ],
    [
      'is broken by closing what is not open yet',
      { seen: opening, event: EVENT.stop, does: [close] },
      'a connection is closed that is not open',
    ],
    [
      'is broken by closing what is being closed',
      { seen: closing, event: EVENT.reconnectRequested, does: [close] },
      'a connection is closed that is not open',
    ],
    [
      'is broken by dropping an open connection',
      { seen: live, event: EVENT.stop, does: [drop] },
      'an open connection is dropped',
    ],
    [
      'is broken by dropping what was closed just now',
      { seen: greeting, event: { type: 'timer.hello' }, does: [close, drop] },
      'an open connection is dropped',
    ],
    [
      'is broken by not waiting for the answer',
      { seen: closing, event: EVENT.stop, does: [drop] },
      'the answer to our close is not awaited',
    ],
  ],
  'A question is cancelled or answered before the next, and before the shard moves on': [
    ['holds for a first question', { seen: greeting, event: EVENT.hello, does: [ask] }, null],
    ['holds for the next question after an answer', { seen: locating, event: EVENT.located, does: [open] }, null],
    [
      'holds for a question that is cancelled and asked again',
      { seen: locating, event: EVENT.restart, does: [does('cancelLocate', { request: 7 }), locate] },
      null,
    ],
    [
      'holds for a permit that is cancelled and asked for again',
      { seen: queued, event: EVENT.hello, does: [does('cancelPermit', { request: 7 }), ask] },
      null,
    ],
    [
      'holds for a close once the permit is cancelled',
      { seen: queued, event: EVENT.reconnectRequested, does: [does('cancelPermit', { request: 7 }), close] },
      null,
    ],
    [
      'is broken by two at once',
      { seen: greeting, event: EVENT.hello, does: [ask, locate] },
      'two questions are asked',
    ],
    [
      'is broken by asking again without cancelling',
      { seen: locating, event: EVENT.restart, does: [locate] },
      'locate is asked twice',
    ],
    [
      'is broken by cancelling the other kind',
      { seen: queued, event: EVENT.hello, does: [does('cancelLocate', { request: 7 }), ask] },
      'permit is asked twice',
    ],
    [
      'is broken by connecting while the URL is asked for',
      { seen: none, event: EVENT.start, does: [locate, open] },
      'locate goes on beside a connection',
    ],
    [
      'is broken by closing while the permit is awaited',
      { seen: queued, event: EVENT.reconnectRequested, does: [close] },
      'the permit is awaited without a connection',
    ],
  ],
  'A pause is begun and ended once, and ended before our close, whose answer has to be read': [
    ['holds for a pause', { seen: live, event: EVENT.backlogFull, does: [does('pauseSocket')] }, null],
    ['holds for its end', { seen: paused, event: EVENT.backlogDrained, does: [does('resumeSocket')] }, null],
    [
      'holds for an end before our close',
      { seen: paused, event: EVENT.stop, does: [does('resumeSocket'), close] },
      null,
    ],
    ['holds while reading goes on', { seen: live, event: EVENT.dispatch }, null],
    [
      'is broken by pausing twice',
      { seen: live, event: EVENT.backlogFull, does: [does('pauseSocket'), does('pauseSocket')] },
      'it is begun 2 times',
    ],
    [
      'is broken by pausing what is paused',
      { seen: paused, event: EVENT.backlogFull, does: [does('pauseSocket')] },
      'it is begun 1 times',
    ],
    [
      'is broken by a connection that is dropped paused',
      { seen: paused, event: closed(1006), does: [drop] },
      'it is ended 0 times',
    ],
    [
      'is broken by an end where nothing is paused',
      { seen: live, event: EVENT.backlogDrained, does: [does('resumeSocket')] },
      'it is ended 1 times',
    ],
    [
      'is broken by an end after our close',
      { seen: paused, event: EVENT.stop, does: [close, does('resumeSocket')] },
      'it outlasts our close',
    ],
  ],
  'A shard that left for want of room comes back when there is some, or after its deadline, and no sooner than from any wait':
    [
      ['holds for a connection once there is room', { seen: rested, event: EVENT.backlogDrained, does: [open] }, null],
      ['holds for a question for the URL then', { seen: rested, event: EVENT.backlogDrained, does: [locate] }, null],
      ['holds for one after the deadline', { seen: rested, event: { type: 'timer.room' }, does: [open] }, null],
      ['holds for one after the deadline alone', { seen: full, event: { type: 'timer.room' }, does: [open] }, null],
      [
        'holds for one at the end of the wait if there was room',
        { seen: { ...none, away: 'drained' }, event: { type: 'timer.reconnect' }, does: [open] },
        null,
      ],
      ['holds for an order', { seen: full, event: EVENT.restart, does: [open] }, null],
      [
        'holds for the end of a wait like any other',
        { seen: none, event: { type: 'timer.reconnect' }, does: [open] },
        null,
      ],
      ['holds for room before the wait is over', { seen: full, event: EVENT.backlogDrained }, null],
      ['holds for a close that is answered', { seen: { ...full, socket: 'closing' }, event: closed(4900) }, null],
      [
        'holds for room while the close is not answered',
        { seen: { ...rested, socket: 'closing' }, event: EVENT.backlogDrained },
        null,
      ],
      ['is broken by no connection', { seen: rested, event: EVENT.backlogDrained }, 'it stays away'],
      [
        'is broken by no connection after the deadline',
        { seen: rested, event: { type: 'timer.room' } },
        'it stays away',
      ],
      [
        'is broken by one at the end of the wait',
        { seen: full, event: { type: 'timer.reconnect' }, does: [open] },
        'it comes too soon',
      ],
      [
        'is broken by one before the end of the wait',
        { seen: full, event: EVENT.backlogDrained, does: [open] },
        'it comes too soon',
      ],
    ],
  'Each effect has its occasions, and comes on no other': [
    ...occasions('locateGateway', [EVENT.start, EVENT.restart, { type: 'timer.reconnect' }], EVENT.located),
    ...occasions('locateGateway', [EVENT.backlogDrained, { type: 'timer.room' }], EVENT.backlogFull),
    ...occasions('openSocket', [EVENT.backlogDrained, { type: 'timer.room' }], EVENT.backlogFull),
    ...occasions('closeSocket', [EVENT.backlogOverflowed], EVENT.backlogFull),
    ...occasions('openSocket', [EVENT.start, EVENT.renew, { type: 'timer.reconnect' }, EVENT.located], EVENT.opened),
    ...occasions('requestPermit', [EVENT.hello], EVENT.opened),
    ...occasions('sendIdentify', [EVENT.permitGranted], EVENT.hello),
    ...occasions('sendResume', [EVENT.hello], EVENT.opened),
    ...occasions('closeSocket', [EVENT.stop, EVENT.detach, EVENT.restart, EVENT.permitDelayed], EVENT.malformed),
    ...occasions('closeSocket', [EVENT.reconnectRequested, EVENT.invalidated, EVENT.undecodable], EVENT.unknownOpcode),
    ...occasions('closeSocket', [{ type: 'timer.hello' }, { type: 'timer.ready' }], { type: 'timer.permit' }),
    ...occasions('closeSocket', [{ type: 'timer.resumed' }, { type: 'timer.silence' }], { type: 'timer.heartbeat' }),
    ...occasions('closeSocket', [{ type: 'timer.overdue' }, { type: 'timer.replay' }], { type: 'timer.settle' }),
    ...occasions('pauseSocket', [EVENT.backlogFull], EVENT.dispatch),
    ...occasions('dropSocket', [closed(1006), { type: 'timer.open' }, { type: 'timer.close' }], {
      type: 'timer.hello',
    }),
    ...occasions('dropSocket', [EVENT.stop, EVENT.detach, EVENT.restart], EVENT.reconnectRequested),
    ['holds for an effect that may come at any time', { event: EVENT.malformed, does: [does('report')] }, null],
  ],
  'Every question and every connection has a number of its own, and is given up by it': [
    ['holds for a question with the next number', { event: EVENT.start, does: [locate], leaves: { request: 8 } }, null],
    [
      'holds for a connection with the next number',
      { event: EVENT.start, does: [open], leaves: { connection: 4 } },
      null,
    ],
    [
      'holds for what is given up by its number',
      { event: EVENT.stop, does: [does('cancelPermit', { request: 7 }), drop] },
      null,
    ],
    [
      'is broken by a question with the number of the last',
      { event: EVENT.start, does: [does('locateGateway', { request: 7 })] },
      'an old number is used',
    ],
    [
      'is broken by a question with a number that the chart does not hold',
      { event: EVENT.hello, does: [does('requestPermit', { request: 9 })], leaves: { request: 8 } },
      'an old number is used',
    ],
    [
      'is broken by a connection with the number of the last',
      { event: EVENT.start, does: [does('openSocket', { connection: 3, url: MAIN_URL })] },
      'an old number is used',
    ],
    [
      'is broken by cancelling the question before',
      { event: EVENT.stop, does: [does('cancelLocate', { request: 6 })] },
      'another question is cancelled',
    ],
    [
      'is broken by dropping the connection before',
      { event: EVENT.stop, does: [does('dropSocket', { connection: 2 })] },
      'another connection is dropped',
    ],
  ],
};

function occasions(effect: string, on: readonly ShardEvent[], never: ShardEvent): Cases<ShardStep>[string] {
  return [
    ...on.map((event) => [`holds for ${effect} on ${event.type}`, { event, does: [does(effect)] }, null] as const),
    [
      `is broken by ${effect} on ${never.type}`,
      { event: never, does: [does(effect)] },
      `${effect} comes on ${never.type}`,
    ],
  ];
}

describe.each(Object.entries(CASES))('%s', (says, cases) => {
  it.each(cases)('%s', (_, step, broken) => {
    expect(bench.step(says, step)).toBe(broken);
  });
});

describe('the bans', () => {
  it('are each shown kept and broken', () => {
    expect(notShown(bans, CASES)).toEqual([]);
  });
});
