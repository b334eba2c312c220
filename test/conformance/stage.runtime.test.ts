/** Cases played with small clients. */
import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/conformance/case.js';
import { casesFor } from '../../src/conformance/cases/index.js';
import { runCases } from '../../src/conformance/run.js';
import { play } from '../../src/conformance/stage.js';
import { smallClient } from './small-client.js';

const GOOD = smallClient('connect', 'beat', 'identify', 'resume', 'tell', 'leave');

const caseWith = (more: Partial<Case>): Case => ({
  id: 'a/b',
  spec: 'gateway#connecting',
  level: 'must',
  says: 'The client connects',
  script: [],
  watch: 0,
  checks: [],
  ...more,
});

describe.concurrent('a stage', () => {
  it('plays a script against a client, and tells what was seen in order', async () => {
    const each = caseWith({
      script: [
        { until: 'live' },
        { until: 'message' },
        { order: 'dropTcp' },
        { until: 'resumed' },
        { until: 'message' },
      ],
    });
    const evidence = await play(each, { command: GOOD });
    expect(evidence.stalled).toBeNull();
    expect(evidence.resumes).toHaveLength(1);
    expect(evidence.items.filter(({ kind }) => kind === 'order')).toMatchObject([{ says: 'dropTcp', reached: 1 }]);
    expect(evidence.struck).toBeLessThan(evidence.resumes[0]?.at ?? 0);
    expect(evidence.items.at(-1)).toMatchObject({ kind: 'exit', isOrdered: true });
    const times = evidence.items.map(({ at }) => Math.round(at / 50));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('injects faults before the client starts, repeats steps for a time, and strikes when told', async () => {
    const each = caseWith({
      before: [{ fault: 'closeWith', options: { code: 4000, at: 'greeting', times: 1 } }],
      strikes: ({ kind, code }) => kind === 'close' && code === 4000,
      script: [
        { until: 'live' },
        { during: 1_500, steps: [{ order: 'dropTcp' }, { until: 'live', within: 60_000 }, { wait: 300 }] },
      ],
    });
    const evidence = await play(each, { command: GOOD, interval: 5_000 });
    expect(Number.isFinite(evidence.struck)).toBe(true);
    expect(evidence).toMatchObject({ stalled: null, interval: 5_000, pending: [] });
    expect(evidence.opens.length).toBeGreaterThan(2);
  });

  it('stops where a landmark does not come', async () => {
    const each = caseWith({ script: [{ until: 'ready', within: 1_500 }, { order: 'dropTcp' }] });
    const evidence = await play(each, { command: smallClient('connect') });
    expect(evidence.stalled).toBe('ready within 1500 ms');
    expect(evidence.items.some(({ kind }) => kind === 'order')).toBe(false);
  });

  it('ends early with the client', async () => {
    const evidence = await play(caseWith({ script: [{ until: 'live' }], watch: 60_000 }), {
      command: smallClient('exit'),
    });
    expect(evidence.exit?.says).toBe('ends with exit code 0');
  });

  it('counts what a client takes to end as no part of what was watched', async () => {
    const evidence = await play(caseWith({ script: [{ until: 'open' }], watch: 0 }), {
      command: smallClient('connect', 'deaf'),
    });
    const exit = evidence.items.at(-1);
    expect(exit).toMatchObject({ kind: 'exit', says: 'is ended by SIGKILL' });
    expect((exit?.at ?? 0) - evidence.ended).toBeGreaterThan(1_900);
  });

  it('ends a flood at 500 connections', async () => {
    const each = caseWith({ before: [{ fault: 'refuseConnections' }], script: [{ wait: 120_000 }] });
    const evidence = await play(each, { command: smallClient('connect', 'loop') });
    expect(evidence.flood).toBe('sockets');
    expect(evidence.handshakes.length).toBeLessThan(520);
  });

  it('rejects where it is interrupted, or the command is missing', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('interrupted')), 300);
    const each = caseWith({ script: [{ wait: 60_000 }] });
    await expect(play(each, { command: GOOD, signal: controller.signal })).rejects.toThrow('interrupted');
    await expect(play(each, { command: ['no-such-program'] })).rejects.toThrow('no-such-program was not found');
  });
});

/** The shortest ones, of several kinds. */
const SHORT = ['life/connects', 'drop/live', 'op-7/live', 'close-4004/live', 'malformed-notJson/live'].map((id) => {
  const [found] = casesFor('full', id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return found;
});

describe.concurrent('a hollow client', () => {
  it.each([
    ['does nothing', smallClient()],
    ['only connects', smallClient('connect')],
    ['only identifies', smallClient('connect', 'identify')],
    ['answers nothing but heartbeats', smallClient('connect', 'beat')],
    ['exits at once', smallClient('exit')],
  ])('that %s passes nothing', async (_, command) => {
    const results = await runCases(SHORT, { command, atOnce: 5, startup: 1_500, patience: 1_500 });
    expect(results.map(({ id }) => id).sort()).toEqual(SHORT.map(({ id }) => id).sort());
    expect(results.filter(({ verdict }) => verdict === 'passed' || verdict === 'tolerated')).toEqual([]);
  });

  it('that does more passes more', async () => {
    const results = await runCases(SHORT, { command: GOOD, atOnce: 5 });
    const passed = results.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id);
    expect(passed).toEqual(expect.arrayContaining(['life/connects', 'drop/live']));
  });
});
