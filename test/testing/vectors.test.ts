import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, shardAbstraction, shardMachine } from '../../machines/index.js';
import { explore } from '../../src/testing/graph.js';
import { printVectors, shardVectors, type VectorStep } from '../../src/testing/vectors.js';

const read = (name: string) => readFile(new URL(`../../vectors/${name}`, import.meta.url), 'utf8');
const text = await read('shard.json');
const file = await shardVectors();
const graph = explore(shardMachine, {
  ...shardAbstraction,
  roots: { documented: shardAbstraction.roots['documented']! },
});

describe('the vectors', () => {
  it('in vectors/ are those of the chart; `gatechart vectors` writes them', () => {
    expect(printVectors(file) === text).toBe(true);
    expect(text.length).toBeLessThan(3_000_000);
  });

  it('fit their JSON Schema', async () => {
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
      JSON.parse(await read('vectors.schema.json')),
    );
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it('do not fit it once a step is wrong', async () => {
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
      JSON.parse(await read('vectors.schema.json')),
    );
    for (const wrong of [
      { after: -1 },
      { expect: [{ do: 'sendVoice' }] },
      { because: [] },
      { on: { kind: 'frame' } },
    ]) {
      expect(validate({ ...file, steps: [{ ...file.steps[0], ...wrong }] }), JSON.stringify(wrong)).toBe(false);
    }
  });

  it('are every transition but those that only our host tells, each with its clauses', () => {
    const told = graph.edges.filter(({ event }) => event.type !== 'dispatched');
    expect(file.steps.map(({ id }) => id)).toEqual(told.map((_, i) => i));
    for (const { because } of file.steps) for (const name of because) expect(file.clauses).toHaveProperty([name]);
  });

  it('hold every close code of the table', () => {
    const codes = new Set(file.steps.flatMap(({ on }) => ('code' in on ? [on.code] : [])));
    expect([...codes]).toEqual(expect.arrayContaining(Object.keys(CLOSE_CODES).map(Number)));
  });

  it('come after steps that end where they begin', () => {
    const ends = new Map<number | null, number>([[null, 0]]);
    for (const { id, after, to } of file.steps) {
      expect(ends.has(after)).toBe(true);
      ends.set(id, to);
    }
  });

  it('arm every timer that fires, and only those', () => {
    const armed = new Map<number | null, ReadonlySet<string>>([[null, new Set()]]);
    for (const { id, after, on, expect: expected } of file.steps) {
      const timers = new Set(armed.get(after));
      if (on.kind === 'timer') expect(timers.delete(on.timer), `step ${id}`).toBe(true);
      for (const effect of expected) {
        if (effect.do === 'arm') timers.add(effect['timer'] as string);
        if (effect.do === 'disarm') timers.delete(effect['timer'] as string);
      }
      armed.set(id, timers);
    }
  });

  it('have a subset for the lifecycle, without a heartbeat', () => {
    const byId = new Map(file.steps.map((step) => [step.id, step]));
    const lifecycle = (file.subsets['lifecycle'] ?? []).map((id) => byId.get(id) as VectorStep);
    expect(lifecycle.length).toBeGreaterThan(500);
    for (const { expect: expected, after } of lifecycle) {
      expect(expected.map((effect) => effect.do)).not.toContain('sendHeartbeat');
      expect(after === null || file.subsets['lifecycle']?.includes(after)).toBe(true);
    }
  });
});
