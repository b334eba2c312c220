import { describe, expect, it } from 'vitest';
import type { CauseName } from '../../../../../machines/shard/causes.js';
import { causes } from '../../../../../machines/shard/laws/invariants/causes.js';
import type { ShardSeen } from '../../../../../machines/shard/laws/observer.js';
import { policyFrom } from '../../../../../machines/shard/policy.js';
import { type Cases, does, notShown, reports } from '../../../../support/hand-steps.js';
import { closed, EVENT, SESSION, type ShardStep, shardBench } from '../../../../support/shard-steps.js';

const bench = shardBench(causes);

const none: Partial<ShardSeen> = { run: 'running' };
const greeting: Partial<ShardSeen> = { ...none, socket: 'greeting' };
const open: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'awaiting' };
const queued: Partial<ShardSeen> = { ...open, question: 'permit' };
const identifying: Partial<ShardSeen> = { ...open, stage: 'identifying' };
const resuming: Partial<ShardSeen> = { ...open, stage: 'resuming' };
const live: Partial<ShardSeen> = { ...open, stage: 'live' };
const closing: Partial<ShardSeen> = { ...none, socket: 'closing' };
const unproven: Partial<ShardSeen> = { ...live, held: 'unproven' };
const withSession = { session: SESSION, sequence: 42 };
const withoutSequence = { session: SESSION, sequence: null };
const anyTraffic = { policy: policyFrom({ zombieTest: 'anyTraffic' }) };

const heartbeat = does('sendHeartbeat', { sequence: null });
const repeated = { ...EVENT.dispatch, sequence: 42 };
const unnumbered = { ...EVENT.dispatch, sequence: null };

const QUIET: Cases<ShardStep> = {
  'What has no place, or cannot be understood, changes nothing': [
    [
      'holds for a second Hello that is reported only',
      { seen: live, event: EVENT.hello, does: reports('unexpected') },
      null,
    ],
    ['holds for READY where Identify was sent', { seen: identifying, event: EVENT.ready, to: 'live' }, null],
    ['holds for RESUMED where Resume was sent', { seen: resuming, event: EVENT.resumed, to: 'live' }, null],
    ['holds for a dispatch of a replay', { seen: resuming, event: EVENT.dispatch, to: 'resumes: 0' }, null],
    ['holds for READY where Resume was sent', { seen: resuming, event: EVENT.ready, to: 'live' }, null],
    [
      'holds for a dispatch that was there before and is reported only',
      { seen: resuming, context: withSession, event: repeated, does: reports('repeated') },
      null,
    ],
    [
      'holds for a dispatch that was there before and is taken for a sign of life',
      { seen: live, context: { ...withSession, ...anyTraffic }, event: repeated, to: 'acked' },
      null,
    ],
    [
      'holds for a batch of dispatches in any state',
      { seen: identifying, event: EVENT.dispatched, to: 'elsewhere' },
      null,
    ],
    [
      'holds for the end of a connection that cannot be understood',
      { seen: live, event: EVENT.undecodable, to: 'closing' },
      null,
    ],
    [
      'holds for a malformed message that is taken for a sign of life',
      { seen: live, context: anyTraffic, event: EVENT.malformed, to: 'acked' },
      null,
    ],
    ...(
      [
        ['a second Hello', live, EVENT.hello],
        ['READY after READY', live, EVENT.ready],
        ['RESUMED before Resume', identifying, EVENT.resumed],
        ['a dispatch before READY', identifying, EVENT.dispatch],
        ['a malformed message', live, EVENT.malformed],
        ['an unknown opcode', live, EVENT.unknownOpcode],
        ['Invalid Session before Hello', greeting, EVENT.invalidated],
        ['an ACK before Hello', greeting, EVENT.heartbeatAck],
      ] as const
    ).map(
      ([what, seen, event]) =>
        [`is broken by ${what} that leads on`, { seen, event, to: 'elsewhere' }, 'it leads to elsewhere'] as const,
    ),
    ...(
      [
        ['that was there before', resuming, repeated],
        ['far below the last', live, { ...EVENT.dispatch, sequence: 1 }],
      ] as const
    ).map(
      ([what, seen, event]) =>
        [
          `is broken by a dispatch ${what} that leads on`,
          { seen, context: withSession, event, to: 'elsewhere' },
          'it leads to elsewhere',
        ] as const,
    ),
    [
      'is broken by an answer to a request before Hello',
      { seen: greeting, event: EVENT.heartbeatRequested, does: [heartbeat] },
      'it leads to here',
    ],
    [
      'is broken by a close for an unknown opcode',
      { seen: live, event: EVENT.unknownOpcode, does: [does('closeSocket', { code: 4900 })] },
      'it leads to here',
    ],
  ],
};

