/** How the shard ends, and that it does. */
import { isRunning } from '../observer.js';
import { type ShardInvariant, type ShardNode, unless } from './steps.js';

/** How the shard ends. */
export const endings: readonly ShardInvariant[] = [
  {
    spec: 'gateway#disconnecting',
    says: 'The shard ends on an order, a fatal close code, a refused token or a final refusal of the identify, and then only starts again by order',
    state: ({ snapshot }, { run }) => {
      const name = snapshot.value === 'stopped' || snapshot.value === 'failed' ? snapshot.value : 'running';
      const expected = run === 'stopped' || run === 'failed' ? run : 'running';
      return unless(name === expected, `it is ${name} and should be ${expected}`);
    },
  },
  {
    spec: 'user',
    says: 'Stop and detach work in every state, and lead to the end without waiting for anybody',
    state: (node, seen) => {
      if (!isRunning(seen)) return null;
      return endsBy(node, 'stop') ?? endsBy(node, 'detach');
    },
  },
];

/** What keeps a shard from ending by an order and deadlines alone. */
function endsBy(node: ShardNode, order: 'stop' | 'detach'): string | null {
  const ordered = node.edges.find(({ event }) => event.type === order);
  if (ordered === undefined) return `${order} is not handled`;
  let at = ordered.to;
  for (let steps = 0; at.snapshot.value !== 'stopped'; steps += 1) {
    const next = at.edges.find(({ event }) => event.type.startsWith('timer.'));
    if (next === undefined || steps > 2) return `${order} does not lead to stopped`;
    at = next.to;
  }
  return null;
}
