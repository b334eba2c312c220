import { describe, expect, it } from 'vitest';
import { laneOf, Outgoing } from '../../src/host/outgoing.js';
import { Warnings } from '../../src/host/warnings.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { SendLimiter } from '../../src/ports/index.js';
import { redactor } from '../../src/redact/redact.js';

/** What goes out, with a limiter that notes what it is told; `waits` are its answers. */
function bench(change: Partial<SendLimiter> = {}, waits: number[] = []) {
  const lines: string[] = [];
  const clock = simulatedClock(100);
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      void lines.push(`${name} ${JSON.stringify(given)}`);
  const limiter: SendLimiter = {
    connected: note('connected'),
    expectHeartbeat: note('expect'),
    wait: () => waits.shift() ?? 0,
    sent: note('sent'),
    refused: note('refused'),
    look: () => ({ left: 7, nextAt: null }),
    ...change,
  };
  const warned = (problem: string) => lines.push(`warn ${problem}`);
  const port = {
    open: () => {
      lines.push('open');
      return limiter;
    },
  };
  const outgoing = new Outgoing({ limiter: port, clock }, new Warnings({ warned }, redactor()));
  return { lines, clock, outgoing };
}

describe('the lane of an opcode', () => {
  it.each([
    [1, 'heartbeat'],
    [2, 'session'],
    [6, 'session'],
    [4, 'voice'],
    [3, 'user'],
    [8, 'user'],
    [99, 'user'],
  ])('%s is %s', (op, lane) => expect(laneOf(op)).toBe(lane));
});

describe('what goes out', () => {
  it('asks of an answer as of a heartbeat in a lane of its own, and expects none before Hello', () => {
    const asked: unknown[] = [];
    const { lines, outgoing } = bench({ wait: (payload) => asked.push(payload) && 0 });
    outgoing.connected();
    outgoing.scheduled();
    outgoing.answer(() => {});
    expect(asked).toEqual([{ lane: 'answer', op: 1, data: null }]);
    expect(lines.filter((line) => line.startsWith('expect'))).toEqual([]);
  });

  it('is told to one limiter, connection by connection', () => {
    const { lines, outgoing } = bench();
    outgoing.connected();
    outgoing.sent(2, { token: 'x' });
    outgoing.connected();
    outgoing.refused(8, { guild_id: '1' }, 5);
    expect(lines).toEqual([
      'open',
      'connected []',
      'sent [{"lane":"session","op":2,"data":{"token":"x"}},100]',
      'connected []',
      'refused [{"lane":"user","op":8,"data":{"guild_id":"1"}},5,100]',
    ]);
    expect(outgoing.look()).toEqual({ left: 7, nextAt: null });
  });

  it('has heartbeats expected: the first as it was drawn, and each next an interval after the last', () => {
    const { lines, clock, outgoing } = bench();
    outgoing.connected();
    outgoing.scheduled(); // of which nothing is known yet
    outgoing.expectHeartbeat(30, 50);
    clock.increment(30);
    outgoing.scheduled();
    outgoing.connected();
    outgoing.scheduled();
    expect(lines.filter((line) => line.startsWith('expect'))).toEqual(['expect [130,50,100]', 'expect [180,50,130]']);
  });

  it('answers at once where there is a place, and once for all where there is none', () => {
    const { lines, clock, outgoing } = bench({}, [0, 40, 5, 0, 0]);
    outgoing.connected();
    const answer = (name: string) =>
      outgoing.answer((isLate) => void lines.push(`${name} at ${clock.now()} ${isLate}`));
    lines.length = 0;
    for (const name of ['a', 'b', 'c']) answer(name);
    clock.increment(45);
    answer('d');
    expect(lines).toEqual(['a at 100 false', 'b at 145 true', 'd at 145 false']);
    expect(clock.next).toBeUndefined();
  });

  it.each(['scheduled', 'ended', 'connected'] as const)('owes no answer any more once %s', (end) => {
    const { lines, clock, outgoing } = bench({}, [40]);
    outgoing.connected();
    outgoing.answer(() => void lines.push('answered'));
    outgoing[end]();
    expect(clock.next).toBeUndefined();
    outgoing.answer(() => void lines.push('answered anew'));
    clock.increment(100);
    expect(lines.filter((line) => line.startsWith('answered'))).toEqual(['answered anew']);
  });

  it.each([Number.NaN, -5, 'soon', undefined])('waits for nothing where a limiter says %s', (wait) => {
    const { outgoing } = bench({ wait: () => wait as number });
    outgoing.connected();
    expect(outgoing.wait({ lane: 'user', op: 99, data: null })).toBe(0);
  });

  it('is not held up by a limiter that throws, which is told once', () => {
    const fail = () => {
      throw new Error('on purpose');
    };
    const { lines, outgoing } = bench({ wait: fail, look: fail });
    outgoing.connected();
    expect(outgoing.wait({ lane: 'user', op: 99, data: null })).toBe(0);
    expect(outgoing.look()).toEqual({ left: Number.POSITIVE_INFINITY, nextAt: null });
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn the limiter port threw: what it was asked about is sent',
    ]);
  });

  it('counts nothing before the first connection', () => {
    const { lines, outgoing } = bench();
    outgoing.sent(4, null);
    expect(outgoing.wait({ lane: 'user', op: 99, data: null })).toBe(0);
    expect(lines).toEqual([]);
  });
});
