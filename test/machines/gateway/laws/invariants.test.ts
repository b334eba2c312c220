import { describe, expect, it } from 'vitest';
import { GATEWAY_IGNORED, GATEWAY_INVARIANTS } from '../../../../machines/gateway/laws/invariants.js';
import { type GatewaySeen, gatewayObserver } from '../../../../machines/gateway/laws/observer.js';
import type { GatewayContext, GatewayEvent } from '../../../../machines/gateway/vocabulary.js';
import type { EdgeView, GraphView, Invariant, NodeView } from '../../../../machines/kit/invariants.js';
import { fitsPattern } from '../../../../machines/kit/patterns.js';
import type { Instruction } from '../../../../machines/kit/pure.js';
import { unknownSpecs } from '../../../support/documentation.js';
import {
  CONTEXT,
  closed,
  closeWith,
  EVENT,
  type GatewayState,
  type GatewayStep,
  gatewayBench,
  identify,
  kept,
  resume,
  SESSION,
} from '../../../support/gateway-steps.js';
import { arms, type Cases, disarms, does, notShown, reports } from '../../../support/hand-steps.js';

const bench = gatewayBench(GATEWAY_INVARIANTS);

const greeting: Partial<GatewaySeen> = { link: 'open' };
const open: Partial<GatewaySeen> = { link: 'open', greeted: true };
const starting: Partial<GatewaySeen> = { ...open, stage: 'starting' };
const replaying: Partial<GatewaySeen> = { ...open, stage: 'replaying' };
const live: Partial<GatewaySeen> = { ...open, stage: 'live' };
const closing: Partial<GatewaySeen> = { link: 'closing' };
const silent: Partial<GatewaySeen> = { link: 'silent' };
const withSession: Partial<GatewayContext> = { session: SESSION };
const counted = (by: number): Partial<GatewayContext> => ({ session: { ...SESSION, sequence: SESSION.sequence + by } });
const gone: Partial<GatewayContext> = { session: null };

const timer = (name: string) => ({ type: `timer.${name}` }) as GatewayEvent;
const fault = (name: string) => ({ type: `fault.${name}` }) as GatewayEvent;
const sendHello = does('sendHello', { interval: 41_250 });
const sendReady = (sequence = 1, sessionId = 's2') => does('sendReady', { sessionId, sequence });
const sendReplay = (...sequences: readonly number[]) => does('sendReplay', { dispatches: sequences.map(kept) });
const sendResumed = (sequence = 5) => does('sendResumed', { sequence });
const sendRaw = (sequence: number) => does('sendRaw', { kind: 'notJson', sequence });
const sendDispatch = (sequence = 5) => does('sendDispatch', { sequence, name: 'MESSAGE_CREATE', data: {} });
const invalid = (resumable: boolean) => does('sendInvalidSession', { resumable });
const close = (code: number) => does('close', { code });
const answer = (code: number) => does('answerClose', { code });
const drop = does('dropTcp', { connection: 3 });

