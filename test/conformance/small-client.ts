import { join } from 'node:path';

/** The command of a client that does so much and no more. */
export const smallClient = (...words: readonly string[]): readonly string[] => [
  process.execPath,
  join(import.meta.dirname, 'client.mjs'),
  ...words,
];
