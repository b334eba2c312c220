/**
 * How slow this machine is, as one factor that every time limit of the tests is multiplied by. vitest.config.ts measures it
 * once a run and hands it to the workers in `GATECHART_SLOWNESS`.
 */

/** What the measurement takes on a fast machine with nothing beside it. */
const REFERENCE_MS = 25;
const ROUNDS = 5;
/** Tests run beside each other, and whatever runs beside them may start after the measurement. */
const HEADROOM = 3;

/**
 * The factor: 3 on a fast idle machine, more on a slow or a busy one. `GATECHART_PATIENCE` multiplies it, for a machine
 * that becomes busy only later; 1 unless set.
 */
export function measureSlowness(env: NodeJS.ProcessEnv = process.env): number {
  const patience = Number(env['GATECHART_PATIENCE'] ?? 1);
  if (!(patience > 0))
    throw new RangeError(`GATECHART_PATIENCE is "${env['GATECHART_PATIENCE']}", not a number above 0`);
  const took = Array.from({ length: ROUNDS }, work).sort((a, b) => a - b);
  const median = took[Math.floor(ROUNDS / 2)] ?? REFERENCE_MS;
  return patience * HEADROOM * Math.max(1, median / REFERENCE_MS);
}

/** The factor of this run, in a worker. */
const SLOWNESS = Number(process.env['GATECHART_SLOWNESS'] ?? HEADROOM);

/** A limit of so many ms on a fast idle machine, made long enough for this one. */
export const atMost = (ms: number): number => Math.round(ms * SLOWNESS);

/** For tests in real time: an interval of so many ms on a fast idle machine, long enough for this one to keep up with. */
export const paced = (ms: number): number => Math.round((ms * SLOWNESS) / HEADROOM);

/** Some work of the kind that tests do, allocation included; answers how many ms it took by the clock on the wall. */
function work(): number {
  const began = performance.now();
  let states: Record<string, unknown>[] = [];
  for (let i = 0; i < 12_000; i += 1) {
    states.push({ id: i, name: `state ${i}`, inner: { parents: [i, i + 1] } });
    if (states.length === 1_000) states = JSON.parse(JSON.stringify(states)).slice(500);
  }
  return performance.now() - began;
}

/**
 * Measures how late timers run from now on; the function it answers ends that and gives the worst, in ms. What is claimed
 * of real time holds on a machine that has nothing else to do, so that much is allowed for beside it.
 */
export function watchLateness(): () => number {
  const everyMs = 5;
  let worst = 0;
  let due = performance.now() + everyMs;
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - due);
    due = now + everyMs;
  }, everyMs);
  return () => {
    clearInterval(timer);
    return worst;
  };
}
