/** The floods of a run as a picture: a bar per client, the reference of each load at 1. */

const INK = {
  light: { page: '#ffffff', ink: '#1f2328', muted: '#59636e', rule: '#d1d9e0', ours: '#0969da', other: '#afb8c1' },
  dark: { page: '#0d1117', ink: '#f0f6fc', muted: '#9198a1', rule: '#3d444d', ours: '#4493f8', other: '#656c76' },
};

const WIDTH = 760;
const NAMES = 250;
const ROW = 20;
const HEAD = 34;
/** Longer bars are cut, and say how long they are. */
const MOST = 1.6;

const escaped = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
const plain = (text) => escaped(text.replaceAll('`', ''));

/** @param {'light' | 'dark'} theme */
export function picture(loads, theme) {
  const { page, ink, muted, rule, ours, other } = INK[theme];
  const unit = (WIDTH - NAMES - 70) / MOST;
  const parts = [];
  let y = 40;
  for (const { says, rows } of loads) {
    parts.push(`<text x="16" y="${y + 20}" fill="${ink}" font-weight="600">${plain(says)}</text>`);
    y += HEAD;
    const top = y;
    for (const { says: name, ratio, isOurs } of rows) {
      const length = Math.min(ratio, MOST) * unit;
      const told = ratio.toFixed(2);
      parts.push(
        `<text x="${NAMES - 8}" y="${y + 14}" text-anchor="end" fill="${isOurs ? ink : muted}">${plain(name)}</text>`,
        `<rect x="${NAMES}" y="${y + 3}" width="${length.toFixed(1)}" height="${ROW - 6}" fill="${isOurs ? ours : other}"/>`,
        `<text x="${(NAMES + length + 6).toFixed(1)}" y="${y + 14}" fill="${ink}">${told}${ratio > MOST ? ' →' : ''}</text>`,
      );
      y += ROW;
    }
    const one = (NAMES + unit).toFixed(1);
    parts.push(`<line x1="${one}" y1="${top}" x2="${one}" y2="${y}" stroke="${rule}" stroke-dasharray="3 3"/>`);
    y += 6;
  }
  const height = y + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" role="img">
<title>CPU per dispatch, as a ratio to bare ws</title>
<rect width="${WIDTH}" height="${height}" fill="${page}"/>
<text x="16" y="26" fill="${muted}">CPU per dispatch. Bare ws, parsing, is 1.00; less is better.</text>
${parts.join('\n')}
</svg>
`;
}
