/**
 * Prints whether the charts are those of another commit: `node .ci/same-charts.mjs <commit>`. It compares the vectors of
 * both, which hold each chart's definition as a hash, every step, and what each demands: effects and spans of timers.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [commit] = process.argv.slice(2);
if (commit === undefined) {
  console.error('usage: node .ci/same-charts.mjs <commit>');
  process.exit(2);
}

let same = true;
for (const chart of ['shard', 'gateway']) {
  const file = `vectors/${chart}.json`;
  const then = stepsIn(execFileSync('git', ['show', `${commit}:${file}`], { maxBuffer: 1e9, encoding: 'utf8' }));
  const now = stepsIn(readFileSync(file, 'utf8'));
  console.log(`${file}: ${now.steps.length} steps, ${now.states.length} states`);
  tell('definition', then.definition, now.definition);
  tell('begun with', [then.policy, then.settings], [now.policy, now.settings]);
  tell('states', then.states, now.states);
  tell('steps', then.steps.map(wayOf), now.steps.map(wayOf));
  tell('effects', then.steps.map(effectsOf), now.steps.map(effectsOf));
  tell('spans', then.steps.map(spansOf), now.steps.map(spansOf));
  tell(
    'causes',
    then.steps.map((step) => step.because),
    now.steps.map((step) => step.because),
  );
}
process.exitCode = same ? 0 : 1;

/** A file of vectors, with the transitions of the chart as steps. Of format 1 all are, and nothing may be left out. */
function stepsIn(text) {
  const file = JSON.parse(text);
  if (file.format === 1) return file;
  const [first, end] = file.parts.transitions;
  const steps = file.steps.slice(first, end).map(([after, on, response, to], id) => {
    return { id, after, on: file.stimuli[on], ...file.responses[response], to };
  });
  return { ...file, steps };
}

function wayOf({ id, after, on, to }) {
  return { id, after, on, to };
}

function effectsOf({ expect }) {
  return expect.map(({ ms, ...effect }) => effect);
}

function spansOf({ expect }) {
  return expect.map(({ ms }) => ms ?? null);
}

function tell(what, then, now) {
  const equal = JSON.stringify(then) === JSON.stringify(now);
  if (!equal) same = false;
  console.log(`  ${what.padEnd(10)} ${equal ? 'equal' : 'CHANGED'}`);
}
