/**
 * Lives of processes with several shards, on real time that none of them sees as it is. They are killed at every point
 * around an Identify, sleep, and are started again; their clocks stand still while they sleep, and the time of day jumps.
 * Judged is what arrives, up to 250 ms late.
 */
import { BudgetedPermits } from '../../src/limits/budgeted-permits.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { type SimulatedClock, simulatedClock } from '../../src/ports/clock.js';
import type { KeptIdentifies, Permit, PermitPort } from '../../src/ports/index.js';
import { seededRandom } from '../../src/ports/random.js';

const DAY = 86_400_000;
const JITTER_MS = 250;

export interface Settings {
  readonly seed: number;
  readonly lanes: number;
  readonly shards: number;
  /** How many identifies there are in a day, and whether anybody tells: Discord's day begins with the first. */
  readonly day: { readonly total: number; readonly isTold: boolean };
  /** How long all of it goes on, in ms. */
  readonly lasts: number;
  /** Whether every shard wants to identify again as soon as it has. */
  readonly isGreedy: boolean;
}

/** What the Gateway sees. */
class Judge {
  readonly arrived: { readonly at: number; readonly lane: number }[] = [];
  #begins = Number.NEGATIVE_INFINITY;
  #used = 0;
  /** The fewest that were left of a day of Discord's. */
  least = Number.POSITIVE_INFINITY;

  constructor(readonly total: number) {}