/** What goes out, by what comes in. */
type Answer = readonly [what: string, step: Omit<GatewayStep, 'does'>, sent: readonly Instruction[], said: string];
const ANSWERS: readonly Answer[] = [
  ['a client', { event: EVENT.connected }, [], ''],
  ['a client that is back', { seen: live, event: EVENT.connected }, [drop], 'dropTcp'],
  ['a client that is back during our close', { seen: closing, event: EVENT.connected }, [drop], 'dropTcp'],
  ['an ordered loss of TCP', { seen: live, event: fault('dropTcp') }, [drop], 'dropTcp'],
  ['a close that is not answered', { seen: closing, event: timer('close') }, [drop], 'dropTcp'],
  ['the first delay', { seen: greeting, event: timer('hello') }, [sendHello], 'sendHello'],
  ['the first delay without Hello', { seen: { ...greeting, without: 'hello' }, event: timer('hello') }, [], ''],
  ['the delay of READY', { seen: starting, event: timer('ready') }, [sendReady()], 'sendReady'],
  ['the delay of READY without it', { seen: { ...starting, without: 'ready' }, event: timer('ready') }, [], ''],
  [
    'a part of a replay',
    { seen: replaying, context: { backlog: [kept(4)] }, event: timer('replay') },
    [sendReplay(4)],
    'sendReplay',
  ],
  ['the end of a replay', { seen: replaying, event: timer('replay') }, [sendResumed()], 'sendResumed'],
  [
    'the end of a replay without RESUMED',
    { seen: { ...replaying, without: 'resumed' }, event: timer('replay') },
    [],
    '',
  ],
  [
    'a replay that is dropped',
    { seen: { ...replaying, without: 'replay' }, context: { backlog: [kept(4)] }, event: timer('replay') },
    [drop],
    'dropTcp',
  ],
  ['a heartbeat', { seen: live, event: EVENT.heartbeat }, [does('sendAck')], 'sendAck'],
  ['a heartbeat before Identify', { seen: open, event: EVENT.heartbeat }, [does('sendAck')], 'sendAck'],
  ['a heartbeat before Hello', { seen: greeting, event: EVENT.heartbeat }, [close(4003)], 'close 4003'],
  ['a heartbeat without an ACK', { seen: { ...live, without: 'acks' }, event: EVENT.heartbeat }, [], ''],
  ['a heartbeat that is not read', { seen: { ...live, reads: false }, event: EVENT.heartbeat }, [], ''],
  ['a heartbeat during our close', { seen: closing, event: EVENT.heartbeat }, [], ''],
  ['no heartbeat', { seen: live, event: timer('heartbeat') }, [close(1000)], 'close 1000'],
  ['no departure', { seen: { ...live, askedToLeave: true }, event: timer('leave') }, [close(1001)], 'close 1001'],
  ['an Identify', { seen: open, event: identify() }, [], ''],
  ['a wrong token', { seen: open, event: identify({ tokenMatches: false }) }, [close(4004)], 'close 4004'],
  ['a wrong shard', { seen: open, event: identify({ shardValid: false }) }, [close(4010)], 'close 4010'],
  ['too few shards', { seen: open, event: identify({ shardingRequired: true }) }, [close(4011)], 'close 4011'],
  ['a wrong version', { seen: open, event: identify({ versionValid: false }) }, [close(4012)], 'close 4012'],
  ['intents that do not exist', { seen: open, event: identify({ intentsValid: false }) }, [close(4013)], 'close 4013'],
  [
    'intents that are not allowed',
    { seen: open, event: identify({ intentsAllowed: false }) },
    [close(4014)],
    'close 4014',
  ],
  [
    'an Identify too soon',
    { seen: open, event: identify({ permitted: false }) },
    [invalid(false)],
    'sendInvalidSession false',
  ],
  ['an Identify before Hello', { seen: greeting, event: identify() }, [sendHello], 'sendHello'],
  [
    'an Identify before Hello with a wrong token',
    { seen: greeting, event: identify({ tokenMatches: false }) },
    [sendHello, close(4004)],
    'sendHello, close 4004',
  ],
  ['an Identify while Hello is left out', { seen: { ...greeting, without: 'hello' }, event: identify() }, [], ''],
  ['an Identify while Hello is held back', { seen: { ...greeting, held: true }, event: identify() }, [], ''],
  ['a second Identify', { seen: starting, event: identify() }, [close(4005)], 'close 4005'],
  ['a Resume', { seen: open, context: withSession, event: resume(3) }, [], ''],
  [
    'a Resume with a wrong token',
    { seen: open, context: withSession, event: resume(3, 's1', false) },
    [close(4004)],
    'close 4004',
  ],
  ['a Resume of an unknown session', { seen: open, event: resume(3) }, [invalid(false)], 'sendInvalidSession false'],
  [
    'a Resume that comes too late',
    { seen: open, context: withSession, event: resume(1) },
    [invalid(false)],
    'sendInvalidSession false',
  ],
  [
    'a Resume with an unknown sequence',
    { seen: open, context: withSession, event: resume(5) },
    [close(4007)],
    'close 4007',
  ],
  ['a Resume before Hello', { seen: greeting, context: withSession, event: resume(3) }, [sendHello], 'sendHello'],
  [
    'a Resume of an unknown session before Hello',
    { seen: greeting, event: resume(3) },
    [sendHello, invalid(false)],
    'sendHello, sendInvalidSession false',
  ],
  ['a Resume in a session', { seen: live, context: withSession, event: resume(3) }, [close(4005)], 'close 4005'],
  [
    'a command',
    { seen: live, event: EVENT.command },
    [does('answerCommand', { opcode: 3, data: {} })],
    'answerCommand',
  ],
  [
    'a command during a replay',
    { seen: replaying, event: EVENT.command },
    [does('answerCommand', { opcode: 3, data: {} })],
    'answerCommand',
  ],
  ['a command before READY', { seen: starting, event: EVENT.command }, [close(4003)], 'close 4003'],
  ['a command before Identify', { seen: open, event: EVENT.command }, [close(4003)], 'close 4003'],
  ['an unknown opcode', { seen: live, event: EVENT.unknownOpcode }, [close(4001)], 'close 4001'],
  ['what cannot be decoded', { seen: live, event: EVENT.undecodable }, [close(4002)], 'close 4002'],
  ['a payload that is too large', { seen: greeting, event: EVENT.tooLarge }, [close(4002)], 'close 4002'],
  ['too many payloads', { seen: live, event: EVENT.tooMany }, [close(4008)], 'close 4008'],
  ['a close of the client', { seen: live, event: closed(4900) }, [answer(4900)], 'answerClose 4900'],
  ['a lost connection', { seen: live, event: closed(1006) }, [], ''],
  ['a close that is ignored', { seen: { ...live, without: 'close' }, event: closed(1000) }, [], ''],
  ['an answer to our close', { seen: closing, event: closed(1000) }, [], ''],
  ['an ordered close', { seen: live, event: closeWith(4009) }, [close(4009)], 'close 4009'],
  [
    'an ordered request for a heartbeat',
    { seen: greeting, event: EVENT.requestHeartbeat },
    [does('sendHeartbeatRequest')],
    'sendHeartbeatRequest',
  ],
  [
    'an ordered request to reconnect',
    { seen: greeting, event: EVENT.requestReconnect },
    [does('sendReconnect')],
    'sendReconnect',
  ],
  [
    'an ordered malformed frame',
    { seen: live, event: EVENT.malformed },
    [does('sendRaw', { kind: 'notJson', sequence: 4 })],
    'sendRaw',
  ],
  ['an interrupted session', { seen: live, event: EVENT.interrupt }, [invalid(true)], 'sendInvalidSession true'],
  ['an invalidated session', { seen: live, event: EVENT.invalidate }, [invalid(false)], 'sendInvalidSession false'],
  [
    'a session that cannot begin',
    { seen: starting, event: EVENT.interrupt },
    [invalid(false)],
    'sendInvalidSession false',
  ],
  ['a session that is resumed elsewhere', { seen: live, event: EVENT.release }, [close(4009)], 'close 4009'],
  ['a session that waits and is resumed elsewhere', { seen: open, event: EVENT.release }, [], ''],
  ['a dispatch', { seen: live, event: EVENT.dispatch }, [sendDispatch()], 'sendDispatch'],
  ['a dispatch during a replay', { seen: replaying, event: EVENT.dispatch }, [], ''],
  ['a dispatch without a connection', { event: EVENT.dispatch }, [], ''],
  ['a frame without a connection', { event: EVENT.unknownOpcode }, [], ''],
];

