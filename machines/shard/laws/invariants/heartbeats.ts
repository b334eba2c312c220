/** Hello's interval, heartbeats and the zombie test. */
import { hear, isDue, mayPause } from '../observer.js';
import { sequenceAfter } from './session.js';
import { effects, has, type ShardInvariant, timers, unless } from './steps.js';

/** When heartbeats go out, and what a missing ACK leads to. */
export const heartbeats: readonly ShardInvariant[] = [
  {
    spec: 'gateway#hello-event',
    says: 'The interval is the one of Hello',
    step: ({ event, from, after }, before) => {
      const takes = event.type === 'hello' && before.socket === 'greeting';
      const expected = takes ? event.interval : from.snapshot.context.heartbeatInterval;
      return unless(after.context.heartbeatInterval === expected, `it is ${after.context.heartbeatInterval} ms`);
    },
  },
  {
    spec: 'gateway#sending-heartbeats',
    says: 'A heartbeat is sent when one is due, when one is asked for, and at no other time',
    step: (move, before) => {
      const { beat } = { ...before, ...hear(before, move.event, move.from.snapshot.context) };
      const asked = move.event.type === 'heartbeatRequested' && before.socket === 'open';
      const due = (isDue({ beat }) ? 1 : 0) + (asked ? 1 : 0);
      const sent = effects(move, 'sendHeartbeat').length;
      return unless(sent === due, `${sent} heartbeats go out instead of ${due}`);
    },
  },
  {
    spec: 'gateway#sending-heartbeats',
    says: 'A heartbeat carries the last sequence of the session, or null before the first',
    step: (move, before) => {
      const sequence = sequenceAfter(move, before);
      const right = effects(move, 'sendHeartbeat').every((sent) => sent.sequence === sequence);
      return unless(right, `a heartbeat carries another sequence than ${sequence}`);
    },
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'A connection is a zombie when the ACK was missing for a lap and what lay in the buffer was read: it is closed',
    step: (move, before) => {
      const { beat } = { ...before, ...hear(before, move.event, move.from.snapshot.context) };
      const isTest = move.event.type === 'timer.silence' || move.event.type === 'timer.overdue';
      if (!isTest) return null;
      return unless(
        has(move, 'closeSocket') === (beat === 'dead'),
        beat === 'dead' ? 'it stays' : 'it is closed alive',
      );
    },
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'A lap is one interval: neither an ACK nor a requested heartbeat stretches it',
    step: (move, before) => {
      const laps = timers(move, 'arm').filter((timer) => timer === 'heartbeat').length;
      const begins = isDue({ ...before, ...hear(before, move.event, move.from.snapshot.context) });
      return unless(laps === (begins ? 1 : 0), begins ? 'a lap begins without its timer' : 'the lap begins anew');
    },
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'At most one heartbeat goes unanswered, another if reading was paused after it, and those that fall due while the buffer is read',
    step: (_, _before, { beat, unanswered }) => {
      if (beat === 'overdue') return null;
      return unless(unanswered <= (beat === 'catching' ? 2 : 1), `${unanswered} are unanswered`);
    },
  },
  {
    spec: 'policy#backpressure',
    says: 'Reading is paused only while dispatches are handed on, never while an ACK has to be read',
    state: ({ snapshot }, seen) => {
      if (snapshot.hasTag('paused' as never) !== seen.paused) return 'the tag is wrong';
      return unless(!seen.paused || mayPause({ ...seen, paused: false }), `it is paused while ${seen.beat}`);
    },
  },
  {
    spec: 'policy#backpressure',
    says: 'Wherever reading may be paused, a full buffer pauses it',
    state: ({ edges }, seen) =>
      unless(
        !mayPause(seen) || edges.some(({ event }) => event.type === 'backlogFull'),
        'a full buffer changes nothing',
      ),
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'While an ACK is missing, nothing that comes makes the last call longer',
    step: (move, before, after) => {
      if (before.beat !== 'overdue' || after.beat !== 'overdue') return null;
      const restarted = timers(move, 'arm').filter((timer) => timer === 'overdue' || timer === 'silence');
      return unless(restarted.length === 0, `${restarted.join(' and ')} begins anew`);
    },
  },
];
