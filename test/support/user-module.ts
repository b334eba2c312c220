import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const source = (path: string) => pathToFileURL(join(import.meta.dirname, '../..', path)).href;
const IMPORTS = [
  `import { cancel, raise, setup } from 'xstate';`,
  `import { gatewayMachine, shardAbstraction, shardMachine, shardSetup } from '${source('machines/index.ts')}';`,
  `import { variant } from '${source('src/exploring/variant.ts')}';`,
];

/** A folder for modules as users write them. */
export async function userModules(): Promise<{
  /** Writes a module that imports our charts; its path. */
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'user-modules-'));
  return {
    write: async (name, text) => {
      const file = join(folder, name);
      await writeFile(file, [...IMPORTS, text, ''].join('\n'));
      return file;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
