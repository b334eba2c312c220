import { describe, expect, it } from 'vitest';
import type { PresenceData } from '../../machines/index.js';
import { memoryWorld } from '../support/memory.js';
import { INTERVAL, idle, recordOf, ShardBench, type ShardBenchOptions, textOf } from '../support/shard-bench.js';

/** How commands ended, in order, that were given to a shard which is not ready yet. */
async function waiting(then: (b: ShardBench) => unknown, options: ShardBenchOptions = {}): Promise<string[]> {
  const b = new ShardBench(options);
  b.shard.start().catch(() => {});
  b.tell('first', b.shard.send(3, { status: 'idle' }));
  b.tell('second', b.shard.sendRaw(99, null));
  await idle();
  await then(b);
  await b.pass(1_000);
  return b.lines
    .filter((line) => /^(first|second)/.test(line))
    .map((line) => line.replace(/: ERR\S+ .* was not sent/, ''));
}

describe('commands that wait', () => {
  it('are sent with READY, and with RESUMED', async () => {
    const sent = ['first: "sent"', 'second: "sent"'];
    expect(await waiting((b) => b.greet())).toEqual(sent);
    const resumed = async (b: ShardBench) => {
      b.sockets.at(-1)?.opened();
      b.say({ op: 10, d: { heartbeat_interval: 10_000 } });
      b.dispatch(8);
      expect(b.shard.budget.waiting).toBe(2);
      b.dispatch(9, 'RESUMED');
      await idle();
    };
    expect(await waiting(resumed, { resume: recordOf(7) })).toEqual(sent);
  });

  it.each<[string, (b: ShardBench) => unknown, string]>([
    ['are sent with READY', (b) => b.greet(), 'sent'],
    ['are rejected where the shard is stopped meanwhile', (b) => b.shard.stop(), 'stopped'],
  ])('%s, given while what was kept of sessions is read', async (_, then, outcome) => {
    let read = (): void => {};
    const loaded = new Promise<[]>((resolve) => {
      read = () => resolve([]);
    });
    const b = new ShardBench({ sessions: { load: () => loaded, save: async () => {} } });
    b.shard.start().catch(() => {});
    const ending = b.shard.send(3, { status: 'idle' }).catch(({ reason }: { reason?: string }) => reason);
    await idle();
    expect([b.sockets.length, b.shard.budget.waiting]).toEqual([0, 1]);
    if (outcome === 'stopped') await then(b);
    read();
    await idle();
    if (outcome !== 'stopped') await then(b);
    expect(await ending).toBe(outcome);
  });

  it('wait on while a connection is lost', async () => {
    const outcomes = await waiting(async (b) => {
      b.close(4_000);
      await b.pass(5_000);
      expect(b.shard.budget).toEqual({ left: 0, nextAt: null, waiting: 2 });
      await b.greet();
    });
    expect(outcomes).toEqual(['first: "sent"', 'second: "sent"']);
  });

  it.each<[string, (b: ShardBench) => unknown, string]>([
    ['is stopped', (b) => b.shard.stop(), 'the shard does not run: start it first'],
    ['is detached', (b) => b.shard.detach(), 'the shard was detached: send it with the shard that resumes its session'],
    [
      'fails',
      (b) => {
        b.shard.closed.catch(() => {});
        b.sockets.at(-1)?.opened();
        b.close(4004);
      },
      'the shard has failed: `closed` and the event failed say why',
    ],
  ])('are rejected when the shard %s', async (_, end, says) => {
    expect(await waiting(end)).toEqual([`first: ${says}`, `second: ${says}`]);
  });

  it("are rejected with the shard's signal", async () => {
    const controller = new AbortController();
    const outcomes = await waiting(() => controller.abort(), { signal: controller.signal });
    expect(outcomes).toEqual([
      'first: the shard does not run: start it first',
      'second: the shard does not run: start it first',
    ]);
  });

  it('are taken again after the next start', async () => {
    const b = new ShardBench();
    await b.begin();
    void b.shard.stop();
    b.tell('closing', b.shard.sendRaw(99, 1));
    await b.pass(1_000);
    b.tell('stopped', b.shard.sendRaw(99, 2));
    await idle();
    await b.begin();
    b.tell('running', b.shard.sendRaw(99, 3));
    await idle();
    expect(b.lines.filter((line) => /^(closing|stopped|running|send 99)/.test(line))).toEqual([
      'closing: ERR_COMMAND_REJECTED Opcode 99 was not sent: the shard does not run: start it first',
      'stopped: ERR_COMMAND_REJECTED Opcode 99 was not sent: the shard does not run: start it first',
      'send 99 3',
      'running: "sent"',
    ]);
  });

  it('are given up one by one', async () => {
    const controller = new AbortController();
    const b = new ShardBench();
    void b.shard.start();
    b.tell('aborted', b.shard.send(3, {}, { signal: controller.signal }));
    controller.abort(new Error('enough'));
    await b.greet();
    expect(b.lines).toContain('aborted: enough');
    expect(b.lines.filter((line) => line.startsWith('send 3'))).toEqual([]);
  });

  it.each([
    [{ signal: 5 }, 'signal is 5; it must be an AbortSignal'],
    [{ signl: 5 }, 'there is no option signl: write signal'],
  ])('take no options like %j', async (options, says) => {
    const b = new ShardBench();
    await expect(b.shard.send(3, {}, options as never)).rejects.toThrow(says);
    await expect(b.shard.sendRaw(99, null, options as never)).rejects.toThrow(says);
  });
});

