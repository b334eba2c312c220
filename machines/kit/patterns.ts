/** A name with `*` for anything, such as `running.connection.closing.*` for states. */
export type Pattern = string;

const compiled = new Map<Pattern, RegExp>();

/** Whether a name fits a pattern, all of it. */
export function fitsPattern(pattern: Pattern, name: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    expression = new RegExp(`^${parts.join('.*')}$`);
    compiled.set(pattern, expression);
  }
  return expression.test(name);
}
