import type { AnyStateMachine } from 'xstate';
import { roughly } from '../../machines/kit/durations.js';
import type { Instruction } from '../../machines/kit/pure.js';
import { inMermaid } from '../telling/printable.js';
import { clausesOf } from './clauses.js';
import { demandGraph } from './demands.js';
import type { Graph, Path } from './graph.js';
import { play } from './play.js';

/**
 * A path as a Mermaid sequence diagram: what comes in, what goes out, and why. Timers are the chart's own affair, and
 * so drawn as messages to itself. `times`, in ms, say when each step is taken, where that is known.
 */
export function pathDiagram<M extends AnyStateMachine>(
  graph: Graph<M>,
  path: Path<M>,
  times: readonly (number | null)[] = [],
): string {
  demandGraph(graph);
  const me = graph.machine.id;
  const lines = ['sequenceDiagram', '  participant world', `  participant ${me}`];
  let step = 0;
  for (const { edge, event, instructions } of play(graph, path)) {
    const at = times[step++] ?? null;
    const from = event.type.startsWith('timer.') ? me : 'world';
    lines.push(`  ${from}->>${me}: ${inMermaid(at === null ? edge.label : `${roughly(at)}: ${edge.label}`)}`);
    for (const { says } of clausesOf(graph, { instructions, rows: edge.rows })) {
      lines.push(`  Note over ${me}: ${inMermaid(says)}`);
    }
    for (const instruction of instructions) {
      if (!UNDRAWN.includes(instruction.type)) lines.push(`  ${me}->>world: ${inMermaid(inWords(instruction))}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const UNDRAWN = ['arm', 'disarm', 'report'];

function inWords({ type, params }: Instruction): string {
  const facts = Object.entries(params).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [type, ...facts].join(' ');
}
