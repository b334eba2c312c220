import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtCli } from '../../support/cli.js';

// What is measured, and the flags of V8 that are set for it, are those of a whole process.
describe('what a process holds', () => {
  let cli: Awaited<ReturnType<typeof builtCli>>;
  beforeAll(async () => {
    cli = await builtCli();
  });
  afterAll(() => cli.remove());

  /** The JSON that a program prints; it has the module as `measure`. */
  async function printed(program: string, ...flags: string[]): Promise<unknown> {
    const url = pathToFileURL(join(dirname(cli.bin), 'soak/measure.js')).href;
    const text = `const measure = await import('${url}');\n${program}`;
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--input-type=module', '-e', text]);
    return JSON.parse(stdout);
  }

  it('is the memory that cannot be freed', async () => {
    const [garbage, held] = (await printed(`
      const make = () => Array.from({ length: 200_000 }, (_, n) => ({ n }));
      const before = await measure.heapAfterCollection();
      make();
      const afterGarbage = await measure.heapAfterCollection();
      globalThis.held = make();
      const afterAll = await measure.heapAfterCollection();
      console.log(JSON.stringify([afterGarbage - before, afterAll - afterGarbage]));
    `)) as [number, number];
    expect(Math.abs(garbage)).toBeLessThan(500_000);
    expect(held).toBeGreaterThan(200_000 * 12); // at least a header and a number each
  });

  it('holds no code that V8 has compiled, once that is forbidden', async () => {
    const program = (forbid: string) => `
      ${forbid}
      const hot = (count) => { let sum = 0; for (let n = 0; n < count; n += 1) sum += n % 7; return sum; };
      for (let n = 0; n < 5_000; n += 1) hot(1_000);
      console.log(eval('%ActiveTierIsIgnition(hot)'));
    `;
    expect(await printed(program(''), '--allow-natives-syntax')).toBe(false);
    expect(await printed(program('measure.compileNothing();'), '--allow-natives-syntax')).toBe(true);
  });
});
