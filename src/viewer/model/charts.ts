/** What the viewer knows of a chart: its states by id, which of them a state name stands for, and which rows a step took. */

import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { gatewayMachine, rowId, rowsFrom, shardMachine, stateNodesOf } from '../../../machines/index.js';
import { causeOf } from '../../../machines/kit/rows.js';
import { GATEWAY_LAYOUTS, type Layout, SHARD_LAYOUTS } from '../../diagram/index.js';

/** A chart that can be drawn. */
export interface Chart {
  readonly id: string;
  readonly machine: AnyStateMachine;
  readonly nodes: ReadonlyMap<string, AnyStateNode>;
  /** Its views, by name, in the order to offer them. */
  readonly layouts: Readonly<Record<string, Layout>>;
}

function chart(machine: AnyStateMachine, layouts: Readonly<Record<string, Layout>>): Chart {
  return { id: machine.id, machine, nodes: new Map(stateNodesOf(machine).map((node) => [node.id, node])), layouts };
}

const CHARTS: Readonly<Record<string, Chart>> = {
  shard: chart(shardMachine, SHARD_LAYOUTS),
  gateway: chart(gatewayMachine, GATEWAY_LAYOUTS),
};

/** The chart of an id; undefined for one that is not ours. */
export function chartOf(id: string): Chart | undefined {
  return Object.hasOwn(CHARTS, id) ? CHARTS[id] : undefined;
}

/**
 * The ids of the states in a name as by `stateName`, such as `running.connection.open(session.ready + heartbeat.acked)`,
 * from the outside in. A name that makes no sense gives what of it does.
 */
export function activeIn(chartId: string, name: string): readonly string[] {
  const ids: string[] = [chartId];
  let at = 0;
  /** Reads `a.b(c + d.e)`, all of it inside `outer`. */
  const read = (outer: string): void => {
    let current = outer;
    while (at < name.length) {
      const [word] = /^[\w$-]+/.exec(name.slice(at)) ?? [];
      if (word === undefined) return;
      at += word.length;
      current = `${current}.${word}`;
      ids.push(current);
      if (name[at] === '(') {
        do {
          at += name[at] === '(' ? 1 : ' + '.length;
          read(current);
        } while (name.startsWith(' + ', at));
        at += 1;
        return;
      }
      if (name[at] !== '.') return;
      at += 1;
    }
  };
  read(chartId);
  return ids;
}

/** A state value of XState as `stateName` writes it. */
export { stateName } from '../../../machines/index.js';

/** What a step says of itself, as far as it tells which rows it took. */
export interface Taken {
  readonly event: string;
  readonly from: string;
  readonly causes: readonly string[];
}

/**
 * The rows of the chart that a step took, as `rowId` names them. A trace does not list them: of each active state the
 * innermost handler counts, and of a guarded list the row whose cause was given.
 */
export function rowsTaken({ id, nodes }: Chart, { event, from, causes }: Taken): readonly string[] {
  const active = new Set(activeIn(id, from));
  const leaves = [...active].filter((each) => ![...active].some((other) => other.startsWith(`${each}.`)));
  const rows = new Set<AnyTransitionDefinition>();
  for (const leaf of leaves) {
    for (let node = nodes.get(leaf); node !== undefined; node = node.parent) {
      const own = rowsFrom(node).filter(({ eventType }) => eventType === event);
      const row =
        own.find((each) => causes.includes(causeOf(each) ?? '')) ?? own.find((each) => causeOf(each) === null);
      if (row === undefined) continue;
      rows.add(row);
      break;
    }
  }
  // What follows at once, or from what the step raised, needs no event, and each row of it has a cause of its own.
  for (const node of nodes.values()) {
    for (const row of [...(node.always ?? []), ...(node.transitions.get('lifeSign') ?? [])]) {
      if (causes.includes(causeOf(row) ?? '')) rows.add(row);
    }
  }
  return [...rows].map(rowId);
}
