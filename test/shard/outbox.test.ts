import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import type { OutgoingPayload } from '../../src/ports/index.js';
import { Outbox, type OutboxLink } from '../../src/shard/outbox.js';
import type { QueueOptions } from '../../src/shard/queue.js';
import { idle, textOf } from '../support/shard-bench.js';

/** An outbox whose shard has `places`, of which one comes back each 100 ms, and holds `slow` commands up until `slowAt`. */
class Bench {
  readonly clock = simulatedClock(0);
  readonly lines: string[] = [];
  ended: OutboxLink['ended'] = null;
  isReady = true;
  takes = true;
  places = 0;
  nextAt: number | null = 100;
  slowAt = 0;
  readonly outbox: Outbox;

  constructor(queue: QueueOptions | null = {}) {
    const self = this;
    this.outbox = new Outbox(queue && { size: 10, policy: 'rejectNewest', ...queue }, this.clock, {
      get ended() {
        return self.ended;
      },
      get isReady() {
        return self.isReady;
      },
      get budget() {
        return { left: self.places, nextAt: self.places > 0 ? null : self.nextAt };
      },
      wait: (payload) => self.#wait(payload),
      send({ message }) {
        if (!self.takes) return false;
        self.places -= 1;
        self.nextAt = self.clock.now() + 100;
        self.lines.push(`send ${message}`);
        return true;
      },
    });
  }

  send(name: string, signal?: AbortSignal, lane: OutgoingPayload['lane'] = 'user'): void {
    this.outbox.send({ payload: { lane, op: 99, data: null }, message: name }, signal).then(
      (outcome) => this.lines.push(`${name}: ${outcome}`),
      (error) => this.lines.push(`${name}: ${error?.reason ?? textOf(error)}`),
    );
  }

  slow(name: string): void {
    void this.outbox.send({ payload: { lane: 'user', op: 3, data: null }, message: name });
  }

  async pass(ms: number): Promise<void> {
    await idle();
    this.clock.increment(ms);
    await idle();
  }

  #wait({ op }: OutgoingPayload): number {
    const now = this.clock.now();
    if (this.places <= 0 && this.nextAt !== null && now >= this.nextAt) {
      this.places = 1;
    }
    const place = this.places > 0 ? 0 : (this.nextAt ?? now) - now;
    return Math.max(place, op === 3 ? this.slowAt - now : 0);
  }
}

