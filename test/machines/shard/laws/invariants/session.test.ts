import { describe, expect, it } from 'vitest';
import { chooses, fateOfSession, session } from '../../../../../machines/shard/laws/invariants/session.js';
import type { ShardSeen } from '../../../../../machines/shard/laws/observer.js';
import { DEFAULT_POLICY, policyFrom } from '../../../../../machines/shard/policy.js';
import type { ShardContext, ShardEvent } from '../../../../../machines/shard/vocabulary.js';
import { type Cases, does, notShown } from '../../../../support/hand-steps.js';
import {
  closed,
  EVENT,
  MAIN_URL,
  RESUME_URL,
  SESSION,
  type ShardState,
  type ShardStep,
  shardBench,
} from '../../../../support/shard-steps.js';

const bench = shardBench(session);

const none: Partial<ShardSeen> = { run: 'running' };
const locating: Partial<ShardSeen> = { ...none, question: 'locate' };
const opening: Partial<ShardSeen> = { ...none, socket: 'opening' };
const greeting: Partial<ShardSeen> = { ...none, socket: 'greeting' };
const queued: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'jitter', question: 'permit' };
const identifying: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'acked', stage: 'identifying' };
const resuming: Partial<ShardSeen> = { ...identifying, stage: 'resuming' };
const live: Partial<ShardSeen> = { ...identifying, stage: 'live' };
const closing: Partial<ShardSeen> = { ...none, socket: 'closing' };

const kept: Partial<ShardContext> = { session: SESSION, sequence: 42 };
const spent: Partial<ShardContext> = { ...kept, resumes: 3 };
const gone: Partial<ShardContext> = { session: null, sequence: null };
const unnumbered: Partial<ShardContext> = { session: SESSION, sequence: null };
const atMain: Partial<ShardContext> = { policy: policyFrom({ resumeAt: 'main' }) };
const withoutUrl = { id: 's1', url: null };
const other = { id: 's2', url: 'wss://gateway-us-east1-c.discord.gg' };

type Fate = 'kept' | 'dropped' | 'new';
const FATES: readonly (readonly [
  what: string,
  fate: Fate,
  seen: Partial<ShardSeen>,
  event: ShardEvent,
  context: Partial<ShardContext>,
])[] = [
  ['READY after Identify', 'new', identifying, EVENT.ready, {}],
  ['READY in answer to Resume', 'new', resuming, EVENT.ready, kept],
  ['a READY that has no place', 'kept', live, EVENT.ready, kept],
  ['a start', 'kept', {}, EVENT.start, kept],
  ['a start without a sequence', 'dropped', {}, EVENT.start, unnumbered],
  ['a start without a session', 'kept', {}, EVENT.start, gone],
  ['RESUMED', 'kept', resuming, EVENT.resumed, kept],
  ['a stop', 'dropped', live, EVENT.stop, kept],
  ['a stop while the shard stops', 'dropped', { ...closing, run: 'stopping' }, EVENT.stop, kept],
  ['a stop of a stopped shard', 'kept', {}, EVENT.stop, kept],
  ['a detach', 'kept', live, EVENT.detach, kept],
  ['Invalid Session, d false', 'dropped', live, EVENT.invalidated, kept],
  ['Invalid Session, d true', 'kept', live, EVENT.resumable, kept],
  ['Invalid Session, d true, without a session', 'dropped', identifying, EVENT.resumable, gone],
  [
    'Invalid Session, d true, where the policy always identifies',
    'dropped',
    live,
    EVENT.resumable,
    { ...kept, policy: policyFrom({ invalidSession: 'identify' }) },
  ],
  ['Invalid Session before Hello', 'kept', greeting, EVENT.invalidated, kept],
  ...[4003, 4004, 4005, 4006, 4007, 4009, 4010, 4011, 4012, 4013, 4014].map(
    (code) => [`close code ${code}`, 'dropped', live, closed(code), kept] as const,
  ),
  ...[1000, 1001, 1005, 1006, 4000, 4001, 4002, 4008, 4015, 4900].map(
    (code) => [`close code ${code}`, 'kept', live, closed(code), kept] as const,
  ),
  ['close code 4009 that crosses our close', 'dropped', closing, closed(4009), kept],
  [
    'our own close code in answer',
    'kept',
    closing,
    closed(4004),
    { ...kept, policy: { ...DEFAULT_POLICY, closeCode: 4004 } },
  ],
  ['close code 4009 while the shard fails', 'kept', { ...closing, run: 'failing' }, closed(4009), kept],
  ['a refused token', 'dropped', locating, EVENT.unauthorized, kept],
  ['a URL that could not be had', 'kept', locating, EVENT.locateFailed, kept],
  ['Hello without a session', 'dropped', greeting, EVENT.hello, gone],
  ['Hello with a session', 'kept', greeting, EVENT.hello, kept],
  ['a second Hello', 'kept', live, EVENT.hello, kept],
  ['a reconnect with a new session', 'dropped', live, EVENT.renew, kept],
  ['a reconnect with a new session while the shard stops', 'kept', { ...closing, run: 'stopping' }, EVENT.renew, kept],
  ['a reconnect', 'kept', live, EVENT.restart, kept],
  ['a reconnect during a wait when the resumes are spent', 'dropped', none, EVENT.restart, spent],
  ['a reconnect of an open connection when the resumes are spent', 'kept', live, EVENT.restart, spent],
  ['the end of a wait', 'kept', none, { type: 'timer.reconnect' }, { ...kept, resumes: 2 }],
  ['the end of a wait when the resumes are spent', 'dropped', none, { type: 'timer.reconnect' }, spent],
  ['the end of a wait without a sequence', 'dropped', none, { type: 'timer.reconnect' }, unnumbered],
  ['the end of a wait without a session', 'kept', none, { type: 'timer.reconnect' }, { ...gone, resumes: 3 }],
  ['a reconnect during a wait without a sequence', 'dropped', none, EVENT.restart, unnumbered],
  ['a reconnect of an open connection without a sequence', 'kept', live, EVENT.restart, unnumbered],
  ['a lost connection without a sequence', 'kept', live, closed(1006), unnumbered],
  ['a refused Identify', 'kept', queued, EVENT.permitRefused, gone],
  ['a dispatch', 'kept', live, EVENT.dispatch, kept],
];

