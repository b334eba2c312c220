import { describe, expect, it } from 'vitest';
import { verdict } from '../../src/conformance/rules.js';
import { LocateError, type PermitPort, type ResumeRecord } from '../../src/ports/index.js';
import type { ShardOptions } from '../../src/shard/index.js';
import { memoryWorld, TOKEN, type World } from '../support/memory.js';

/** Permits that are granted to none until they are granted to all. */
function heldPermits(): PermitPort & { grant(): void } {
  let grant = () => {};
  const granted = new Promise<void>((resolve) => {
    grant = resolve;
  });
  return {
    grant: () => grant(),
    update: () => {},
    request: ({ signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        void granted.then(() => resolve({ granted: true, settle: () => {} }));
      }),
  };
}

/** Ways into every state of the chart in which an order can come, by name. */
const PLACES: Record<
  string,
  {
    state: RegExp;
    enter: (world: World) => Promise<void> | void;
    /** No permit is granted there. */
    isHeld?: true;
  }
> = {
  locating: { state: /^running\.locating$/, enter: (w) => start(w) },
  opening: { state: /opening$/, enter: (w) => startUntil(w, /opening$/) },
  awaitingHello: {
    state: /awaitingHello$/,
    enter: (w) => {
      w.gateway.control.injectFault('withholdHello');
      return startUntil(w, /awaitingHello$/);
    },
  },
  queuedForIdentify: {
    state: /queuedForIdentify/,
    isHeld: true,
    enter: (w) => startUntil(w, /queuedForIdentify/),
  },
  identifying: {
    state: /identifying/,
    enter: (w) => {
      w.gateway.control.injectFault('withholdReady');
      return startUntil(w, /identifying/);
    },
  },
  ready: { state: /session\.ready/, enter: (w) => startUntil(w, /session\.ready/) },
  overdue: {
    state: /overdue/,
    enter: async (w) => {
      await startUntil(w, /session\.ready/);
      w.gateway.control.injectFault('swallowAcks');
      await w.until(() => w.shard.state.includes('overdue'));
    },
  },
  resuming: {
    state: /resuming/,
    enter: async (w) => {
      await startUntil(w, /session\.ready/);
      w.gateway.control.injectFault('withholdResumed');
      w.gateway.control.dropTcp();
      await w.until(() => w.shard.state.includes('resuming'));
    },
  },
  reconnecting: {
    state: /closing\.reconnecting/,
    enter: async (w) => {
      await startUntil(w, /session\.ready/);
      w.gateway.control.injectFault('ignoreClose');
      w.gateway.control.requestReconnect();
      await w.until(() => w.shard.state.includes('closing.reconnecting'));
    },
  },
  waiting: {
    state: /waiting$/,
    enter: async (w) => {
      await startUntil(w, /session\.ready/);
      w.gateway.control.invalidateSession(true);
      await w.until(() => w.shard.state.endsWith('waiting'));
    },
  },
};

function start(world: World): void {
  void world.order.start().catch(() => {});
}

async function startUntil(world: World, state: RegExp): Promise<void> {
  start(world);
  await world.until(() => state.test(world.shard.state));
}

/** Nothing is left: no timer, no connection, no event ever again. */
async function expectSilence({ shard, gateway, clock, pass, scene }: World): Promise<void> {
  gateway.control.clearFaults();
  const connections = scene().connections.length;
  const transitions: string[] = [];
  shard.on('transition', ({ to }) => transitions.push(to));
  await pass(600_000);
  expect(scene().connections).toHaveLength(connections);
  expect(transitions).toEqual([]);
  gateway.stop();
  await pass(600_000);
  expect(clock.next).toBeUndefined();
}

