/** The known name that somebody may have meant: the same but for case and signs, or one or two letters away. */
export function closest<N extends string>(name: string, known: readonly N[]): N | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = plain(name);
  const same = known.find((each) => plain(each) === wanted);
  if (same !== undefined || wanted.length < 3) return same;
  const most = wanted.length < 6 ? 1 : 2;
  let found: N | undefined;
  let least = most + 1;
  for (const each of known) {
    const distance = distanceOf(wanted, plain(each), least);
    if (distance < least) [found, least] = [each, distance];
  }
  return found;
}

/** Nobody mistypes a longer one. */
const LONGEST = 64;

const plain = (text: string) => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

/** Letters to add, leave out, replace, or swap with the next; at most `limit` is told. */
function distanceOf(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    [before, row] = [row, next];
  }
  return Math.min(limit, row[b.length] ?? limit);
}
