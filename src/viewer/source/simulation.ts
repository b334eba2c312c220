/** A shard and a simulated Gateway in this very page: no network, on a clock that runs as fast as a reader likes. */

import { GATEWAY_IGNORED, type GatewayEvent } from '../../../machines/index.js';
import { fitsPattern } from '../../../machines/kit/patterns.js';
import { memoryPermits } from '../../limits/memory-permits.js';
import { passTime, simulatedClock } from '../../ports/clock.js';
import type { InflatePort } from '../../ports/inflate.js';
import { type Shard, shardsOn } from '../../shard/index.js';
import { createMemoryGateway, type FaultName, type MemoryGateway } from '../../simulator/browser.js';
import { lineOf } from '../model/lines.js';
import type { Listener } from './source.js';

/** Shorter than Discord's 41 s, so that a heartbeat can be awaited; and a wire slow enough to watch. */
const HEARTBEAT_MS = 8_000;
const LATENCY_MS = 60;
/** The longest that passes in one go: a tab in the background is not called for a while. */
const LEAP_MS = 250;

/** What is going wrong for good until it is put right. */
export const STANDING: readonly (readonly [name: FaultName, title: string, says: string])[] = [
  ['swallowAcks', 'swallow ACKs', 'Heartbeats are not acknowledged any more'],
  ['withholdHello', 'withhold Hello', 'Hello does not come'],
  ['withholdReady', 'withhold READY', 'An Identify is taken, but READY does not come'],
  ['withholdResumed', 'withhold RESUMED', 'A Resume is replayed, but RESUMED does not come'],
  ['ignoreClose', 'ignore closes', "The client's close is not answered"],
  ['refuseResumeHost', 'refuse resumes', 'The host that READY names for resumes refuses connections'],
  ['refuseConnections', 'refuse all', 'Every WebSocket is refused with HTTP 503'],
];

/** What the Gateway can be made to do at once. */
export type Deed = 'drop' | 'goSilent' | 'op1' | 'op7' | 'op9true' | 'op9false' | 'dispatch' | 'malformed' | 'close';

interface DeedRow {
  /** The event of the Gateway's chart. */
  readonly event: GatewayEvent['type'];
  readonly says: string;
}

const DEEDS: Readonly<Record<Deed, DeedRow>> = {
  drop: { event: 'fault.dropTcp', says: 'The Gateway cuts the TCP connection' },
  goSilent: { event: 'fault.goSilent', says: 'The Gateway goes dead, while TCP stays up' },
  op1: { event: 'requestHeartbeat', says: 'The Gateway asks for a heartbeat (op 1)' },
  op7: { event: 'requestReconnect', says: 'The Gateway asks to reconnect (op 7)' },
  op9true: { event: 'invalidateSession', says: 'The Gateway says Invalid Session, d true (op 9)' },
  op9false: { event: 'invalidateSession', says: 'The Gateway says Invalid Session, d false (op 9)' },
  malformed: { event: 'fault.malformed', says: 'The Gateway sends something that is not JSON' },
  dispatch: { event: 'dispatch', says: 'Somebody writes a message' },
  close: { event: 'closeWith', says: 'The Gateway closes' },
};

/** A running simulation. */
export class Simulation {
  readonly #clock = simulatedClock();
  readonly #gateway: MemoryGateway;
  readonly #shard: Shard;
  readonly #listener: Listener;
  readonly #standing = new Set<FaultName>();
  #messages = 0;
  #isOver = false;
  #isWorking = false;
  #before = performance.now();
  speed = 1;
  isPaused = false;

