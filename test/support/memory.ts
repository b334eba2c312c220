/** A shard and a simulated Gateway in one memory, on simulated time; and what crossed the wire, for the rules. */
import { zlibInflate } from '../../adapters/zlib.js';
import type { Connection, Entry, Payload, Scene } from '../../src/conformance/rules.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { SocketPort } from '../../src/ports/index.js';
import { seededRandom } from '../../src/ports/random.js';
import type { Shard } from '../../src/shard/index.js';
import { type ShardOptions, shardsOn } from '../../src/shard/index.js';
import { createMemoryGateway, type MemoryGatewayOptions } from '../../src/simulator/memory.js';
import { decodeEtf } from '../../src/wire/etf/index.js';

export const TOKEN = 'memory-token';

/** A connection that is being written down. */
type Tapped = Connection & { readonly entries: Entry[] };

export interface World {
  readonly shard: Shard;
  readonly gateway: ReturnType<typeof createMemoryGateway>;
  readonly clock: ReturnType<typeof simulatedClock>;
  /** Lets time pass, promises included. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until something holds; throws after ten minutes. */
  until(holds: () => boolean): Promise<void>;
  /** Orders, written down for the rules. */
  readonly order: { start(): Promise<void>; stop(): Promise<void>; reconnect(options?: { fresh?: boolean }): void };
  scene(): Scene;
}

/** The ports that connect a shard to a Gateway in memory. */
export function memoryWorld(
  options: Partial<ShardOptions> = {},
  gatewayOptions: Partial<MemoryGatewayOptions> = {},
): World {
  const clock = simulatedClock();
  const gateway = createMemoryGateway({ clock, token: TOKEN, recordDispatches: true, ...gatewayOptions });
  const connections: Tapped[] = [];
  const { createShard } = shardsOn({
    socket: () => tapped(gateway.socketPort, clock, connections),
    inflate: zlibInflate,
  });
  const shard = createShard({
    token: TOKEN,
    intents: ['GUILDS', 'GUILD_MESSAGES'],
    clock,
    random: seededRandom(7),
    locator: gateway.locator,
    permits: memoryPermits({ clock }),
    ...options,
  });
  const starts: number[] = [];
  const renewals: number[] = [];

  const pass = async (ms: number) => {
    const end = clock.now() + ms;
    await settle();
    for (let { next } = clock; next !== undefined && next <= end; { next } = clock) {
      clock.set(next);
      await settle();
    }
    clock.set(end);
  };
  return {
    shard,
    gateway,
    clock,
    pass,
    until: async (holds) => {
      const end = clock.now() + 600_000;
      for (await settle(); !holds(); ) {
        if (clock.now() > end || clock.next === undefined)
          throw new Error(`still waiting; the shard is ${shard.state}`);
        await pass(clock.next - clock.now());
      }
    },
    order: {
      start: () => {
        starts.push(clock.now());
        const started = shard.start();
        started.catch(() => {});
        return started;
      },
      stop: () => {
        renewals.push(clock.now());
        return shard.stop();
      },
      reconnect: (how) => {
        if (how?.fresh) renewals.push(clock.now());
        shard.reconnect(how);
      },
    },
    scene: () => ({
      connections,
      starts,
      renewals,
      token: TOKEN,
      mainUrl: 'wss://gateway.discord.gg/',
      until: clock.now(),
    }),
  };
}

/** Lets promises run that wait for nothing but each other. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await null;
}

/** The same sockets, with everything written down as the client sees it. */
function tapped(port: SocketPort, clock: { now(): number }, connections: Tapped[]): SocketPort {
  return {
    open(url, options, callbacks) {
      const connection: Tapped = { url, at: clock.now(), entries: [] };
      connections.push(connection);
      let over = false;
      const note = (entry: Omit<Entry, 'at'>) => {
        if (!over) connection.entries.push({ at: clock.now(), ...entry });
        over ||= entry.kind === 'end';
      };
      const socket = port.open(url, options, {
        opened: () => callbacks.opened(),
        message(data, isBinary) {
          note({ from: 'gateway', kind: 'message', payload: payloadIn(data, isBinary) });
          callbacks.message(data, isBinary);
        },
        closed(end) {
          note(
            end.code === 1006 ? { from: 'gateway', kind: 'end' } : { from: 'gateway', kind: 'close', code: end.code },
          );
          over = true;
          callbacks.closed(end);
        },
      });
      return {
        send(data) {
          note({ from: 'client', kind: 'message', payload: payloadIn(data, typeof data !== 'string') });
          socket.send(data);
        },
        close(code) {
          note({ from: 'client', kind: 'close', code });
          socket.close(code);
        },
        drop() {
          note({ from: 'client', kind: 'end' });
          socket.drop();
        },
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
      };
    },
  };
}

/** The object in a message, JSON in text or ETF in binary; null for anything else. */
export function payloadIn(data: string | Uint8Array, isBinary = false): Payload | null {
  try {
    const payload = isBinary ? decodeEtf(data as Uint8Array) : JSON.parse(String(data));
    return typeof payload === 'object' && !Array.isArray(payload) ? payload : null;
  } catch {
    return null;
  }
}
