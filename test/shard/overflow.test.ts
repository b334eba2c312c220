/** `overflow: 'resume'`: the replay buffer of the Gateway takes what ours cannot. The same for ten minutes: overflow.long.test.ts. */
import { describe, expect, it } from 'vitest';
import type { ShardOptions } from '../../src/index.js';
import { type Flood, flooded } from '../support/flood.js';
import { ShardBench } from '../support/shard-bench.js';

const MINUTES = 60_000;

/** A consumer that handles a tenth of what comes: what it got, and how much waited at most. */
async function slowly(flood: Partial<Flood>, options: Partial<ShardOptions> = {}, rate = 100) {
  const world = flooded({ rate: 1_000, ms: 3_000, canPause: false, ...flood }, { buffer: 200, ...options });
  const { shard, gateway, until, consume } = world;
  const [got, heard, states, warnings]: string[][] = [[], [], [], []];
  let most = 0;
  shard.on('MESSAGE_CREATE', ({ id }) => void heard!.push(id));
  shard.on('transition', ({ to }) => void states!.push(to));
  shard.on('warning', ({ problem }) => void warnings!.push(problem));
  shard.on('backlog', ({ waiting }) => {
    most = Math.max(most, waiting);
  });
  void consume(shard.dispatches('MESSAGE_CREATE'), rate, (id) => got!.push(id));
  void shard.start();
  await until(() => gateway.identifies > 0, 5_000);
  return { ...world, got: got!, heard: heard!, states: states!, warnings: warnings!, most: () => most };
}

const numbers = (count: number, session = 1) => Array.from({ length: count }, (_, i) => `${session}-${i + 2}`);

describe("overflow 'resume'", () => {
  it.each([
    { canPause: false, rate: 100, resumes: 5 },
    { canPause: true, rate: 20, resumes: 1 },
  ])('loses nothing and brings nothing twice: $canPause', async ({ canPause, rate, resumes }) => {
    const { until, gateway, got, heard, shard, most, warnings, states } = await slowly(
      { canPause },
      { buffer: 500 },
      rate,
    );
    expect(await until(() => got.length >= 3_000, 30 * MINUTES)).toBe(true);
    await until(() => false, 1_000);
    expect([got, heard]).toEqual([numbers(3_000), numbers(3_000)]);
    expect(await until(() => shard.isReady, 5 * MINUTES)).toBe(true);
    expect([gateway.identifies, warnings]).toEqual([1, []]);
    expect(gateway.resumes.length).toBeGreaterThanOrEqual(resumes);
    expect(new Set(gateway.closeCodes)).toEqual(new Set([4900]));
    expect(states.some((state) => state.startsWith('running.awaitingRoom'))).toBe(true);
    expect(most()).toBe(500);
  });

  it('resumes after the last that found room: what waits in the buffer does not come again', async () => {
    const { until, gateway } = await slowly({}, { buffer: 200 });
    await until(() => gateway.resumes.length > 0, MINUTES);
    expect(gateway.resumes[0]).toBeGreaterThan(200);
    expect(gateway.resumes[0]).toBeLessThan(250);
  });

  it('brings what one iterator lacks to that one alone, and new dispatches to all', async () => {
    const { until, shard, consume, got, heard } = await slowly({ ms: 500 }, { buffer: 20 });
    const quick: string[] = [];
    void consume(shard.dispatches(), 10_000, (id) => quick.push(id));
    const raw: number[] = [];
    shard.on('raw', (_, { sequence, name }) => name === 'MESSAGE_CREATE' && raw.push(sequence ?? 0));
    await until(() => got.length >= 500, 30 * MINUTES);
    expect([got, heard]).toEqual([numbers(500), numbers(500)]);
    expect(quick.filter(Boolean)).toEqual(numbers(500));
    expect(raw).toEqual(Array.from({ length: 500 }, (_, i) => i + 2));
  });

  it('stays away until half of the buffer is read', async () => {
    const { until, shard, states, gateway } = await slowly({}, { buffer: 400 });
    await until(() => states.some((state) => state.startsWith('running.awaitingRoom')), MINUTES);
    const away = () => shard.state.startsWith('running.awaitingRoom');
    const news: number[] = [];
    shard.on('backlog', ({ full, waiting }) => full || news.push(waiting));
    expect(gateway.resumes).toEqual([]);
    await until(() => !away(), MINUTES);
    expect(news).toEqual([200]);
  });

  it('stays away for a minute at most, however long nobody reads, and keeps the session', async () => {
    const { until, shard, gateway, clock } = flooded({ rate: 1_000, ms: 1_000, canPause: false }, { buffer: 20 });
    const iterator = shard.dispatches();
    const times: number[] = [];
    let left = 0;
    shard.on('transition', ({ to }) => {
      if (to === 'running.connection.closing.makingRoom') left = clock.now();
      if (to.startsWith('running.connection.reaching') && left > 0) times.push(clock.now() - left);
    });
    void shard.start();
    await until(() => gateway.resumes.length >= 8, 20 * MINUTES);
    expect(gateway.resumes.length).toBe(8);
    expect(Math.max(...times)).toBeLessThanOrEqual(60_600);
    expect([gateway.identifies, new Set(gateway.resumes).size]).toEqual([1, 1]);
    await iterator.return?.();
  });

  it('says so when the session is lost meanwhile, and goes on with the next', async () => {
    const { until, gateway, warnings, states, got } = await slowly({}, { buffer: 200 });
    await until(() => states.some((state) => state.startsWith('running.awaitingRoom')), MINUTES);
    gateway.lose();
    await until(() => gateway.identifies > 1, 10 * MINUTES);
    await until(() => got.length >= 3_000, 30 * MINUTES);
    expect(warnings).toEqual(['the session ended before it brought again what found no room: dispatches are missing']);
    const first = got.filter((id) => id.startsWith('1-'));
    expect(first).toEqual(numbers(first.length));
    expect(got.slice(first.length)).toEqual(numbers(got.length - first.length, 2));
  });

  it('ends by order while it is away', async () => {
    const { until, shard, states } = await slowly({}, { buffer: 200 });
    await until(() => states.some((state) => state.startsWith('running.awaitingRoom')), MINUTES);
    void shard.stop();
    expect(await until(() => shard.state === 'stopped', 1_000)).toBe(true);
  });
});

