/** A Gateway that follows a script, over the socket port, on any clock. */
import { Opcode } from '../../../machines/index.js';
import type { ClockPort, RandomPort, Socket, SocketCallbacks, SocketPort } from '../../ports/index.js';
import type { Deed, Scenario, Script, Step } from './scenarios.js';

const INTERVAL_MS = 41_250;
/** How long anything takes to cross the wire, in ms. */
const LATENCY_MS = 20;

/** As documented. */
const GOOD = {
  interval: INTERVAL_MS,
  dispatchEvery: 0,
  refuses: false,
  deaf: false,
  greet: ['hello'],
  identify: ['ready'],
  resume: ['resumed'],
  held: [],
} as const satisfies Required<Script>;

/** When a client did what, in ms on the clock. */
export interface StormLog {
  readonly connections: number[];
  readonly identifies: number[];
  readonly resumes: number[];
}

/** Gives each connection one of the scripts of a scenario, until it turns good. */
export class StormGateway implements SocketPort {
  readonly log: StormLog = { connections: [], identifies: [], resumes: [] };
  readonly clock: ClockPort;
  readonly #scripts: readonly Script[];
  readonly #random: RandomPort;
  #isGood = false;
  #sessions = 0;
  #sequence = 0;

  constructor({ scripts }: Scenario, clock: ClockPort, random: RandomPort) {
    this.#scripts = scripts;
    this.clock = clock;
    this.#random = random;
  }

  /** From now on it does as documented, on the connection that is open too. */
  turnGood(): void {
    this.#isGood = true;
  }

  get isGood(): boolean {
    return this.#isGood;
  }

  open(url: string, _: unknown, callbacks: SocketCallbacks): Socket {
    this.log.connections.push(this.clock.now());
    const script = this.#scripts[Math.floor(this.#random() * this.#scripts.length)];
    return new StormSocket(this, new URL(url).origin, script ?? GOOD, callbacks);
  }

  /** A message, as JSON. */
  messageFor(deed: Exclude<Deed, 'drop' | number>, { interval, url }: { interval: number; url: string }): string {
    switch (deed) {
      case 'hello':
        return JSON.stringify({ op: Opcode.Hello, d: { heartbeat_interval: interval } });
      case 'ready':
        this.#sessions += 1;
        this.#sequence = 0;
        return this.#dispatch('READY', { session_id: `session-${this.#sessions}`, resume_gateway_url: url });
      case 'dispatch':
        return this.#dispatch('TYPING_START', {});
      case 'resumed':
        return this.#dispatch('RESUMED', {});
      case 'reconnect':
        return JSON.stringify({ op: Opcode.Reconnect, d: null });
      default:
        return JSON.stringify({ op: Opcode.InvalidSession, d: deed === 'resumable' });
    }
  }

  #dispatch(t: string, d: object): string {
    this.#sequence += 1;
    return JSON.stringify({ op: Opcode.Dispatch, s: this.#sequence, t, d });
  }
}

/** The client's end of a connection. */
class StormSocket implements Socket {
  readonly bufferedAmount = 0;
  readonly #gateway: StormGateway;
  readonly #url: string;
  readonly #own: Required<Script>;
  readonly #callbacks: SocketCallbacks;
  readonly #timers = new Set<unknown>();
  #state: 'opening' | 'open' | 'closing' | 'over' = 'opening';
  #readyAt: number | null = null;
  #hasHeld = false;

  constructor(gateway: StormGateway, url: string, script: Script, callbacks: SocketCallbacks) {
    this.#gateway = gateway;
    this.#url = url;
    this.#own = { ...GOOD, ...script };
    this.#callbacks = callbacks;
    this.#later(LATENCY_MS, () => this.#admit());
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  send(data: string | Uint8Array): void {
    if (!this.isOpen) return;
    const { op } = JSON.parse(String(data)) as { readonly op: number };
    this.#later(LATENCY_MS, () => this.#receive(op));
  }

  close(code: number): void {
    const isOpen = this.#state === 'open';
    if (isOpen) this.#state = 'closing';
    this.#later(2 * LATENCY_MS, () => this.#end(isOpen ? code : 1006, isOpen));
  }

  drop(): void {
    this.#state = 'over';
    for (const timer of this.#timers) this.#gateway.clock.clearTimeout(timer);
    this.#timers.clear();
  }

  get #script(): Required<Script> {
    return this.#gateway.isGood ? GOOD : this.#own;
  }

  #admit(): void {
    if (this.#script.refuses) {
      this.#end(1006, false);
      return;
    }
    this.#state = 'open';
    this.#callbacks.opened();
    this.#play(this.#script.greet);
  }

  #receive(op: number): void {
    const { log, clock } = this.#gateway;
    if (op === Opcode.Heartbeat) this.#beat();
    if (op === Opcode.Identify) {
      log.identifies.push(clock.now());
      this.#play(this.#script.identify);
    }
    if (op === Opcode.Resume) {
      log.resumes.push(clock.now());
      this.#play(this.#script.resume);
    }
  }

  #beat(): void {
    if (this.#script.deaf) return;
    this.#say(JSON.stringify({ op: Opcode.HeartbeatAck }));
    const since = this.#readyAt === null ? 0 : this.#gateway.clock.now() - this.#readyAt;
    if (this.#hasHeld || since < this.#script.interval) return;
    this.#hasHeld = true;
    this.#play(this.#script.held);
  }

  #play(steps: readonly Step[]): void {
    for (const step of steps) {
      if (typeof step !== 'object') this.#do(step);
      else {
        this.#later(step.after, () => {
          if (!this.#gateway.isGood) this.#do(step.deed);
        });
      }
    }
  }

  #do(deed: Deed): void {
    if (deed === 'drop') this.#later(LATENCY_MS, () => this.#end(1006, false));
    else if (typeof deed === 'number') this.#later(LATENCY_MS, () => this.#end(deed, true));
    else this.#say(this.#gateway.messageFor(deed, { interval: this.#script.interval, url: this.#url }));
    if (deed !== 'ready' && deed !== 'resumed') return;
    this.#readyAt = this.#gateway.clock.now();
    if (this.#script.dispatchEvery > 0) this.#flow();
  }

  #flow(): void {
    this.#later(this.#script.dispatchEvery, () => {
      if (this.#script.dispatchEvery === 0) return;
      this.#do('dispatch');
      this.#flow();
    });
  }

  #say(message: string): void {
    this.#later(LATENCY_MS, () => this.#callbacks.message(message, false));
  }

  #end(code: number, wasClean: boolean): void {
    this.drop();
    this.#callbacks.closed({ code, reason: '', wasClean });
  }

  /** Whatever is still to come is given up with the connection. */
  #later(ms: number, run: () => void): void {
    const timer = this.#gateway.clock.setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
