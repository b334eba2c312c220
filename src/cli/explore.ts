import {
  explorationOf,
  mermaidDiagram,
  PROPERTIES,
  type ProductCounterexample,
  type ProductReport,
  replay,
  textDiagram,
} from '../testing/product.js';
import type { Io } from './io.js';
import { counted, grouped, Terminal } from './terminal.js';

/** Options of `gatechart explore`. */
export interface ExploreOptions {
  readonly messages: number;
  readonly faults: boolean;
  readonly json?: boolean;
  readonly limit?: number;
}

/** Explores the shard chart against the Gateway chart; 1 if a property does not hold. */
export async function explore({ messages, faults, json = false, limit }: ExploreOptions, io: Io): Promise<number> {
  const terminal = new Terminal(io);
  const exploration = explorationOf({ messages, faults, ...(limit === undefined ? {} : { limit }) });
  let step = exploration.next();
  for (; !step.done; step = exploration.next()) {
    const { phase, states, frontier } = step.value;
    terminal.status(`${phase} … ${counted(states, 'state')}, ${grouped(frontier)} of them still to explore`);
    await new Promise((resolve) => setImmediate(resolve)); // lets a signal in
    if (io.signal.aborted) return 1; // the signal names the exit code
  }
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  if (json) terminal.line(JSON.stringify(asData(step.value, memory)));
  else show(terminal, step.value, memory);
  return step.value.counterexamples.length === 0 ? 0 : 1;
}

function asData(report: ProductReport, memory: number) {
  const counterexamples = report.counterexamples.map((counterexample) => ({
    ...counterexample,
    mermaid: mermaidDiagram(replay(counterexample)),
  }));
  return { ...report, complete: report.frontier === 0, megabytes: memory, counterexamples };
}

function show(terminal: Terminal, report: ProductReport, memory: number): void {
  const { messages, faults, states, transitions, cut, depth, frontier, shardStates, gatewayStates, seconds } = report;
  const { bold, green, red, yellow } = terminal.colors;
  const what = `at most ${counted(messages, 'message')} in flight, ${faults ? 'with' : 'without'} faults`;
  terminal.line(bold(`The shard chart against the Gateway chart, ${what}`));
  terminal.line();
  terminal.table(
    [{ title: 'explored' }, { title: 'number', align: 'right' }],
    [
      ['states', grouped(states)],
      ['transitions', grouped(transitions)],
      ['moves that a full queue cut off', grouped(cut)],
      ['moves to the farthest state', grouped(depth)],
      ['states met and not explored', grouped(frontier)],
      ['states of the shard alone', grouped(shardStates)],
      ['states of the Gateway alone', grouped(gatewayStates)],
      ['seconds', seconds.toFixed(1)],
      ['megabytes', grouped(memory)],
    ],
  );
  terminal.line();
  if (frontier > 0) terminal.paragraph('Not complete: progress is not judged.', { paint: yellow });
  showVerdicts(terminal, report);
  for (const counterexample of report.counterexamples) showCounterexample(terminal, counterexample);
  const broken = report.counterexamples.length;
  const verdict = broken === 0 ? 'No counterexample' : counted(broken, 'property', 'properties').concat(' broken');
  terminal.line();
  terminal.line((broken === 0 ? green : red)(verdict));
}

function showVerdicts(terminal: Terminal, { checked, counterexamples, frontier }: ProductReport): void {
  const { green, red, dim } = terminal.colors;
  for (const name of checked) {
    const { says, spec, kind } = PROPERTIES[name];
    const isBroken = counterexamples.some(({ property }) => property === name);
    const isOpen = kind === 'progress' && frontier > 0;
    const mark = isBroken ? red('broken ') : isOpen ? dim('open   ') : green('holds  ');
    terminal.line(`${mark} ${says} ${dim(`(${spec})`)}`);
  }
}

function showCounterexample(terminal: Terminal, counterexample: ProductCounterexample): void {
  const { property, moves, cycle } = counterexample;
  const run = replay(counterexample);
  terminal.heading(`${PROPERTIES[property].says}: not after ${counted(moves.length, 'move')}`);
  if (cycle > 0) terminal.line(`The last ${counted(cycle, 'move')} can go round and round.`);
  terminal.lines(textDiagram(run).split('\n'));
  terminal.line();
  terminal.lines(['```mermaid', ...mermaidDiagram(run).split('\n'), '```']);
}