/** What becomes of the session: what a step leaves of it. */
type Fate = readonly [what: string, step: Omit<GatewayStep, 'leaves'>, left: Partial<GatewayContext>];
const FATES: readonly Fate[] = [
  ['a dispatch', { seen: live, context: withSession, event: EVENT.dispatch }, counted(1)],
  ['a dispatch without a connection', { context: withSession, event: EVENT.dispatch }, counted(1)],
  ['a dispatch without a session', { event: EVENT.dispatch }, gone],
  ['numbers that are skipped', { seen: live, context: withSession, event: EVENT.skip }, counted(2)],
  ['a session that comes over', { event: EVENT.adopt }, withSession],
  [
    'a session that comes over before Resume',
    { seen: open, context: { session: { ...SESSION, id: 's0' } }, event: EVENT.adopt },
    withSession,
  ],
  [
    'a session that cannot come over',
    { seen: live, context: { session: { ...SESSION, id: 's0' } }, event: EVENT.adopt },
    { session: { ...SESSION, id: 's0' } },
  ],
  ['a session that goes to another connection', { seen: live, context: withSession, event: EVENT.release }, gone],
  ['a session that nobody resumed in time', { context: withSession, event: timer('retention') }, gone],
  ['Invalid Session for good', { seen: live, context: withSession, event: EVENT.invalidate }, gone],
  ['Invalid Session for a resume', { seen: live, context: withSession, event: EVENT.interrupt }, withSession],
  ['Invalid Session without a connection', { context: withSession, event: EVENT.interrupt }, gone],
  ['Invalid Session before READY', { seen: starting, context: withSession, event: EVENT.invalidate }, withSession],
  ...[1000, 1001].map(
    (code): Fate => [`close ${code} of the client`, { seen: live, context: withSession, event: closed(code) }, gone],
  ),
  ...[1005, 1006, 4000, 4900].map(
    (code): Fate => [
      `close ${code} of the client`,
      { seen: live, context: withSession, event: closed(code) },
      withSession,
    ],
  ),
  ['close 1000 in answer to ours', { seen: closing, context: withSession, event: closed(1000) }, withSession],
  [
    'close 1000 that is ignored',
    { seen: { ...live, without: 'close' }, context: withSession, event: closed(1000) },
    withSession,
  ],
  ...[4003, 4004, 4005, 4007, 4009, 4010, 4014].map(
    (code): Fate => [`ordered close ${code}`, { seen: live, context: withSession, event: closeWith(code) }, gone],
  ),
  ...[1000, 1001, 4000, 4001, 4002, 4008].map(
    (code): Fate => [
      `ordered close ${code}`,
      { seen: live, context: withSession, event: closeWith(code) },
      withSession,
    ],
  ),
  ['no heartbeat', { seen: live, context: withSession, event: timer('heartbeat') }, withSession],
  [
    'no heartbeat where that ends it',
    {
      seen: live,
      context: { ...withSession, settings: { ...CONTEXT.settings, missedHeartbeatCode: 4009 } },
      event: timer('heartbeat'),
    },
    gone,
  ],
  [
    'READY',
    { seen: starting, context: { offered: 's2' }, event: timer('ready') },
    { session: { ...SESSION, id: 's2', sequence: 1 } },
  ],
  [
    'READY that is withheld',
    { seen: { ...starting, without: 'ready' }, context: withSession, event: timer('ready') },
    withSession,
  ],
  ['RESUMED', { seen: replaying, context: withSession, event: timer('replay') }, counted(1)],
  [
    'a part of a replay',
    { seen: replaying, context: { ...withSession, backlog: [kept(4)] }, event: timer('replay') },
    withSession,
  ],
  [
    'RESUMED that is withheld',
    { seen: { ...replaying, without: 'resumed' }, context: withSession, event: timer('replay') },
    withSession,
  ],
  ['a second Identify', { seen: live, context: withSession, event: identify() }, gone],
  ['an Identify before Hello', { seen: greeting, context: withSession, event: identify() }, withSession],
  ['an Identify where a session waits', { seen: open, context: withSession, event: identify() }, withSession],
  ['a Resume', { seen: open, context: withSession, event: resume(3) }, withSession],
  ['a Resume that comes too late', { seen: open, context: withSession, event: resume(1) }, gone],
  ['a Resume with an unknown sequence', { seen: open, context: withSession, event: resume(5) }, gone],
  ['a Resume with a wrong token', { seen: open, context: withSession, event: resume(5, 's1', false) }, withSession],
  ['a Resume of another session', { seen: open, context: withSession, event: resume(5, 's0') }, withSession],
  ['a second Resume', { seen: live, context: withSession, event: resume(3) }, gone],
  ['a Resume before Hello', { seen: greeting, context: withSession, event: resume(3) }, withSession],
  ['a Resume before Hello that comes too late', { seen: greeting, context: withSession, event: resume(1) }, gone],
  [
    'a Resume while Hello is held back',
    { seen: { ...greeting, held: true }, context: withSession, event: resume(1) },
    withSession,
  ],
  ['a heartbeat', { seen: live, context: withSession, event: EVENT.heartbeat }, withSession],
];

