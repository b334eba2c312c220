/** Pieces of Markdown. */

export const fence = (language, text) => `\`\`\`${language}\n${text}\n\`\`\``;
export const code = (text) => `\`${text}\``;
export const grouped = (value) => (typeof value === 'number' ? value.toLocaleString('en') : value);

export function table(head, rows, align = []) {
  const cells = [head, head.map((_, i) => align[i] || '-'), ...rows];
  return cells.map((row) => `| ${row.map((cell) => String(cell).replace(/\|/g, '\\|')).join(' | ')} |`).join('\n');
}

/** The anchor of a heading, as GitHub makes it. */
export const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');

/** A span of time in milliseconds, in words. */
export function duration(ms) {
  const [least, most] = Array.isArray(ms) ? ms : [ms, ms];
  if (least !== most) {
    const [from, to] = [duration(least), duration(most)];
    const unit = to.slice(to.indexOf(' '));
    return from.endsWith(unit) || least === 0 ? `${from.replace(/ .*$/, '')} to ${to}` : `${from} to ${to}`;
  }
  if (least >= 60_000 && least % 60_000 === 0) return `${least / 60_000} min`;
  return least >= 1_000 && least % 1_000 === 0 ? `${least / 1_000} s` : `${least} ms`;
}
