import type { InspectionEvent } from 'xstate';
import { rowId, shardMachine } from '../../../machines/index.js';
import { rowsTakenIn } from '../../../machines/kit/xstate-insides.js';
import { activeStates, rowsOf, statesOf } from '../../exploring/graph.js';
import type { Share } from '../../exploring/paths.js';

/** Notes which states and rows of the shard chart were visited; `inspect` is the shard's option. */
export class Visits {
  readonly #states = new Set<string>();
  readonly #rows = new Set<string>();

  readonly inspect = (event: InspectionEvent): void => {
    if (event.type !== '@xstate.microstep') return;
    for (const id of activeStates(event.snapshot)) this.#states.add(id);
    for (const row of rowsTakenIn(event)) {
      this.#rows.add(rowId(row));
      this.#states.add(row.source.id); // a transient state is left in the step that enters it
    }
  };

  get states(): Share {
    return share(this.#states, statesOf(shardMachine));
  }

  get rows(): Share {
    return share(this.#rows, rowsOf(shardMachine));
  }
}

function share(visited: ReadonlySet<string>, all: readonly string[]): Share {
  const missing = all.filter((id) => !visited.has(id));
  return { covered: all.length - missing.length, of: all.length, missing };
}
