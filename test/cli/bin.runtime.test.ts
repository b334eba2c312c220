import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { builtCli, eventually, spawnCli } from '../support/cli.js';

// What one signal does, and a reader that goes, is stated in built.core.test.ts.
describe('the process of the command', () => {
  let cli: Awaited<ReturnType<typeof builtCli>>;
  beforeAll(async () => {
    cli = await builtCli();
  });
  afterAll(() => cli.remove());

  it('ends at once at a second signal, and says nothing more', async () => {
    const demo = spawnCli(cli.bin, ['demo']);
    onTestFinished(() => void demo.child.kill('SIGKILL'));
    await eventually(() => demo.out().includes('→ ready'));
    // Both wait to be read when the process goes on: it has no time to end by itself in between.
    demo.child.kill('SIGSTOP');
    demo.child.kill('SIGINT');
    demo.child.kill('SIGTERM');
    demo.child.kill('SIGCONT');
    const { code, out } = await demo.ended;
    expect([130, 143]).toContain(code); // which of the two is read first is the kernel's choice
    expect(out).not.toContain('Interrupted');
  });

  it('ends with the exit code of what it ran, and waits for nothing else', async () => {
    const wrong = spawnCli(cli.bin, ['paths', '--limit', 'few']);
    const [code, signal] = await once(wrong.child, 'exit');
    expect([code, signal]).toEqual([2, null]);
    expect((await wrong.ended).out).toBe('');
  });
});
