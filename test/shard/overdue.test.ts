/** What follows from an ACK that is missing: on a quiet connection as on a busy one, and while all is not read. */
import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import { INTERVAL, idle, ShardBench } from '../support/shard-bench.js';

/** A shard that is ready and has sent the first heartbeat; its socket is read out when told. */
async function beating(options: ConstructorParameters<typeof ShardBench>[0] = {}) {
  const b = new ShardBench({ hears: ['transition', 'notice'], ...options });
  await b.begin();
  await b.pass(INTERVAL / 2);
  b.lines.length = 0;
  return b;
}

const heartbeats = (b: ShardBench) => b.lines.filter((line) => line.startsWith('send 1 ')).length;
const has = (b: ShardBench, cause: string) => b.lines.some((line) => line.includes(cause));

describe('a shard whose ACK is missing', () => {
  it.each([0, 2, 10, 300])(
    'sends the heartbeat that is due, and comes back alike at %i dispatches a second',
    async (rate) => {
      const b = await beating();
      let s = 1;
      for (let ms = 0; ms < INTERVAL + 300; ms += 10) {
        for (let n = Math.floor((ms * rate) / 1000); n < Math.floor(((ms + 10) * rate) / 1000); n += 1) b.dispatch(++s);
        await b.pass(10);
      }
      expect(heartbeats(b)).toBe(1);
      expect(has(b, 'zombied')).toBe(true);
      expect(b.lines).toContain('close 4900');
    },
  );

  it('goes on with a late ACK, and then awaits that of the heartbeat that is out', async () => {
    const b = await beating();
    await b.pass(INTERVAL + 100);
    b.say({ op: 11 });
    expect(has(b, 'acknowledgedLate')).toBe(true);
    b.say({ op: 11 });
    await b.pass(INTERVAL);
    expect([heartbeats(b), has(b, 'zombied')]).toEqual([2, false]);
    await b.pass(INTERVAL + 300);
    expect(has(b, 'zombied')).toBe(true);
  });

  it('is given up only when all that has arrived is read, and after 5 s at most', async () => {
    for (const end of ['read', 'never'] as const) {
      const asked: (() => void)[] = [];
      const b = await beating({ whenEmpty: (then) => void asked.push(then) });
      await b.pass(INTERVAL + 4_900);
      b.dispatch(2);
      b.say({ op: 99 });
      expect([asked.length, has(b, 'zombied'), heartbeats(b)]).toEqual([1, false, 1]);
      if (end === 'read') asked[0]?.();
      else await b.pass(100);
      expect(has(b, 'zombied')).toBe(true);
    }
  });

  it('is not given up by a reading that was over when the ACK had come', async () => {
    const asked: (() => void)[] = [];
    const b = await beating({ whenEmpty: (then) => void asked.push(then) });
    await b.pass(INTERVAL + 300);
    b.say({ op: 11 });
    await b.pass(INTERVAL - 200); // overdue once more
    asked[0]?.();
    expect(has(b, 'zombied')).toBe(false);
    await b.pass(300);
    asked[1]?.();
    expect(has(b, 'zombied')).toBe(true);
  });
});

describe('a shard on a clock that tells when the sockets are read', () => {
  it('tells its chart of the dispatches before any timer', async () => {
    const clock = { ...simulatedClock(1_000), whenRead: () => {} };
    const b = new ShardBench({ clock });
    Object.defineProperty(b, 'clock', { value: clock });
    await b.begin();
    b.dispatch(7);
    await idle();
    b.lines.length = 0;
    await b.pass(INTERVAL / 2);
    expect(b.lines).toEqual(['send 1 7']);
  });
});
