/** Plays every mutant and prints the score; fails when one survives that is not listed as equivalent. `npm run mutants`. */
import { SUBJECTS } from './candidates.js';
import { EQUIVALENT } from './equivalent.js';
import { isClean, type Outcome, play } from './score.js';

const PROGRESS_MS = 10_000;
const print = (line: string) => process.stdout.write(`${line}\n`);
const wanted = process.argv.slice(2);

const outcomes: Outcome[] = [];
for (const [subject, candidates] of Object.entries(SUBJECTS)) {
  if (wanted.length > 0 && !wanted.some((word) => subject.includes(word))) continue;
  outcomes.push(...(await playSubject(subject, candidates())));
}
const listed = Object.keys(EQUIVALENT).filter((name) => !outcomes.some((outcome) => outcome.name === name));
const stale = wanted.length === 0 ? listed : [];
for (const name of stale) print(`listed as equivalent and no mutant: ${name}`);
summarize(outcomes);
process.exitCode = isClean(outcomes) && stale.length === 0 ? 0 : 1;

async function playSubject(subject: string, candidates: ReturnType<(typeof SUBJECTS)[string]>): Promise<Outcome[]> {
  const started = performance.now();
  let next = started + PROGRESS_MS;
  const played = await play(candidates, {
    each: (outcome, done) => {
      if (outcome.fate === 'survived' || outcome.fate === 'wrongly listed') {
        print(`${outcome.fate.toUpperCase()}: ${outcome.name}${outcome.by === null ? '' : `: ${outcome.by}`}`);
      }
      if (performance.now() < next) return;
      next = performance.now() + PROGRESS_MS;
      print(`  ${subject}: ${done} of ${candidates.length}`);
    },
  });
  print(`${subject}: ${scoreOf(played)}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return played;
}

function scoreOf(played: readonly Outcome[]): string {
  const count = (...fates: Outcome['fate'][]) => played.filter(({ fate }) => fates.includes(fate)).length;
  const [killed, equivalent] = [count('killed', 'impossible'), count('equivalent')];
  const relevant = played.length - equivalent;
  const share = relevant === 0 ? 100 : Math.floor((1000 * killed) / relevant) / 10;
  return `${played.length} mutants, ${killed} killed (${count('impossible')} as no chart or program at all), ${equivalent} equivalent, ${count('open')} known to survive, ${share} % of those not equivalent`;
}

function summarize(all: readonly Outcome[]): void {
  for (const kind of new Set(all.map((outcome) => outcome.kind))) {
    print(`  ${kind}: ${scoreOf(all.filter((outcome) => outcome.kind === kind))}`);
  }
  print(`mutation score: ${scoreOf(all)}`);
}
