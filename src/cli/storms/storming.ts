/** Plays a shard against a bad Gateway for hours of simulated time, and counts what it does. */

import { isReadyIn, stateView } from '../../../machines/index.js';
import { createShard } from '../../index.js';
import { BUCKET_SIZE, refillTime } from '../../limits/identify-bucket.js';
import { memoryPermits } from '../../limits/memory-permits.js';
import { passTime, simulatedClock } from '../../ports/clock.js';
import { seededRandom } from '../../ports/random.js';
import type { Shard } from '../../shard/index.js';
import { StormGateway } from './gateway.js';
import { SCENARIOS, type ScenarioName } from './scenarios.js';

const HOUR_MS = 3_600_000;
/** Waits have grown by then. */
const GROWN_AFTER_HOURS = 2;

/** What a shard may do, whatever the Gateway does: its bucket of identifies, and what it gets back in a day. */
export const MOST_IDENTIFIES = BUCKET_SIZE + (24 * HOUR_MS) / refillTime(1);
/** In any hour, once the waits have grown. */
export const MOST_CONNECTIONS = 120;

/** What a shard did in a storm. Times in ms. */
export interface StormResult {
  readonly name: ScenarioName;
  /** The most in any 24 hours. */
  readonly identifies: number;
  readonly connections: number;
  readonly resumes: number;
  /** The most connections in any hour, once the waits have grown. */
  readonly busiestHour: number;
  readonly firstWait: number;
  readonly longestWait: number;
  /** The longest time until it was ready, and stayed so, once the Gateway had turned good, of several seeds; an hour at most. */
  readonly readyAfter: number;
}

/** Recoveries besides the one after all the hours, each by another seed, when the waits have just grown. */
const RECOVERIES = 4;

/** Plays a scenario; yields the hours that are over, of all those it takes. */
export async function* storm(name: ScenarioName, hours: number, seed: number): AsyncGenerator<number, StormResult> {
  const result = yield* once(name, hours, seed);
  let { readyAfter } = result;
  for (let more = 1; more <= RECOVERIES; more += 1) {
    const other = yield* once(name, GROWN_AFTER_HOURS, seed + more);
    readyAfter = Math.max(readyAfter, other.readyAfter);
  }
  return { ...result, readyAfter };
}

/** The hours that `storm` yields. */
export const hoursOf = (hours: number): number => hours + RECOVERIES * GROWN_AFTER_HOURS;

/** Plays a scenario once; yields for each hour. */
async function* once(name: ScenarioName, hours: number, seed: number): AsyncGenerator<number, StormResult> {
  const random = seededRandom(seed);
  const clock = simulatedClock();
  const gateway = new StormGateway(SCENARIOS[name], clock, random);
  const shard = createShard({
    token: 'simulated',
    intents: ['GUILDS'],
    url: 'wss://gateway.discord.gg/',
    socket: gateway,
    permits: memoryPermits({ clock }),
    clock,
    random,
  });
  const waits: number[] = [];
  let readyAt = 0;
  shard.on('transition', ({ from, to, wait }) => {
    if (wait !== undefined) waits.push(wait);
    if (!isReadyIn(stateView(from)) && isReadyIn(stateView(to))) readyAt = clock.now();
  });
  shard.on('failed', () => {}); // it would not be ready then
  shard.start().catch(() => {}); // it may be stopped before it was ever ready
  for (let hour = 1; hour <= hours; hour += 1) {
    await passTime(clock, HOUR_MS);
    yield 1;
  }
  await passTime(clock, random() * HOUR_MS);
  const turned = clock.now();
  const { connections, identifies, resumes } = gateway.log;
  const counts = {
    identifies: mostIn(identifies, 24 * HOUR_MS),
    connections: mostIn(connections, 24 * HOUR_MS),
    resumes: mostIn(resumes, 24 * HOUR_MS),
    busiestHour: mostIn(
      connections.filter((at) => at >= GROWN_AFTER_HOURS * HOUR_MS),
      HOUR_MS,
    ),
    firstWait: waits[0] ?? 0,
    longestWait: Math.max(0, ...waits),
  };
  gateway.turnGood();
  while (!hasHeld(shard) && clock.now() < turned + HOUR_MS) await passTime(clock, 1_000);
  const readyAfter = hasHeld(shard) ? Math.max(0, readyAt - turned) : HOUR_MS;
  const stopped = shard.stop();
  await passTime(clock, 1_000);
  await stopped;
  return { name, ...counts, readyAfter };
}

const hasHeld = (shard: Shard) => stateView(shard.state).session === 'ready.settled';

/** What it did too often, or not at all. */
export function problemsOf({ identifies, busiestHour, readyAfter }: StormResult): readonly string[] {
  return [
    ...(identifies > MOST_IDENTIFIES ? [`${identifies} identifies in a day, above ${MOST_IDENTIFIES}`] : []),
    ...(busiestHour > MOST_CONNECTIONS ? [`${busiestHour} connections in an hour, above ${MOST_CONNECTIONS}`] : []),
    ...(readyAfter >= HOUR_MS ? ['not ready within an hour once the Gateway had turned good'] : []),
  ];
}

/** The most in any window. */
export function mostIn(times: readonly number[], window: number): number {
  let [first, most] = [0, 0];
  for (const [last, at] of times.entries()) {
    while ((times[first] as number) <= at - window) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