describe('the session', () => {
  it.each(FATES)('after %s is %s', (_, fate, seen, event, context) => {
    expect(fateOfSession(bench.move({ event, context }), bench.known(seen))).toBe(fate);
  });
});

describe('the next connection', () => {
  it.each<[string, ShardEvent, Partial<ShardSeen>]>([
    ['a start', EVENT.start, {}],
    ['the end of a wait', { type: 'timer.reconnect' }, none],
    ['a reconnect during a wait', EVENT.restart, none],
    ['a reconnect during the handshake', EVENT.renew, opening],
    ['a reconnect before Hello', EVENT.restart, greeting],
  ])('is chosen by %s', (_, event, seen) => {
    expect(chooses(event, bench.known(seen))).toBe(true);
  });

  it.each<[string, ShardEvent, Partial<ShardSeen>]>([
    ['a reconnect of an open connection', EVENT.restart, live],
    ['a reconnect while a connection is closed', EVENT.restart, closing],
    ['a reconnect of a stopped shard', EVENT.restart, {}],
    ['a stop', EVENT.stop, none],
  ])('is not chosen by %s', (_, event, seen) => {
    expect(chooses(event, bench.known(seen))).toBe(false);
  });
});

const low = { ...EVENT.dispatch, sequence: 7 };
const open = (url: string) => does('openSocket', { connection: 4, url });
const close = (code: number) => does('closeSocket', { code });

