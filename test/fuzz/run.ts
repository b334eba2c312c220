/** Sends anything to a shard, in every encoding and compression, and says what came of it: `npm run fuzz -- [frames] [seed] [watched]`. */
import { SPEECHES } from './corpus.js';
import { fuzz } from './fuzz.js';

/** The share `watched` of the frames is sent, in addition, to a shard that is recorded and inspected, which takes longer. */
const [frames = 1_000_000, seed = Date.now() % 1_000_000, watched = 0.03] = process.argv.slice(2).map(Number);
const ROUND = 20_000;
const print = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

print(`${frames.toLocaleString('en')} frames with seed ${seed}, on Node ${process.version}`);
const totals = { frames: 0, connections: 0, delivered: 0, reported: 0, left: 0, slowest: 0 };
let baseline: number | null = null;
let most = 0;
for (let round = 0; totals.frames < frames; round++) {
  for (const speech of SPEECHES) {
    const name = `${speech.encoding}, ${speech.compress || 'plain'}, seed ${seed + round}`;
    try {
      const most = Math.min(ROUND, Math.ceil(frames / SPEECHES.length));
      for (const isWatched of [false, true]) {
        const outcomes = await fuzz(speech, isWatched ? most * watched : most, seed + round, { isWatched });
        totals.slowest = Math.max(totals.slowest, outcomes.slowest);
        for (const key of ['frames', 'connections', 'delivered', 'reported', 'left'] as const)
          totals[key] += outcomes[key];
      }
    } catch (error) {
      print(`${name}: ${(error as Error).stack}`);
      process.exit(1);
    }
  }
  const heap = megabytes();
  baseline ??= heap;
  most = Math.max(most, heap);
  print(`${totals.frames.toLocaleString('en').padStart(11)} frames, heap ${heap.toFixed(1)} MB`);
}
print(
  `${totals.connections} connections: ${totals.delivered} dispatches delivered, ${totals.reported} frames reported, ` +
    `${totals.left} connections left; no crash, no silence; slowest frame ${totals.slowest.toFixed(1)} ms`,
);
print(`heap ${(baseline ?? 0).toFixed(1)} MB after the first round, ${most.toFixed(1)} MB at most`);
if (globalThis.gc !== undefined && most > (baseline ?? 0) + 10) {
  print('memory grows');
  process.exit(1);
}