const described = ({ session }: Partial<GatewayContext>) =>
  session == null ? 'none' : `${session.id} at ${session.sequence}`;

/** The timers that run, state by state. */
const RUNNING: readonly (readonly [what: string, state: GatewayState, timers: readonly string[]])[] = [
  ['no client', {}, []],
  ['a session that waits', { context: withSession }, ['retention']],
  ['a client before Hello', { seen: greeting }, ['hello']],
  ['a client without Hello', { seen: { ...greeting, held: true } }, []],
  ['a client after Hello', { seen: open }, ['heartbeat']],
  ['an accepted Identify', { seen: starting }, ['ready', 'heartbeat']],
  ['an Identify without READY', { seen: { ...starting, held: true } }, ['heartbeat']],
  ['a replay', { seen: replaying }, ['replay', 'heartbeat']],
  ['a session', { seen: live, context: withSession }, ['heartbeat']],
  ['a session that is not read', { seen: { ...live, reads: false } }, []],
  ['a client that was asked to leave', { seen: { ...live, askedToLeave: true } }, ['heartbeat', 'leave']],
  ['our close', { seen: closing }, ['close']],
  ['silence', { seen: silent }, []],
];

const ARMED: readonly (readonly [timer: string, ms: number])[] = [
  ['hello', 0],
  ['ready', 0],
  ['replay', 0],
  ['heartbeat', 61_875],
  ['leave', 5_000],
  ['close', 5_000],
  ['retention', 180_000],
];

