import { afterEach, describe, expect, it, vi } from 'vitest';
import { deadlines } from '../../../../../machines/shard/laws/invariants/deadlines.js';
import type { ShardSeen } from '../../../../../machines/shard/laws/observer.js';
import { DEFAULT_POLICY, policyFrom, type Span } from '../../../../../machines/shard/policy.js';
import {
  type ShardContext,
  type ShardEvent,
  SPANS,
  type Timer,
  type Wait,
} from '../../../../../machines/shard/vocabulary.js';
import { arms, type Cases, disarms, does, notShown } from '../../../../support/hand-steps.js';
import {
  closed,
  EVENT,
  SESSION,
  type ShardState,
  type ShardStep,
  shardBench,
} from '../../../../support/shard-steps.js';

const bench = shardBench(deadlines);

const none: Partial<ShardSeen> = { run: 'running' };
const opening: Partial<ShardSeen> = { ...none, socket: 'opening' };
const greeting: Partial<ShardSeen> = { ...none, socket: 'greeting' };
const queued: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'jitter', question: 'permit' };
const identifying: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'acked', stage: 'identifying' };
const resuming: Partial<ShardSeen> = { ...identifying, stage: 'resuming' };
const live: Partial<ShardSeen> = { ...identifying, stage: 'live' };
const unproven: Partial<ShardSeen> = { ...live, held: 'unproven' };
const held: Partial<ShardSeen> = { ...live, held: 'yes' };
const closing: Partial<ShardSeen> = { ...none, socket: 'closing' };
const withSession = { session: SESSION, sequence: 42 };

/** The timers that run, state by state. */
const RUNNING: readonly (readonly [state: string, seen: Partial<ShardSeen>, timers: readonly Timer[]])[] = [
  ['a stopped shard', {}, []],
  ['a failed shard', { run: 'failed' }, []],
  ['the question for the URL', { ...none, question: 'locate' }, ['locate']],
  ['a wait', none, ['reconnect']],
  ['the time away for want of room', { ...none, away: 'full' }, ['reconnect', 'room']],
  ['the rest of it', { ...none, away: 'rested' }, ['room']],
  ['the rest of its wait', { ...none, away: 'drained' }, ['reconnect', 'room']],
  ['the handshake', opening, ['open']],
  ['an open socket before Hello', greeting, ['hello']],
  ['the wait for a permit', queued, ['permit', 'firstHeartbeat']],
  ['Identify', identifying, ['ready', 'heartbeat']],
  ['a replay', resuming, ['resumed', 'replay', 'heartbeat']],
  ['a new session', { ...live, beat: 'awaiting' }, ['settle', 'heartbeat']],
  ['a session that has lasted', unproven, ['heartbeat']],
  ['a session that has held', held, ['heartbeat']],
  ['an ACK that may be late', { ...held, beat: 'excused' }, ['heartbeat']],
  ['the interval after that', { ...held, beat: 'catching' }, ['heartbeat']],
  ['a missing ACK', { ...held, beat: 'overdue' }, ['heartbeat', 'overdue', 'silence']],
  ['a missing ACK with other traffic', { ...live, beat: 'alive' }, ['settle', 'heartbeat', 'overdue', 'silence']],
  ['our close frame', closing, ['close']],
  ['our close frame on the way to an end', { ...closing, run: 'stopping' }, ['close']],
];

const STATES: Cases<ShardState> = {
  'Every wait has its own deadline, and no other timer runs': [
    ...RUNNING.flatMap(([state, seen, armed]): Cases<ShardState>[string] => [
      [`holds in ${state} with ${armed.join(' and ') || 'no timer'}`, { seen, armed }, null],
      ...armed.map(
        (timer) =>
          [
            `is broken in ${state} without ${timer}`,
            { seen, armed: armed.filter((each) => each !== timer) },
            `${timer} does not run`,
          ] as const,
      ),
    ]),
    ['is broken by all that are missing', { seen: identifying }, 'ready, heartbeat does not run'],
    ['is broken by a timer of another state', { seen: held, armed: ['heartbeat', 'settle'] }, 'settle runs'],
    ['is broken by a timer that an ended shard leaves', { armed: ['reconnect', 'close'] }, 'reconnect, close runs'],
    ['holds for timers of another chart', { seen: held, armed: ['heartbeat', 'presence'] }, null],
  ],
};

