/** What outlives a process: lives of one shard, one after the other, on one Gateway, one clock, and what was kept. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { zlibInflate } from '../../adapters/zlib.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { KeptSession } from '../../src/ports/index.js';
import { memorySessions } from '../../src/ports/memory-sessions.js';
import { type ShardOptions, shardsOn } from '../../src/shard/index.js';
import { createMemoryGateway } from '../../src/simulator/memory.js';
import { Lives } from '../support/lives.js';
import { TOKEN } from '../support/memory.js';

describe('checkpoint', () => {
  it('gives the record without leaving, with the last sequence that was handled', async () => {
    const lives = new Lives();
    const life = lives.live();
    const { shard } = life;
    expect(shard.checkpoint()).toBeNull();
    await lives.ready(life);
    const iterator = shard.dispatches('MESSAGE_CREATE');
    lives.dispatch('0', '1', '2');
    await lives.pass(10);
    await iterator.next();
    await iterator.next();
    expect(shard.checkpoint()).toMatchObject({ sequence: 5, shard: [0, 1] });
    expect([shard.session?.sequence, shard.isReady]).toEqual([7, true]);
  });
});

describe('sessions', () => {
  it('keep a session from READY on, and what is handled within a second', async () => {
    const lives = new Lives();
    const life = lives.live();
    life.shard.start().catch(() => {});
    await lives.until(() => life.shard.isReady);
    const { resume, identifies, savedAt } = await lives.kept();
    expect(resume).toMatchObject({ sessionId: life.shard.session?.id });
    expect(identifies).toMatchObject({ sent: lives.identifies.map((at) => at - 1), left: 9 }); // 1 ms on the way
    expect(resume?.savedAt).toBe(savedAt);
    lives.dispatch('a', 'b');
    await lives.pass(1_001);
    expect((await lives.kept()).resume?.sequence).toBe(6);
  });

  it('are written while nothing is handled, so that a session that lives does not look old', async () => {
    let saves = 0;
    const memory = memorySessions();
    const lives = new Lives({
      load: memory.load,
      save(kept) {
        saves += 1;
        return memory.save(kept);
      },
    });
    await lives.ready(lives.live());
    await lives.pass(2_000);
    const before = saves;
    await lives.pass(290_000);
    expect(saves).toBe(before);
    await lives.pass(20_000);
    expect(saves).toBe(before + 1);
  });

  it('resume in the next process what the last one had, without an Identify, and mark what comes again', async () => {
    const lives = new Lives();
    const got: (readonly [life: number, id: string, sequence: number | null, replayed: boolean])[] = [];
    const names = new Set<string | null>();
    const live = (number: number) => {
      const life = lives.live();
      life.shard.on('MESSAGE_CREATE', ({ id }, { sequence, replayed, session }) => {
        got.push([number, id, sequence, replayed]);
        names.add(session);
      });
      return life;
    };
    const first = live(1);
    await lives.ready(first);
    lives.dispatch('saved');
    await lives.pass(1_001);
    lives.dispatch('not saved');
    await lives.pass(10);
    const id = first.shard.session?.id;
    first.kill();
    lives.dispatch('not received');
    await lives.ready(live(2));
    expect(lives.identifies).toHaveLength(1);
    expect(got).toEqual([
      [1, 'saved', 5, false],
      [1, 'not saved', 6, false],
      [2, 'not saved', 6, true],
      [2, 'not received', 7, true],
    ]);
    expect([...names]).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(names.has(id ?? '')).toBe(false);
  });

  it('hold back the Identify of the next process until the spacing is over, wherever the last one was killed', async () => {
    const lives = new Lives();
    lives.gateway.control.injectFault('withholdReady', { times: 'all' });
    for (let i = 0; i < 4; i += 1) {
      const life = lives.live();
      life.shard.start().catch(() => {});
      await lives.until(() => lives.identifies.length > i);
      life.kill();
    }
    const gaps = lives.identifies.slice(1).map((at, i) => at - (lives.identifies[i] as number));
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(5_250);
      expect(gap).toBeLessThan(5_300);
    }
    expect((await lives.kept()).identifies).toMatchObject({ left: 6 });
  });

  it('wait for the bucket in the next process: a restart is no order, but the next order is one', async () => {
    const lives = new Lives();
    const now = lives.clock.now();
    const sent = Array.from({ length: 10 }, () => now - 10_000);
    const identifies = { sent, left: 0, nextAt: now + 300_000 };
    await lives.sessions.save({ version: 1, shard: [0, 1], resume: null, identifies, savedAt: now });
    const { shard } = lives.live();
    shard.start().catch(() => {});
    await lives.until(() => shard.health().cause.name === 'permitDelayed');
    expect(shard.health()).toMatchObject({ identifies: { left: 0 }, storm: { identifies: 10, share: 10 } });
    await lives.pass(30_000);
    expect(lives.identifies).toEqual([]);
    shard.reconnect();
    await lives.until(() => shard.isReady);
    expect(lives.identifies).toHaveLength(1);
  });

  it.each<[string, Partial<KeptSession>, Partial<ShardOptions>, string]>([
    ['was last known to live over an hour ago', { resume: null }, {}, 'last known to live 1.0 h ago'],
    ['has other intents', {}, { intents: ['GUILDS'] }, 'other intents'],
    ['has another wire', {}, { compress: 'zlib-stream' }, 'another compression'],
  ])('begin a new session where the one that was kept %s, and say so', async (_, changes, options, says) => {
    const lives = new Lives();
    const first = lives.live();
    await lives.ready(first);
    first.kill();
    await lives.pass(110_000);
    const kept = await lives.kept();
    if ('resume' in changes && kept.resume !== null)
      await lives.sessions.save({ ...kept, resume: { ...kept.resume, savedAt: -3_500_000 } });
    const next = lives.live(options);
    await lives.ready(next);
    expect(lives.identifies).toHaveLength(2);
    expect(next.warnings).toEqual([expect.stringContaining(says)]);
  });

  it('leave alone what is of another shard count', async () => {
    const lives = new Lives();
    const first = lives.live();
    await lives.ready(first);
    first.kill();
    const next = lives.live({ shard: [0, 2] });
    await lives.ready(next);
    expect(lives.identifies).toHaveLength(2);
    expect(next.warnings).toEqual([]);
  });

  it('keep nothing to resume of a session that was ended, and of one that was left what was handled', async () => {
    const lives = new Lives();
    const life = lives.live();
    await lives.ready(life);
    const stopped = life.shard.stop();
    await lives.pass(600);
    await stopped;
    expect(await lives.kept()).toMatchObject({ resume: null, identifies: { left: 9 } });
    await lives.ready(life);
    const iterator = life.shard.dispatches('MESSAGE_CREATE');
    lives.dispatch('a', 'b', 'c');
    await lives.pass(10);
    await iterator.next();
    await iterator.next();
    const detached = life.shard.detach();
    await lives.pass(600);
    const record = await detached;
    expect(record?.sequence).toBe(5);
    expect((await lives.kept()).resume).toMatchObject({ sequence: 5, sessionId: record?.sessionId });
  });

  it('give way to a record that is given', async () => {
    const lives = new Lives();
    const first = lives.live();
    await lives.ready(first);
    const resume = first.shard.checkpoint();
    first.kill();
    await lives.sessions.save({ ...(await lives.kept()), resume: null });
    await lives.ready(lives.live({ resume }));
    expect(lives.identifies).toHaveLength(1);
  });

  it('are kept up to date in each run, not the first alone', async () => {
    const lives = new Lives();
    const life = lives.live();
    await lives.ready(life);
    void life.shard.stop();
    await lives.pass(600);
    await lives.ready(life);
    lives.dispatch('a');
    await lives.pass(1_001);
    expect((await lives.kept()).resume?.sequence).toBe(life.shard.session?.sequence);
  });

  it.each(['stop', 'detach'] as const)(
    'stay as they were kept when a shard that has not begun is told to %s',
    async (order) => {
      const lives = new Lives();
      const first = lives.live();
      await lives.ready(first);
      first.kill();
      const before = await lives.kept();
      const second = lives.live();
      second.shard.start().catch(() => {});
      await second.shard[order]();
      expect(await lives.kept()).toEqual(before);
    },
  );

  it('grow old while they are tried and nobody answers', async () => {
    const lives = new Lives();
    const first = lives.live();
    await lives.ready(first);
    first.kill();
    const before = await lives.kept();
    lives.gateway.control.injectFault('withholdHello', { times: 'all' });
    for (let i = 0; i < 3; i += 1) {
      const life = lives.live();
      life.shard.start().catch(() => {});
      await lives.pass(10_000);
      life.kill();
    }
    const after = await lives.kept();
    expect(after.savedAt).toBeGreaterThan(before.savedAt + 15_000);
    expect(after.resume?.savedAt).toBe(before.resume?.savedAt);
  });

  it('tell of a place that fails, once until it works again, and go on without it', async () => {
    let fails = true;
    const memory = memorySessions();
    const lives = new Lives({
      load: () => Promise.reject(new Error('no disk')),
      save: (kept) => (fails ? Promise.reject(new Error('no disk')) : memory.save(kept)),
    });
    const life = lives.live();
    await lives.ready(life);
    await lives.pass(5_000);
    const unread = 'what was kept of sessions could not be read: a new session begins: no disk';
    const unsaved = 'the session could not be saved: no disk';
    expect(life.warnings).toEqual([unread, unsaved]);
    fails = false;
    await lives.pass(2_000);
    expect(await memory.load()).toHaveLength(1);
    fails = true;
    lives.dispatch('a');
    await lives.pass(1_001);
    expect(life.warnings).toEqual([unread, unsaved, unsaved]);
  });

  it('wait for no place that hangs, be it to read or before an Identify', async () => {
    const lives = new Lives({ load: () => new Promise(() => {}), save: () => new Promise(() => {}) });
    const life = lives.live();
    life.shard.start().catch(() => {});
    await lives.pass(4_900);
    expect(life.shard.state).toBe('stopped');
    await lives.pass(2_000);
    expect(life.shard.isReady).toBe(true);
    let isOver = false;
    void life.shard.stop().then(() => {
      isOver = true;
    });
    await lives.pass(4_900);
    expect([life.shard.state, isOver]).toEqual(['stopped', false]);
    await lives.pass(600);
    expect(isOver).toBe(true);
    expect(life.warnings).toEqual([
      'what was kept of sessions could not be read: a new session begins: nothing within 5000 ms',
      'the session could not be saved: nothing within 1000 ms',
    ]);
  });

  it.each([
    ['is not kept of shards', [{ token: 'secret' }], 'it gave what is not kept of shards: version is not 1'],
    ['is no list', { token: 'secret' }, 'it gave what is not kept of shards: it is not a list'],
  ])('take nothing that %s', async (_, given, says) => {
    const lives = new Lives({ load: async () => given as never, save: async () => {} });
    const life = lives.live();
    await lives.ready(life);
    expect(life.warnings).toEqual([`what was kept of sessions could not be read: a new session begins: ${says}`]);
  });

  it('do not start a shard that was stopped while they were read, and are read again for the next start', async () => {
    let loads = 0;
    const memory = memorySessions();
    const lives = new Lives({
      save: memory.save,
      load() {
        loads += 1;
        return memory.load();
      },
    });
    const life = lives.live();
    const refused = expect(life.shard.start()).rejects.toThrow('stopped');
    await life.shard.stop();
    await refused;
    await lives.pass(100);
    expect([life.shard.state, loads]).toEqual(['stopped', 1]);
    await lives.ready(life);
    expect(loads).toBe(2);
  });

  it('tell the permits of a bot once, of all its shards', async () => {
    const told: unknown[] = [];
    const lives = new Lives();
    await lives.pass(60_000);
    const identifies = { sent: [50_000, 70_000], left: 8, nextAt: null };
    await lives.sessions.save({ version: 1, shard: [1, 2], resume: null, identifies, savedAt: 0 });
    const permits = {
      request: async () => ({ granted: true, settle() {} }) as const,
      update() {},
      remember: (past: unknown) => void told.push(past),
    };
    const { load, save } = lives.sessions;
    const sessions = { load, save };
    for (const id of [0, 1]) await lives.ready(lives.live({ shard: [id, 2], permits, sessions }));
    expect(told).toEqual([
      [
        { shardId: 1, ago: 10_000 },
        { shardId: 1, ago: 0 }, // a clock that was set back
      ],
    ]);
  });

  it('are read once for all shards that start together', async () => {
    let loads = 0;
    const memory = memorySessions();
    const lives = new Lives();
    const sessions = {
      save: memory.save,
      load() {
        loads += 1;
        return memory.load();
      },
    };
    const all = [0, 1, 2].map((id) => lives.live({ shard: [id, 3], sessions }));
    for (const { shard } of all) shard.start().catch(() => {});
    await lives.until(() => all.every(({ shard }) => shard.isReady));
    await lives.pass(1_001);
    expect([loads, (await memory.load()).length]).toEqual([1, 3]);
  });

  it('save at the end of the process, while the shard runs', async () => {
    const exits = new Set<() => void>();
    const saves: KeptSession[] = [];
    const clock = simulatedClock();
    const lives = new Lives();
    const gateway = createMemoryGateway({ clock: lives.clock, token: TOKEN });
    const { createShard } = shardsOn({
      socket: () => gateway.socketPort,
      inflate: zlibInflate,
      onExit(run) {
        exits.add(run);
        return () => exits.delete(run);
      },
    });
    const options = { token: TOKEN, intents: ['GUILDS'], clock: lives.clock, locator: gateway.locator } as const;
    const shard = createShard({
      ...options,
      sessions: { load: async () => [], save: async (kept) => void saves.push(kept) },
    });
    shard.start().catch(() => {});
    await lives.until(() => shard.isReady);
    await lives.pass(100);
    expect(exits.size).toBe(1);
    for (const run of exits) run();
    expect(saves.at(-1)?.resume?.sequence).toBe(shard.session?.sequence);
    expect(inspect(saves, { depth: 9 })).not.toContain(shard.session?.id);
    void shard.stop();
    await lives.pass(600);
    expect(exits.size).toBe(0);
    expect(saves.at(-1)?.resume).toBeNull();
    expect([shard.keepsSession, createShard({ ...options, clock }).keepsSession]).toEqual([true, false]);
  });
});
