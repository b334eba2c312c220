import { parseShallow } from '../telling/shallow.js';

/** A text of JSON, or a number of it. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Reads JSON with integers that a number cannot hold as text: some clients write snowflakes as numbers, and Discord
 * takes them. Throws what JSON.parse throws.
 */
export function parseExact(json: string): unknown {
  const exact = /\d{16}/.test(json) ? json.replace(TOKENS, (token) => (isInexact(token) ? `"${token}"` : token)) : json;
  return parseShallow(exact);
}

const isInexact = (token: string): boolean => /^\d{16,20}$/.test(token) && !Number.isSafeInteger(Number(token));