describe("overflow 'resume' where no resume brings a dispatch again", () => {
  /** What is said of the dispatch with 3, which finds no room, and from where the session is resumed. */
  async function withoutRoom(ready: object, onThird: (b: ShardBench) => void = () => {}) {
    const b = new ShardBench({ overflow: 'resume', buffer: 1, hears: ['warning', 'backlog'] });
    const iterator = b.shard.dispatches('CHANNEL_UPDATE');
    b.shard.on('raw', (_, { sequence }) => sequence === 3 && onThird(b));
    await b.begin(ready);
    b.dispatch(2, 'CHANNEL_UPDATE');
    b.dispatch(3, 'CHANNEL_UPDATE');
    await iterator.next();
    return {
      lines: b.lines.filter((line) => /^(close|warning|backlog)/.test(line)),
      sequence: b.shard.session?.sequence,
    };
  }
  const LEFT_OUT = [
    'backlog {"full":true,"waiting":1,"waitingBytes":42,"dropped":0}',
    'warning an iterator is read too slowly: dispatches are left out',
    'backlog {"full":false,"waiting":0,"waitingBytes":0,"dropped":1}',
  ];

  it('leaves it out and stays, without a session', async () => {
    const { lines } = await withoutRoom({});
    expect(lines.filter((line) => !line.includes('READY came without'))).toEqual(LEFT_OUT);
  });

  it('leaves it out once a listener had the shard leave, which resumes after it', async () => {
    const ready = { session_id: 'session-1', resume_gateway_url: 'wss://resume.discord.gg' };
    const { lines, sequence } = await withoutRoom(ready, (b) => b.shard.reconnect());
    expect(lines).toEqual(LEFT_OUT.toSpliced(1, 0, 'close 4900'));
    expect(sequence).toBe(3);
  });
});