type Row = readonly [what: string, step: ShardStep, causes: readonly CauseName[]];

const ROWS: readonly Row[] = [
  [
    'a start that asks for the URL',
    { event: EVENT.start, leaves: { gatewayUrl: null } },
    ['started', 'gatewayUnknown'],
  ],
  ['a start that knows the URL', { event: EVENT.start }, ['started', 'gatewayKnown']],
  ['a start that resumes', { event: EVENT.start, context: withSession }, ['started', 'resumeUrlKnown']],
  [
    'a start that resumes at the main URL',
    { event: EVENT.start, context: { session: { id: 's1', url: null }, sequence: 42 } },
    ['started', 'gatewayKnown'],
  ],
  [
    'the end of a wait',
    { seen: none, event: { type: 'timer.reconnect' }, context: withSession },
    ['waited', 'resumeUrlKnown'],
  ],
  [
    'the end of a wait when the resumes are spent',
    {
      seen: none,
      event: { type: 'timer.reconnect' },
      context: { ...withSession, resumes: 3 },
      leaves: { session: null },
    },
    ['waited', 'resumesSpent', 'gatewayKnown'],
  ],
  [
    'a start with a session that has no sequence',
    { event: EVENT.start, context: withoutSequence, leaves: { session: null } },
    ['started', 'resumesSpent', 'gatewayKnown'],
  ],
  [
    'the end of a wait with a session that has no sequence',
    { seen: none, event: { type: 'timer.reconnect' }, context: withoutSequence, leaves: { session: null } },
    ['waited', 'resumesSpent', 'gatewayKnown'],
  ],
  ['a reconnect during a wait', { seen: none, event: EVENT.restart }, ['restarted', 'gatewayKnown']],
  [
    'a reconnect when the resumes are spent',
    { seen: none, event: EVENT.restart, context: { ...withSession, resumes: 3 }, leaves: { session: null } },
    ['restarted', 'resumesSpent', 'gatewayKnown'],
  ],
  [
    'a reconnect with a new session',
    { seen: none, event: EVENT.renew, context: { ...withSession, resumes: 3 }, leaves: { session: null } },
    ['renewed', 'gatewayKnown'],
  ],
  ['a reconnect of an open connection', { seen: live, event: EVENT.restart, context: withSession }, ['restarted']],
  ['a reconnect while it stops', { seen: { ...closing, run: 'stopping' }, event: EVENT.renew }, ['stoppingAlready']],
  ['a stop', { seen: live, event: EVENT.stop }, ['stopped']],
  ['a detach', { seen: live, event: EVENT.detach }, ['detached']],
  ['the Gateway URL', { seen: { ...none, question: 'locate' }, event: EVENT.located }, ['located']],
  ['no Gateway URL', { seen: { ...none, question: 'locate' }, event: EVENT.locateFailed }, ['locateFailed']],
  ['a refused token', { seen: { ...none, question: 'locate' }, event: EVENT.unauthorized }, ['unauthorized']],
  ['an open socket', { seen: { ...none, socket: 'opening' }, event: EVENT.opened }, ['opened']],
  ['Hello without a session', { seen: greeting, event: EVENT.hello }, ['helloBeforeIdentify']],
  ['Hello with a session', { seen: greeting, event: EVENT.hello, context: withSession }, ['helloBeforeResume']],
  ['a second Hello', { seen: live, event: EVENT.hello }, ['unexpected']],
  ['a permit', { seen: queued, event: EVENT.permitGranted }, ['permitted']],
  ['no permit for now', { seen: queued, event: EVENT.permitDelayed }, ['permitDelayed']],
  ['no permit for good', { seen: queued, event: EVENT.permitRefused }, ['permitRefused']],
  ['READY', { seen: identifying, event: EVENT.ready }, ['ready']],
  ['READY in answer to Resume', { seen: resuming, event: EVENT.ready, context: withSession }, ['readyInstead']],
  ['a second READY', { seen: live, event: EVENT.ready }, ['unexpected']],
  ['RESUMED', { seen: resuming, event: EVENT.resumed }, ['resumed']],
  ['RESUMED in a new session', { seen: identifying, event: EVENT.resumed }, ['unexpected']],
  ['a dispatch', { seen: live, event: EVENT.dispatch }, []],
  ['a batch of dispatches', { seen: live, event: EVENT.dispatched }, []],
  ['a dispatch before READY', { seen: identifying, event: EVENT.dispatch }, ['unexpected']],
  ['a dispatch without a number before READY', { seen: identifying, event: unnumbered }, ['unexpected']],
  ['a dispatch without a number', { seen: live, event: unnumbered, context: withSession }, ['unnumbered']],
  ['a dispatch without a number in a replay', { seen: resuming, event: unnumbered }, ['unnumbered']],
  ['a dispatch that was there before', { seen: live, event: repeated, context: withSession }, ['repeated']],
  [
    'a dispatch that was there before the replay',
    { seen: resuming, event: repeated, context: withSession },
    ['repeated'],
  ],
  [
    'a dispatch that was there before, taken for a sign of life',
    { seen: live, event: repeated, context: { ...withSession, ...anyTraffic } },
    ['repeated', 'aliveByTraffic'],
  ],
  [
    'a dispatch taken for a sign of life',
    { seen: live, context: anyTraffic, event: EVENT.dispatch },
    ['aliveByTraffic'],
  ],
  [
    'a dispatch taken for a sign of life while the ACK is missing',
    { seen: { ...live, beat: 'overdue' }, context: anyTraffic, event: EVENT.dispatch },
    ['aliveByTraffic'],
  ],
  ['a malformed message', { seen: live, event: EVENT.malformed }, ['malformed']],
  [
    'a malformed message taken for a sign of life',
    { seen: live, context: anyTraffic, event: EVENT.malformed },
    ['malformed', 'aliveByTraffic'],
  ],
  ['an unknown opcode', { seen: greeting, event: EVENT.unknownOpcode }, ['unknownOpcode']],
  ['what ends all understanding', { seen: live, event: EVENT.undecodable }, ['undecodable']],
  ['a request for a heartbeat', { seen: live, event: EVENT.heartbeatRequested }, ['heartbeatRequested']],
  ['a request for a heartbeat before Hello', { seen: greeting, event: EVENT.heartbeatRequested }, ['unexpected']],
  [
    'a request for a heartbeat taken for a sign of life',
    { seen: live, context: anyTraffic, event: EVENT.heartbeatRequested },
    ['heartbeatRequested', 'aliveByTraffic'],
  ],
  ['Reconnect', { seen: live, event: EVENT.reconnectRequested }, ['reconnectRequested']],
  ['an ACK', { seen: live, event: EVENT.heartbeatAck }, ['acknowledged']],
  [
    'an ACK where any message is a sign of life',
    { seen: live, context: anyTraffic, event: EVENT.heartbeatAck },
    ['acknowledged'],
  ],
  ['a late ACK', { seen: { ...live, beat: 'overdue' }, event: EVENT.heartbeatAck }, ['acknowledgedLate']],
  [
    'a late ACK after other traffic',
    { seen: { ...live, beat: 'alive' }, event: EVENT.heartbeatAck },
    ['acknowledgedLate'],
  ],
  [
    'an ACK that shows that the session holds',
    { seen: unproven, event: EVENT.heartbeatAck },
    ['acknowledged', 'settled'],
  ],
  [
    'a late ACK that shows that the session holds',
    { seen: { ...unproven, beat: 'overdue' }, event: EVENT.heartbeatAck },
    ['acknowledgedLate', 'settled'],
  ],
  [
    'a dispatch that shows that the session holds',
    { seen: unproven, context: anyTraffic, event: EVENT.dispatch },
    ['aliveByTraffic', 'settled'],
  ],
  ['an ACK before Hello', { seen: greeting, event: EVENT.heartbeatAck }, ['unexpected']],
  [
    'Invalid Session that may be resumed',
    { seen: live, event: EVENT.resumable, context: withSession },
    ['sessionInterrupted'],
  ],
  ['Invalid Session for good', { seen: live, event: EVENT.invalidated, context: withSession }, ['sessionInvalidated']],
  ['Invalid Session without a session', { seen: identifying, event: EVENT.resumable }, ['sessionInvalidated']],
  [
    'Invalid Session where the policy always identifies',
    {
      seen: live,
      event: EVENT.resumable,
      context: { ...withSession, policy: policyFrom({ invalidSession: 'identify' }) },
    },
    ['sessionInvalidated'],
  ],
  ['no room', { seen: live, context: withSession, event: EVENT.backlogOverflowed }, ['backlogOverflowed']],
  ['no room without a session', { seen: live, event: EVENT.backlogOverflowed }, ['overflowedForGood']],
  [
    'the end of a wait without room',
    { seen: { ...none, away: 'full' }, event: { type: 'timer.reconnect' } },
    ['rested'],
  ],
  [
    'the end of the time away',
    { seen: { ...none, away: 'full' }, event: { type: 'timer.room' } },
    ['roomTimedOut', 'gatewayKnown'],
  ],
  ['a full buffer', { seen: live, event: EVENT.backlogFull }, ['backlogFull']],
  ['room in the buffer', { seen: { ...live, paused: true }, event: EVENT.backlogDrained }, ['backlogDrained']],
  [
    'the first heartbeat',
    { seen: { ...live, beat: 'jitter' }, event: { type: 'timer.firstHeartbeat' } },
    ['firstHeartbeat'],
  ],
  [
    'the first heartbeat during a pause',
    { seen: { ...live, beat: 'jitter', paused: true }, event: { type: 'timer.firstHeartbeat' } },
    ['firstHeartbeat', 'pauseOver'],
  ],
  ['the next heartbeat', { seen: { ...live, beat: 'acked' }, event: { type: 'timer.heartbeat' } }, ['heartbeatDue']],
  ['the next heartbeat without an ACK', { seen: live, event: { type: 'timer.heartbeat' } }, ['ackMissing']],
  [
    'the next heartbeat without an ACK after a pause',
    { seen: { ...live, beat: 'excused', paused: true }, event: { type: 'timer.heartbeat' } },
    ['ackExcused', 'pauseOver'],
  ],
  [
    'the next heartbeat without an ACK for the second time',
    { seen: { ...live, beat: 'catching' }, event: { type: 'timer.heartbeat' } },
    ['ackMissing'],
  ],
  [
    'the next heartbeat while the ACK is missing',
    { seen: { ...live, beat: 'overdue' }, event: { type: 'timer.heartbeat' } },
    ['stillMissing'],
  ],
  [
    'the next heartbeat after other traffic',
    { seen: { ...live, beat: 'alive' }, event: { type: 'timer.heartbeat' } },
    ['heartbeatDue'],
  ],
  [
    'silence while the ACK is missing',
    { seen: { ...live, beat: 'overdue' }, event: { type: 'timer.silence' } },
    ['zombied'],
  ],
  [
    'the last call without the ACK',
    { seen: { ...live, beat: 'overdue' }, event: { type: 'timer.overdue' } },
    ['zombied'],
  ],
  [
    'silence after other traffic',
    { seen: { ...live, beat: 'alive' }, event: { type: 'timer.silence' } },
    ['burstOver'],
  ],
  [
    'the last call with other traffic',
    { seen: { ...live, beat: 'alive' }, event: { type: 'timer.overdue' } },
    ['burstOver'],
  ],
  ['a silent replay', { seen: resuming, event: { type: 'timer.resumed' } }, ['resumeTimedOut']],
  ['an endless replay', { seen: resuming, event: { type: 'timer.replay' } }, ['replayTimedOut']],
  [
    'a replay that is not read',
    { seen: { ...resuming, paused: true }, event: { type: 'timer.resumed' } },
    ['replayPaused'],
  ],
  ['no answer to the question for the URL', { seen: none, event: { type: 'timer.locate' } }, ['locateTimedOut']],
  ['no handshake', { seen: none, event: { type: 'timer.open' } }, ['openTimedOut']],
  ['no Hello', { seen: greeting, event: { type: 'timer.hello' } }, ['helloTimedOut']],
  ['no permit yet', { seen: queued, event: { type: 'timer.permit' } }, ['stillQueued']],
  ['no READY', { seen: identifying, event: { type: 'timer.ready' } }, ['readyTimedOut']],
  ['a connection that has lasted', { seen: live, event: { type: 'timer.settle' } }, ['longEnough']],
  ['no answer to our close', { seen: closing, event: { type: 'timer.close' } }, ['closeTimedOut']],
];

