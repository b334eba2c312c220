import { describe, expect, it } from 'vitest';
import { duties } from '../../../../../machines/shard/laws/invariants/duties.js';
import type { ShardSeen } from '../../../../../machines/shard/laws/observer.js';
import type { ShardContext, ShardEffects, ShardEvent } from '../../../../../machines/shard/vocabulary.js';
import { type Cases, does, notShown } from '../../../../support/hand-steps.js';
import { closed, EVENT, SESSION, type ShardStep, shardBench } from '../../../../support/shard-steps.js';

const bench = shardBench(duties);

const none: Partial<ShardSeen> = { run: 'running' };
const opening: Partial<ShardSeen> = { ...none, socket: 'opening' };
const greeting: Partial<ShardSeen> = { ...none, socket: 'greeting' };
const queued: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'jitter', question: 'permit' };
const resuming: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'acked', stage: 'resuming' };
const live: Partial<ShardSeen> = { ...resuming, stage: 'live' };
const paused: Partial<ShardSeen> = { ...live, paused: true };
const closing: Partial<ShardSeen> = { ...none, socket: 'closing' };
const stopping: Partial<ShardSeen> = { ...closing, run: 'stopping' };
const withSession: Partial<ShardContext> = { session: SESSION, sequence: 42 };

interface Duty {
  readonly does: readonly (keyof ShardEffects)[];
  /** Where it has to be done. */
  readonly due: readonly (readonly [
    where: string,
    seen: Partial<ShardSeen>,
    event: ShardEvent,
    context?: Partial<ShardContext>,
  ])[];
  /** Where the same event demands nothing. */
  readonly idle: Duty['due'];
}

