/** What may not be done, whatever happens. */

import type { ShardEffects, ShardEvent } from '../../vocabulary.js';
import { hear, type ShardEdge } from '../observer.js';
import { effects, has, type ShardInvariant, sends, unless } from './steps.js';

/** Which events may lead to an effect at all. */
const OCCASIONS: Readonly<Partial<Record<keyof ShardEffects, readonly ShardEvent['type'][]>>> = {
  locateGateway: ['start', 'reconnect', 'timer.reconnect', 'backlogDrained', 'timer.room'],
  openSocket: ['start', 'reconnect', 'timer.reconnect', 'backlogDrained', 'timer.room', 'located'],
  requestPermit: ['hello'],
  sendIdentify: ['permitGranted'],
  sendResume: ['hello'],
  closeSocket: [
    'stop',
    'detach',
    'reconnect',
    'permitRefused',
    'reconnectRequested',
    'invalidSession',
    'undecodable',
    'backlogOverflowed',
    'timer.hello',
    'timer.ready',
    'timer.resumed',
    'timer.replay',
    'timer.silence',
    'timer.overdue',
  ],
  pauseSocket: ['backlogFull'],
  dropSocket: ['closed', 'timer.open', 'timer.close', 'stop', 'detach', 'reconnect'],
};

/** What may not be done. */
export const bans: readonly ShardInvariant[] = [
  {
    spec: 'gateway#hello-event',
    says: 'Nothing is sent before Hello',
    step: (move, before) => {
      const open = hear(before, move.event, move.from.snapshot.context).socket ?? before.socket;
      return unless(open === 'open' || !sends(move), `${sentBy(move)} with no Hello on this connection`);
    },
  },
  {
    spec: 'gateway#identifying',
    says: 'At most one Identify or Resume is sent on a connection',
    step: (move, before) => {
      const count = effects(move, 'sendIdentify').length + effects(move, 'sendResume').length;
      return unless(count === 0 || (count === 1 && before.stage === 'none'), 'Identify or Resume goes out again');
    },
  },
  {
    spec: 'gateway#rate-limiting',
    says: 'Identify is sent with a permit only, one for each',
    step: (move, before) => {
      const permitted = before.permitted || (move.event.type === 'permitGranted' && before.question === 'permit');
      return unless(!has(move, 'sendIdentify') || permitted, 'Identify goes out without a permit');
    },
  },
  {
    spec: 'gateway#resume',
    says: 'Resume carries the session and the last sequence received in it',
    step: (move) => {
      const { session, sequence } = move.from.snapshot.context;
      const right = effects(move, 'sendResume').every(
        (sent) => session !== null && sent.sessionId === session.id && sent.sequence === sequence,
      );
      return unless(right, 'Resume goes out with another session or sequence, or with none');
    },
  },
  {
    spec: 'gateway#connections',
    says: 'A socket is dropped before the next is opened',
    step: (move, before) => {
      const { type } = move.instructions.find(({ type }) => type === 'openSocket' || type === 'dropSocket') ?? {};
      if (effects(move, 'openSocket').length > 1) return 'two sockets are opened';
      return unless(type !== 'openSocket' || before.socket === 'none', 'a socket is opened beside another');
    },
  },
  {
    spec: 'gateway#disconnecting',
    says: 'An open connection is closed once, and dropped when the close is answered or its deadline has passed',
    step: (move, before) => {
      const { socket } = { ...before, ...hear(before, move.event, move.from.snapshot.context) };
      const closes = effects(move, 'closeSocket').length;
      if (closes > (socket === 'greeting' || socket === 'open' ? 1 : 0))
        return 'a connection is closed that is not open';
      if (!has(move, 'dropSocket')) return null;
      if (closes > 0 || socket === 'open') return 'an open connection is dropped';
      return unless(
        socket !== 'closing' || move.event.type === 'timer.close',
        'the answer to our close is not awaited',
      );
    },
  },
  {
    spec: 'chart#questions',
    says: 'A question is cancelled or answered before the next, and before the shard moves on',
    step: (move, before, after) => {
      if (has(move, 'locateGateway') && has(move, 'requestPermit')) return 'two questions are asked';
      const open = hear(before, move.event, move.from.snapshot.context).question !== null && before.question !== null;
      const cancelled = has(move, before.question === 'locate' ? 'cancelLocate' : 'cancelPermit');
      if (open && !cancelled && has(move, 'locateGateway', 'requestPermit')) return `${before.question} is asked twice`;
      if (after.question === 'locate' && after.socket !== 'none') return 'locate goes on beside a connection';
      return unless(
        after.question !== 'permit' || after.socket === 'open',
        'the permit is awaited without a connection',
      );
    },
  },
  {
    spec: 'policy#backpressure',
    says: 'A pause is begun and ended once, and ended before our close, whose answer has to be read',
    step: ({ instructions }, before, after) => {
      const done = instructions.map(({ type }) => type);
      const [pauses, resumes] = ['pauseSocket', 'resumeSocket'].map(
        (name) => done.filter((each) => each === name).length,
      );
      if (pauses !== (after.paused && !before.paused ? 1 : 0)) return `it is begun ${pauses} times`;
      if (resumes !== (before.paused && !after.paused ? 1 : 0)) return `it is ended ${resumes} times`;
      const closes = done.indexOf('closeSocket');
      return unless(!before.paused || closes === -1 || done.indexOf('resumeSocket') < closes, 'it outlasts our close');
    },
  },
  {
    spec: 'policy#backpressure',
    says: 'A shard that left for want of room comes back when there is some, or after its deadline, and no sooner than from any wait',
    step: (move, before) => {
      if (before.away === 'no' || before.socket !== 'none' || move.event.type === 'reconnect') return null;
      const ends = { full: [], rested: ['backlogDrained'], drained: ['timer.reconnect'] }[before.away];
      const isDue = ['timer.room', ...ends].includes(move.event.type);
      return unless(has(move, 'openSocket', 'locateGateway') === isDue, isDue ? 'it stays away' : 'it comes too soon');
    },
  },
  {
    spec: 'chart#effects',
    says: 'Each effect has its occasions, and comes on no other',
    step: (move) => {
      const strange = Object.entries(OCCASIONS).find(
        ([effect, events]) => has(move, effect as keyof ShardEffects) && !events.includes(move.event.type),
      );
      return unless(strange === undefined, `${strange?.[0]} comes on ${move.event.type}`);
    },
  },
  {
    spec: 'chart#questions',
    says: 'Every question and every connection has a number of its own, and is given up by it',
    step: (move) => {
      const [was, is] = [move.from.snapshot.context, move.after.context];
      const asked = [...effects(move, 'locateGateway'), ...effects(move, 'requestPermit')];
      if (asked.some(({ request }) => request !== is.request || request <= was.request)) return 'an old number is used';
      const opened = effects(move, 'openSocket');
      if (opened.some((each) => each.connection !== is.connection || each.connection <= was.connection))
        return 'an old number is used';
      const cancelled = [...effects(move, 'cancelLocate'), ...effects(move, 'cancelPermit')];
      if (cancelled.some(({ request }) => request !== was.request)) return 'another question is cancelled';
      return unless(
        effects(move, 'dropSocket').every((each) => each.connection === was.connection),
        'another connection is dropped',
      );
    },
  },
];

function sentBy({ instructions }: ShardEdge): string {
  const sent = instructions.filter(({ type }) => type.startsWith('send')).map(({ type }) => type.slice(4));
  return `${sent.join(' and ')} ${sent.length === 1 ? 'goes' : 'go'} out`;
}
