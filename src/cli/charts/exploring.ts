import type { AnyStateMachine } from 'xstate';
import { type AbstractionOf, type Graph, graphOf } from '../../exploring/graph.js';
import { counted, grouped } from '../../telling/numbers.js';
import type { Io } from '../terminal/io.js';
import type { Terminal } from '../terminal/terminal.js';

/** Runs something that says from time to time how far it is, and shows it; undefined if interrupted. */
export async function shown<Progress, Result>(
  steps: Generator<Progress, Result>,
  inWords: (progress: Progress) => string,
  terminal: Terminal,
  { signal }: Io,
): Promise<Result | undefined> {
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      terminal.status(inWords(step.value));
      await new Promise((resolve) => setImmediate(resolve)); // lets a signal in
      if (signal.aborted) return undefined;
    }
  } finally {
    terminal.clear();
  }
}

/** Explores a chart, and shows how far it is; undefined if interrupted. */
export function explored<M extends AnyStateMachine>(
  name: string,
  machine: M,
  abstraction: AbstractionOf<M>,
  terminal: Terminal,
  io: Io,
): Promise<Graph<M> | undefined> {
  return shown(
    graphOf(machine, abstraction),
    ({ states, frontier }) => `exploring the ${name} … ${howFar(states, frontier)}`,
    terminal,
    io,
  );
}

/** How far an exploration is, in words. */
export function howFar(states: number, frontier: number): string {
  return `${counted(states, 'state')}, ${grouped(frontier)} of them still to explore`;
}