describe.each(Object.entries(PLACES))('in %s', (place, { state, enter, isHeld }) => {
  /** A shard that is there; `release` takes away what keeps it there. */
  async function there(): Promise<World & { release(): void }> {
    const permits = heldPermits();
    const world = memoryWorld(isHeld ? { permits } : {}, { heartbeatInterval: 10_000 });
    await enter(world);
    expect(world.shard.state).toMatch(state);
    const release = () => {
      world.gateway.control.clearFaults();
      permits.grant();
    };
    return { ...world, release };
  }

  it('stop settles, opens nothing afterwards and leaves no timer', async () => {
    const world = await there();
    let stopped = 0;
    void world.order.stop().then(() => stopped++);
    void world.order.stop().then(() => stopped++);
    await world.pass(501);
    expect(stopped).toBe(2);
    expect(world.shard.state).toBe('stopped');
    expect(world.shard.session).toBeNull();
    await expect(world.shard.closed).resolves.toBeUndefined();
    await world.order.stop();
    expect(verdict(world.scene())).toEqual([]);
    await expectSilence(world);
  });

  it('detach settles, keeps the session if there is one, and opens nothing afterwards', async () => {
    const world = await there();
    const { session } = world.shard;
    let record: ResumeRecord | null | undefined;
    void world.shard.detach().then((made) => {
      record = made;
    });
    await world.pass(501);
    expect(world.shard.state).toBe('stopped');
    expect(record === null).toBe(session === null);
    if (session !== null)
      expect(record).toMatchObject({ version: 1, sessionId: session.id, sequence: session.sequence });
    expect(verdict(world.scene())).toEqual([]);
    await expectSilence(world);
  });

  it('start rejects if a stop comes before it is ready', async () => {
    const world = await there();
    const wasReady = ['ready', 'overdue', 'resuming', 'reconnecting', 'waiting'].includes(place);
    const started = world.shard.start(); // the one that is under way
    const stopped = world.order.stop();
    await world.pass(501);
    await stopped;
    if (wasReady) await expect(started).resolves.toBeUndefined();
    else await expect(started).rejects.toMatchObject({ code: 'ERR_STOPPED' });
    await expectSilence(world);
  });

  it('stop followed by start leads to ready again', async () => {
    const world = await there();
    const stopped = world.order.stop();
    const started = world.order.start();
    await world.pass(501);
    await stopped;
    world.release();
    await world.until(() => world.shard.isReady);
    await started;
    expect(verdict(world.scene())).toEqual([]);
    const again = world.order.stop();
    await world.pass(501);
    await again;
    await expectSilence(world);
  });

  it('a fresh reconnect leads to ready on one more connection', async () => {
    const world = await there();
    const before = world.scene().connections.length;
    world.order.reconnect({ fresh: true });
    world.release();
    await world.until(() => world.shard.isReady);
    expect(world.scene().connections).toHaveLength(before + 1);
    expect(verdict(world.scene())).toEqual([]);
    const stopped = world.order.stop();
    await world.pass(501);
    await stopped;
    await expectSilence(world);
  });
});

describe('a start that fails', () => {
  it.each([4004, 4010, 4011, 4012, 4013, 4014])(
    'says that the Gateway closed with %i, and what to do',
    async (code) => {
      const world = memoryWorld();
      world.gateway.control.injectFault('closeWith', { code, at: 'starting' });
      const started = world.order.start();
      await world.until(() => world.shard.state === 'failed');
      await expect(started).rejects.toMatchObject({
        code: 'ERR_GATEWAY_CLOSED',
        closeCode: code,
        name: 'GatewayClosedError',
      });
      await expect(started).rejects.toThrow(new RegExp(`${code} .+: .{20,}`));
      await expect(world.shard.closed).rejects.toMatchObject({ closeCode: code });
      await expectSilence(world);
    },
  );

  it('says that the token is refused', async () => {
    const world = memoryWorld({ token: 'another-token' });
    const started = world.order.start();
    await world.until(() => world.shard.state === 'failed');
    await expect(started).rejects.toMatchObject({ code: 'ERR_GATEWAY_CLOSED', closeCode: 4004 });
    await expect(started).rejects.not.toThrow(/another-token/);
  });

  it('says that Get Gateway Bot refused the token', async () => {
    const world = memoryWorld({ locator: { locate: () => Promise.reject(new LocateError('unauthorized', '401')) } });
    const started = world.order.start();
    await world.until(() => world.shard.state === 'failed');
    await expect(started).rejects.toMatchObject({ code: 'ERR_UNAUTHORIZED' });
    await expectSilence(world);
  });

  it('says that the identify was refused for good', async () => {
    const refused = { granted: false, reason: 'the budget is kept for others', retryAfter: null } as const;
    const world = memoryWorld({ permits: { request: () => Promise.resolve(refused), update: () => {} } });
    const started = world.order.start();
    await world.until(() => world.shard.state === 'failed');
    await expect(started).rejects.toMatchObject({
      code: 'ERR_IDENTIFY_REFUSED',
      reason: 'the budget is kept for others',
    });
    await expectSilence(world);
  });

  it('may be tried again', async () => {
    const world = memoryWorld();
    world.gateway.control.injectFault('closeWith', { code: 4014, at: 'starting', times: 1 });
    const failed = world.order.start();
    await world.until(() => world.shard.state === 'failed');
    await expect(failed).rejects.toThrow(/4014/);
    await world.pass(10_000);
    const started = world.order.start();
    await world.until(() => world.shard.isReady);
    await started;
    const stopped = world.order.stop();
    await world.pass(501);
    await stopped;
    await expectSilence(world);
  });

  it.each([401, 403])(
    'does not take HTTP %i, with which a proxy refuses the WebSocket, for a word on the token',
    async (status) => {
      const world = memoryWorld();
      world.gateway.control.injectFault('refuseConnections', { status });
      const started = world.order.start();
      await world.pass(60_000);
      expect(world.shard.state).toMatch(/^running/);
      world.gateway.control.clearFaults();
      await world.until(() => world.shard.isReady);
      await started;
      expect(world.scene().connections.length).toBeGreaterThan(2);
    },
  );

  it('goes on trying where trying helps, and keeps the process out of it', async () => {
    const world = memoryWorld();
    world.gateway.control.injectFault('refuseConnections');
    world.gateway.control.injectFault('refuseGetGateway');
    const started = world.order.start();
    await world.pass(120_000);
    expect(world.shard.state).toMatch(/waiting|locating|opening/);
    world.gateway.control.clearFaults();
    await world.until(() => world.shard.isReady);
    await started;
  });
});