const STEPS: Cases<ShardStep> = {
  'The session is dropped when the documentation says so, and at no other time': [
    [
      'holds for the session of READY',
      { seen: identifying, event: EVENT.ready, leaves: { session: SESSION, sequence: 1 } },
      null,
    ],
    ['holds for a READY without a session id', { seen: identifying, event: { ...EVENT.ready, session: null } }, null],
    [
      'holds for the session of READY in answer to Resume',
      { seen: resuming, context: kept, event: { ...EVENT.ready, session: other }, leaves: { session: other } },
      null,
    ],
    [
      'holds for a READY where sessions are resumed at the main URL',
      { seen: identifying, context: atMain, event: EVENT.ready, leaves: { session: withoutUrl } },
      null,
    ],
    [
      'holds for a READY without a session id where sessions are resumed at the main URL',
      { seen: identifying, context: atMain, event: { ...EVENT.ready, session: null } },
      null,
    ],
    ['holds for a session that is dropped', { seen: live, context: kept, event: closed(4009), leaves: gone }, null],
    ['holds for a session that is kept', { seen: live, context: kept, event: closed(4000) }, null],
    [
      'holds for a session that loses its URL only',
      { seen: opening, context: kept, event: closed(1006), leaves: { session: withoutUrl } },
      null,
    ],
    [
      'is broken by a session that outlasts its end',
      { seen: live, context: kept, event: closed(4009) },
      'the session is kept and should be dropped',
    ],
    [
      'is broken by a session that is lost with its connection',
      { seen: live, context: kept, event: closed(1006), leaves: gone },
      'the session is dropped or replaced and should be kept',
    ],
    [
      'is broken by a second READY that is taken',
      { seen: live, context: kept, event: EVENT.ready, leaves: { session: other } },
      'the session is dropped or replaced and should be kept',
    ],
    [
      'is broken by a READY that is not taken',
      { seen: identifying, event: EVENT.ready },
      'the session is not the one of READY',
    ],
    [
      'is broken by a session that outlasts a READY in answer to its Resume',
      { seen: resuming, context: kept, event: { ...EVENT.ready, session: other } },
      'the session is not the one of READY',
    ],
    [
      'is broken by a session that outlasts its lack of a sequence',
      { seen: none, context: unnumbered, event: { type: 'timer.reconnect' } },
      'the session is kept and should be dropped',
    ],
    [
      'is broken by a READY whose URL is taken where sessions are resumed at the main one',
      { seen: identifying, context: atMain, event: EVENT.ready, leaves: { session: SESSION } },
      'the session is not the one of READY',
    ],
    [
      'is broken by a READY without its URL',
      { seen: identifying, event: EVENT.ready, leaves: { session: withoutUrl } },
      'the session is not the one of READY',
    ],
  ],
  'The sequence is the highest one received in the session, or the last that found room, and goes with it': [
    ['holds for READY', { seen: identifying, event: EVENT.ready, leaves: { sequence: 1 } }, null],
    ['holds for a dispatch', { seen: live, context: kept, event: EVENT.dispatch, leaves: { sequence: 43 } }, null],
    [
      'holds for a batch of a replay',
      { seen: resuming, context: kept, event: EVENT.dispatched, leaves: { sequence: 44 } },
      null,
    ],
    ['holds for RESUMED', { seen: resuming, context: kept, event: EVENT.resumed, leaves: { sequence: 43 } }, null],
    ['holds for a dispatch that was there before', { seen: live, context: kept, event: low }, null],
    [
      'holds for a dispatch without a number',
      { seen: live, context: kept, event: { ...EVENT.dispatch, sequence: null } },
      null,
    ],
    [
      'holds for RESUMED with a number below',
      { seen: resuming, context: kept, event: { ...EVENT.resumed, sequence: 7 } },
      null,
    ],
    [
      'holds for RESUMED without a number',
      { seen: resuming, context: kept, event: { ...EVENT.resumed, sequence: null } },
      null,
    ],
    [
      'holds for a batch that was there before',
      { seen: live, context: kept, event: { ...EVENT.dispatched, sequence: 8 } },
      null,
    ],
    [
      'holds for the first number of a session',
      { seen: live, context: unnumbered, event: EVENT.dispatch, leaves: { sequence: 43 } },
      null,
    ],
    [
      'holds for READY in answer to Resume',
      { seen: resuming, context: kept, event: EVENT.ready, leaves: { sequence: 1 } },
      null,
    ],
    [
      'holds for READY without a number',
      { seen: resuming, context: kept, event: { ...EVENT.ready, sequence: null }, leaves: { sequence: null } },
      null,
    ],
    [
      'holds for a dispatch without room',
      { seen: live, context: kept, event: EVENT.backlogOverflowed, leaves: { sequence: 41 } },
      null,
    ],
    [
      'holds for one that tells a later number',
      { seen: live, context: kept, event: { type: 'backlogOverflowed', sequence: 43 } },
      null,
    ],
    ['holds for one without a session', { seen: live, event: EVENT.backlogOverflowed }, null],
    ['holds for one without a sequence', { seen: live, context: unnumbered, event: EVENT.backlogOverflowed }, null],
    [
      'is broken by a dispatch without room that counts as received',
      { seen: live, context: kept, event: EVENT.backlogOverflowed },
      'the sequence is 42 and should be 41',
    ],
    ['holds for a dispatch that has no place', { seen: identifying, event: EVENT.dispatch }, null],
    ['holds for RESUMED that has no place', { seen: live, context: kept, event: EVENT.resumed }, null],
    ['holds for the end of the session', { seen: live, context: kept, event: EVENT.invalidated, leaves: gone }, null],
    [
      'is broken by a dispatch that is not counted',
      { seen: live, context: kept, event: EVENT.dispatch },
      'the sequence is 42 and should be 43',
    ],
    [
      'is broken by a sequence that goes back',
      { seen: live, context: kept, event: low, leaves: { sequence: 7 } },
      'the sequence is 7 and should be 42',
    ],
    [
      'is broken by a sequence that is lost to a dispatch without a number',
      { seen: live, context: kept, event: { ...EVENT.dispatch, sequence: null }, leaves: { sequence: null } },
      'the sequence is null and should be 42',
    ],
    [
      'is broken by a READY in answer to Resume that counts on',
      { seen: resuming, context: kept, event: EVENT.ready },
      'the sequence is 42 and should be 1',
    ],
    [
      'is broken by a dispatch before READY that is counted',
      { seen: identifying, event: EVENT.dispatch, leaves: { sequence: 43 } },
      'the sequence is 43 and should be null',
    ],
    [
      'is broken by a sequence that outlasts its session',
      { seen: live, context: kept, event: EVENT.invalidated, leaves: { session: null } },
      'the sequence is 42 and should be null',
    ],
    [
      'is broken by a new session that counts on',
      { seen: identifying, context: { sequence: 42 }, event: EVENT.ready, leaves: { sequence: 42 } },
      'the sequence is 42 and should be 1',
    ],
  ],
  'A session is resumed at its own URL, a new one begun at the main URL': [
    [
      'holds for the URL of the session',
      { seen: none, context: kept, event: EVENT.restart, does: [open(RESUME_URL)] },
      null,
    ],
    ['holds for the main URL without a session', { event: EVENT.start, does: [open(MAIN_URL)] }, null],
    [
      'holds for the main URL where the session lost its own',
      { event: EVENT.start, context: { session: withoutUrl }, does: [open(MAIN_URL)] },
      null,
    ],
    [
      'holds for Identify at the main URL',
      { seen: { ...queued, host: 'main' }, event: EVENT.permitGranted, does: [does('sendIdentify')] },
      null,
    ],
    [
      'is broken by a resume at the main URL',
      { seen: none, context: kept, event: EVENT.restart, does: [open(MAIN_URL)] },
      'the connection leads to another URL',
    ],
    [
      'is broken by a new session at a resume URL',
      { event: EVENT.start, does: [open(RESUME_URL)] },
      'the connection leads to another URL',
    ],
    [
      'is broken by no URL',
      { event: EVENT.start, context: { gatewayUrl: '' }, does: [open('')] },
      'the connection leads to another URL',
    ],
    [
      'is broken by Identify at the URL of a session',
      { seen: { ...queued, host: 'session' }, event: EVENT.permitGranted, does: [does('sendIdentify')] },
      'Identify goes to the URL of a session',
    ],
  ],
  'A connection that fails before Hello costs its URL, and nothing else does': [
    [
      'holds for a failed handshake at the main URL',
      { seen: opening, event: closed(1006), leaves: { gatewayUrl: null } },
      null,
    ],
    [
      'holds for a failed handshake of a session',
      { seen: opening, context: kept, event: closed(1006), leaves: { session: withoutUrl } },
      null,
    ],
    ...(
      [
        ['no handshake', opening, { type: 'timer.open' }],
        ['no Hello', greeting, { type: 'timer.hello' }],
        ['what cannot be understood before Hello', greeting, EVENT.undecodable],
      ] as const
    ).flatMap(([what, seen, event]): Cases<ShardStep>[string] => [
      [`holds for ${what}`, { seen, event, leaves: { gatewayUrl: null } }, null],
      [
        `is broken by ${what} that leaves the URL`,
        { seen, event },
        `the Gateway URL is ${MAIN_URL} and should be null`,
      ],
      [
        `is broken by ${what} that leaves the URL of the session`,
        { seen, context: kept, event },
        'the URL of the session',
      ],
    ]),
    [
      'holds for the URL that was asked for',
      { seen: locating, context: { gatewayUrl: null }, event: EVENT.located, leaves: { gatewayUrl: MAIN_URL } },
      null,
    ],
    ['holds for a fatal code before Hello', { seen: opening, event: closed(4004) }, null],
    ['holds for an order before Hello', { seen: opening, event: EVENT.restart }, null],
    ['holds for Reconnect before Hello', { seen: greeting, event: EVENT.reconnectRequested }, null],
    [
      'holds for Reconnect before Hello to a session',
      { seen: greeting, context: kept, event: EVENT.reconnectRequested },
      null,
    ],
    ['holds for a connection lost after Hello', { seen: live, context: kept, event: closed(1006) }, null],
    ['holds for the session of READY', { seen: identifying, event: EVENT.ready, leaves: { session: SESSION } }, null],
    [
      'is broken by Reconnect before Hello that costs the URL',
      { seen: greeting, event: EVENT.reconnectRequested, leaves: { gatewayUrl: null } },
      `the Gateway URL is null and should be ${MAIN_URL}`,
    ],
    [
      'is broken by Reconnect before Hello that costs the URL of the session',
      { seen: greeting, context: kept, event: EVENT.reconnectRequested, leaves: { session: withoutUrl } },
      'the URL of the session',
    ],
    [
      'is broken by a URL that is lost after Hello',
      { seen: live, context: kept, event: closed(1006), leaves: { session: withoutUrl } },
      'the URL of the session',
    ],
    [
      'is broken by a main URL that is lost for that of the session',
      { seen: opening, context: kept, event: closed(1006), leaves: { session: withoutUrl, gatewayUrl: null } },
      `the Gateway URL is null and should be ${MAIN_URL}`,
    ],
    [
      'is broken by a URL that is not taken',
      { seen: locating, context: { gatewayUrl: null }, event: EVENT.located },
      `the Gateway URL is null and should be ${MAIN_URL}`,
    ],
  ],
  'The Gateway is asked for only where no URL is known': [
    [
      'holds where none is known',
      { event: EVENT.start, context: { gatewayUrl: null }, does: [does('locateGateway')] },
      null,
    ],
    [
      'holds where the session has none either',
      { event: EVENT.start, context: { gatewayUrl: null, session: withoutUrl }, does: [does('locateGateway')] },
      null,
    ],
    ['holds where it is not asked for', { event: EVENT.start, does: [open(MAIN_URL)] }, null],
    ['is broken where the main URL is known', { event: EVENT.start, does: [does('locateGateway')] }, 'a URL is known'],
    [
      'is broken where the session has a URL',
      { event: EVENT.start, context: { ...kept, gatewayUrl: null }, does: [does('locateGateway')] },
      'a URL is known',
    ],
  ],
  'Our close code keeps the session exactly if it is kept': [
    [
      'holds for a session that is kept',
      { seen: live, context: kept, event: EVENT.reconnectRequested, does: [close(4900)] },
      null,
    ],
    [
      'holds for the code of the policy',
      {
        seen: live,
        context: { ...kept, policy: policyFrom({ closeCode: 3024 }) },
        event: EVENT.detach,
        does: [close(3024)],
      },
      null,
    ],
    [
      'holds for a session that ends',
      { seen: live, context: kept, event: EVENT.stop, leaves: gone, does: [close(1000)] },
      null,
    ],
    ['holds for a stop without a session', { seen: queued, event: EVENT.stop, does: [close(1000)] }, null],
    [
      'holds for a permit that is refused for good',
      { seen: queued, event: EVENT.permitRefused, does: [close(1000)] },
      null,
    ],
    ['holds for a permit that comes later', { seen: queued, event: EVENT.permitDelayed, does: [close(4900)] }, null],
    ['holds for a detach without a session', { seen: queued, event: EVENT.detach, does: [close(4900)] }, null],
    [
      'is broken by 1000 for a session that is kept',
      { seen: live, context: kept, event: EVENT.reconnectRequested, does: [close(1000)] },
      'the connection is closed with 1000',
    ],
    [
      'is broken by a code that keeps a session which ends',
      { seen: live, context: kept, event: EVENT.stop, leaves: gone, does: [close(4900)] },
      'the connection is closed with 4900',
    ],
    [
      'is broken by a stop without a session that leaves the bot online',
      { seen: queued, event: EVENT.stop, does: [close(4900)] },
      'the connection is closed with 4900',
    ],
    [
      'is broken by a final refusal that leaves the bot online',
      { seen: queued, event: EVENT.permitRefused, does: [close(4900)] },
      'the connection is closed with 4900',
    ],
  ],
};