describe('an outbox', () => {
  it('sends at once what may be sent, and the rest in order as places come back', async () => {
    const b = new Bench();
    b.places = 2;
    for (const name of ['a', 'b', 'c', 'd']) b.send(name);
    expect(b.outbox.length).toBe(2);
    await b.pass(99);
    expect(b.lines).toEqual(['send a', 'send b', 'a: sent', 'b: sent']);
    await b.pass(1);
    await b.pass(100);
    expect(b.lines.slice(4)).toEqual(['send c', 'c: sent', 'send d', 'd: sent']);
    expect([b.outbox.length, b.clock.next]).toEqual([0, undefined]);
  });

  it('lets who came first go first, also when a place comes back as another comes', async () => {
    const b = new Bench();
    b.send('a');
    b.clock.set(99);
    const { set } = b.clock;
    expect(b.outbox.length).toBe(1);
    b.clock.setTimeout(() => {}, 0);
    set(100);
    b.send('b');
    await b.pass(0);
    expect(b.lines[0]).toBe('send a');
  });

  it('sends voice before all else', async () => {
    const b = new Bench();
    b.send('a');
    b.send('v', undefined, 'voice');
    await b.pass(100);
    expect(b.lines).toEqual(['send v', 'v: sent']);
  });

  it('holds nothing up for a command that has a limit of its own', async () => {
    const b = new Bench();
    b.places = 9;
    b.slowAt = 5_000;
    b.slow('slow');
    b.send('a');
    b.send('b');
    expect(b.lines).toEqual(['send a', 'send b']);
    await b.pass(4_999);
    expect(b.outbox.length).toBe(1);
    await b.pass(1);
    expect(b.lines.at(-1)).toBe('send slow');
  });

  it('keeps what comes while the shard is not ready, and no timer, until it is flushed', async () => {
    const b = new Bench();
    b.isReady = false;
    b.places = 5;
    b.send('a');
    await b.pass(1_000);
    expect([b.lines, b.clock.next]).toEqual([[], undefined]);
    b.isReady = true;
    b.outbox.flush();
    await b.pass(0);
    expect(b.lines).toEqual(['send a', 'a: sent']);
  });

  it('keeps what the socket does not take as its connection closes, and rejects what it never takes', async () => {
    const b = new Bench();
    b.places = 5;
    b.takes = false;
    b.send('a');
    b.isReady = false;
    b.send('b');
    b.isReady = true;
    b.outbox.flush();
    await b.pass(0);
    expect(b.lines).toEqual(['a: notTaken', 'b: notTaken']);
  });

  it.each([
    ['stopped', 'stopped'],
    ['failed', 'failed'],
  ] as const)('takes nothing of a shard that has %s', async (ended, reason) => {
    const b = new Bench();
    b.ended = ended;
    b.send('a');
    await b.pass(0);
    expect(b.lines).toEqual([`a: ${reason}`]);
  });

  it('rejects all that waits when the shard ends, and leaves no timer', async () => {
    const b = new Bench();
    b.send('a');
    b.send('b');
    b.outbox.end('detached');
    await b.pass(500);
    expect(b.lines).toEqual(['a: detached', 'b: detached']);
    expect([b.outbox.length, b.clock.next]).toEqual([0, undefined]);
  });

  it('takes a command back on abort, once', async () => {
    const b = new Bench();
    const controller = new AbortController();
    b.send('a', controller.signal);
    b.send('b', AbortSignal.abort(new Error('before')));
    controller.abort(new Error('after'));
    expect(b.outbox.length).toBe(0);
    b.outbox.end('stopped');
    await b.pass(500);
    expect(b.lines.sort()).toEqual(['a: after', 'b: before']);
  });

  it('does not hear of an abort after it was sent', async () => {
    const b = new Bench();
    const controller = new AbortController();
    b.send('a', controller.signal);
    await b.pass(100);
    controller.abort(new Error('too late'));
    await b.pass(0);
    expect(b.lines).toEqual(['send a', 'a: sent']);
  });

  it.each([
    ['coalesce', ['a: superseded', 'send b', 'b: sent']],
    ['rejectNewest', ['b: queueFull', 'send a', 'a: sent']],
    ['dropOldest', ['a: dropped', 'send b', 'b: sent']],
  ] as const)('tells each what became of it by the policy: %s', async (policy, lines) => {
    const b = new Bench({ size: 1, policy });
    for (const name of ['a', 'b']) {
      b.outbox.send({ payload: { lane: 'user', op: 3, data: null }, message: name }).then(
        (outcome) => b.lines.push(`${name}: ${outcome}`),
        ({ reason }) => b.lines.push(`${name}: ${reason}`),
      );
    }
    await b.pass(100);
    expect(b.lines).toEqual(lines);
  });

  it.each([
    [true, 'rateLimited'],
    [false, 'notReady'],
  ])('has nothing wait without a queue (ready: %s)', async (isReady, reason) => {
    const b = new Bench(null);
    b.isReady = isReady;
    b.send('a');
    await b.pass(0);
    b.isReady = true;
    b.outbox.flush();
    b.outbox.end('stopped');
    expect(b.lines).toEqual([`a: ${reason}`]);
    expect(b.outbox.length).toBe(0);
  });

  it('reports what it took and could not send as unhandled to nobody', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    const b = new Bench();
    void b.outbox.send({ payload: { lane: 'user', op: 99, data: null }, message: 'a' });
    b.outbox.end('stopped');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});