/** How long a timer runs, in ms: exactly so long, or as chance says. */
const LENGTHS: readonly (readonly [timer: Timer, when: string, ms: number | Span, context: Partial<ShardContext>])[] = [
  ['locate', 'by default', 15_000, {}],
  ['open', 'by default', 10_000, {}],
  ['hello', 'by default', 20_000, {}],
  ['hello', 'as the policy says', 1, { policy: policyFrom({ deadlines: { hello: 1 } }) }],
  ['permit', 'by default', 60_000, {}],
  ['ready', 'by default', 300_000, {}],
  ['resumed', 'by default', 60_000, {}],
  ['close', 'by default', 500, {}],
  ['settle', 'for one interval', 41_250, {}],
  ['settle', 'for as many intervals as the policy says', 103_125, { policy: policyFrom({ stability: 2.5 }) }],
  ['firstHeartbeat', 'for an interval at most', [0, 41_250], {}],
  ['heartbeat', 'for an interval', 45_000, { heartbeatInterval: 45_000 }],
  ['replay', 'for as long as READY', 300_000, {}],
  ['overdue', 'by default', 5_000, {}],
  ['room', 'by default', 60_000, {}],
  ['overdue', 'whatever the interval', 5_000, { heartbeatInterval: 500 }],
  ['silence', 'by default', 250, {}],
  ['silence', 'no longer than an interval', 200, { heartbeatInterval: 200 }],
  ['reconnect', 'after a connection that had held', [0, 500], { attempts: 0 }],
  ['reconnect', 'after the first failure', [500, 1_000], { attempts: 1 }],
  ['reconnect', 'after the third failure', [2_000, 4_000], { attempts: 3 }],
  ['reconnect', 'after many failures', [30_000, 60_000], { attempts: 30 }],
  ['reconnect', 'after an order', 0, { wait: { for: 'order' } }],
  ['reconnect', 'after rate limiting', [5_000, 10_000], { wait: { for: 'cooldown' } }],
  ['reconnect', 'after rate limiting again and again', [16_000, 32_000], { attempts: 6, wait: { for: 'cooldown' } }],
  [
    'reconnect',
    'in trouble, after a connection that had held',
    [500, 1_000],
    { attempts: 0, wait: { for: 'backoff' } },
  ],
  [
    'reconnect',
    'for as long as was asked, and a retry',
    [7_000, 7_500],
    { attempts: 0, wait: { for: 'retryAfter', ms: 7_000 } },
  ],
  ['reconnect', 'after Invalid Session', [1_000, 5_000], { ...withSession, wait: { for: 'invalidSession' } }],
  [
    'reconnect',
    'after Invalid Session of a connection that had held',
    [1_000, 5_000],
    { attempts: 0, wait: { for: 'invalidSession' } },
  ],
  [
    'reconnect',
    'after many an Invalid Session in a row',
    [30_000, 60_000],
    { attempts: 9, wait: { for: 'invalidSession' } },
  ],
  ['reconnect', 'after an order, whatever failed before', 0, { attempts: 9, wait: { for: 'order' } }],
  [
    'reconnect',
    'for as long as was asked, and longer where tries have failed',
    [9_000, 11_000],
    { attempts: 3, wait: { for: 'retryAfter', ms: 7_000 } },
  ],
  [
    'reconnect',
    'for no longer than a timer can',
    2_147_483_647,
    { attempts: 3, wait: { for: 'retryAfter', ms: 2_147_483_647 } },
  ],
  [
    'reconnect',
    'as the policy lets it grow',
    [665.5, 1_331],
    { attempts: 4, policy: policyFrom({ waits: { backoff: { factor: 1.1 } } }) },
  ],
  [
    'reconnect',
    'as the policy has it begin with none',
    0,
    { attempts: 6, policy: policyFrom({ waits: { backoff: { base: 0 } } }) },
  ],
  [
    'reconnect',
    'as the policy does not let it grow',
    [1_500, 3_000],
    { attempts: 2 ** 40, policy: policyFrom({ waits: { backoff: { base: 3_000, factor: 1 } } }) },
  ],
];

const spanOf = (span: number | Span): Span => (typeof span === 'number' ? [span, span] : span);

const REFUSED: ShardEvent = { type: 'closed', connection: 3, code: 1006, httpStatus: 429, retryAfter: 3_000 };

