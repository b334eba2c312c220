import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import type { TraceLine } from '../../src/trace/format.js';
import { VERSION } from '../../src/trace/version.js';
import schema from '../../vectors/trace.schema.json' with { type: 'json' };
import { memoryWorld, TOKEN } from '../support/memory.js';
import { recordedLife } from '../support/traces.js';

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

const typed = <T extends TraceLine['type']>(lines: readonly TraceLine[], type: T) =>
  lines.filter((line): line is Extract<TraceLine, { type: T }> => line.type === type);

describe('a recorded shard', async () => {
  const { lines, text, world } = await recordedLife();
  const steps = typed(lines, 'step');

  it('writes lines of the format', () => {
    for (const line of lines)
      expect(validate(line), `${JSON.stringify(line)}: ${JSON.stringify(validate.errors)}`).toBe(true);
  });

  it('begins with a header, then says where it stands', () => {
    expect(lines[0]).toMatchObject({
      type: 'header',
      at: 0,
      gatechart: VERSION,
      chart: 'shard',
      file: 1,
      shard: [0, 1],
    });
    expect(lines[1]).toMatchObject({ type: 'checkpoint', state: 'stopped', timers: {} });
    expect(lines.at(-1)).toMatchObject({ type: 'end', state: 'stopped', because: 'stopped' });
  });

  it('tells each step from where the last one led, with its causes', () => {
    steps.forEach(({ from }, i) => {
      const before = steps[i - 1];
      expect(from).toBe(before === undefined ? 'stopped' : (before.to ?? before.from));
    });
    for (const { to, causes } of steps) if (to !== undefined) expect(causes).not.toBeUndefined();
    expect(steps.flatMap(({ causes = [] }) => causes.map(({ name }) => name))).toEqual(
      expect.arrayContaining([
        'started',
        'ready',
        'acknowledged',
        'closedForResume',
        'resumed',
        'stopped',
        'closeAnswered',
      ]),
    );
  });

  it('keeps each draw with the timer that was armed with it', () => {
    const drawn = steps.flatMap((step) => step.do ?? []).filter(({ draws }) => draws !== undefined);
    expect(drawn.length).toBeGreaterThan(2);
    for (const { type, params, draws } of drawn) {
      expect(type).toBe('arm');
      expect(['firstHeartbeat', 'reconnect']).toContain(params.timer);
      expect(draws).toHaveLength(1);
    }
  });

  it('tells of dispatches once a burst, and of none twice', () => {
    const bursts = steps.flatMap(({ dispatches }) => dispatches ?? []);
    const counts = bursts.reduce((sum, { count }) => sum + count, 0);
    const sent = world.gateway.sessions.reduce((sum, { dispatched }) => sum + dispatched.length, 0);
    expect(counts).toBe(sent);
    expect(bursts.some(({ count }) => count > 1)).toBe(true);
    for (const { first, last, count, bytes, names } of bursts) {
      expect(last - first + 1).toBe(count);
      expect(Object.values(names).reduce((sum, each) => sum + each)).toBe(count);
      expect(bytes).toBeGreaterThan(20 * count);
    }
  });

  it('names the messages of the wire without what they hold', () => {
    const frames = typed(lines, 'frame');
    const named = (direction: string, op: number) =>
      frames.filter((frame) => frame.direction === direction && frame.op === op);
    expect(named('in', 10)).toHaveLength(3);
    expect(named('out', 2)).toHaveLength(2);
    expect(named('out', 6)).toHaveLength(1);
    expect(named('in', 0).map(({ name }) => name)).toEqual(['READY', 'RESUMED', 'READY']);
    expect(frames.every((frame) => !('payload' in frame))).toBe(true);
  });

  it('holds no secret', () => {
    const [session] = world.gateway.sessions;
    expect(session?.sessionId.length).toBeGreaterThan(5);
    for (const secret of [TOKEN, session?.sessionId, 'gateway-us-east1-b']) expect(text).not.toContain(secret);
    expect(text).toContain('"<session 1>"');
    expect(text).toContain('"<resume url 1>"');
  });
});

describe('recording', () => {
  it('writes what messages hold where it is asked for, without secrets', async () => {
    const { lines, text, world } = await recordedLife((to) => ({ record: { to, contents: true } }));
    const identify = typed(lines, 'frame').find(({ op }) => op === 2);
    expect(identify?.payload).toMatchObject({ token: '<token>', intents: 513 });
    const payloads = typed(lines, 'step').flatMap(({ dispatches }) => dispatches?.payloads ?? []);
    expect(payloads).toContainEqual(expect.objectContaining({ content: expect.any(String) }));
    for (const secret of [TOKEN, world.gateway.sessions[0]?.sessionId]) expect(text).not.toContain(secret);
  });

  it.each([0, 5])(
    'changes nothing for a shard whose sink throws after %i lines, but for one warning',
    async (after) => {
      const warnings: unknown[] = [];
      const world = memoryWorld({ record: failing(after) });
      world.shard.on('warning', ({ problem, error }) => warnings.push(`${problem}: ${(error as Error).message}`));
      void world.order.start();
      await world.until(() => world.shard.isReady);
      expect(warnings).toEqual(['the trace could not be written: no room']);
    },
  );

  it('refuses the name of a file where there are none', () => {
    expect(() => memoryWorld({ record: 'trace.jsonl' })).toThrow(TypeError);
  });

  it('names the version of the package', () => {
    expect(VERSION).toBe(manifest.version);
  });
});

function failing(after: number): (line: string) => void {
  let written = 0;
  return () => {
    written += 1;
    if (written > after) throw new Error('no room');
  };
}