  take(at: number, lane: number): void {
    this.#renew(at);
    if (this.#used === 0) this.#begins = at;
    this.#used += 1;
    this.least = Math.min(this.least, this.total - this.#used);
    this.arrived.push({ at, lane });
  }

  told(at: number) {
    this.#renew(at);
    const resetAfter = this.#used === 0 ? 0 : this.#begins + DAY - at;
    return { total: this.total, remaining: this.total - this.#used, resetAfter };
  }

  #renew(at: number): void {
    if (at >= this.#begins + DAY) this.#used = 0;
  }

  /** The shortest time between two in a lane, in ms. */
  get closest(): number {
    const last = new Map<number, number>();
    let closest = Number.POSITIVE_INFINITY;
    for (const { at, lane } of this.arrived.toSorted((a, b) => a.at - b.at)) {
      closest = Math.min(closest, at - (last.get(lane) ?? Number.NEGATIVE_INFINITY));
      last.set(lane, at);
    }
    return closest;
  }

  /** The most in any 24 hours. */
  get most(): number {
    const times = this.arrived.map(({ at }) => at).toSorted((a, b) => a - b);
    let [most, first] = [0, 0];
    for (const [i, at] of times.entries()) {
      while ((times[first] as number) <= at - DAY) first += 1;
      most = Math.max(most, i - first + 1);
    }
    return most;
  }
}

/** A process: what it knows is gone with it. */
interface Process {
  readonly clock: SimulatedClock;
  readonly permits: PermitPort;
  readonly shards: readonly BudgetedPermits[];
  isAlive: boolean;
}

/** The bot, its processes one after the other. */
export class IdentifyLives {
  readonly #settings: Settings;
  readonly #random: () => number;
  readonly judge: Judge;
  /** Real time, in ms. */
  now = 1_000_000;
  /** How far the time of day is off within the life of a process. */
  #skew = 0;
  readonly #kept = new Map<number, KeptIdentifies>();
  #process: Process;
  kills = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#random = seededRandom(settings.seed);
    this.judge = new Judge(settings.day.total);
    this.#process = this.#start();
  }

  async play(): Promise<void> {
    const end = this.now + this.#settings.lasts;
    while (this.now < end) {
      await settle();
      const { next } = this.#process.clock;
      const due = next === undefined ? 60_000 : next - this.#process.clock.now();
      this.#pass(this.#chance(0.3) ? Math.ceil(due * this.#random()) : due);
      if (this.#chance(0.02)) this.#sleep();
      this.#look();
      if (this.#chance(0.02)) this.#kill();
      if (this.#chance(0.02)) this.#skew = this.#chance(0.5) ? 0 : (this.#random() - 0.5) * 2 * DAY;
      this.#look();
    }
    this.#process.isAlive = false;
  }

  #start(): Process {
    const { lanes, shards: count } = this.#settings;
    this.#skew = 0; // a clock that is wrong when a process begins is more than it can know
    const clock = simulatedClock(Math.floor(this.#random() * 1e6));
    const wallNow = () => this.now + this.#skew;
    const over = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(() => resolve(), ms));
    const permits = memoryPermits({ clock, wallClock: wallNow, maxConcurrency: lanes });
    const shards = Array.from(
      { length: count },
      (_, id) =>
        new BudgetedPermits(permits, {
          clock,
          wallNow,
          shardCount: count,
          write: async (identifies) => {
            if (this.#chance(0.2)) await over(this.#random() * 2_500);
            if (process.isAlive && !this.#diesHere(process)) this.#kept.set(id, identifies);
          },
        }),
    );
    const process: Process = { clock, permits, shards, isAlive: true };
    const now = this.now;
    permits.remember?.(
      [...this.#kept].flatMap(([shardId, { sent }]) => sent.map((at) => ({ shardId, ago: Math.max(0, now - at) }))),
    );
    for (const [id, shard] of shards.entries()) {
      const kept = this.#kept.get(id);
      if (kept) shard.restore(kept);
      void this.#run(process, id, shard);
    }
    return process;
  }

  /** A shard: it identifies, loses its session after a while, and identifies again. */
  async #run(process: Process, id: number, shard: BudgetedPermits): Promise<void> {
    const { shards, lanes, isGreedy, day } = this.#settings;
    while (process.isAlive) {
      if (this.#chance(0.3)) shard.takeOrder();
      if (day.isTold && shard.isStale() && this.#chance(0.9))
        shard.update({ ...this.judge.told(this.now), maxConcurrency: lanes });
      const permit = await shard.request({ shardId: id, shardCount: shards, signal: new AbortController().signal });
      if (!process.isAlive) return;
      if (permit.granted) this.#use(process, id, permit);
      const held = isGreedy ? this.#random() * 1_000 : this.#random() * 4 * 3_600_000;
      const wait = permit.granted ? held : Math.max(1, permit.retryAfter ?? 1_000);
      await new Promise<void>((resolve) => process.clock.setTimeout(() => resolve(), wait));
    }
  }

  #use(process: Process, id: number, permit: Permit & { readonly granted: true }): void {
    if (this.#chance(0.03)) {
      permit.settle('unused');
      return;
    }
    if (this.#chance(0.02)) return; // whoever held it has forgotten it
    if (this.#diesHere(process)) return;
    this.judge.take(this.now + this.#random() * JITTER_MS, id % this.#settings.lanes);
    if (!this.#diesHere(process)) permit.settle('used');
  }

  #diesHere(process: Process): boolean {
    if (!this.#chance(0.02)) return false;
    if (process === this.#process) this.#kill();
    return true;
  }

  /** The process is gone; the next one begins a moment later. */
  #kill(): void {
    this.kills += 1;
    this.#process.isAlive = false;
    this.now += this.#chance(0.7) ? this.#random() * 3_000 : this.#random() * 3_600_000;
    this.#process = this.#start();
  }

  /** As who keeps them does once a second. */
  #look(): void {
    for (const { kept } of this.#process.shards) if (kept === null) throw new Error('nothing is kept');
  }

  /** The machine sleeps: the clock of the process stands still. */
  #sleep(): void {
    this.now += this.#random() * (this.#chance(0.5) ? 10_000 : 10 * 3_600_000);
  }

  #pass(ms: number): void {
    this.now += ms;
    this.#process.clock.increment(ms);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 12; i += 1) await null;
}
