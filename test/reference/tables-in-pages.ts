/** Tables in the pages of docs/reference, which test/docs/generated.model.test.ts holds to the charts. */
import { PAGES } from '../docs/pages.js';

/** The rows of the table behind a text, each cell without its links. */
export function tableAfter(page: string, ...marks: readonly string[]): readonly (readonly string[])[] {
  let text = PAGES[`docs/reference/${page}`] ?? '';
  for (const mark of marks) {
    const at = text.indexOf(mark);
    if (at < 0) throw new Error(`${page} does not say ${mark}`);
    text = text.slice(at + mark.length);
  }
  const [table = ''] = /(?:^\|.*\n)+/m.exec(text) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
    );
}

/** Each state of the first cells, with the other cells of its row. */
export function byState(rows: readonly (readonly string[])[]): ReadonlyMap<string, readonly (readonly string[])[]> {
  const found = new Map<string, (readonly string[])[]>();
  for (const [states = '', ...cells] of rows) {
    for (const part of states.split('; ')) {
      const [, names = '', when = ''] = /^(.*?)( with(?:out)? a session)?$/.exec(part) ?? [];
      for (const name of names.split(', ')) found.set(name, [...(found.get(name) ?? []), [when.trim(), ...cells]]);
    }
  }
  return found;
}
