/** State values as text, and back. */
import type { StateValue, StateValueMap } from 'xstate';

/** A state value without some of its regions. */
export function withoutRegions(value: unknown, regions: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).filter(([name]) => !regions.includes(name));
  return Object.fromEntries(parts.map(([name, inner]) => [name, withoutRegions(inner, regions)]));
}

/** A state value as text, such as `running.connection.open(session.identifying + heartbeat.jittering + reading.flowing)`. */
export function stateName(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || 'context' in value)
    throw new TypeError('stateName takes the value of a snapshot: stateName(snapshot.value)');
  const parts = Object.entries(value).map(([name, inner]) => {
    const rest = stateName(inner);
    return rest === '' ? name : rest.startsWith('(') ? `${name}${rest}` : `${name}.${rest}`;
  });
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' + ')})`;
}

/** The state value of a name: what `stateName` was given. */
export function stateValue(name: string): StateValue {
  const opens = name.indexOf('(');
  const path = (opens < 0 ? name : name.slice(0, opens)).split('.');
  const within = opens < 0 ? (path.pop() ?? '') : regionsIn(name.slice(opens + 1, -1));
  return path.filter((each) => each !== '').reduceRight<StateValue>((inner, each) => ({ [each]: inner }), within);
}

function regionsIn(text: string): StateValueMap {
  return Object.assign({}, ...outerParts(text).map(stateValue));
}

/** What stands between the signs that are in no parentheses of their own. */
function outerParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  for (const piece of text.split(' + ')) {
    if (depth === 0) parts.push(piece);
    else parts.push(`${parts.pop()} + ${piece}`);
    depth += piece.split('(').length - piece.split(')').length;
  }
  return parts.filter((each) => each !== '');
}

/** A state in two parts: the names down to where regions run side by side, and each region with the name of its state. */
export function stateParts(state: StateValue): {
  readonly path: readonly string[];
  readonly regions: readonly (readonly [name: string, state: string])[];
} {
  const path: string[] = [];
  let value = typeof state === 'string' ? stateValue(state) : state;
  while (typeof value === 'object') {
    const [only, ...others] = Object.entries(value);
    if (only === undefined || others.length > 0) break;
    path.push(only[0]);
    value = only[1] as StateValue;
  }
  if (typeof value === 'string') return { path: [...path, value], regions: [] };
  return { path, regions: Object.entries(value).map(([name, inner]) => [name, stateName(inner)]) };
}
