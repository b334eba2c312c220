/**
 * What bounds how often a shard does something, whatever the Gateway does: each bound with its clause, transcribed from
 * docs/storms.md and the documentation, and looked up neither in a policy nor in a bucket. Times in ms.
 */

/** Tries after which the wait grows no more. */
export const GROWN = 7;

/** The least wait before the n-th try since a connection last held: half of 1 s, 2 s, 4 s …, of 60 s at most. */
export const leastWait = (n: number): number => (n === 0 ? 0 : Math.min(60_000, 1_000 * 2 ** (n - 1)) / 2);

/** A connection has held with the first sign of life after it was ready for so long. */
export const HELD_AFTER = 30_000;

/** Identifies in a row, after a long time without any; then one for each refill. */
const BURST = 10;
const REFILL = 600_000;

/** In which they are counted. */
export const DAY = 86_400_000;

/** At most so many are sent in any day. */
export const IDENTIFIES_A_DAY = BURST + DAY / REFILL;

/** The least time from an Identify to the n-th after it. */
export const leastTimeOf = (n: number): number => Math.max(0, n + 1 - BURST) * REFILL;

/** The least mean of a connection that holds and n after it that do not, whatever n is. */
function leastMean(): number {
  let [time, least] = [HELD_AFTER, HELD_AFTER];
  for (let n = 1; n <= GROWN; n += 1) {
    time += leastWait(n);
    least = Math.min(least, time / (n + 1));
  }
  return least;
}

/** A bound: what is to take how long at least, and by which clause. */
export interface Bound {
  readonly spec: string;
  readonly says: string;
}

// biome-ignore format: aligned table
export const BOUNDS = {
  growth:         { spec: 'policy#waits',                       says: 'The wait before the n-th try since a connection last held is at least half of 1 s, 2 s, 4 s …, up to 60 s' },
  told:           { spec: 'gateway#rate-limiting',              says: 'A wait that was told is waited out' },
  invalidSession: { spec: 'gateway#invalid-session',            says: 'After Invalid Session the next try comes 1 s later at the earliest' },
  cooldown:       { spec: 'gateway#gateway-close-event-codes',  says: 'After 4008 the next try comes 5 s later at the earliest' },
  identifies:     { spec: 'gateway#session-start-limit-object', says: `At most ${IDENTIFIES_A_DAY} identifies are sent in any 24 h: ten in a row, and one more each 10 min` },
  perIdentify:    { spec: 'gateway#session-start-limit-object', says: 'In the long run there are 10 min to an Identify' },
  perConnection:  { spec: 'policy#stability',                   says: `In the long run there are ${leastMean() / 1000} s to a connection` },
  perFailure:     { spec: 'policy#waits',                       says: 'While none holds, there are in the long run 30 s to a connection' },
} as const satisfies Readonly<Record<string, Bound>>;

/** The name of a bound. */
export type BoundName = keyof typeof BOUNDS;

/** Waits that something asks for, beside the back-off. */
export const ASKED = { invalidSession: 1_000, cooldown: 5_000 } as const;

/** Means in the long run. */
export const MEANS = { perIdentify: REFILL, perConnection: leastMean(), perFailure: leastWait(GROWN) } as const;
