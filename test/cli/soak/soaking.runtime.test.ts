import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Soaking from '../../../src/cli/soak/soaking.js';
import { Interruption } from '../../../src/cli/terminal/io.js';
import { builtCli } from '../../support/cli.js';
import { keptIo } from '../../support/io.js';

// The built module: its Gateway is a thread, which can only be started from a file of JavaScript.
describe('a soak', () => {
  let cli: Awaited<ReturnType<typeof builtCli>>;
  let Soak: typeof Soaking.Soak;
  beforeAll(async () => {
    cli = await builtCli();
    ({ Soak } = await import(/* @vite-ignore */ pathToFileURL(join(dirname(cli.bin), 'soak/soaking.js')).href));
  });
  afterAll(() => cli.remove());

  it('counts losses and dispatches, and finds none missing of which the Gateway knows', async () => {
    const lines: string[] = [];
    const soak = new Soak(5, keptIo().io, { record: (line) => lines.push(line) });
    await soak.start();
    for (let n = 0; n < 4; n += 1) await soak.disconnect();
    await soak.settle();
    await soak.end();
    const { counts } = soak;
    expect(counts.disconnects).toBeGreaterThanOrEqual(4);
    expect([...counts.losses.values()].reduce((sum, { times }) => sum + times, 0)).toBe(4);
    for (const { ms } of counts.losses.values()) expect(ms).toBeGreaterThan(0);
    expect(counts).toMatchObject({ lost: 0, unexpected: 0 });
    expect(counts.sessions).toBeGreaterThanOrEqual(1);
    expect(counts.received).toBeGreaterThan(counts.replayed);
    expect(lines[0]).toContain('"type":"header"');
    expect(lines.some((line) => line.includes('"resumed"') || line.includes('"ready"'))).toBe(true);
  });

  it('draws the same losses from the same seed', async () => {
    const losses = await Promise.all(
      [7, 7].map(async (seed) => {
        const soak = new Soak(seed, keptIo().io);
        await soak.start();
        for (let n = 0; n < 3; n += 1) await soak.disconnect();
        await soak.end();
        return [...soak.counts.losses].map(([name, { times }]) => [name, times]);
      }),
    );
    expect(losses[0]).toEqual(losses[1]);
  });

  it('ends when it is interrupted, and can be ended before it has begun', async () => {
    const { io, interrupt } = keptIo();
    const soak = new Soak(1, io);
    await soak.start();
    interrupt();
    await expect(soak.disconnect()).rejects.toMatchObject({ name: new Interruption('SIGINT').name });
    await soak.end();
    await new Soak(1, keptIo().io).end();
  });
});