const STATES: Cases<ShardState> = {
  'Dispatches are handed on from READY on, and during a replay, and at no other time': [
    ['holds in a session', { seen: live, tags: ['streaming'] }, null],
    ['holds in a replay', { seen: resuming, tags: ['streaming', 'replaying'] }, null],
    ['holds before READY', { seen: identifying }, null],
    [
      'is broken in a session that hands on nothing',
      { seen: live },
      'the tags are wrong: streaming false, replaying false',
    ],
    [
      'is broken before READY',
      { seen: identifying, tags: ['streaming'] },
      'the tags are wrong: streaming true, replaying false',
    ],
    [
      'is broken in a session that is taken for a replay',
      { seen: live, tags: ['streaming', 'replaying'] },
      'the tags are wrong: streaming true, replaying true',
    ],
    [
      'is broken in a replay that is taken for a session',
      { seen: resuming, tags: ['streaming'] },
      'the tags are wrong: streaming true, replaying false',
    ],
  ],
  'The tags tell whether the shard is ready, settled, degraded or about to fail': [
    ['holds while stopped', { seen: { ...none, run: 'stopped' } }, null],
    ['holds before a connection', { seen: none, tags: ['degraded'] }, null],
    ['holds in a replay', { seen: resuming, tags: ['degraded'] }, null],
    ['holds from READY on', { seen: live, tags: ['ready'] }, null],
    ['holds while it is not proven', { seen: { ...live, held: 'unproven' }, tags: ['ready'] }, null],
    ['holds in a session that has held', { seen: { ...live, held: 'yes' }, tags: ['ready', 'settled'] }, null],
    ['holds before the first heartbeat', { seen: { ...live, beat: 'jitter' }, tags: ['ready'] }, null],
    ['holds while an ACK is awaited', { seen: { ...live, beat: 'awaiting' }, tags: ['ready'] }, null],
    ['holds while an ACK is late', { seen: { ...live, beat: 'overdue' }, tags: ['ready', 'degraded'] }, null],
    ['holds while reading is paused', { seen: { ...live, paused: true }, tags: ['ready', 'degraded'] }, null],
    ['holds while it ends by order', { seen: { ...closing, run: 'stopping' } }, null],
    ['holds while it is about to fail', { seen: { ...closing, run: 'failing' }, tags: ['failing'] }, null],
    ['holds when it has failed', { seen: { ...none, run: 'failed' }, tags: ['failing'] }, null],
    ['is broken by a session that is not ready', { seen: live }, 'the tag ready should be true'],
    ['is broken before READY', { seen: identifying, tags: ['ready', 'degraded'] }, 'the tag ready should be false'],
    [
      'is broken by a session that settles too soon',
      { seen: { ...live, held: 'unproven' }, tags: ['ready', 'settled'] },
      'the tag settled should be false',
    ],
    [
      'is broken by a late ACK that does not show',
      { seen: { ...live, beat: 'overdue' }, tags: ['ready'] },
      'the tag degraded should be true',
    ],
    [
      'is broken by a failure that does not show',
      { seen: { ...none, run: 'failed' } },
      'the tag failing should be true',
    ],
  ],
};

describe.each(Object.entries(STEPS))('%s', (says, cases) => {
  it.each(cases)('%s', (_, step, broken) => {
    expect(bench.step(says, step)).toBe(broken);
  });
});

describe.each(Object.entries(STATES))('%s', (says, cases) => {
  it.each(cases)('%s', (_, state, broken) => {
    expect(bench.state(says, state)).toBe(broken);
  });
});

describe('the invariants of the session', () => {
  it('are each shown kept and broken', () => {
    expect(notShown(session, STEPS, STATES)).toEqual([]);
  });
});