/** What the next wait is for, by what led to it; `order` before. */
const WAITS: readonly (readonly [what: string, seen: Partial<ShardSeen>, event: ShardEvent, wait: Wait])[] = [
  ['a URL that could not be had', none, EVENT.locateFailed, { for: 'retry' }],
  ['a rate limit', none, { ...EVENT.locateFailed, retryAfter: 5_000 }, { for: 'retryAfter', ms: 5_000 }],
  ['a refused token, as before', none, EVENT.unauthorized, { for: 'order' }],
  ['no permit for now', queued, EVENT.permitDelayed, { for: 'retryAfter', ms: 9_000 }],
  ['no permit for good, as before', queued, EVENT.permitRefused, { for: 'order' }],
  ['a lost connection', live, closed(1006), { for: 'retry' }],
  ['a protocol error', live, closed(1002), { for: 'backoff' }],
  ['a second Identify', live, closed(4005), { for: 'backoff' }],
  ['too many sends', live, closed(4008), { for: 'cooldown' }],
  ['a fatal close, as before', live, closed(4004), { for: 'order' }],
  ['the answer to our close, as before', closing, closed(1000), { for: 'order' }],
  ['a lost connection that crosses our close, as before', closing, closed(1006), { for: 'order' }],
  ['too many sends, told across our close', closing, closed(4008), { for: 'cooldown' }],
  ['a second Identify, told across our close', closing, closed(4005), { for: 'backoff' }],
  ['the same on the way to an end, as before', { ...closing, run: 'stopping' }, closed(4008), { for: 'order' }],
  ['a refused handshake that says when', opening, REFUSED, { for: 'retryAfter', ms: 3_000 }],
  ['Invalid Session', live, EVENT.invalidated, { for: 'invalidSession' }],
  ['Invalid Session before Hello, as before', greeting, EVENT.invalidated, { for: 'order' }],
  ['a zombie', { ...live, beat: 'overdue' }, { type: 'timer.silence' }, { for: 'retry' }],
  ['a zombie after an interval', { ...live, beat: 'overdue' }, { type: 'timer.overdue' }, { for: 'retry' }],
  ['silence after other traffic, as before', { ...live, beat: 'alive' }, { type: 'timer.silence' }, { for: 'order' }],
  ['no room, without a session, as before', live, EVENT.backlogOverflowed, { for: 'order' }],
  ['Reconnect', live, EVENT.reconnectRequested, { for: 'retry' }],
  ['what ends all understanding', live, EVENT.undecodable, { for: 'retry' }],
  ['no answer to the question for the URL', none, { type: 'timer.locate' }, { for: 'retry' }],
  ['no handshake', opening, { type: 'timer.open' }, { for: 'retry' }],
  ['no Hello', greeting, { type: 'timer.hello' }, { for: 'retry' }],
  ['no READY', identifying, { type: 'timer.ready' }, { for: 'retry' }],
  ['a silent replay', resuming, { type: 'timer.resumed' }, { for: 'retry' }],
  ['an endless replay', resuming, { type: 'timer.replay' }, { for: 'retry' }],
  ['a replay that is not read, as before', { ...resuming, paused: true }, { type: 'timer.resumed' }, { for: 'order' }],
  ['a reconnect that begins at once, as before', none, EVENT.restart, { for: 'order' }],
  ['a dispatch, as before', live, EVENT.dispatch, { for: 'order' }],
];

const restart = [disarms('resumed'), arms('resumed', 60_000)];

type Counts = Pick<ShardContext, 'resumes' | 'attempts'>;
const counted: Counts = { resumes: 1, attempts: 3 };
const repeated = { ...EVENT.dispatch, sequence: 42 };

