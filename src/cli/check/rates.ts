import type { AnyStateMachine } from 'xstate';
import { spanInWords } from '../../../machines/kit/durations.js';
import { MEANS } from '../../rates/bounds.js';
import { type BrokenBound, type RateOptions, type RateReport, ratesOf } from '../../rates/rates.js';
import { counted, grouped } from '../../telling/numbers.js';
import { printableJson } from '../../telling/printable.js';
import { shown } from '../charts/exploring.js';
import type { Io } from '../terminal/io.js';
import { Terminal } from '../terminal/terminal.js';

/** Checks how often a shard chart can connect and identify; 1 if a bound does not hold. */
export async function checkRatesOf(
  { name, machine }: { readonly name: string; readonly machine: AnyStateMachine },
  options: RateOptions,
  json: boolean,
  io: Io,
): Promise<number> {
  const terminal = new Terminal(io);
  const started = performance.now();
  const progress = (how: string) => `rates of the ${name} … ${how}`;
  const report = await shown(ratesOf(machine, options), progress, terminal, io);
  if (report === undefined) return 1; // the signal names the exit code
  const seconds = Math.round(performance.now() - started) / 1000;
  if (json) terminal.line(printableJson({ chart: name, rates: report, seconds }));
  else show(terminal, name, report, seconds);
  return report.holds ? 0 : 1;
}

function show(terminal: Terminal, name: string, { verdicts, explored, figures }: RateReport, seconds: number): void {
  const { bold, green, red } = terminal.colors;
  const { states, transitions, classes, moves, situations, marks, legs } = explored;
  terminal.heading(`rates of the ${name}`);
  terminal.paragraph(
    `${counted(states, 'state')}, ${counted(transitions, 'transition')}; ${counted(classes, 'class', 'classes')} of states ` +
      `that behave alike, ${counted(moves, 'move')}; ${counted(situations, 'situation')} with times, ` +
      `${counted(marks, 'mark')}, ${counted(legs, 'leg')}, all there are, in ${seconds.toFixed(1)} s`,
  );
  const broken = verdicts.filter(({ counterexamples }) => counterexamples.length > 0);
  const summary = `${verdicts.length - broken.length} of ${counted(verdicts.length, 'bound')} hold`;
  terminal.line((broken.length === 0 ? green : red)(summary));
  terminal.line();
  terminal.table(
    [{ title: 'at the least, or at the most' }, { title: '', align: 'right' }],
    [
      ['waits by the tries since a connection held', `${figures.waits.map((ms) => ms / 1000).join(', ')} s`],
      ['identifies in any 24 h', grouped(figures.identifiesADay)],
      ...(Object.keys(MEANS) as (keyof typeof MEANS)[]).map((each) => [MEAN_WORDS[each], time(figures[each])]),
    ],
  );
  for (const { says, spec, counterexamples } of broken) {
    terminal.line();
    terminal.paragraph(`${says} (${spec})`, { paint: bold });
    const ways = counterexamples.length === 1 ? '' : `, in ${counterexamples.length} ways, the first of them`;
    terminal.line(`  ${red('does not hold')}${ways}:`);
    for (const example of counterexamples.slice(0, 1)) showRun(terminal, example);
    for (const { broken: other } of counterexamples.slice(1)) terminal.paragraph(`also:   ${other}`, { indent: 4 });
  }
}

const MEAN_WORDS = {
  perIdentify: 'to an Identify, in the long run',
  perConnection: 'to a connection, in the long run',
  perFailure: 'to a connection, while none holds',
} as const;

const time = (ms: number | null): string =>
  ms === null ? 'not for ever' : ms < 60_000 ? `${ms / 1000} s` : spanInWords(ms);

function showRun(terminal: Terminal, { broken, path, diagram }: BrokenBound): void {
  terminal.paragraph(`broken: ${broken}`, { indent: 4 });
  for (const { event, at } of path) {
    terminal.line(`    ${(at === null ? '' : seconds(at)).padStart(12)}  ${event}`);
  }
  terminal.line();
  for (const line of diagram.trimEnd().split('\n')) terminal.line(`    ${line}`);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;
