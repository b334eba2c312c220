import { activeNodes } from '../../machines/kit/xstate-insides.js';
import { demandSnapshot } from './demands.js';

/** What `raise(event, { id, delay })` leaves in a definition. */
interface Raise {
  readonly type: 'xstate.raise';
  readonly id?: string;
  readonly delay?: unknown;
}

/**
 * The timers that run in a state, as its definition has it: those that its active states arm on entry. In a chart whose
 * timers are armed on entry and disarmed on exit, it is what a fold of all that was armed and disarmed comes to.
 */
export function armedBy(snapshot: unknown): ReadonlySet<string> {
  demandSnapshot(snapshot);
  const entries = activeNodes(snapshot).flatMap((node) => node.entry as readonly unknown[]);
  return new Set(entries.flatMap((action) => (isArming(action) ? [action.id] : [])));
}

function isArming(action: unknown): action is Raise & { readonly id: string } {
  if (typeof action !== 'function' && typeof action !== 'object') return false;
  const { type, id, delay } = action as unknown as Raise;
  return type === 'xstate.raise' && id !== undefined && delay !== undefined;
}
