/** Lives of a bot's process, one after the other, on one simulated Gateway and clock: each may be killed without a word. */
import { zlibInflate } from '../../adapters/zlib.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { passTime, simulatedClock } from '../../src/ports/clock.js';
import type { ClockPort, KeptSession, SessionsPort, Socket, SocketPort } from '../../src/ports/index.js';
import { memorySessions } from '../../src/ports/memory-sessions.js';
import { type Shard, type ShardOptions, shardsOn } from '../../src/shard/index.js';
import { createMemoryGateway } from '../../src/simulator/memory.js';
import { TOKEN } from './memory.js';

/** A process. */
export interface Life {
  readonly shard: Shard;
  readonly warnings: string[];
  /** Ends it at once: no timer runs, nothing is saved, its sockets are gone. */
  kill(): void;
}

/** Where lives take place. */
export class Lives {
  readonly clock = simulatedClock();
  readonly gateway;
  readonly sessions: SessionsPort;
  /** When identifies were sent, in ms. */
  readonly identifies: number[] = [];

  constructor(sessions: SessionsPort = memorySessions()) {
    this.sessions = sessions;
    this.gateway = createMemoryGateway({ clock: this.clock, token: TOKEN });
    this.gateway.log.subscribe(({ direction, payload }) => {
      if (direction === 'client' && (payload as { op?: unknown } | undefined)?.op === 2)
        this.identifies.push(this.clock.now());
    });
  }

  /** A new process, which goes on from what is kept. */
  live(options: Partial<ShardOptions> = {}): Life {
    const { clock, gateway, sessions } = this;
    let isDead = false;
    const sockets = new Set<Socket>();
    const unlessDead =
      <A extends unknown[]>(fn: (...args: A) => void) =>
      (...args: A) => {
        if (!isDead) fn(...args);
      };
    const mine: ClockPort = { ...clock, setTimeout: (fn, ms) => clock.setTimeout(unlessDead(fn), ms) };
    const socket: SocketPort = {
      open(url, settings, { opened, message, closed }) {
        const opening = gateway.socketPort.open(url, settings, {
          opened: unlessDead(opened),
          message: unlessDead(message),
          closed: unlessDead(closed),
        });
        sockets.add(opening);
        return opening;
      },
    };
    const { createShard } = shardsOn({ socket: () => socket, inflate: zlibInflate });
    const shard = createShard({
      token: TOKEN,
      intents: ['GUILDS', 'GUILD_MESSAGES'],
      clock: mine,
      random: () => 0.5,
      locator: gateway.locator,
      permits: memoryPermits({ clock: mine }),
      sessions: {
        load: () => sessions.load(),
        save: (kept) => (isDead ? new Promise(() => {}) : sessions.save(kept)),
      },
      ...options,
    } as ShardOptions);
    const warnings: string[] = [];
    shard.on('warning', ({ problem, error }) =>
      warnings.push(error === undefined ? problem : `${problem}: ${(error as Error).message}`),
    );
    return {
      shard,
      warnings,
      kill() {
        isDead = true;
        for (const each of sockets) each.drop();
      },
    };
  }

  /** What is kept of the first shard. */
  async kept(): Promise<KeptSession> {
    const [kept] = await this.sessions.load();
    if (kept === undefined) throw new Error('nothing is kept');
    return kept;
  }

  pass(ms: number): Promise<void> {
    return passTime(this.clock, ms);
  }

  /** Lets time pass until something holds; throws after ten minutes. */
  async until(holds: () => boolean): Promise<void> {
    const end = this.clock.now() + 600_000;
    for (await this.pass(0); !holds(); ) {
      const { next } = this.clock;
      if (next === undefined || next > end) throw new Error('still waiting');
      await this.pass(next - this.clock.now());
    }
  }

  /** Starts, until the session is ready and its guilds have come. */
  async ready({ shard }: Life): Promise<void> {
    shard.start().catch(() => {});
    await this.until(() => shard.isReady);
    await this.pass(100);
  }

  dispatch(...ids: string[]): void {
    for (const id of ids) this.gateway.control.dispatch('MESSAGE_CREATE', { id });
  }
}