  constructor(listener: Listener) {
    this.#listener = listener;
    const clock = this.#clock;
    const record = (text: string) => {
      const line = lineOf(JSON.parse(text));
      if (line === null) listener.strange();
      else listener.line(line);
    };
    this.#gateway = createMemoryGateway({
      clock,
      latency: LATENCY_MS,
      heartbeatInterval: HEARTBEAT_MS,
      settings: { replayBatch: 5, replayDelay: 40, readyDelay: 80, helloDelay: 20 },
      random: Math.random,
      record,
    });
    const { createShard } = shardsOn({
      socket: () => this.#gateway.socketPort,
      inflate: () => NOTHING_COMPRESSED,
    });
    this.#shard = createShard({
      token: 'simulated',
      intents: ['GUILDS', 'GUILD_MESSAGES'],
      clock,
      locator: this.#gateway.locator,
      permits: memoryPermits({ clock }),
      record,
    });
    this.#shard.on('failed', () => {}); // told by its steps
    listener.status({ kind: 'live', says: 'Simulated in this page: nothing leaves it' });
  }

  /** The time on the simulation's clock, in ms. */
  get now(): number {
    return this.#clock.now();
  }

  /** Which faults hold now. */
  get standing(): ReadonlySet<FaultName> {
    return this.#standing;
  }

  /** Whether there is anything to wait for. */
  get isIdle(): boolean {
    return this.#clock.next === undefined;
  }

  // The client

  start(): void {
    this.#note('You order the client to start');
    this.#shard.start().catch(() => {}); // told by its steps
    void this.#work(0);
  }

  stop(): void {
    this.#note('You order the client to stop');
    void this.#shard.stop();
  }

  detach(): void {
    this.#note('You order the client to detach: it leaves and keeps its session');
    void this.#shard.detach();
  }

  reconnect(): void {
    this.#note('You order the client to reconnect');
    this.#shard.reconnect();
  }

  // The Gateway

  make(deed: Exclude<Deed, 'close'>): void {
    const { control } = this.#gateway;
    this.#tell(deed, DEEDS[deed].says);
    switch (deed) {
      case 'drop':
        control.dropTcp();
        break;
      case 'goSilent':
        control.injectFault('goSilent');
        break;
      case 'op1':
        control.requestHeartbeat();
        break;
      case 'op7':
        control.requestReconnect();
        break;
      case 'op9true':
        control.invalidateSession(true);
        break;
      case 'op9false':
        control.invalidateSession(false);
        break;
      case 'malformed':
        control.injectFault('malformed');
        break;
      case 'dispatch':
        this.#messages += 1;
        control.dispatch('MESSAGE_CREATE', { content: `message ${this.#messages}` });
    }
  }

  closeWith(code: number): void {
    this.#tell('close', `${DEEDS.close.says} with ${code}`);
    this.#gateway.control.closeWith(code);
  }

  /** Why a deed would change nothing now, as the Gateway's chart has it; null if it would. */
  hindrance(deed: Deed): string | null {
    const { connections, sessions } = this.#gateway.control.state();
    const { event } = DEEDS[deed];
    const rows = GATEWAY_IGNORED.filter(({ events }) => events.includes(event));
    if (connections.length === 0) {
      const reachesKept = event === 'dispatch' || event === 'invalidateSession';
      return reachesKept && sessions.length > 0 ? null : 'there is no connection';
    }
    const reasons = connections.map(({ state }) =>
      rows.find(({ in: patterns, except = [] }) => {
        const fits = (pattern: string) => fitsPattern(pattern, state);
        return patterns.some(fits) && !except.some(fits);
      }),
    );
    return reasons.every((row) => row !== undefined) ? (reasons[0]?.because ?? null) : null;
  }

  #tell(deed: Deed, says: string): void {
    const hindrance = this.hindrance(deed);
    this.#note(hindrance === null ? says : `Without effect, as ${hindrance}: “${says}”`);
  }

  /** Lets something go wrong until it is put right. */
  toggle(name: FaultName): void {
    const [, , says = name] = STANDING.find(([each]) => each === name) ?? [];
    if (this.#standing.has(name)) {
      this.#standing.delete(name);
      this.#gateway.control.clearFaults();
      for (const each of this.#standing) this.#gateway.control.injectFault(each);
      this.#note(`All is well again: no more "${says.toLowerCase()}"`);
    } else {
      // A connection leaves out one answer at a time.
      this.#standing.add(name);
      this.#gateway.control.injectFault(name);
      this.#note(says);
    }
  }

  // Time

  /** Lets as much time pass as has passed, unless paused. */
  tick(): void {
    const now = performance.now();
    const passed = Math.min(LEAP_MS, now - this.#before);
    this.#before = now;
    if (!this.isPaused) void this.#work(passed * this.speed);
  }

  /** Moves on to the next thing that is due. */
  skip(): void {
    const { next } = this.#clock;
    if (next !== undefined) void this.#work(next - this.#clock.now());
  }

  end(): void {
    this.#isOver = true;
    this.#gateway.stop();
  }

  async #work(ms: number): Promise<void> {
    if (this.#isWorking || this.#isOver) return;
    this.#isWorking = true;
    await passTime(this.#clock, ms);
    this.#isWorking = false;
  }

  #note(says: string): void {
    this.#listener.line({ type: 'note', at: this.#clock.now(), says });
  }
}

/** The Gateway of the simulation sends everything plain. */
const NOTHING_COMPRESSED: InflatePort = {
  supports: () => false,
  open: () => {
    throw new Error('nothing is compressed here');
  },
};