const STEPS: Cases<GatewayStep> = {
  'Hello comes once on each connection, and before everything but what was ordered': [
    ['holds for Hello', { seen: greeting, event: timer('hello'), does: [sendHello] }, null],
    ['holds for an ACK after it', { seen: open, event: EVENT.heartbeat, does: [does('sendAck')] }, null],
    [
      'holds for what was ordered',
      { seen: greeting, event: EVENT.requestReconnect, does: [does('sendReconnect')] },
      null,
    ],
    [
      'holds for Invalid Session after Hello in one step',
      { seen: greeting, event: identify({ permitted: false }), does: [sendHello, invalid(false)] },
      null,
    ],
    [
      'is broken by Hello after Invalid Session',
      { seen: greeting, event: identify({ permitted: false }), does: [invalid(false), sendHello] },
      'sendInvalidSession comes before Hello',
    ],
    ['is broken by a second Hello', { seen: open, event: timer('hello'), does: [sendHello] }, 'Hello is sent again'],
    [
      'is broken by two at once',
      { seen: greeting, event: timer('hello'), does: [sendHello, sendHello] },
      'Hello is sent again',
    ],
    ...['sendReady', 'sendDispatch', 'sendReplay', 'sendResumed', 'sendAck', 'sendInvalidSession'].map(
      (effect) =>
        [
          `is broken by ${effect} before it`,
          { seen: greeting, event: timer('hello'), does: [does(effect)] },
          `${effect} comes before Hello`,
        ] as const,
    ),
  ],
  'READY comes after an Identify that was accepted, and once for it': [
    ['holds after Identify', { seen: starting, event: timer('ready'), does: [sendReady()] }, null],
    ['holds where none is sent', { seen: open, event: identify() }, null],
    ['is broken by READY before Identify', { seen: open, event: timer('ready'), does: [sendReady()] }, 'READY is sent'],
    ['is broken by a second READY', { seen: live, event: timer('ready'), does: [sendReady()] }, 'READY is sent'],
    [
      'is broken by READY in answer to Resume',
      { seen: replaying, event: timer('replay'), does: [sendReady()] },
      'READY is sent',
    ],
  ],
  'What was missed is replayed in order and complete, then comes RESUMED': missed(),
  'What is left to replay is what came after the sequence of Resume, and what comes meanwhile': [
    [
      'holds for a Resume',
      { seen: open, context: withSession, event: resume(2), leaves: { backlog: [kept(3), kept(4)] } },
      null,
    ],
    ['holds for a Resume that missed nothing', { seen: open, context: withSession, event: resume(4) }, null],
    [
      'holds for a part that is sent',
      {
        seen: replaying,
        context: { backlog: [kept(3), kept(4)] },
        event: timer('replay'),
        does: [sendReplay(3)],
        leaves: { backlog: [kept(4)] },
      },
      null,
    ],
    [
      'holds for a dispatch meanwhile',
      {
        seen: replaying,
        context: { ...withSession, backlog: [kept(4)] },
        event: EVENT.dispatch,
        leaves: { ...counted(1), backlog: [kept(4), kept(5)] },
      },
      null,
    ],
    [
      'holds for the end of the connection',
      { seen: replaying, context: { backlog: [kept(4)] }, event: closed(1006), leaves: { backlog: [] } },
      null,
    ],
    [
      'is broken by a dispatch that is left out',
      { seen: open, context: withSession, event: resume(2), leaves: { backlog: [kept(4)] } },
      '4 instead of 3, 4',
    ],
    [
      'is broken by a dispatch that the client has',
      { seen: open, context: withSession, event: resume(3), leaves: { backlog: [kept(3), kept(4)] } },
      '3, 4 instead of 4',
    ],
    [
      'is broken by a part that is sent again',
      { seen: replaying, context: { backlog: [kept(4)] }, event: timer('replay'), does: [sendReplay(4)] },
      '4 instead of ',
    ],
    [
      'is broken by a dispatch that is lost meanwhile',
      { seen: replaying, context: withSession, event: EVENT.dispatch, leaves: counted(1) },
      'nothing instead of 5',
    ],
    [
      'is broken by what outlasts the connection',
      { seen: replaying, context: { backlog: [kept(4)] }, event: closed(1006) },
      '4 instead of ',
    ],
  ],
  'Nothing is sent once the Gateway has closed, and nothing where there is no connection': [
    ['holds for an open connection', { seen: live, event: EVENT.dispatch, does: [sendDispatch()] }, null],
    ['holds for a drop after our close', { seen: closing, event: timer('close'), does: [drop] }, null],
    [
      'holds for timers and reasons',
      { event: timer('retention'), does: [disarms('retention'), ...reports('sessionExpired')] },
      null,
    ],
    [
      'is broken by a dispatch after our close',
      { seen: closing, event: EVENT.dispatch, does: [sendDispatch()] },
      'sendDispatch where the connection is closing',
    ],
    [
      'is broken by a second close',
      { seen: closing, event: EVENT.tooMany, does: [close(4008)] },
      'close 4008 where the connection is closing',
    ],
    [
      'is broken by an answer without a connection',
      { event: closed(1000), does: [answer(1000)] },
      'answerClose 1000 where the connection is none',
    ],
    [
      'is broken by an ACK in silence',
      { seen: silent, event: EVENT.heartbeat, does: [does('sendAck')] },
      'sendAck where the connection is silent',
    ],
  ],
  'Everything is answered as documented, each fault with its own code, and nothing else is sent': [
    ...ANSWERS.flatMap(([what, step, sent, said]): Cases<GatewayStep>[string] => [
      [`holds for ${what}`, { ...step, does: [...sent, ...reports('connected'), arms('close')] }, null],
      said === ''
        ? [`is broken by any answer to ${what}`, { ...step, does: [close(4000)] }, 'close 4000 instead of nothing']
        : [`is broken by no answer to ${what}`, step, `nothing instead of ${said}`],
    ]),
    [
      'is broken by another code',
      { seen: live, event: EVENT.tooMany, does: [close(4000)] },
      'close 4000 instead of close 4008',
    ],
    [
      'is broken by more than the answer',
      { seen: live, event: EVENT.heartbeat, does: [does('sendAck'), does('sendAck')] },
      'sendAck, sendAck instead of sendAck',
    ],
    [
      'is broken by Invalid Session that may be resumed, and not',
      { seen: live, event: EVENT.invalidate, does: [invalid(true)] },
      'sendInvalidSession true instead of sendInvalidSession false',
    ],
  ],
  'The session ends when the client closes with 1000 or 1001 or the documentation says so, and counts every dispatch': [
    ...FATES.flatMap(([what, step, left]): Cases<GatewayStep>[string] => {
      const wrong = {
        session: left.session == null ? SESSION : { ...left.session, sequence: left.session.sequence + 1 },
      };
      return [
        [`holds for ${what}`, { ...step, leaves: left }, null],
        [
          `is broken by another session after ${what}`,
          { ...step, leaves: wrong },
          `it is ${described(wrong)} and should be ${described(left)}`,
        ],
      ];
    }),
  ],
  'The session that READY begins is the one that the accepted Identify was offered': [
    ['holds for an accepted Identify', { seen: open, event: identify(), leaves: { offered: 's2' } }, null],
    [
      'holds for a refused Identify',
      { seen: open, context: { offered: 's1' }, event: identify({ permitted: false }) },
      null,
    ],
    ['holds for a second Identify', { seen: live, context: { offered: 's1' }, event: identify() }, null],
    [
      'is broken by an Identify that is not noted',
      { seen: open, context: { offered: 's1' }, event: identify() },
      'it is s1',
    ],
    [
      'is broken by a refused Identify that is noted',
      { seen: open, event: identify({ permitted: false }), leaves: { offered: 's2' } },
      'it is s2',
    ],
  ],
  'Every dispatch is kept for a replay with its own number': [
    [
      'holds for a dispatch that is kept',
      {
        context: withSession,
        event: EVENT.dispatch,
        leaves: { session: { ...SESSION, sequence: 5, buffer: [[kept(4), kept(5)]] } },
      },
      null,
    ],
    ['holds without a session', { event: EVENT.dispatch }, null],
    ['holds for what is no dispatch', { context: withSession, event: EVENT.skip, leaves: counted(2) }, null],
    [
      'is broken by a dispatch that is not kept',
      { context: withSession, event: EVENT.dispatch, leaves: counted(1) },
      'it is not kept',
    ],
    [
      'is broken by another number',
      {
        context: withSession,
        event: EVENT.dispatch,
        leaves: { session: { ...SESSION, sequence: 5, buffer: [[kept(6)]] } },
      },
      'it is not kept',
    ],
  ],
  'READY, RESUMED and dispatches, malformed ones too, carry the number that the session has reached': [
    [
      'holds for READY',
      { event: timer('ready'), does: [sendReady()], leaves: { session: { ...SESSION, id: 's2', sequence: 1 } } },
      null,
    ],
    [
      'holds for RESUMED',
      { context: withSession, event: timer('replay'), does: [sendResumed(5)], leaves: counted(1) },
      null,
    ],
    [
      'holds for a dispatch',
      { context: withSession, event: EVENT.dispatch, does: [sendDispatch(5)], leaves: counted(1) },
      null,
    ],
    [
      'is broken by READY with another number',
      { event: timer('ready'), does: [sendReady(0)], leaves: { session: { ...SESSION, id: 's2', sequence: 1 } } },
      'another number is sent',
    ],
    [
      'is broken by RESUMED with an old number',
      { context: withSession, event: timer('replay'), does: [sendResumed(4)], leaves: counted(1) },
      'another number is sent',
    ],
    [
      'is broken by a dispatch with an old number',
      { context: withSession, event: EVENT.dispatch, does: [sendDispatch(4)], leaves: counted(1) },
      'another number is sent',
    ],
    [
      'holds for a malformed frame',
      { context: withSession, event: EVENT.malformed, does: [sendRaw(5)], leaves: counted(1) },
      null,
    ],
    ['holds for a malformed frame without a session', { event: EVENT.malformed, does: [sendRaw(0)] }, null],
    [
      'is broken by a malformed frame with an old number',
      { context: withSession, event: EVENT.malformed, does: [sendRaw(4)], leaves: counted(1) },
      'another number is sent',
    ],
    [
      'is broken by READY of another session',
      { event: timer('ready'), does: [sendReady(1, 's0')], leaves: { session: { ...SESSION, id: 's2', sequence: 1 } } },
      'another session',
    ],
  ],
  'Every connection has its own number, and is dropped by it': [
    ['holds for a client', { event: EVENT.connected, leaves: { connection: 4 } }, null],
    [
      'holds for a client that is back',
      { seen: live, event: EVENT.connected, does: [drop], leaves: { connection: 4 } },
      null,
    ],
    ['holds for anything else', { seen: live, event: fault('dropTcp'), does: [drop] }, null],
    ['is broken by an old number', { event: EVENT.connected }, 'the number is 3'],
    [
      'is broken by a number that changes',
      { seen: live, event: EVENT.heartbeat, leaves: { connection: 4 } },
      'the number is 4',
    ],
    [
      'is broken by dropping the new connection',
      { seen: live, event: EVENT.connected, does: [does('dropTcp', { connection: 4 })], leaves: { connection: 4 } },
      'another connection is dropped',
    ],
  ],
  'Reading stops and starts as ordered, and starts again when a connection ends': [
    ['holds where it stops', { seen: live, event: fault('stopReading'), does: [does('stopReading')] }, null],
    [
      'holds where it starts',
      { seen: { ...live, reads: false }, event: fault('startReading'), does: [does('startReading')] },
      null,
    ],
    [
      'holds where the connection ends',
      { seen: { ...live, reads: false }, event: closed(1006), does: [does('startReading')] },
      null,
    ],
    ['holds where it goes on', { seen: live, event: closed(1006) }, null],
    ['is broken where it does not stop', { seen: live, event: fault('stopReading') }, 'it does not'],
    ['is broken where it does not start', { seen: { ...live, reads: false }, event: fault('end') }, 'it does not'],
    [
      'is broken where it stays stopped after a connection',
      { seen: { ...live, reads: false }, event: closed(1006) },
      'it does not',
    ],
    [
      'is broken where it starts twice',
      { seen: live, event: fault('startReading'), does: [does('startReading')] },
      'it does not',
    ],
    [
      'is broken where it stops by itself',
      { seen: live, event: EVENT.heartbeat, does: [does('stopReading')] },
      'it does not',
    ],
  ],
  'Every heartbeat that is read restarts the wait for the next': [
    [
      'holds for a heartbeat',
      { seen: live, event: EVENT.heartbeat, does: [disarms('heartbeat'), arms('heartbeat', 61_875)] },
      null,
    ],
    ['holds for a heartbeat that is not read', { seen: { ...live, reads: false }, event: EVENT.heartbeat }, null],
    ['holds for a heartbeat before Hello', { seen: greeting, event: EVENT.heartbeat }, null],
    ['holds for a heartbeat during our close', { seen: closing, event: EVENT.heartbeat }, null],
    ['holds for any other frame', { seen: live, event: EVENT.command }, null],
    [
      'is broken by a wait that goes on',
      { seen: live, event: EVENT.heartbeat, does: [does('sendAck')] },
      'the wait goes on',
    ],
    [
      'is broken by another wait',
      { seen: live, event: EVENT.heartbeat, does: [arms('leave', 5_000)] },
      'the wait goes on',
    ],
  ],
  'A deadline is as long as the settings say': [
    ...ARMED.flatMap(([name, ms]): Cases<GatewayStep>[string] => [
      [`holds for ${name} after ${ms} ms`, { event: EVENT.heartbeat, does: [arms(name, ms)] }, null],
      [
        `is broken by ${name} 1 ms later`,
        { event: EVENT.heartbeat, does: [arms(name, ms + 1)] },
        `{"timer":"${name}","delay":${ms + 1}}`,
      ],
    ]),
    [
      'holds for other settings',
      {
        context: { settings: { ...CONTEXT.settings, heartbeatInterval: 1_000, heartbeatGrace: 2, helloDelay: 7 } },
        event: EVENT.heartbeat,
        does: [arms('heartbeat', 2_000), arms('hello', 7)],
      },
      null,
    ],
  ],
  'Every step gives one reason or more, but for dispatches': [
    ['holds for one reason', { event: EVENT.connected, does: reports('connected') }, null],
    ['holds for two', { event: EVENT.connected, does: reports('faultEnded', 'connected') }, null],
    ['holds for a dispatch', { seen: live, event: EVENT.dispatch, does: [sendDispatch()] }, null],
    ['holds for a part of a replay', { seen: replaying, event: timer('replay'), does: [sendReplay(4)] }, null],
    ['is broken by none', { event: EVENT.connected, does: [drop] }, 'no reason is given'],
    [
      'is broken by a Hello whose reason is another',
      { event: EVENT.connected, does: [sendHello, ...reports('ready')] },
      'Hello has no reason',
    ],
    [
      'holds for a Hello and what follows it',
      { event: EVENT.connected, does: [sendHello, ...reports('helloSent', 'ready')] },
      null,
    ],
    [
      'is broken by none for RESUMED',
      { seen: replaying, event: timer('replay'), does: [sendResumed()] },
      'no reason is given',
    ],
  ],
};

