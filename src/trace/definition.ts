import type { AnyStateMachine } from 'xstate';
import { definitionText } from '../../machines/kit/definition.js';

const known = new WeakMap<object, string>();

/**
 * A fingerprint of what a chart is made of: states, rows, and the names of guards, actions and delays. What these do is
 * not in it, nor are tags and descriptions. Charts of one fingerprint have the same rows; 14 hexadecimal digits, the first of them 0 or 1, not for security.
 */
export function definitionHash(machine: AnyStateMachine): string {
  const before = known.get(machine.config);
  if (before !== undefined) return before;
  const hash = hash53(definitionText(machine.config));
  known.set(machine.config, hash);
  return hash;
}

/** cyrb53, in the public domain: fast, synchronous and everywhere the same. */
function hash53(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return ((2097151 & b) * 2 ** 32 + (a >>> 0)).toString(16).padStart(14, '0');
}
