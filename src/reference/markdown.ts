/** Pieces of Markdown. */
import { inCell } from '../telling/printable.js';

export const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
export const code = (text: string): string => `\`${text}\``;

type Cell = string | number;

/** A table; `align` has the dashes below the head where they are not plain. */
export function table(
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  align: readonly string[] = [],
): string {
  const cells = [head, head.map((_, i) => align[i] || '-'), ...rows];
  return cells.map((row) => `| ${row.map((cell) => inCell(String(cell))).join(' | ')} |`).join('\n');
}

/** The anchor of a heading, as GitHub makes it. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');

/** Paragraphs, without the empty ones. */
export const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