function missed(): Cases<GatewayStep>[string] {
  const backlog = [kept(3), kept(4)] as const;
  const part = (dispatches: readonly unknown[]) => ({
    seen: replaying,
    context: { backlog },
    event: timer('replay'),
    does: [does('sendReplay', { dispatches })],
  });
  return [
    ['holds for a part', part([backlog[0]]), null],
    ['holds for all', part(backlog), null],
    ['holds for RESUMED after all', { seen: replaying, event: timer('replay'), does: [sendResumed()] }, null],
    ['is broken by another order', part([backlog[1], backlog[0]]), 'the replay is not what was missed'],
    ['is broken by one that is left out', part([backlog[1]]), 'the replay is not what was missed'],
    ['is broken by one more', part([...backlog, kept(5)]), 'the replay is not what was missed'],
    [
      'is broken by RESUMED before the end',
      { seen: replaying, context: { backlog }, event: timer('replay'), does: [sendResumed()] },
      'RESUMED comes before the end of the replay',
    ],
    [
      'is broken by RESUMED without a replay',
      { seen: live, event: timer('replay'), does: [sendResumed()] },
      'RESUMED comes before the end of the replay',
    ],
  ];
}

const STATES: Cases<GatewayState> = {
  'Every wait has its own deadline, and no other timer runs': [
    ...RUNNING.flatMap(([what, state, timers]): Cases<GatewayState>[string] => [
      [`holds for ${what} with ${timers.join(' and ') || 'no timer'}`, { ...state, armed: timers }, null],
      [
        `is broken for ${what} by another timer`,
        { ...state, armed: ['other'] },
        `other instead of ${[...timers].sort().join(',').replaceAll(',', ', ') || 'none'}`,
      ],
    ]),
    ['is broken where none runs', { seen: live }, 'none instead of heartbeat'],
    [
      'is broken where one more runs',
      { seen: closing, armed: ['close', 'heartbeat'] },
      'close, heartbeat instead of close',
    ],
  ],
  'There is a connection exactly from the handshake until it is closed, lost or dropped': [
    ['holds without a client', { value: { listening: 'empty' } }, null],
    ['holds with one', { seen: greeting, value: { connection: { open: {} } } }, null],
    ['holds during our close', { seen: closing, value: { connection: 'closing' } }, null],
    ['is broken by a connection that stays', { value: { connection: 'closing' } }, 'there is one'],
    ['is broken by a connection that is given up', { seen: silent, value: { listening: 'keeping' } }, 'there is none'],
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

type GatewayPlace = NodeView<GatewayContext, GatewayEvent> & {
  readonly edges: EdgeView<GatewayContext, GatewayEvent>[];
};
const place = (hand: GatewayState): GatewayPlace => ({ ...bench.place(hand), edges: [] });

function leading(from: GatewayPlace, event: GatewayEvent, to: GatewayPlace): GatewayPlace {
  from.edges.push({ ...bench.move({ event }), from, to });
  return from;
}

const LOSS = 'Every connection can be lost, and then the Gateway listens again';
const REACH =
  'Whatever becomes of the connection, what is dispatched reaches the session, and another connection may take it';

/** Where an invariant of the whole chart does not hold. */
function broken(says: string, nodes: readonly GatewayPlace[], ignored: readonly GatewayEvent[] = []): string[] {
  const { graph } = GATEWAY_INVARIANTS.find((each) => each.says === says) as Invariant<GatewayContext, GatewayEvent>;
  const world: GraphView<GatewayContext, GatewayEvent> = { nodes, nameOf: ({ key }) => key, ignoredIn: () => ignored };
  return [...(graph?.(world) ?? [])].map((found) => `${found.node.key}: ${found.broken}`);
}

describe(LOSS, () => {
  const listening = place({ key: 'listening', value: { listening: 'keeping' } });

  it('holds where a loss leads back, in one step or more', () => {
    const near = leading(place({ key: 'near', value: { connection: 'open' } }), closed(1006), listening);
    const far = leading(place({ key: 'far', value: { connection: 'silent' } }), closed(1006), near);
    expect(broken(LOSS, [listening, near, far])).toEqual([]);
  });

  it('is broken where a loss is ignored, or only a close leads back', () => {
    const deaf = place({ key: 'deaf', value: { connection: 'silent' } });
    const polite = leading(place({ key: 'polite', value: { connection: 'open' } }), closed(1000), listening);
    expect(broken(LOSS, [listening, deaf, polite])).toEqual([
      'deaf: the loss of the connection does not lead back',
      'polite: the loss of the connection does not lead back',
    ]);
  });
});

describe(REACH, () => {
  const states = [place({ key: 'with', context: withSession }), place({ key: 'without' })];

  it('holds where all of it is handled', () => {
    expect(broken(REACH, states)).toEqual([]);
    expect(broken(REACH, states, [EVENT.heartbeat, EVENT.adopt])).toEqual([]);
  });

  it('is broken where any of it is ignored while there is a session', () => {
    expect(broken(REACH, states, [EVENT.dispatch, EVENT.heartbeat, EVENT.skip])).toEqual([
      'with: dispatch, fault.skipSequence is ignored',
    ]);
    expect(broken(REACH, states, [EVENT.release])).toEqual(['with: release is ignored']);
  });
});

describe('the invariants of the Gateway', () => {
  const own = GATEWAY_INVARIANTS.filter(({ spec }) => spec !== 'chart#timers' && spec !== 'chart#ignored');

  it('are each shown kept and broken', () => {
    expect(notShown(own, STEPS, STATES)).toEqual([REACH, LOSS]); // which look at the whole chart: above
  });

  it('hold what is true of every chart with timers and with a table of what is ignored', () => {
    expect(GATEWAY_INVARIANTS.length - own.length).toBe(4);
  });

  it('refer to sections of the documentation, to faults, or to the form of the chart', () => {
    const ours = ['fault', 'chart#timers', 'chart#ignored', 'chart#settings', 'chart#causes'];
    expect(
      unknownSpecs(
        GATEWAY_INVARIANTS.map(({ spec }) => spec),
        ours,
      ),
    ).toEqual([]);
  });

  it('know what the observer has seen', () => {
    expect(own.filter(({ observer }) => observer !== gatewayObserver).map(({ says }) => says)).toEqual([LOSS]);
  });
});

describe('the table of what a Gateway ignores', () => {
  const reasons = (event: GatewayEvent['type'], state: string) =>
    GATEWAY_IGNORED.filter(
      (row) =>
        row.events.includes(event) &&
        row.in.some((pattern) => fitsPattern(pattern, state)) &&
        !row.except?.some((pattern) => fitsPattern(pattern, state)),
    ).map(({ because }) => because);
  const openWith = (session: string, heartbeat = 'expected') =>
    `connection.open(session.${session} + heartbeat.${heartbeat} + stay.welcome + answers.complete)`;
  const names = {
    empty: 'listening.empty',
    keeping: 'listening.keeping',
    greeting: openWith('greeting.due', 'unexpected'),
    'greeting without Hello': openWith('greeting.withheld', 'unexpected'),
    'greeting and unread': openWith('greeting.due', 'unread'),
    awaitingIdentify: openWith('awaitingIdentify'),
    starting: openWith('starting.due'),
    replaying: openWith('replaying.due'),
    live: openWith('live'),
    'live and unread': openWith('live', 'unread'),
    closing: 'connection.closing',
    silent: 'connection.silent',
  } as const;

  it.each<[GatewayEvent['type'], keyof typeof names, string]>([
    ['closed', 'empty', 'there is no connection'],
    ['received.identify', 'keeping', 'there is no connection'],
    ['fault.dropTcp', 'empty', 'there is no connection'],
    ['received.heartbeat', 'closing', 'nothing is read or sent any more'],
    ['adopt', 'silent', 'nothing is read or sent any more'],
    ['dispatch', 'empty', 'there may be no session yet: it goes to nobody'],
    ['dispatch', 'greeting', 'there may be no session yet: it goes to nobody'],
    ['release', 'awaitingIdentify', 'there may be no session yet: it goes to nobody'],
    ['invalidateSession', 'empty', 'there is no session'],
    ['invalidateSession', 'greeting without Hello', 'nobody has named a session yet'],
    ['adopt', 'live', 'a session comes where a resume is about to name it, or where there is none'],
    ['received.identify', 'greeting without Hello', 'nothing is taken before Hello, which is withheld'],
    ['received.resume', 'greeting without Hello', 'nothing is taken before Hello, which is withheld'],
    ['adopt', 'greeting without Hello', 'a session comes where a resume is about to name it, or where there is none'],
    ['received.heartbeat', 'live and unread', 'nothing is read'],
    ['fault.stopReading', 'live and unread', 'reading has stopped already'],
    ['fault.startReading', 'live', 'everything is being read'],
    ['fault.startReading', 'greeting', 'everything is being read'],
  ])('has a reason for %s in %s', (event, state, because) => {
    expect(reasons(event, names[state])).toEqual([because]);
  });

  it.each<[GatewayEvent['type'], keyof typeof names]>([
    ['connected', 'empty'],
    ['connected', 'silent'],
    ['closed', 'closing'],
    ['fault.dropTcp', 'silent'],
    ['dispatch', 'keeping'],
    ['dispatch', 'replaying'],
    ['release', 'keeping'],
    ['invalidateSession', 'keeping'],
    ['invalidateSession', 'starting'],
    ['adopt', 'empty'],
    ['adopt', 'awaitingIdentify'],
    ['adopt', 'greeting'],
    ['received.identify', 'greeting'],
    ['received.heartbeat', 'greeting and unread'],
    ['received.heartbeat', 'live'],
    ['fault.stopReading', 'live'],
    ['fault.startReading', 'live and unread'],
  ])('does not list %s in %s, where it is handled', (event, state) => {
    expect(reasons(event, names[state])).toEqual([]);
  });
});
