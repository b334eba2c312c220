/**
 * A chart as JSON for an inspector to draw: `machine.config`, with a name wherever there is code. Timers that a chart
 * starts and stops by `raise` and `cancel` show as `arm` and `disarm` with the timer's name and that of its delay;
 * parameters that only a run can tell are left out.
 */

/** The definition of a chart's config; undefined if there is none. */
export function definitionOf(config: unknown): unknown {
  return typeof config === 'object' && config !== null ? named(config, new Set()) : undefined;
}

/** Code that XState's action creators return, with what it was made from. */
interface Creator {
  readonly name: string;
  readonly type?: unknown;
  readonly id?: unknown;
  readonly delay?: unknown;
  readonly sendId?: unknown;
  readonly event?: unknown;
}

function named(value: unknown, around: ReadonlySet<object>): unknown {
  if (typeof value === 'function') return nameOf(value as unknown as Creator);
  if (typeof value !== 'object' || value === null) return value;
  if (around.has(value)) return undefined;
  const inner = new Set([...around, value]);
  if (Array.isArray(value)) return value.map((each) => named(each, inner));
  const entries = Object.entries(value).flatMap(([key, each]) => {
    const isOnlyCode = (key === 'params' || key === 'context') && typeof each === 'function';
    const shown = isOnlyCode ? undefined : named(each, inner);
    return shown === undefined ? [] : [[key, shown]];
  });
  return Object.fromEntries(entries);
}

function nameOf({ name, type, id, delay, sendId, event }: Creator): unknown {
  if (type === 'xstate.raise' && typeof id === 'string')
    return { type: 'arm', params: { timer: id, ...text({ delay }) } };
  if (type === 'xstate.raise')
    return { type: 'raise', params: { event: typeof event === 'function' ? '(computed)' : event } };
  if (type === 'xstate.cancel') return { type: 'disarm', params: text({ timer: sendId }) };
  if (typeof type === 'string') return { type: type.replace(/^xstate\./, '') };
  return { type: name === '' ? '(inline)' : name };
}

/** What of it is data. */
function text(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => ['string', 'number'].includes(typeof fact)));
}
