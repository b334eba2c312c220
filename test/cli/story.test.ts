import { describe, expect, it } from 'vitest';
import { sentence } from '../../machines/index.js';
import { printable, shortState } from '../../src/cli/story.js';

describe('the story', () => {
  it.each([
    ['stopped', 'stopped', null, null],
    ['running.waiting', 'waiting', null, null],
    ['running.connection.reaching.awaitingHello', 'awaitingHello', null, null],
    ['running.connection.closing.reconnecting', 'closing.reconnecting', null, null],
    [
      'running.connection.open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'ready',
      'jittering',
      'flowing',
    ],
    [
      'running.connection.open(session.ready.settled + heartbeat.beating.acked + reading.paused)',
      'settled',
      'acked',
      'paused',
    ],
    [
      'running.connection.open(session.resuming + heartbeat.overdue.listening + reading.flowing)',
      'resuming',
      'overdue',
      'flowing',
    ],
  ])('shortens %s', (name, session, heartbeat, reading) => {
    expect(shortState(name)).toEqual({ session, heartbeat, reading });
  });

  it.each([
    [{ name: 'resumed', frame: 'resumed' }, 'RESUMED: everything missed was replayed'],
    [
      { name: 'closedForResume', closeCode: 1006, httpStatus: 503 },
      'the connection closed and the session stays (1006 Abnormal closure, HTTP 503)',
    ],
    [{ name: 'closeAnswered', closeCode: 4900 }, 'our close was answered (4900)'],
    [
      { name: 'locateFailed', reason: 'rateLimited', retryAfter: 1500 },
      'the Gateway URL could not be had (rateLimited, again in 2 s)',
    ],
    [{ name: 'unknownOpcode', frame: 'op 99' }, 'a message with an unknown opcode was ignored (op 99)'],
  ] as const)('makes a sentence of %j', (cause, says) => {
    expect(sentence(cause)).toBe(says);
  });

  it('lets nothing through that a terminal would obey', () => {
    expect(printable('closed \u001b[2J\u0007\u009b1m\u202e')).toBe('closed ·[2J··1m·');
  });
});
