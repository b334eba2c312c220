import { afterEach, describe, expect, it } from 'vitest';
import { verdict } from '../../src/conformance/rules.js';
import type { PermitPort } from '../../src/ports/index.js';
import type { Dispatch } from '../../src/shard/index.js';
import { memoryWorld, type World } from '../support/memory.js';

let world: World;
let judged = true;

/** A shard that is ready, with a consumer that writes down what it gets. */
async function ready(...options: Parameters<typeof memoryWorld>): Promise<Dispatch[]> {
  world = memoryWorld(...options);
  const got: Dispatch[] = [];
  world.shard.on('dispatch', (dispatch) => got.push(dispatch));
  const started = world.order.start();
  await world.until(() => world.shard.isReady);
  await started;
  return got;
}

afterEach(async () => {
  if (judged) expect(verdict(world.scene())).toEqual([]);
  judged = true;
  const stopped = world.shard.stop();
  await world.pass(1_000);
  await stopped;
  world.gateway.stop();
  await world.pass(5_000); // the permit's window
  expect(world.clock.next, 'timers left').toBeUndefined();
});

describe('a shard in memory', () => {
  it('is started without a token, which its options hold', async () => {
    world = memoryWorld();
    const start = world.shard.start.bind(world.shard) as (token: string) => Promise<void>;
    await expect(start('token')).rejects.toThrow('start takes no token: createShard does, as an option');
    expect(world.shard.state).toBe('stopped');
  });

  it('identifies, becomes ready, and gets the guilds', async () => {
    const got = await ready();
    await world.pass(1_000);
    expect(got.map(({ name }) => name)).toEqual(['READY', 'GUILD_CREATE', 'GUILD_CREATE', 'GUILD_CREATE']);
    expect(got.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  it('beats for an hour, and knows its latency', async () => {
    await ready({}, { heartbeatInterval: 41_250, latency: 20 });
    await world.pass(3_600_000);
    const beats =
      world.scene().connections[0]?.entries.filter(({ from, payload }) => from === 'client' && payload?.op === 1) ?? [];
    expect(beats.length).toBeGreaterThanOrEqual(86);
    expect(world.scene().connections).toHaveLength(1);
    expect(world.shard.latency.average).toBe(40);
    expect(world.shard.latency.recent).toEqual([40, 40, 40, 40, 40]);
  });

  it('resumes after op 7 at the resume URL, and gets what it missed once, marked as replayed', async () => {
    const got = await ready();
    await world.pass(60_000);
    world.gateway.control.requestReconnect();
    await world.until(() => !world.shard.isReady);
    world.gateway.control.dispatch('MESSAGE_CREATE', { id: 'missed' });
    await world.until(() => world.shard.isReady);
    const missed = got.filter(({ data }) => (data as { id?: string }).id === 'missed');
    expect(missed).toMatchObject([{ name: 'MESSAGE_CREATE', data: { id: 'missed' }, sequence: 5, replayed: true }]);
    expect(got.at(-1)).toMatchObject({ name: 'RESUMED', replayed: false });
    expect(new URL(world.scene().connections[1]?.url ?? '').host).toBe('gateway-us-east1-b.discord.gg');
  });

  it.each([
    ['dispatchRepeated', 'repeated', []],
    ['dispatchFromBefore', 'repeated', []],
    ['dispatchWithZero', 'repeated', []],
    ['dispatchThatLeaps', 'malformed', []],
    ['dispatchWithoutSequence', 'unnumbered', [null]],
    ['dispatchWithNull', 'unnumbered', [null]],
  ] as const)('takes a %s for %s, and goes on with its session', async (kind, cause, sequences) => {
    const got = await ready();
    judged = kind !== 'dispatchThatLeaps'; // the rules believe whatever number comes
    const { id, sequence } = world.shard.session ?? { id: '', sequence: 0 };
    const notices: string[] = [];
    world.shard.on('notice', (news) => notices.push(news.cause.name));
    got.length = 0;
    world.gateway.control.injectFault('malformed', { kind });
    await world.pass(1_000);
    expect([notices, got.map((each) => each.sequence)]).toEqual([[cause], sequences]);
    expect(world.shard.session).toEqual({ id, sequence });
    world.gateway.control.dispatch('TYPING_START', {});
    world.gateway.control.dropTcp();
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    expect(world.shard.session?.id).toBe(id);
    expect(got.filter(({ name }) => name === 'TYPING_START')).toHaveLength(1);
  });

  it('ends the session with the first 4007, after a number that it has not reached', async () => {
    await ready();
    const { id } = world.shard.session ?? { id: '' };
    const causes: string[] = [];
    world.shard.on('transition', ({ cause }) => causes.push(`${cause.name} ${cause.closeCode ?? ''}`.trim()));
    world.gateway.control.injectFault('malformed', { kind: 'dispatchAhead' });
    await world.pass(100);
    world.gateway.control.dropTcp();
    judged = false; // the number was the Gateway's
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    expect(causes.filter((cause) => cause.startsWith('closed'))).toEqual([
      'closedForResume 1006',
      'closedForIdentify 4007',
    ]);
    expect(world.shard.session?.id).not.toBe(id);
  });

  it.each([1, 20, 40])(
    'notices a zombie within two intervals and the grace, and is back 1.5 s later (latency %i ms)',
    async (latency) => {
      await ready({}, { heartbeatInterval: 10_000, latency });
      await world.pass(60_000);
      const acks = world.scene().connections[0]?.entries.filter(({ payload }) => payload?.op === 11) ?? [];
      const lastAck = acks.at(-1)?.at ?? 0;
      world.gateway.control.injectFault('goSilent');
      let noticed = 0;
      world.shard.on('transition', ({ cause }) => {
        if (cause.name === 'zombied') noticed = world.clock.now();
      });
      await world.until(() => noticed > 0);
      expect(noticed - lastAck).toBeLessThanOrEqual(2 * 10_000 + 250);
      await world.until(() => world.shard.isReady);
      expect(world.clock.now() - noticed).toBeLessThanOrEqual(1_500);
    },
  );

  it('is not taken in by dispatches while ACKs are missing', async () => {
    await ready({}, { heartbeatInterval: 10_000, dispatchesPerSecond: 2 });
    await world.pass(30_000);
    world.gateway.control.injectFault('swallowAcks', { times: 1 });
    await world.until(() => !world.shard.isReady);
    expect(world.scene().connections).toHaveLength(1);
  });

  it('takes any traffic for life where the policy says so', async () => {
    await ready({ policy: { zombieTest: 'anyTraffic' } }, { heartbeatInterval: 10_000, dispatchesPerSecond: 2 });
    world.gateway.control.injectFault('swallowAcks');
    await world.pass(100_000);
    expect(world.scene().connections).toHaveLength(1);
    const [connection] = world.scene().connections;
    expect(connection?.entries.filter(({ payload }) => payload?.op === 11)).toEqual([]);
    judged = false; // the documentation would have it otherwise
  });

  it('begins anew after op 9 false, after 1 to 5 s', async () => {
    const got = await ready();
    const { id } = world.shard.session ?? { id: '' };
    world.gateway.control.invalidateSession(false);
    await world.until(() => !world.shard.isReady);
    expect(world.shard.session).toBeNull();
    await world.until(() => world.shard.isReady);
    expect(world.shard.session?.id).not.toBe(id);
    expect(got.filter(({ name }) => name === 'READY')).toHaveLength(2);
  });

  it('resumes after op 9 true', async () => {
    await ready();
    const { id } = world.shard.session ?? { id: '' };
    world.gateway.control.invalidateSession(true);
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    expect(world.shard.session?.id).toBe(id);
  });

  it('goes to the main URL when the resume host refuses, with the same session', async () => {
    await ready();
    const { id } = world.shard.session ?? { id: '' };
    world.gateway.control.injectFault('refuseResumeHost');
    world.gateway.control.dropTcp();
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    expect(world.shard.session?.id).toBe(id);
    expect(world.scene().connections.map(({ url }) => new URL(url).host)).toEqual([
      'gateway.discord.gg',
      'gateway-us-east1-b.discord.gg',
      'gateway.discord.gg',
    ]);
  });

  it('gives a session up after three resumes that were dropped', async () => {
    await ready();
    world.gateway.control.injectFault('resumeThenDrop');
    world.gateway.control.dropTcp();
    await world.until(() => world.shard.session === null);
    world.gateway.control.clearFaults();
    await world.until(() => world.shard.isReady);
    const sent = world
      .scene()
      .connections.flatMap(({ entries }) =>
        entries.filter(({ from, payload }) => from === 'client' && payload?.op === 6),
      );
    expect(sent).toHaveLength(3);
  });

  it.each([1000, 1006, 4001])(
    'keeps a session that brings something, however often its connection is lost (%i)',
    async (code) => {
      const got = await ready({}, { heartbeatInterval: 41_250 });
      const { id } = world.shard.session ?? { id: '' };
      for (let i = 0; i < 8; i += 1) {
        if (code === 1006) world.gateway.control.dropTcp();
        else world.gateway.control.closeWith(code);
        await world.until(() => !world.shard.isReady);
        if (i % 2 === 0) world.gateway.control.dispatch('TYPING_START', {}); // missed, and replayed
        await world.until(() => world.shard.isReady);
        if (i % 2 === 1) world.gateway.control.dispatch('TYPING_START', {});
      }
      expect(world.shard.session?.id).toBe(id);
      expect(got.filter(({ name }) => name === 'READY')).toHaveLength(1);
    },
  );

  it('drops a peer that does not answer its close, after half a second', async () => {
    await ready();
    world.gateway.control.injectFault('ignoreClose');
    const at = world.clock.now();
    const stopped = world.order.stop();
    await world.pass(499);
    expect(world.shard.state).toContain('closing');
    await world.pass(2);
    await stopped;
    expect(world.shard.state).toBe('stopped');
    expect(world.clock.now() - at).toBe(501);
  });

  it('sends commands when it is ready, and keeps them until then', async () => {
    await ready();
    await world.shard.send(3, { since: null, activities: [], status: 'online', afk: false });
    await world.pass(10);
    expect(world.scene().connections[0]?.entries.at(-1)).toMatchObject({ from: 'client', payload: { op: 3 } });
    await expect(world.shard.send(8, { guild_id: '1', query: 'x'.repeat(5_000), limit: 0 })).rejects.toMatchObject({
      code: 'ERR_PAYLOAD_TOO_LARGE',
    });
    world.gateway.control.dropTcp();
    await world.until(() => !world.shard.isReady);
    const sending = world.shard.send(3, { since: null, activities: [], status: 'online', afk: false });
    expect(world.shard.budget).toEqual({ left: 0, nextAt: null, waiting: 1 });
    await world.until(() => world.shard.isReady);
    expect(await sending).toBe('sent');
  });

  it('reconnects on order, at once; with a new session if it has to be fresh', async () => {
    await ready();
    const { id } = world.shard.session ?? { id: '' };
    world.order.reconnect();
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    expect(world.shard.session?.id).toBe(id);
    world.order.reconnect({ fresh: true });
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    expect(world.shard.session?.id).not.toBe(id);
  });

  it('shows an inspector every dispatch, and delivers the same', async () => {
    const seen: string[] = [];
    const got = await ready({
      inspect: (event) => void (event.type === '@xstate.event' && seen.push(event.event.type)),
    });
    for (let i = 0; i < 5; i += 1) world.gateway.control.dispatch('MESSAGE_CREATE', { i });
    await world.pass(10);
    expect(seen.filter((type) => type === 'dispatch')).toHaveLength(8);
    expect(seen).not.toContain('dispatched');
    expect(got.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a shard that is about to fail, and is stopped before it has', () => {
  it('fails later for the reason there is then', async () => {
    let isRefused = true;
    const refused = { granted: false, reason: 'not today', retryAfter: null } as const;
    const permits: PermitPort = {
      request: async () => (isRefused ? refused : { granted: true, settle() {} }),
      update() {},
    };
    world = memoryWorld({ permits });
    judged = false; // orders of its own, of which the rules are not told
    const { shard, gateway, until } = world;
    const failed: string[] = [];
    shard.on('failed', ({ error }) => void failed.push(error.message));
    shard.on('transition', ({ to }) => {
      if (to.endsWith('closing.failing')) void shard.stop();
    });
    shard.start().catch(() => {});
    await until(() => shard.state === 'stopped');
    expect(failed).toEqual([]);

    isRefused = false;
    void shard.start();
    await until(() => shard.isReady);
    shard.closed.catch(() => {});
    gateway.control.closeWith(4014);
    await until(() => shard.state === 'failed');
    expect(failed).toEqual([expect.stringContaining('4014')]);
  });
});