/** What is left of 1 resume and 3 attempts. */
const COUNTS: readonly (readonly [what: string, step: ShardStep, left: Counts])[] = [
  [
    'Resume',
    { seen: greeting, context: withSession, event: EVENT.hello, does: [does('sendResume')] },
    { ...counted, resumes: 2 },
  ],
  ['the end of a wait', { seen: none, event: { type: 'timer.reconnect' } }, { ...counted, attempts: 4 }],
  ['the end of a wait without room', { seen: { ...none, away: 'full' }, event: { type: 'timer.reconnect' } }, counted],
  ['room after it', { seen: { ...none, away: 'rested' }, event: EVENT.backlogDrained }, { ...counted, attempts: 4 }],
  ['room before it', { seen: { ...none, away: 'full' }, event: EVENT.backlogDrained }, counted],
  ['an order to come back', { seen: none, context: withSession, event: EVENT.restart }, counted],
  [
    'a dispatch of a replay without room',
    { seen: resuming, context: withSession, event: EVENT.backlogOverflowed },
    { ...counted, resumes: 0 },
  ],
  ['the same without a session', { seen: live, event: EVENT.backlogOverflowed }, counted],
  ['a start', { event: EVENT.start }, { resumes: 0, attempts: 1 }],
  ['a connection that has lasted', { seen: live, context: withSession, event: { type: 'timer.settle' } }, counted],
  [
    'a connection that has held',
    { seen: { ...unproven, beat: 'awaiting' }, context: withSession, event: EVENT.heartbeatAck },
    { resumes: 0, attempts: 0 },
  ],
  [
    'an ACK before that',
    { seen: { ...live, beat: 'awaiting' }, context: withSession, event: EVENT.heartbeatAck },
    counted,
  ],
  ['an ACK that answers nothing', { seen: unproven, context: withSession, event: EVENT.heartbeatAck }, counted],
  ['a replayed dispatch', { seen: resuming, context: withSession, event: EVENT.dispatch }, { ...counted, resumes: 0 }],
  ['a dispatch that was there before', { seen: resuming, context: withSession, event: repeated }, counted],
  [
    'a batch of a replay',
    { seen: resuming, context: withSession, event: EVENT.dispatched },
    { ...counted, resumes: 0 },
  ],
  ['RESUMED', { seen: resuming, context: withSession, event: EVENT.resumed }, counted],
  ['READY', { seen: identifying, event: EVENT.ready }, { ...counted, resumes: 0 }],
  [
    'READY in answer to Resume',
    { seen: resuming, context: withSession, event: EVENT.ready },
    { ...counted, resumes: 0 },
  ],
  ['a dispatch after that', { seen: live, context: withSession, event: EVENT.dispatch }, { ...counted, resumes: 0 }],
  ['a lost connection', { seen: live, context: withSession, event: closed(1006) }, counted],
  ['an unknown opcode', { seen: live, context: withSession, event: closed(4001) }, { ...counted, resumes: 3 }],
  ['a normal closure', { seen: live, context: withSession, event: closed(1000) }, { ...counted, resumes: 3 }],
  ['a normal closure before Hello', { seen: greeting, context: withSession, event: closed(1000) }, counted],
  [
    'a normal closure across ours',
    { seen: closing, context: withSession, event: closed(1000) },
    { ...counted, resumes: 3 },
  ],
  [
    'the same on the way to an end',
    { seen: { ...closing, run: 'stopping' }, context: withSession, event: closed(1000) },
    counted,
  ],
  ['an unknown opcode without a session', { seen: live, event: closed(4001) }, counted],
  ['a session that timed out', { seen: live, context: withSession, event: closed(4009) }, { ...counted, resumes: 0 }],
];

