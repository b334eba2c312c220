/** How the programs here are called: names, and options that each declares as `parseArgs` has them. */
import { parseArgs } from 'node:util';

/** The options with the `names` that were given, of those there are; or what is `wrong` with the call. */
export function readArguments(options, known) {
  const shared = { verbose: { type: 'boolean', short: 'v' }, help: { type: 'boolean', short: 'h' } };
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { ...options, ...shared } });
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown !== undefined) throw new Error(`there is no ${unknown}: ${known.join(', ')}`);
    return { ...values, names: positionals };
  } catch (error) {
    return { wrong: error.message };
  }
}
