import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { CauseRow } from '../../machines/kit/causes.js';
import type { Instruction } from '../../machines/kit/pure.js';
import { rowId, rowsFrom } from '../../machines/kit/rows.js';
import type { Graph } from './graph.js';

/** The names of the causes that some instructions report, in order. */
export function causesOf(instructions: readonly Instruction[]): readonly string[] {
  return instructions.flatMap(({ type, params }) =>
    type === 'report' ? [String((params as { cause?: { name?: unknown } }).cause?.name)] : [],
  );
}

/**
 * What demands a step: the clauses of the causes it reports, or, where it reports none, that of the state which handles
 * the event.
 */
export function clausesOf<M extends AnyStateMachine>(
  { machine, abstraction }: Graph<M>,
  { instructions, rows }: { readonly instructions: readonly Instruction[]; readonly rows: readonly string[] },
): readonly CauseRow[] {
  const causes = causesOf(instructions).flatMap((name) => abstraction.causes?.[name] ?? []);
  return causes.length > 0
    ? causes.map(({ spec, says }) => ({ spec, says }))
    : rows.map((row) => clauseOfRow(machine, row));
}

/** What the row says, or else its state or the next one around it that says anything. */
function clauseOfRow(machine: AnyStateMachine, id: string): CauseRow {
  const node: AnyStateNode = machine.getStateNodeById(id.slice(0, id.indexOf(':')));
  const row = rowsFrom(node).find((each) => rowId(each) === id);
  const around = [node];
  for (let at = node.parent; at !== undefined; at = at.parent) around.push(at);
  const spec = around.map(({ meta }) => (meta as { spec?: string } | undefined)?.spec).find(Boolean);
  const says = [row, ...around].map((each) => each?.description).find(Boolean);
  return { spec: spec ?? 'the chart', says: says ?? id };
}
