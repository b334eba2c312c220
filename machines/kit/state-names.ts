/** State values as text. */

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
