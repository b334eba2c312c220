/** A whole number with commas. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