describe('a shard', () => {
  it('sends when it is ready, what Discord would take', async () => {
    const b = new ShardBench();
    const presence: PresenceData = { since: null, activities: [], status: 'online' as never, afk: false };
    b.tell('too early', b.shard.send(3, presence));
    await b.begin();
    b.tell('sent', b.shard.send(3, presence));
    b.tell('too large', b.shard.send(8, { guild_id: '1', query: 'x'.repeat(4_096), limit: 0 }));
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'too early: ERR_COMMAND_REJECTED Update Presence was not sent: the shard does not run: start it first',
      'send identify',
      'start: done',
      'send 3 {"since":null,"activities":[],"status":"online","afk":false}',
      'sent: "sent"',
      'too large: ERR_PAYLOAD_TOO_LARGE The payload is over 4096 bytes: Discord would close the connection with 4002',
    ]);
  });

  it('sends nothing before it is ready, nor once its connection closes', async () => {
    const b = new ShardBench({ queue: false });
    b.shard.start();
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    b.tell('too early', b.shard.sendRaw(99, null));
    await idle();
    b.dispatch(1, 'READY', { session_id: 'session-1' });
    b.note(b.shard.isReady);
    b.isOpen = false;
    b.note(b.shard.isReady);
    b.tell('too late', b.shard.sendRaw(99, null));
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'too early: ERR_COMMAND_REJECTED Opcode 99 was not sent: the shard is not ready, and has no queue: wait for READY or RESUMED, or set the option queue',
      'true',
      'false',
      'too late: ERR_COMMAND_REJECTED Opcode 99 was not sent: the shard is not ready, and has no queue: wait for READY or RESUMED, or set the option queue',
    ]);
  });

  it('sends nothing during a replay', async () => {
    const b = new ShardBench({ resume: recordOf(7) });
    b.shard.start();
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    b.dispatch(8);
    await idle();
    const sending = b.shard.sendRaw(99, null);
    b.dispatch(9, 'RESUMED');
    expect(await sending).toBe('sent');
    expect(b.lines).toEqual(['open 1 gateway.discord.gg', 'send resume session-1 7', 'send 99 null']);
  });

  it('measures a command as it is encoded: what fits as JSON may be too large as ETF', async () => {
    const answers: unknown[] = [];
    for (const encoding of ['json', 'etf'] as const) {
      const world = memoryWorld({ encoding });
      void world.order.start();
      await world.until(() => world.shard.isReady);
      const sent = world.shard.send(8, {
        guild_id: '1',
        user_ids: Array(100).fill('12345678901234567890'),
        nonce: 'x'.repeat(32),
        pad: 'x'.repeat(1_500),
      } as never);
      answers.push(await sent.then(() => 'sent', textOf));
      void world.order.stop();
      await world.pass(1_000);
      world.gateway.stop();
    }

    expect(answers).toEqual(['sent', expect.stringMatching(/^ERR_PAYLOAD_TOO_LARGE /)]);
  });
});
