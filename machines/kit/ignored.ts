/** The name of a state with `*` for anything, such as `running.connection.closing.*`. */
export type Pattern = string;

const compiled = new Map<Pattern, RegExp>();

/** Whether a state's name fits a pattern. */
export function stateNameMatches(pattern: Pattern, name: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    expression = new RegExp(`^${parts.join('.*')}$`);
    compiled.set(pattern, expression);
  }
  return expression.test(name);
}