const DUTIES: Readonly<Record<string, Duty>> = {
  'A start, and the end of a wait, lead to a connection or to the question for its URL': {
    does: ['openSocket', 'locateGateway'],
    due: [
      ['on start', {}, EVENT.start],
      ['after a wait', none, { type: 'timer.reconnect' }],
      ['when the URL is there', { ...none, question: 'locate' }, EVENT.located],
    ],
    idle: [['when there is no URL', { ...none, question: 'locate' }, EVENT.locateFailed]],
  },
  'An ordered reconnect begins at once where no connection is open': {
    does: ['openSocket', 'locateGateway'],
    due: [
      ['during a wait', none, EVENT.restart],
      ['during the handshake', opening, EVENT.renew],
      ['before Hello', greeting, EVENT.restart],
    ],
    idle: [
      ['on an open connection', live, EVENT.restart],
      ['while a connection is closed', closing, EVENT.restart],
      ['while the shard stops', stopping, EVENT.restart],
      ['where the shard has stopped', {}, EVENT.restart],
    ],
  },
  'An ordered reconnect closes the open connection': {
    does: ['closeSocket'],
    due: [
      ['before READY', queued, EVENT.restart],
      ['in a session', live, EVENT.renew],
    ],
    idle: [
      ['before Hello', greeting, EVENT.restart],
      ['while a connection is closed', closing, EVENT.restart],
    ],
  },
  'Where there is a session, Hello is answered with Resume': {
    does: ['sendResume'],
    due: [['before Hello', greeting, EVENT.hello, withSession]],
    idle: [
      ['without a session', greeting, EVENT.hello],
      ['by a second Hello', live, EVENT.hello, withSession],
    ],
  },
  'Where there is no session, a permit is asked for after Hello': {
    does: ['requestPermit'],
    due: [['before Hello', greeting, EVENT.hello]],
    idle: [
      ['with a session', greeting, EVENT.hello, withSession],
      ['by a second Hello', queued, EVENT.hello],
    ],
  },
  'Once permitted, Identify goes out': {
    does: ['sendIdentify'],
    due: [['with the permit', queued, EVENT.permitGranted]],
    idle: [['when the permit is delayed', queued, EVENT.permitDelayed]],
  },
  'No connection is kept open on which no identify is permitted': {
    does: ['closeSocket'],
    due: [
      ['for now', queued, EVENT.permitDelayed],
      ['for good', queued, EVENT.permitRefused],
    ],
    idle: [['with the permit', queued, EVENT.permitGranted]],
  },
  'A requested heartbeat is sent at once': {
    does: ['sendHeartbeat'],
    due: [
      ['before READY', queued, EVENT.heartbeatRequested],
      ['in a session', live, EVENT.heartbeatRequested],
    ],
    idle: [
      ['before Hello', greeting, EVENT.heartbeatRequested],
      ['after our close frame', closing, EVENT.heartbeatRequested],
    ],
  },
  'After Reconnect the connection is closed, before Hello as well': {
    does: ['closeSocket'],
    due: [
      ['before Hello', greeting, EVENT.reconnectRequested],
      ['in a session', live, EVENT.reconnectRequested],
    ],
    idle: [['after our close frame', closing, EVENT.reconnectRequested]],
  },
  'After Invalid Session the connection is closed': {
    does: ['closeSocket'],
    due: [
      ['for a resume', live, EVENT.resumable, withSession],
      ['for good', live, EVENT.invalidated],
    ],
    idle: [['before Hello', greeting, EVENT.invalidated]],
  },
  'After what makes all that follows unintelligible the connection is closed, before Hello as well': {
    does: ['closeSocket'],
    due: [
      ['before Hello', greeting, EVENT.undecodable],
      ['in a session', live, EVENT.undecodable],
    ],
    idle: [
      ['after our close frame', closing, EVENT.undecodable],
      ['by a message that is malformed only', live, EVENT.malformed],
    ],
  },
  'When the buffer is full reading is paused, unless an ACK has to be read first': {
    does: ['pauseSocket'],
    due: [
      ['in a replay', resuming, EVENT.backlogFull],
      ['while an ACK is awaited', { ...live, beat: 'awaiting' }, EVENT.backlogFull],
    ],
    idle: [
      ['while the ACK is missing', { ...live, beat: 'overdue' }, EVENT.backlogFull],
      ['while an excused ACK is awaited', { ...live, beat: 'catching' }, EVENT.backlogFull],
      ['before READY', queued, EVENT.backlogFull],
      ['during a pause', paused, EVENT.backlogFull],
    ],
  },
  'Reading goes on when there is room again, and with every lap': {
    does: ['resumeSocket'],
    due: [
      ['with room', paused, EVENT.backlogDrained],
      ['with a heartbeat', paused, { type: 'timer.heartbeat' }],
      ['with the first heartbeat', paused, { type: 'timer.firstHeartbeat' }],
    ],
    idle: [['where nothing is paused', live, { type: 'timer.heartbeat' }]],
  },
  'An open connection whose deadline has passed is closed, but not for the silence of a replay that is not read': {
    does: ['closeSocket'],
    due: [
      ['without Hello', greeting, { type: 'timer.hello' }],
      ['without READY', { ...queued, stage: 'identifying' }, { type: 'timer.ready' }],
      ['in a silent replay', resuming, { type: 'timer.resumed' }],
    ],
    idle: [['in a replay that is not read', { ...resuming, paused: true }, { type: 'timer.resumed' }]],
  },
  'A replay that does not end is broken off, read or not': {
    does: ['closeSocket'],
    due: [
      ['in a replay', resuming, { type: 'timer.replay' }],
      ['in a replay that is not read', { ...resuming, paused: true }, { type: 'timer.replay' }],
    ],
    idle: [['for the silence of a replay', resuming, { type: 'timer.resumed' }]],
  },
  'What has closed, did not open or does not answer our close is dropped': {
    does: ['dropSocket'],
    due: [
      ['when the peer has closed', live, closed(1006)],
      ['when our close is answered', closing, closed(4900)],
      ['when the handshake takes too long', opening, { type: 'timer.open' }],
      ['when our close is not answered', closing, { type: 'timer.close' }],
    ],
    idle: [['when Hello takes too long', greeting, { type: 'timer.hello' }]],
  },
  'When a dispatch finds no room the connection is left, if a resume would bring it again': {
    does: ['closeSocket'],
    due: [
      ['in a session', live, EVENT.backlogOverflowed, withSession],
      ['in a replay', resuming, EVENT.backlogOverflowed, withSession],
    ],
    idle: [
      ['without a session', live, EVENT.backlogOverflowed],
      ['before READY', queued, EVENT.backlogOverflowed, withSession],
    ],
  },
  'A stop and a detach close an open connection': {
    does: ['closeSocket'],
    due: [
      ['by a stop before Hello', greeting, EVENT.stop],
      ['by a stop in a session', live, EVENT.stop],
      ['by a detach in a session', live, EVENT.detach],
    ],
    idle: [
      ['during the handshake', opening, EVENT.stop],
      ['after our close frame', closing, EVENT.detach],
    ],
  },
  'A stop and a detach drop a connection that is not open yet': {
    does: ['dropSocket'],
    due: [
      ['by a stop', opening, EVENT.stop],
      ['by a detach', opening, EVENT.detach],
    ],
    idle: [
      ['before Hello', greeting, EVENT.stop],
      ['during a wait', none, EVENT.detach],
    ],
  },
};

const CASES: Cases<ShardStep> = Object.fromEntries(
  Object.entries(DUTIES).map(([says, { does: names, due, idle }]) => [
    says,
    [
      ...due.flatMap(([where, seen, event, context = {}]): Cases<ShardStep>[string] => [
        ...names.map(
          (name) => [`holds for ${name} ${where}`, { seen, event, context, does: [does(name)] }, null] as const,
        ),
        [
          `is broken by nothing ${where}`,
          { seen, event, context },
          `${names.join(' or ')} happens 0 times instead of once`,
        ],
        [
          `is broken by one too many ${where}`,
          { seen, event, context, does: [does(names[0] ?? ''), does(names.at(-1) ?? '')] },
          `${names.join(' or ')} happens 2 times instead of once`,
        ],
      ]),
      ...idle.map(
        ([where, seen, event, context = {}]) => [`demands nothing ${where}`, { seen, event, context }, null] as const,
      ),
    ],
  ]),
);

describe.each(Object.entries(CASES))('%s', (says, cases) => {
  it.each(cases)('%s', (_, step, broken) => {
    expect(bench.step(says, step)).toBe(broken);
  });
});

describe('the duties', () => {
  it('are each shown kept and broken', () => {
    expect(notShown(duties, CASES)).toEqual([]);
  });
});