/** Closes: which connection, the code, the reason. */
const CLOSES: readonly (readonly [what: string, seen: Partial<ShardSeen>, code: number, cause: CauseName])[] = [
  ['a lost connection', live, 1006, 'closedForResume'],
  ['a handshake that failed', { ...none, socket: 'opening' }, 1006, 'closedForResume'],
  ['a session that timed out', live, 4009, 'closedForIdentify'],
  ['a wrong token', live, 4004, 'closedForGood'],
  ['the answer to our close', closing, 4900, 'closeAnswered'],
  ['a normal closure while we close', closing, 1000, 'closeAnswered'],
  ['a close for a resume that crosses ours', closing, 4000, 'closeAnswered'],
  ['a session that timed out as we close', closing, 4009, 'closedForIdentify'],
  ['a wrong token as we close', closing, 4004, 'closedForGood'],
  ['a wrong token as we fail', { ...closing, run: 'failing' }, 4004, 'closeAnswered'],
];

const report = (name: CauseName, closeCode: number) => does('report', { cause: { name, closeCode } });

const REASONS: Cases<ShardStep> = {
  'Every step gives its reasons, in order': [
    ...ROWS.flatMap(([what, step, names]): Cases<ShardStep>[string] => {
      const given = names.length === 0 ? reports('opened') : [];
      const said = names.length === 0 ? ['opened', 'none'] : ['none', names.join(', ')];
      return [
        [`holds for ${what}`, { ...step, does: reports(...names) }, null],
        [
          `is broken by ${what} with other reasons`,
          { ...step, does: given },
          `the reasons are ${said[0]} and should be ${said[1]}`,
        ],
      ];
    }),
    ...CLOSES.flatMap(([what, seen, code, name]): Cases<ShardStep>[string] => [
      [`holds for ${what} (${code})`, { seen, event: closed(code), does: [report(name, code)] }, null],
      [
        `is broken by ${what} (${code}) without its code`,
        { seen, event: closed(code), does: reports(name) },
        'the close code is not told',
      ],
    ]),
    [
      'is broken by the right reasons in another order',
      { event: EVENT.start, does: reports('gatewayKnown', 'started') },
      'the reasons are gatewayKnown, started and should be started, gatewayKnown',
    ],
    [
      'is broken by one reason more',
      { seen: live, event: EVENT.heartbeatAck, does: reports('acknowledged', 'acknowledged') },
      'the reasons are acknowledged, acknowledged and should be acknowledged',
    ],
    [
      'is broken by a close code where nothing has closed',
      { seen: live, event: EVENT.stop, does: [report('stopped', 1000)] },
      'the close code is not told',
    ],
  ],
};

describe.each(Object.entries({ ...QUIET, ...REASONS }))('%s', (says, cases) => {
  it.each(cases)('%s', (_, step, broken) => {
    expect(bench.step(says, step)).toBe(broken);
  });
});

describe('the invariants of causes', () => {
  it('are each shown kept and broken', () => {
    expect(notShown(causes, QUIET, REASONS)).toEqual([]);
  });
});
