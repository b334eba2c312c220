/** A whole number with commas. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** A count with its noun. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}
