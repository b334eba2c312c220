import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { CauseRow } from '../../machines/causes.js';
import type { Instruction } from '../../machines/pure.js';
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
  return causes.length > 0 ? causes : rows.map((row) => clauseOfRow(machine, row));
}

function clauseOfRow(machine: AnyStateMachine, row: string): CauseRow {
  const node: AnyStateNode = machine.getStateNodeById(row.slice(0, row.indexOf(':')));
  const { spec = 'the chart' } = (node.meta ?? {}) as { spec?: string };
  return { spec, says: node.description ?? row };
}