describe('a port that misbehaves', () => {
  it.each([
    [
      'locator throws',
      {
        locator: {
          locate: () => {
            throw new Error('broken locator');
          },
        },
      },
    ],
    [
      'locator gives no URL',
      {
        locator: {
          locate: () => Promise.resolve({ url: 'ftp://x', shards: 1, sessionStartLimit: null, fetchedAt: 0 }),
        },
      },
    ],
    [
      'permits throw',
      {
        permits: {
          request: () => {
            throw new Error('broken permits');
          },
          update: () => {},
        },
      },
    ],
    [
      'socket throws',
      {
        socket: {
          open: () => {
            throw new Error('broken socket');
          },
        },
      },
    ],
  ] as [string, Partial<ShardOptions>][])('is reported and retried: %s', async (_, options) => {
    const world = memoryWorld(options);
    const warnings: string[] = [];
    world.shard.on('warning', ({ problem }) => warnings.push(problem));
    start(world);
    await world.pass(60_000);
    expect(warnings.length).toBeGreaterThan(2);
    expect(warnings.length).toBeLessThan(60);
    expect(world.shard.state).toMatch(/^running/);
    const stopped = world.order.stop();
    await world.pass(501);
    await stopped;
    await expectSilence(world);
  });
});

describe('an abort signal', () => {
  it('stops the shard, and start rejects with its reason', async () => {
    const controller = new AbortController();
    const world = memoryWorld({ signal: controller.signal });
    const started = world.order.start();
    await world.pass(2);
    controller.abort(new Error('enough'));
    await world.pass(501);
    await expect(started).rejects.toThrow('enough');
    expect(world.shard.state).toBe('stopped');
    await expectSilence(world);
    await expect(world.shard.start()).rejects.toThrow('enough');
  });
});

describe('options', () => {
  it.each([
    [{ intents: ['GUILD'] as never }, /GUILD/],
    [{ intents: 1 << 17 }, /17|131072/],
    [{ url: 'http://gateway.discord.gg' }, /wss/],
    [{ url: 'ws://gateway.discord.gg' }, /unencrypted/],
    [{ policy: { closeCode: 1000 } }, /policy\.closeCode is 1000/],
    [{ policy: { deadlines: { hello: -1 } } }, /policy\.deadlines\.hello is -1/],
    [{ policy: { resumeBudget: 0.5 } }, /policy\.resumeBudget/],
    [{ resume: { version: 1, sessionId: '' } as never }, /resume record.+sessionId/],
  ])('that make no sense are refused with what is wrong: %j', (options, message) => {
    expect(() => memoryWorld(options as Partial<ShardOptions>)).toThrow(message);
    expect(() => memoryWorld(options as Partial<ShardOptions>)).not.toThrow(TOKEN);
  });

  it('take a token with Bot before it, and send it bare', async () => {
    const world = memoryWorld({ token: `Bot ${TOKEN}` });
    await startUntil(world, /session\.ready/);
    expect(verdict(world.scene())).toEqual([]);
  });
});
