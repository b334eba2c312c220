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

  /** What became of a demo that is told twice to end, in one breath. */
  async function interruptedTwice() {
    const demo = spawnCli(cli.bin, ['demo']);
    onTestFinished(() => void demo.child.kill('SIGKILL'));
    await eventually(() => demo.out().includes('→ ready'));
    // Both wait to be read when the process goes on.
    demo.child.kill('SIGSTOP');
    demo.child.kill('SIGINT');
    demo.child.kill('SIGTERM');
    demo.child.kill('SIGCONT');
    return demo.ended;
  }

  it('ends at once at a second signal, and says nothing more', async () => {
    // The kernel may hand over one a moment after the other: then the demo has ended by itself in between.
    let last = await interruptedTwice();
    for (let tries = 1; last.out.includes('Interrupted') && tries < 5; tries += 1) last = await interruptedTwice();
    expect([130, 143]).toContain(last.code); // which of the two is read first is the kernel's choice
    expect(last.out).not.toContain('Interrupted');
  });

  it('ends with the exit code of what it ran, and waits for nothing else', async () => {
    const wrong = spawnCli(cli.bin, ['paths', '--limit', 'few']);
    const [code, signal] = await once(wrong.child, 'exit');
    expect([code, signal]).toEqual([2, null]);
    expect((await wrong.ended).out).toBe('');
  });
});
