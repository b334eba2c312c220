/** Libraries in a folder that is kept: what a machine lacks for one, and how it is installed. */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAtLeast, pinnedVersion } from './ecosystems.mjs';
import { run } from './processes.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Where libraries are installed unless another folder is named. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gatechart', 'clients');

/** The version of a library that is pinned here. */
export async function versionOf(library) {
  return pinnedVersion(library, await readFile(join(HERE, library.name, library.manifest), 'utf8'));
}

/** What the machine lacks for a library; null if nothing. */
export async function lack({ tools }, signal) {
  for (const { name, command, least } of tools) {
    let printed;
    try {
      printed = await run(command, { signal, ms: 60_000 });
    } catch {
      return `there is no ${name}`;
    }
    if (!isAtLeast(printed, least)) return `${name} is too old: ${least} or newer will do`;
  }
  return null;
}

/** Installs a library into its folder of the cache, unless what is there is the same; `tell` hears of each step. */
export async function install({ name, install: steps, installMs }, folder, { signal, tell }) {
  const source = join(HERE, name);
  const files = (await readdir(source, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const hash = createHash('sha256');
  for (const { parentPath, path, name: file } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(file).update(await readFile(join(parentPath ?? path, file)));
  }
  const stamp = join(folder, '.installed');
  const digest = hash.digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => null)) === digest) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(source, folder, { recursive: true });
  for (const step of steps) {
    tell(`installing (${step.slice(0, 3).join(' ')} …)`);
    await run(step, { cwd: folder, signal, ms: installMs });
  }
  await writeFile(stamp, digest);
}
