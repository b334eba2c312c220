import { describe, expect, it } from 'vitest';
import type { ResumeRecord } from '../../src/ports/index.js';
import { idle, ShardBench, type ShardBenchOptions } from '../support/shard-bench.js';

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
    const resume: ResumeRecord = {
      version: 1,
      sessionId: 'session-1',
      resumeUrl: null,
      sequence: 7,
      shard: [0, 1],
      intents: 1,
      wire: { version: 10, encoding: 'json', compress: false },
      savedAt: 900,
    };
    const resumed = async (b: ShardBench) => {
      b.sockets.at(-1)?.opened();
      b.say({ op: 10, d: { heartbeat_interval: 10_000 } });
      b.dispatch(8);
      expect(b.shard.budget.waiting).toBe(2);
      b.dispatch(9, 'RESUMED');
      await idle();
    };
    expect(await waiting(resumed, { resume })).toEqual(sent);
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
