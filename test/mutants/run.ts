/**
 * Plays every mutant, in as many processes as there are cores, and prints the score; fails when one survives that is not
 * listed as equivalent. `npm run mutants`; for a part of them `npm run mutants -- Gateway src/host`; for every twelfth
 * `npm run mutants -- --every 12`. With `--tests test/wire` those tests alone judge the mutants of sources: quicker, and
 * whatever survives all tests survives them. With `--operator 'span from zero'` only its mutants of sources are played.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SUBJECTS } from './candidates.js';
import { EQUIVALENT } from './equivalent.js';
import { isClean, type Outcome, play, sample } from './score.js';
import { playSources, sourceSets } from './sources/play.js';
import { SOURCES } from './sources/subjects.js';

const PROGRESS_MS = 10_000;
const PLAYERS = availableParallelism();

const print = (line: string) => process.stdout.write(`${line}\n`);
const { values, positionals } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    tests: { type: 'string', multiple: true },
    operator: { type: 'string', multiple: true },
    part: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
/** Of all mutants one in so many is played. */
const every = Number(values.every);
if (!(Number.isSafeInteger(every) && every > 0)) throw new RangeError(`--every is ${values.every}, not a whole number`);
if (values.part) await playPart(...(positionals as [subject: string, part: string]));
else await playAll(positionals);

async function playAll(wanted: readonly string[]): Promise<void> {
  const isWanted = (name: string) => wanted.length === 0 || wanted.some((word) => name.includes(word));
  const outcomes: Outcome[] = [];
  for (const subject of Object.keys(SUBJECTS).filter(isWanted)) outcomes.push(...(await playSubject(subject)));
  const sources = SOURCES.filter(isWanted);
  if (sources.length > 0) outcomes.push(...(await playAllSources(sources)));
  if (outcomes.length === 0) throw new Error(`no subject has "${wanted.join('", "')}" in its name`);
  const listed = Object.keys(EQUIVALENT).filter((name) => !outcomes.some((outcome) => outcome.name === name));
  const stale = wanted.length === 0 && every === 1 ? listed : [];
  for (const name of stale) print(`listed as equivalent and no mutant: ${name}`);
  summarize(outcomes);
  process.exitCode = isClean(outcomes) && stale.length === 0 ? 0 : 1;
}

async function playSubject(subject: string): Promise<Outcome[]> {
  const all = sample(SUBJECTS[subject]?.() ?? [], every).length;
  const progress = progressOf(subject, all);
  await Promise.all(Array.from({ length: PLAYERS }, (_, part) => playElsewhere(subject, part, progress.take)));
  return progress.end();
}

async function playAllSources(sources: readonly string[]): Promise<Outcome[]> {
  const sets = await sourceSets(sources);
  const isMade = ({ kind }: { readonly kind: string }) => values.operator?.includes(kind) ?? true;
  const wanted = new Set(sets.flatMap(({ mutants }) => sample(mutants.filter(isMade), every)));
  const progress = progressOf('sources', wanted.size);
  await playSources(sets, { wanted: (mutant) => wanted.has(mutant), each: progress.take });
  return progress.end();
}

/** Prints what survives at once, and now and then how far things are. */
function progressOf(subject: string, all: number) {
  const began = performance.now();
  let next = began + PROGRESS_MS;
  const played: Outcome[] = [];
  return {
    take: (outcome: Outcome) => {
      played.push(outcome);
      if (outcome.fate === 'survived' || outcome.fate === 'wrongly listed') {
        print(`${outcome.fate.toUpperCase()}: ${outcome.name}${outcome.by === null ? '' : `: ${outcome.by}`}`);
      }
      if (performance.now() < next) return;
      next = performance.now() + PROGRESS_MS;
      print(`  ${subject}: ${played.length} of ${all}`);
    },
    end: (): Outcome[] => {
      if (played.length !== all) throw new Error(`${subject}: only ${played.length} of ${all} mutants were played`);
      print(`${subject}: ${scoreOf(played)}, ${((performance.now() - began) / 1000).toFixed(0)} s`);
      return played;
    },
  };
}

/** Has a process of its own play every nth mutant of a subject. */
function playElsewhere(subject: string, part: number, take: (outcome: Outcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const player = fork(fileURLToPath(import.meta.url), ['--part', '--every', String(every), subject, String(part)]);
    player.on('message', take);
    player.on('error', reject);
    player.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`a player of ${subject} ended with ${code}`)),
    );
  });
}

async function playPart(subject: string, part: string): Promise<void> {
  const leave = () => process.exit(1);
  process.once('disconnect', leave); // the process that reads the outcomes is gone
  const mine = sample(SUBJECTS[subject]?.() ?? [], every).filter((_, at) => at % PLAYERS === Number(part));
  await play(mine, { each: (outcome) => process.send?.(outcome) });
  process.off('disconnect', leave);
  process.disconnect();
}

function scoreOf(played: readonly Outcome[]): string {
  const count = (...fates: Outcome['fate'][]) => played.filter(({ fate }) => fates.includes(fate)).length;
  const [killed, equivalent] = [count('killed', 'impossible'), count('equivalent')];
  const relevant = played.length - equivalent;
  const share = relevant === 0 ? 100 : Math.floor((1000 * killed) / relevant) / 10;
  const ofAll = (100 * equivalent) / Math.max(1, played.length);
  return (
    `${played.length} mutants, ${killed} killed (${count('impossible')} as no chart or program at all), ` +
    `${equivalent} equivalent (${ofAll.toFixed(1)} %), ${share} % of the others`
  );
}

function summarize(all: readonly Outcome[]): void {
  for (const kind of new Set(all.map((outcome) => outcome.kind))) {
    print(`  ${kind}: ${scoreOf(all.filter((outcome) => outcome.kind === kind))}`);
  }
  print(`mutation score: ${scoreOf(all)}`);
}
