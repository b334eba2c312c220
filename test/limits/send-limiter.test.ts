import { describe, expect, it } from 'vitest';
import { type SendLimiterOptions, sendLimiter, UNLIMITED } from '../../src/limits/send-limiter.js';
import type { OutgoingPayload, SendLane, SendLimiter } from '../../src/ports/index.js';
import { failureOf } from '../support/checks.js';

const of = (lane: SendLane, op = 99, data: unknown = null): OutgoingPayload => ({ lane, op, data });
const USER = of('user');
const ANSWER = of('answer', 1);
const members = (guild_id: unknown, rest: object = {}) => of('user', 8, { guild_id, query: '', limit: 0, ...rest });

/** A limiter on a connection that has identified at 0. */
function connected(options?: SendLimiterOptions): SendLimiter {
  const limiter = sendLimiter(options).open();
  limiter.connected();
  limiter.sent(of('session', 2), 0);
  return limiter;
}

/** Sends all that may be sent at a time; how many there were. */
function fill(limiter: SendLimiter, now: number, what = USER): number {
  let sent = 0;
  for (; sent < 200 && limiter.wait(what, now) === 0; sent += 1) limiter.sent(what, now);
  return sent;
}

describe('a limiter', () => {
  it('gives out all places but one for an answer, and each of them again 61 s later', () => {
    const limiter = connected();
    expect(limiter.look(0)).toEqual({ left: 118, nextAt: null });
    expect(fill(limiter, 10)).toBe(118);
    expect(limiter.look(10)).toEqual({ left: 0, nextAt: 61_000 });
    expect(limiter.wait(USER, 60_999)).toBe(1);
    expect(fill(limiter, 61_000)).toBe(1); // of Identify
    expect(limiter.wait(USER, 61_000)).toBe(10);
    expect(fill(limiter, 61_010)).toBe(118);
  });

  it('has a place for an answer when commands have none, and another when that is taken and one is back', () => {
    const limiter = connected();
    fill(limiter, 10);
    expect(fill(limiter, 20, ANSWER)).toBe(1);
    expect(limiter.wait(ANSWER, 20)).toBe(60_980);
    expect(limiter.wait(USER, 20)).toBe(60_990); // the first to come back is for an answer
  });

  it('keeps a place for Identify or Resume until it was sent, on each connection', () => {
    const limiter = sendLimiter().open();
    limiter.connected();
    expect(limiter.look(0).left).toBe(118);
    expect(fill(limiter, 0, ANSWER)).toBe(119);
    limiter.sent(of('session', 6), 0);
    limiter.connected();
    expect(fill(limiter, 0, ANSWER)).toBe(119);
  });

  it.each([
    ['in the window', 30_000, 41_250, 117],
    ['twice in it', 10_000, 41_250, 116],
    ['beyond it', 61_000, 41_250, 118],
    ['just within it', 60_999, 41_250, 117],
    ['all the time', 500, 1_000, 57],
  ])('sets aside places for heartbeats that fall due %s', (_, first, interval, left) => {
    const limiter = connected();
    limiter.expectHeartbeat(first, interval, 0);
    expect(fill(limiter, 0)).toBe(left);
  });

  it('sets no place aside for a heartbeat that is due when another is back', () => {
    const limiter = connected();
    for (let at = 0; at < 60; at += 1) limiter.sent(USER, at);
    limiter.expectHeartbeat(100_000, 130_000, 59);
    expect(limiter.look(50_000).left).toBe(58);
    expect(fill(limiter, 50_000)).toBe(58);
    expect(limiter.look(50_000)).toEqual({ left: 0, nextAt: 61_000 });
  });

  it('counts a heartbeat that is late as due now', () => {
    const limiter = connected();
    limiter.expectHeartbeat(100, 130_000, 0);
    expect(fill(limiter, 200)).toBe(117);
  });

  it('does not count heartbeats so frequent that they would leave no room', () => {
    const limiter = connected();
    limiter.expectHeartbeat(250, 500, 0);
    for (let at = 250; at < 60_000; at += 500) limiter.sent(of('heartbeat', 1), at);
    expect(fill(limiter, 60_000)).toBe(118);
    limiter.connected();
    limiter.expectHeartbeat(60_250, 600, 60_000);
    limiter.sent(of('heartbeat', 1), 60_250);
    limiter.expectHeartbeat(60_850, 600, 60_250);
    expect(limiter.look(60_250).left).toBe(120 - 1 - 1 - 102);
  });

  it('begins afresh with a connection, but for limits that are not of a connection', () => {
    const limiter = connected();
    limiter.expectHeartbeat(5, 1_000, 0);
    fill(limiter, 0);
    limiter.sent(members('1'), 0);
    for (let i = 0; i < 5; i += 1) limiter.sent(of('user', 3), 0);
    limiter.connected();
    limiter.sent(of('session', 6), 1);
    expect(limiter.look(1).left).toBe(118);
    expect(limiter.wait(members('1'), 1)).toBe(30_999);
    expect(limiter.wait(of('user', 3), 1)).toBe(20_999);
  });

  it('lets five presences go in 21 s', () => {
    const limiter = connected();
    for (let at = 0; at < 5; at += 1) limiter.sent(of('user', 3), at);
    expect([4, 20_999, 21_000].map((now) => limiter.wait(of('user', 3), now))).toEqual([20_996, 1, 0]);
    limiter.sent(of('user', 3), 21_000);
    expect(limiter.wait(of('user', 3), 21_000)).toBe(1);
  });

  it.each([
    ['another guild', members('2')],
    ['a part of them', members('1', { limit: 5 })],
    ['those of a name', members('1', { query: 'a' })],
    ['a guild that is none', members(1)],
    ['nothing', of('user', 8, null)],
    ['in words', of('user', 8, 'all')],
    ['something else', of('user', 99, { guild_id: '1', query: '', limit: 0 })],
  ])('holds up a second request for all members of a guild alone, not one for %s', (_, other) => {
    const limiter = connected();
    limiter.sent(members('1'), 0);
    expect(limiter.wait(members('1'), 0)).toBe(31_000);
    expect(limiter.wait(other, 0)).toBe(0);
    limiter.sent(other, 0);
    expect(limiter.wait(members('1'), 31_000)).toBe(0);
  });

  it('waits as long as Discord says, which may be less or more than it would itself', () => {
    const limiter = connected();
    limiter.sent(members('1'), 0);
    limiter.refused(members('1'), 2_000, 1_000);
    expect(limiter.wait(members('1'), 1_000)).toBe(2_000);
    limiter.refused(members('1'), 90_000, 1_000);
    expect(limiter.wait(members('1'), 1_000)).toBe(90_000);
    limiter.refused(of('user', 43, { guild_id: '2' }), 90_000, 1_000);
    expect(limiter.wait(of('user', 43, { guild_id: '2' }), 1_000)).toBe(0);
  });

  it('waits for nothing longer than if it had been sent just when the clock was set back', () => {
    const limiter = connected();
    limiter.expectHeartbeat(1_000_000 + 130_000, 130_000, 1_000_000);
    fill(limiter, 1_000_000);
    limiter.sent(members('1'), 1_000_000);
    for (let i = 0; i < 5; i += 1) limiter.sent(of('user', 3), 1_000_000);
    expect(limiter.wait(USER, 500)).toBe(61_000);
    expect(limiter.wait(members('1'), 500)).toBe(61_000);
    expect(limiter.wait(of('user', 3), 61_500)).toBe(0);
    expect(limiter.wait(members('1'), 61_500)).toBe(0);
  });

  it('expects a heartbeat no later than its timer runs when the clock was set back', () => {
    const limiter = connected();
    limiter.expectHeartbeat(1_000_000 + 50_000, 130_000, 1_000_000);
    limiter.look(1_000_000);
    expect(limiter.look(500).left).toBe(118);
  });

  it('closes a guild for no longer than from when the clock was set back', () => {
    const limiter = connected();
    limiter.sent(members('1'), 1_000_000);
    expect(limiter.wait(members('1'), 500)).toBe(31_000);
    expect(limiter.wait(members('2'), 500)).toBe(0);
  });

  it('expects heartbeats after a clock was set back in their interval, and not all at once', () => {
    const limiter = connected();
    limiter.expectHeartbeat(1_000_000 + 50_000, 50_000, 1_000_000);
    limiter.look(1_000_000);
    expect(limiter.look(500).left).toBe(118); // at 50,500; the next is beyond the window
  });

  it('counts heartbeats of a connection of which nothing is known yet', () => {
    const limiter = connected();
    limiter.expectHeartbeat(250, 500, 0);
    limiter.connected();
    limiter.sent(of('session', 6), 0);
    limiter.sent(of('heartbeat', 1), 0);
    expect(limiter.look(0).left).toBe(117);
  });

  it('says what is left after a clock was set back, and when there is more', () => {
    const limiter = connected();
    fill(limiter, 1_000_000);
    expect(limiter.look(500)).toEqual({ left: 0, nextAt: 61_500 });
  });

  it('has nothing left, rather than less, when the place for an answer is taken too', () => {
    const limiter = connected();
    fill(limiter, 10);
    fill(limiter, 10, ANSWER);
    expect(limiter.look(10)).toEqual({ left: 0, nextAt: 61_010 });
    expect(limiter.look(61_010)).toEqual({ left: 119, nextAt: null });
  });

  it('says of one place that it is there', () => {
    const limiter = connected();
    fill(limiter, 10);
    expect(limiter.look(61_000)).toEqual({ left: 1, nextAt: null });
  });

  it('counts no heartbeats that should have been sent and were not', () => {
    const limiter = connected();
    limiter.expectHeartbeat(100, 1_000, 0);
    expect(limiter.look(50_000).left).toBe(120 - 61 - 1);
  });

  it('leaves a guild closed while another is closed, and asks each for the first time at once', () => {
    const limiter = connected();
    expect(limiter.wait(members('1'), 0)).toBe(0);
    limiter.sent(members('1'), 0);
    limiter.sent(members('2'), 10);
    expect(limiter.wait(members('1'), 10)).toBe(30_990);
    limiter.sent(members('3'), 31_000);
    expect(limiter.wait(members('1'), 31_000)).toBe(0);
  });

  it('closes no guild for what names none', () => {
    const limiter = connected();
    for (const payload of [members(1), { lane: 'user', op: 8, data: undefined } as const]) {
      limiter.sent(payload, 0);
      expect(limiter.wait(payload, 0)).toBe(0);
    }
  });

  it('leaves what is sooner as it is where the clock was set back by little', () => {
    const limiter = connected();
    limiter.refused(members('1'), 2_000, 1_000_000);
    limiter.look(1_000_000);
    expect(limiter.wait(members('1'), 999_000)).toBe(3_000);
    limiter.expectHeartbeat(1_100_000, 130_000, 1_000_000);
    limiter.look(1_060_000);
    expect(limiter.look(1_055_000).left).toBe(118); // 120, one for an answer, one for the heartbeat
  });

  it('counts heartbeats that may take just nine of ten places', () => {
    const limiter = connected({ count: 10, windowMs: 900, marginMs: 0 });
    limiter.expectHeartbeat(100, 100, 0);
    expect(limiter.look(0).left).toBe(0);
    expect(limiter.wait(USER, 0)).toBe(900); // and then again
  });

  it('waits for a heartbeat to grow old where that alone is in the way', () => {
    const limiter = sendLimiter({ count: 3, windowMs: 1_000, marginMs: 0 }).open();
    limiter.connected();
    limiter.expectHeartbeat(500, 5_000, 0);
    expect(limiter.wait(USER, 0)).toBe(1_500);
  });

  it('sets no place aside for a heartbeat that falls due just when what is sent now has grown old', () => {
    const limiter = sendLimiter({ count: 4, windowMs: 1_000, marginMs: 0 }).open();
    limiter.connected();
    limiter.expectHeartbeat(500, 500, 0);
    expect(limiter.look(0).left).toBe(1);
  });

  it('keeps other limits where they are set', () => {
    const limiter = connected({ count: 10, windowMs: 1_000, marginMs: 100 });
    expect(fill(limiter, 0)).toBe(8);
    expect(limiter.wait(USER, 0)).toBe(1_100);
  });

  it.each<[SendLimiterOptions | object, string]>([
    [{ count: 2 }, 'RangeError: count is 2; it must be a whole number from 3 on'],
    [{ windowMs: Number.POSITIVE_INFINITY }, 'RangeError: windowMs is Infinity; it must be a time in milliseconds'],
    [{ windowMs: -1 }, 'RangeError: windowMs is -1; it must be a time in milliseconds'],
    [{ marginMs: Number.NaN }, 'RangeError: marginMs is NaN; it must be a time in milliseconds'],
    [{ window: 5 }, 'TypeError: there is no option window: write windowMs'],
  ])('is not made of %j', (options, says) => expect(failureOf(() => sendLimiter(options))).toBe(says));
});

describe('no limiter', () => {
  it('has everything go', () => {
    const limiter = UNLIMITED.open();
    limiter.connected();
    limiter.expectHeartbeat(1, 1, 1);
    limiter.refused(members('1'), 5, 0);
    expect(fill(limiter, 0)).toBe(200);
    expect(limiter.look(0)).toEqual({ left: Number.POSITIVE_INFINITY, nextAt: null });
  });
});
