import { readFile } from 'node:fs/promises';
import { UsageError } from './io.js';

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no file ${path}`,
  ENOTDIR: (path) => `there is no file ${path}`,
  EISDIR: (path) => `${path} is a folder, not a file`,
  EACCES: (path) => `${path} may not be read by this user`,
};

/** A file that an argument names, as text. A `UsageError` says why it cannot be read. */
export async function readInput(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(whyUnreadable(path, error));
  }
}

/** Why a file cannot be read, in words. */
export function whyUnreadable(path: string, error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const says = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return says?.(path) ?? `${path} cannot be read: ${code || 'it is too large'}`;
}

/** What to do with a file that holds no trace. */
export const NO_TRACE = 'it is no trace: gatechart run --record FILE, or the option record of a shard, writes one';
