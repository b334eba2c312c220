import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createShard, Opcode, sendLimiter } from '../../src/index.js';
import { type Simulator, startSimulator } from '../../src/simulator/index.js';
import { watchLateness } from '../support/slowness.js';

const INTERVAL = 1_000;

describe('200 commands at once, on real sockets', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ heartbeatInterval: INTERVAL, limits: { identifyWindowMs: 0 } });
  });
  afterAll(() => simulator.close());

  /** Payloads that arrived on a connection, and when. */
  const arrived = (connection: number) =>
    simulator.log.entries.filter(
      (entry) => entry.connection === connection && entry.direction === 'client' && entry.kind === 'text',
    );
  const opOf = ({ payload }: { payload?: unknown }) => (payload as { op?: number } | undefined)?.op;

  it('are sent as far as 60 s bear them, and heartbeats are in time', async () => {
    const lateness = watchLateness();
    const shard = createShard({ token: 'first', intents: [], url: simulator.url });
    await shard.start();
    const sending = Array.from({ length: 200 }, () =>
      shard.sendRaw(Opcode.RequestChannelInfo, { guild_id: '1', fields: [] }).catch(({ reason }) => reason),
    );
    await new Promise((resolve) => setTimeout(resolve, 4.5 * INTERVAL));
    const { left, waiting } = shard.budget;
    await shard.stop();

    const payloads = arrived(1);
    const beats = payloads.filter((entry) => opOf(entry) === Opcode.Heartbeat).map(({ at }) => at);
    expect(payloads.length).toBeLessThanOrEqual(120);
    expect(beats.length).toBeGreaterThanOrEqual(3);
    const late = lateness();
    for (const [i, at] of beats.slice(1).entries()) expect(at - (beats[i] ?? 0)).toBeLessThan(INTERVAL + 200 + late);
    expect(left).toBe(0);
    const outcomes = await Promise.all(sending);
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(200 - waiting);
    expect(outcomes.filter((outcome) => outcome === 'stopped')).toHaveLength(waiting);
    expect(waiting).toBeGreaterThan(100); // of the places of a minute, 62 are for heartbeats
  });

  it('are all sent once places come back, and none is refused', async () => {
    simulator.control.configure({ limits: { sends: { count: 120, windowMs: 1_000 } } });
    const limiter = sendLimiter({ count: 120, windowMs: 1_000, marginMs: 500 });
    const shard = createShard({ token: 'second', intents: [], url: simulator.url, limiter });
    const closes: unknown[] = [];
    shard.on('transition', ({ cause }) => {
      if (cause.name.startsWith('closedFor')) closes.push(cause);
    });
    await shard.start();
    const sending = Array.from({ length: 200 }, () =>
      shard.sendRaw(Opcode.RequestChannelInfo, { guild_id: '1', fields: [] }),
    );
    expect(new Set(await Promise.all(sending))).toEqual(new Set(['sent']));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await shard.stop();
    expect(closes).toEqual([]);
    expect(arrived(2).filter((entry) => opOf(entry) === Opcode.RequestChannelInfo)).toHaveLength(200);
  });

  it('has a request for members answered by what it asks for', async () => {
    const shard = createShard({ token: 'third', intents: ['GUILDS', 'GUILD_MEMBERS'], url: simulator.url });
    const guilds: string[] = [];
    shard.on('GUILD_CREATE', ({ id }) => guilds.push(id));
    await shard.start();
    await expect.poll(() => guilds.length).toBeGreaterThan(0);
    const { members } = await shard.requestGuildMembers({ guild_id: guilds[0] ?? '', query: '', limit: 0 });
    expect(members.length).toBeGreaterThan(0);
    await shard.stop();
  });
});
