import { describe, expect, it } from 'vitest';
import type { LimiterPort, SocketCallbacks } from '../../src/ports/index.js';
import { budgetRun, complaintsAbout } from '../support/budget-run.js';
import { INTERVAL, idle, ShardBench } from '../support/shard-bench.js';

const PRESENCE = { status: 'idle' } as const;

/** How many payloads of an opcode were sent. */
const sent = (b: ShardBench, op: number) => b.lines.filter((line) => line.startsWith(`send ${op} `)).length;

/** Lets time pass while heartbeats are acknowledged. */
async function passAlive(b: ShardBench, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= INTERVAL / 2) {
    await b.pass(Math.min(left, INTERVAL / 2));
    b.say({ op: 11 });
  }
}

async function repeat(times: number, run: () => void): Promise<void> {
  for (let i = 0; i < times; i += 1) run();
  await idle();
}

describe('the outgoing budget', () => {
  it('is kept, heartbeats are in time and no place is wasted', async () => {
    const run = await budgetRun(8, 5, { interval: 41_250, reconnects: true });
    expect(complaintsAbout(run, false)).toEqual([]);
  });

  it('takes 112 of 200 commands at once beside heartbeats each 10 s, and the rest when places come back', async () => {
    const b = new ShardBench();
    await b.begin();
    await repeat(200, () => void b.shard.sendRaw(99, null));
    expect(sent(b, 99)).toBe(112); // 120 without Identify, an answer, and heartbeats at 5, 15 … 55 s
    expect(b.shard.budget).toEqual({ left: 0, nextAt: 62_000, waiting: 88 });
    await passAlive(b, 60_999);
    expect([sent(b, 99), sent(b, 1)]).toEqual([112, 6]);
    await b.pass(1);
    expect([sent(b, 99), b.shard.budget.waiting]).toEqual([200, 0]);
  });

  it('shares one answer among the heartbeats that are asked for while it is used up', async () => {
    const b = new ShardBench();
    await b.begin();
    await repeat(500, () => b.say({ op: 1, d: null }));
    expect(sent(b, 1)).toBe(113);
    await b.pass(INTERVAL / 2);
    expect(sent(b, 1)).toBe(114); // the scheduled one, which answers too
    b.say({ op: 11 });
    await passAlive(b, 60_999 - INTERVAL / 2);
    expect(sent(b, 1)).toBe(119);
  });

  it('answers with the sequence of then, once there is a place, and not on a connection that is left', async () => {
    for (const stays of [true, false]) {
      const b = new ShardBench();
      b.tell('start', b.shard.start());
      b.sockets.at(-1)?.opened();
      b.say({ op: 10, d: { heartbeat_interval: 130_000 } });
      await idle();
      b.dispatch(1, 'READY', { session_id: 'session-1' });
      await idle();
      await repeat(118, () => void b.shard.sendRaw(99, null));
      await repeat(3, () => b.say({ op: 1, d: null })); // the second finds no place
      b.dispatch(7);
      await idle();
      expect(sent(b, 1)).toBe(1);
      if (!stays) b.shard.reconnect();
      await passAlive(b, 61_000);
      expect(b.lines.filter((line) => line.startsWith('send 1 '))).toEqual(
        stays ? ['send 1 1', 'send 1 7'] : ['send 1 1'],
      );
    }
  });

  it('is not counted with `limiter: false`', async () => {
    const b = new ShardBench({ limiter: false });
    await b.begin();
    await repeat(300, () => void b.shard.sendRaw(99, null));
    expect(sent(b, 99)).toBe(300);
    expect(b.shard.budget).toEqual({ left: Number.POSITIVE_INFINITY, nextAt: null, waiting: 0 });
  });

  it('holds up presences beyond five in 20 s, and nothing else', async () => {
    const b = new ShardBench({ queue: { policy: 'rejectNewest' } });
    await b.begin();
    await repeat(6, () => void b.shard.send(3, PRESENCE));
    await repeat(1, () => void b.shard.sendRaw(99, null));
    expect([sent(b, 3), sent(b, 99)]).toEqual([5, 1]);
    await passAlive(b, 20_999);
    expect(sent(b, 3)).toBe(5);
    await b.pass(1);
    expect(sent(b, 3)).toBe(6);
  });

  it('may be told by a limiter of the user, whose faults are told once and hold nothing up', async () => {
    const fail = () => {
      throw new Error('on purpose');
    };
    const broken = { connected: fail, expectHeartbeat: fail, wait: fail, sent: fail, refused: fail, look: fail };
    const limiter: LimiterPort = { open: () => broken };
    const b = new ShardBench({ limiter, hears: ['warning'] });
    await b.begin();
    b.tell('sent', b.shard.send(3, PRESENCE));
    b.say({ op: 1, d: null });
    await idle();
    expect(b.lines.filter((line) => line.startsWith('warning'))).toEqual([
      'warning the limiter port threw: what it was asked about is sent: on purpose',
    ]);
    expect(b.lines).toContain('sent: "sent"');
    expect(sent(b, 1)).toBe(1);
    expect(b.shard.budget.left).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the last presence', () => {
  const identifies = (messages: readonly string[]) =>
    messages.map((text) => JSON.parse(text)).filter(({ op }) => op === 2);

  async function presencesOfIdentifies(change: (b: ShardBench) => Promise<unknown>, options = {}): Promise<unknown[]> {
    const messages: string[] = [];
    const b = new ShardBench(options);
    const { made } = b;
    const shard = made.createShard({
      ...b.options,
      presence: { status: 'dnd' },
      socket: {
        open: (_: string, __: unknown, callbacks: SocketCallbacks) => {
          b.sockets.push(callbacks);
          const send = (message: string | Uint8Array) => void messages.push(String(message));
          return { send, close() {}, drop() {}, bufferedAmount: 0 };
        },
      },
    } as never);
    Object.defineProperty(b, 'shard', { value: shard });
    void shard.start();
    await b.greet();
    await change(b);
    shard.reconnect({ fresh: true });
    b.close();
    await b.pass(0);
    await b.greet({ session_id: 'session-2' });
    return identifies(messages).map(({ d }) => d.presence?.status);
  }

  it('is sent with the next Identify', async () => {
    expect(await presencesOfIdentifies(({ shard }) => shard.send(3, PRESENCE))).toEqual(['dnd', 'idle']);
  });

  it('is kept as it was when it was sent', async () => {
    const presence: { status: string; since: null; activities: never[]; afk: boolean } = {
      status: 'idle',
      since: null,
      activities: [],
      afk: false,
    };
    const statuses = await presencesOfIdentifies(async ({ shard }) => {
      await shard.sendRaw(3, presence);
      presence.status = 'invisible';
    });
    expect(statuses).toEqual(['dnd', 'idle']);
  });

  it('is left out where it is none, or would make Identify too large', async () => {
    expect(await presencesOfIdentifies(({ shard }) => shard.sendRaw(3, { status: 'busy' }))).toEqual(['dnd', 'dnd']);
    const activities = [{ name: 'x'.repeat(3_950), type: 0 }];
    expect(await presencesOfIdentifies(({ shard }) => shard.send(3, { activities, status: 'idle' }))).toEqual([
      'dnd',
      'dnd',
    ]);
  });
});
