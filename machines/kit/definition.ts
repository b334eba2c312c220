/**
 * A chart as JSON, for editors and inspectors: `machine.config`, with a name wherever there is code. Timers that a chart
 * starts and stops by `raise` and `cancel` show as `arm` and `disarm` with the timer's name and that of its delay;
 * parameters that only a run can tell are left out, or named after the function that computes them.
 */

/** The definition of a chart's config; undefined if there is none. */
export function definitionOf(config: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof config !== 'object' || config === null) return undefined;
  return named(config, new Set()) as Readonly<Record<string, unknown>>;
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
    const isCode = (key === 'params' || key === 'context') && typeof each === 'function';
    const shown = isCode ? computedBy(each.name, key) : named(each, inner);
    return shown === undefined ? [] : [[key, shown]];
  });
  return Object.fromEntries(entries);
}

/** Code that stands where it is used has the name of its place, which tells nothing. */
function computedBy(name: string, place: string): unknown {
  return name === place || place === 'context' ? undefined : { computedBy: name };
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

/**
 * What a chart does, as text for fingerprints: its config with functions by what they say of themselves, and without its
 * context and the words on it (`tags`, `description`, `meta`), so that a chart that is only worded anew stays the same.
 */
export function definitionText({ context: _, ...config }: { readonly context?: unknown }): string {
  return JSON.stringify(wordless(config, STATE), (_key, value: unknown) =>
    typeof value === 'function' ? { ...(value as object) } : value,
  );
}

/** What stands in a part of a config: words to leave out, and for each key what stands in it; `*` is any key. */
interface Part {
  readonly words?: readonly string[];
  readonly holds?: Readonly<Record<string, Part>>;
}

const TRANSITION: Part = { words: ['description', 'meta'] };
const TRANSITIONS: Part = { holds: { '*': TRANSITION } };
const STATE: Part = {
  words: ['tags', 'description', 'meta'],
  holds: {
    on: TRANSITIONS,
    after: TRANSITIONS,
    always: TRANSITION,
    onDone: TRANSITION,
    invoke: { holds: { onDone: TRANSITION, onError: TRANSITION, onSnapshot: TRANSITION } },
    get states(): Part {
      return { holds: { '*': STATE } };
    },
  },
};

function wordless(value: unknown, part: Part): unknown {
  if (Array.isArray(value)) return value.map((each) => wordless(each, part));
  if (typeof value !== 'object' || value === null) return value;
  const { words = [], holds = {} } = part;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !words.includes(key))
      .map(([key, each]) => {
        const inner = holds[key] ?? holds['*'];
        return [key, inner === undefined ? each : wordless(each, inner)];
      }),
  );
}
