/**
 * Names a session without giving it away: 16 hexadecimal digits, the same in every process. Dispatches carry it, so that
 * one that comes again after a crash is known by it and its sequence. Ids have 128 bits of chance, of which this keeps 64.
 */
export function sessionTag(id: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < id.length; i += 1) {
    const unit = id.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return hexadecimal(a) + hexadecimal(b);
}

const hexadecimal = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