const STEPS: Cases<ShardStep> = {
  'A deadline is as long as the policy says': [
    ...LENGTHS.map(([timer, when, span, context]) => [timer, when, spanOf(span)[1], context] as const).flatMap(
      ([timer, when, ms, context]): Cases<ShardStep>[string] => [
        [`holds for ${timer} ${when}`, { event: EVENT.start, context, does: [arms(timer, ms)] }, null],
        [
          `is broken by ${timer} ${when} and 1 ms`,
          { event: EVENT.start, context, does: [arms(timer, ms + 1)] },
          `${timer} takes ${ms + 1} ms`,
        ],
      ],
    ),
    ['holds for timers of another chart', { event: EVENT.start, does: [arms('presence', 3)] }, null],
    [
      'is broken by the second of two timers',
      { event: EVENT.start, does: [arms('close', 500), arms('open', 500)] },
      'open takes 500 ms',
    ],
  ],
  'What the next wait is for follows from what led to it': [
    ...WAITS.flatMap(([what, seen, event, wait]): Cases<ShardStep>[string] => {
      const context = { wait: { for: 'order' } } as const;
      return [
        [`holds for ${what}`, { seen, context, event, leaves: { wait } }, null],
        [
          `is broken by another wait after ${what}`,
          { seen, context, event, leaves: { wait: { for: wait.for === 'cooldown' ? 'retry' : 'cooldown' } } },
          `it is for ${wait.for === 'cooldown' ? 'retry' : 'cooldown'} and should be for ${wait.for}`,
        ],
      ];
    }),
    [
      'holds for a dispatch without room',
      {
        seen: live,
        context: { ...withSession, wait: { for: 'order' } },
        event: EVENT.backlogOverflowed,
        leaves: { wait: { for: 'retry' } },
      },
      null,
    ],
    [
      'is broken by a dispatch without room that leaves the wait',
      { seen: live, context: { ...withSession, wait: { for: 'order' } }, event: EVENT.backlogOverflowed },
      'it is for order and should be for retry',
    ],
    [
      'holds for an order to leave an open connection',
      { seen: live, event: EVENT.restart, leaves: { wait: { for: 'order' } } },
      null,
    ],
    [
      'is broken by an order that is not noted',
      { seen: live, event: EVENT.restart },
      'it is for retry and should be for order',
    ],
    [
      'is broken by a longer wait than was asked',
      { seen: queued, event: EVENT.permitDelayed, leaves: { wait: { for: 'retryAfter', ms: 9_001 } } },
      'it is for retryAfter and should be for retryAfter',
    ],
  ],
  'Every replayed dispatch that is new restarts the deadline for the next, and so do a pause and its end; nothing else does':
    [
      ['holds for a dispatch', { seen: resuming, event: EVENT.dispatch, does: restart }, null],
      ['holds for a batch of dispatches', { seen: resuming, event: EVENT.dispatched, does: restart }, null],
      [
        'holds for the end of a pause',
        { seen: { ...resuming, paused: true }, event: EVENT.backlogDrained, does: restart },
        null,
      ],
      [
        'holds for the deadline during a pause',
        { seen: { ...resuming, paused: true }, event: { type: 'timer.resumed' }, does: restart },
        null,
      ],
      ['holds for a dispatch that was there before', { seen: resuming, context: withSession, event: repeated }, null],
      [
        'is broken by a dispatch that restarts the deadline for the whole',
        { seen: resuming, event: EVENT.dispatch, does: [...restart, arms('replay', 300_000)] },
        'the deadline for the whole begins anew',
      ],
      ['holds for a message that is no dispatch', { seen: resuming, event: EVENT.malformed }, null],
      ['holds for a dispatch after the replay', { seen: live, event: EVENT.dispatch }, null],
      ['is broken by a dispatch that leaves it', { seen: resuming, event: EVENT.dispatch }, 'the deadline goes on'],
      [
        'is broken by a heartbeat that ends a pause and leaves it',
        { seen: { ...resuming, paused: true }, event: { type: 'timer.heartbeat' } },
        'the deadline goes on',
      ],
      [
        'is broken by a heartbeat that restarts it',
        { seen: resuming, event: { type: 'timer.heartbeat' }, does: restart },
        'the deadline begins anew',
      ],
      [
        'is broken by a malformed message that restarts it',
        { seen: resuming, event: EVENT.malformed, does: restart },
        'the deadline begins anew',
      ],
    ],
  'Failures are counted where they happen; a session that brings something has not failed, a connection once it has held':
    [
      ...COUNTS.flatMap(([what, step, left]): Cases<ShardStep>[string] => {
        const context = { ...step.context, ...counted };
        const wrong = { ...left, resumes: left.resumes + 1, attempts: left.attempts + 1 };
        return [
          [`holds for ${what}`, { ...step, context, leaves: left }, null],
          [
            `is broken by ${what} that is counted otherwise`,
            { ...step, context, leaves: wrong },
            `${JSON.stringify(wrong)} instead of ${JSON.stringify(left)}`,
          ],
        ];
      }),
      [
        'holds for a normal closure of a session that was not resumed yet',
        { seen: live, context: { ...withSession, resumes: 0 }, event: closed(1000), leaves: { resumes: 0 } },
        null,
      ],
      [
        'holds for a code that allows one resume where more are spent',
        {
          seen: live,
          context: { ...withSession, resumes: DEFAULT_POLICY.resumeBudget },
          event: closed(4001),
          leaves: { resumes: DEFAULT_POLICY.resumeBudget },
        },
        null,
      ],
    ],
};

describe.each(Object.entries(STATES))('%s', (says, cases) => {
  it.each(cases)('%s', (_, state, broken) => {
    expect(bench.state(says, state)).toBe(broken);
  });
});

describe.each(Object.entries(STEPS))('%s', (says, cases) => {
  it.each(cases)('%s', (_, step, broken) => {
    expect(bench.step(says, step)).toBe(broken);
  });
});

describe('a span from which the host draws', () => {
  it.each(LENGTHS)('breaks the law where its lower end is another: %s %s', (timer, _, span, context) => {
    const [least, most] = spanOf(span);
    const says = 'A deadline is as long as the policy says';
    for (const wrong of [least - 1, least + 1]) {
      vi.spyOn(SPANS, timer).mockReturnValue([wrong, most]);
      expect(bench.step(says, { event: EVENT.start, context, does: [arms(timer, most)] })).toBe(
        `${timer} takes ${wrong} to ${most} ms`,
      );
    }
  });
  afterEach(() => vi.restoreAllMocks());
});

describe('the invariants of deadlines', () => {
  it('are each shown kept and broken', () => {
    expect(notShown(deadlines, STATES, STEPS)).toEqual([]);
  });
});
