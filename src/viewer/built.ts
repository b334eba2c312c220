/** The viewer's page, as it was built. For Node. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Where it lies, seen from here: in the package, and in a checkout whose sources run. */
const PLACES = ['../../viewer/index.html', '../../dist/viewer/index.html'];

/** The file that holds the page: it can be opened as it is. Throws if it was not built. */
export function viewerFile(): string {
  const found = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
  if (found !== undefined) return found;
  throw new Error('the viewer is not built: run `npm run build`');
}

/** The page as HTML. */
export const viewerPage = (): Promise<string> => readFile(viewerFile(), 'utf8');
