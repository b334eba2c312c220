import { accessSync, constants, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from './io.js';

/** Not on Windows, where only administrators make links. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/** Throws a `UsageError` if a file that is to be written later has no folder to be in, or is one. */
export function demandFolder(path: string, option: string): void {
  try {
    accessSync(dirname(resolve(path)), constants.W_OK);
  } catch (error) {
    throw new UsageError(`${option}: ${path} cannot be written: ${(error as Error).message}`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${option}: ${path} is a folder: name a file in it`);
}

/**
 * Writes a file that was named on the command line, over what it held. It follows no link, which would write over a file
 * that nobody named. Throws a `UsageError` that names the option.
 */
export async function writeOutput(path: string, text: string, option: string): Promise<void> {
  const { O_WRONLY, O_CREAT, O_TRUNC } = constants;
  try {
    const file = await open(path, O_WRONLY | O_CREAT | O_TRUNC | NO_LINK, 0o666);
    await file.writeFile(text).finally(() => file.close());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ELOOP' ? 'it is a symbolic link: name the file itself' : message;
    throw new UsageError(`${option}: ${path} cannot be written: ${why}`);
  }
}
