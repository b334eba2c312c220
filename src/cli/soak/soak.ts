import { counted, grouped } from '../../telling/numbers.js';
import { messageOf, printable } from '../../telling/printable.js';
import { LOSSES } from '../live/losses.js';
import { traceTo } from '../live/record.js';
import { Story } from '../live/story.js';
import { type Io, sleep } from '../terminal/io.js';
import type { SoakOptions } from './command.js';
import { activeResources, compileNothing, differences, heapAfterCollection } from './measure.js';
import { Soak, type SoakCounts } from './soaking.js';

/** Something that has to hold after the soak. */
interface Check {
  readonly name: string;
  readonly holds: boolean;
  readonly says: string;
}

/** The heap is measured here first: by then all code has run. */
const WARM = 100;
/** Fewer disconnects after that say nothing about growth. */
const LEAST_AFTER_WARM = 100;
const HEAP_GROWTH = 1.05;
/** What loading the program left open is gone by then, in ms. */
const BEGINNING_MS = 50;
/** Disconnects from one line of progress to the next. */
const STEP = 100;
/** The trace of a soak stays in one file, so that all of it can be replayed. */
const WHOLE = { maxBytes: 2 ** 40, files: 1 };
/** How long sockets and threads may take to be gone, in ms. */
const CLEARING_MS = 3000;

/** Makes a shard lose its connection again and again, dispatches flowing, and checks that nothing is lost, twice or left behind. */
export async function soak({ disconnects, seed, record, json }: SoakOptions, io: Io): Promise<number> {
  const trace = traceTo(record, WHOLE);
  const story = new Story(io, { json });
  story.say(
    `${counted(disconnects, 'disconnect')} of random kinds (seed ${seed}), on real sockets, while dispatches go on. ` +
      'Waits and heartbeats are much shorter than usual.',
  );
  story.say();
  await sleep(BEGINNING_MS, io.signal);
  const before = activeResources();
  compileNothing();
  const began = performance.now();
  const soaking = new Soak(seed, io, { record: trace });
  const heap = { warm: 0, end: 0 };
  let problem: unknown = null;
  try {
    await soaking.start();
    while (soaking.counts.disconnects < disconnects) {
      const done = soaking.counts.disconnects;
      await soaking.disconnect();
      tellProgress(story, soaking.counts, done, disconnects);
      if (heap.warm === 0 && soaking.counts.disconnects >= WARM) heap.warm = await heapAfterCollection();
    }
    heap.end = await heapAfterCollection();
    await soaking.settle();
  } catch (error) {
    problem = error;
  }
  await soaking.end();
  if (io.signal.aborted) {
    story.say('Interrupted: nothing was checked.');
    return 1;
  }
  const seconds = (performance.now() - began) / 1000;
  const checks = [
    completion(problem),
    ...exactness(soaking.counts),
    growth(heap, soaking.counts.disconnects),
    await clearance(before, io),
  ];
  conclude(story, soaking.counts, checks, seconds);
  return checks.every(({ holds }) => holds) ? 0 : 1;
}

/** A line that changes where the terminal can; else one for each hundred. */
function tellProgress(story: Story, counts: SoakCounts, before: number, goal: number): void {
  const { disconnects, received, sessions } = counts;
  const text = `${grouped(disconnects)} of ${grouped(goal)} disconnects, ${grouped(received)} dispatches received`;
  if (!story.isJson) story.terminal.status(text);
  if (Math.floor(disconnects / STEP) === Math.floor(before / STEP) && disconnects < goal) return;
  if (story.isJson) story.record('progress', { disconnects, received, sessions });
  else if (!story.terminal.isLive) story.say(text);
}

function completion(problem: unknown): Check {
  const says = printable(messageOf(problem));
  return { name: 'recovery', holds: problem === null, says: problem === null ? 'the shard came back each time' : says };
}

function exactness({ lost, unexpected, received }: SoakCounts): readonly Check[] {
  return [
    {
      name: 'none lost',
      holds: lost === 0 && received > 0,
      says: `${grouped(lost)} dispatches lost of ${grouped(received + lost)}`,
    },
    { name: 'none twice', holds: unexpected === 0, says: `${grouped(unexpected)} received twice or out of order` },
  ];
}

function growth({ warm, end }: { readonly warm: number; readonly end: number }, disconnects: number): Check {
  if (disconnects < WARM + LEAST_AFTER_WARM) {
    const needed = WARM + LEAST_AFTER_WARM;
    return { name: 'heap', holds: true, says: `not judged: that takes at least ${needed} disconnects` };
  }
  const ratio = end / warm;
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(2)} MB`;
  return {
    name: 'heap',
    holds: end > 0 && ratio <= HEAP_GROWTH,
    says: `${megabytes(warm)} after ${WARM} disconnects, ${megabytes(end)} at the end: factor ${ratio.toFixed(3)}`,
  };
}

/** Whether nothing is left that keeps the process running, once it had a moment to go. */
async function clearance(before: ReadonlyMap<string, number>, { signal }: Io): Promise<Check> {
  const until = performance.now() + CLEARING_MS;
  let left = differences(before, activeResources());
  while (left.length > 0 && performance.now() < until) {
    await sleep(50, signal);
    left = differences(before, activeResources());
  }
  const says = left.length === 0 ? 'no timer, socket or thread is left' : left.join(', ');
  return { name: 'nothing left', holds: left.length === 0, says };
}

function conclude(story: Story, counts: SoakCounts, checks: readonly Check[], seconds: number): void {
  const hasPassed = checks.every(({ holds }) => holds);
  const losses = Object.fromEntries(counts.losses);
  story.record('result', { passed: hasPassed, seconds, ...counts, losses, checks });
  if (story.isJson) return;
  const { terminal } = story;
  const { green, red, bold } = terminal.colors;
  terminal.heading('Disconnects');
  terminal.table(
    [{ title: 'what happened' }, { title: 'times', align: 'right' }, { title: 'back after, ms', align: 'right' }],
    [...counts.losses]
      .sort(([, a], [, b]) => b.times - a.times)
      .map(([name, { times, ms }]) => [LOSSES[name].says, grouped(times), (ms / times).toFixed(0)]),
  );
  terminal.line();
  terminal.paragraph(
    `${counted(counts.disconnects, 'disconnect')}, ${counted(counts.sessions, 'session')}, ` +
      `${grouped(counts.received)} dispatches, ${grouped(counts.replayed)} of them replayed, in ${seconds.toFixed(0)} s`,
  );
  terminal.line();
  for (const { name, holds, says } of checks) {
    terminal.line(`  ${holds ? green('PASS') : red('FAIL')}  ${name.padEnd(13)} ${says}`);
  }
  terminal.line();
  terminal.line(bold(hasPassed ? green('PASS') : red('FAIL')));
}
