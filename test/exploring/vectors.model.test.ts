import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  CLOSE_CODES,
  type GatewayEvent,
  type GatewaySettings,
  gatewayAbstraction,
  gatewayMachine,
  type Instruction,
  pure,
  shardAbstraction,
  shardMachine,
} from '../../machines/index.js';
import { explore } from '../../src/exploring/graph.js';
import { only } from '../../src/exploring/model.js';
import {
  type ExpectedEffect,
  gatewayVectors,
  printVectors,
  shardVectors,
  type VectorFile,
  type VectorStep,
  vectorsOf,
} from '../../src/exploring/vectors.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

const read = (name: string) => readFile(new URL(`../../vectors/${name}`, import.meta.url), 'utf8');
const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
  JSON.parse(await read('vectors.schema.json')),
);
const graph = explore(shardMachine, {
  ...shardAbstraction,
  roots: { documented: shardAbstraction.roots['documented']! },
});
const peaceful = explore(gatewayMachine, {
  ...only(gatewayAbstraction, ({ type }) => !type.startsWith('fault.')),
  roots: { documented: gatewayAbstraction.roots['documented']! },
});
const FILES = { shard: await shardVectors(), gateway: await gatewayVectors() };

describe.each([
  ['shard', FILES.shard],
  ['gateway', FILES.gateway],
])('the vectors of the %s chart', (name, file) => {
  it('are those in vectors/; `gatechart vectors` writes them', async () => {
    const text = await read(`${name}.json`);
    expect(printVectors(file) === text).toBe(true);
    expect(text.length).toBeLessThan(6_000_000);
  });

  it('fit their JSON Schema', async () => {
    expect(validate(JSON.parse(printVectors(file))), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it('do not fit it once a step is wrong, or one of another chart', () => {
    const [other] = name === 'shard' ? FILES.gateway.steps : FILES.shard.steps;
    for (const wrong of [
      { after: -1 },
      { expect: [{ do: 'sendVoice' }] },
      { because: [] },
      { on: { kind: 'frame' } },
      { on: { kind: 'event', event: { type: 'dispatch' } } },
      other,
    ]) {
      expect(validate({ ...file, steps: [{ ...file.steps[0], ...wrong }] }), JSON.stringify(wrong)).toBe(false);
    }
  });

  it('name the clauses that demand them', () => {
    for (const { because } of file.steps) for (const clause of because) expect(file.clauses).toHaveProperty([clause]);
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

  it('have a subset for the lifecycle, which its steps do not leave', () => {
    const lifecycle = new Set(file.subsets['lifecycle']);
    expect(lifecycle.size).toBeGreaterThan(100);
    for (const id of lifecycle) {
      const { after } = file.steps[id] as VectorStep;
      expect(after === null || lifecycle.has(after)).toBe(true);
    }
  });
});

describe('the vectors of the shard chart', () => {
  const { steps, subsets } = FILES.shard;

  it('are every transition but those that only our host tells', () => {
    const told = graph.edges.filter(({ event }) => event.type !== 'dispatched');
    expect(steps.map(({ id }) => id)).toEqual(told.map((_, i) => i));
  });

  it('hold every close code of the table', () => {
    const codes = new Set(steps.flatMap(({ on }) => ('code' in on ? [on.code] : [])));
    expect([...codes]).toEqual(expect.arrayContaining(Object.keys(CLOSE_CODES).map(Number)));
  });

  it('send no heartbeat in the lifecycle', () => {
    const lifecycle = subsets['lifecycle']?.map((id) => steps[id] as VectorStep) ?? [];
    expect(steps.flatMap((step) => step.expect.map((effect) => effect.do))).toContain('sendHeartbeat');
    expect(lifecycle.length).toBeGreaterThan(100);
    expect(lifecycle.flatMap((step) => step.expect.map((effect) => effect.do))).not.toContain('sendHeartbeat');
  });
});

/** Plays a file on the pure chart, from nothing but what the file holds; the steps that are not as the chart does them. */
function replay(text: string): readonly string[] {
  const { settings, steps } = JSON.parse(text) as VectorFile;
  const runner = pure(gatewayMachine);
  const { snapshot } = runner.initial({ settings: settings as unknown as GatewaySettings });
  const reached = new Map<number | null, typeof snapshot>([[null, snapshot]]);
  return steps.flatMap(({ id, after, on, expect: expected }) => {
    const before = reached.get(after);
    if (before === undefined || (on.kind !== 'event' && on.kind !== 'timer')) return [`step ${id} cannot be played`];
    const event = (on.kind === 'event' ? on.event : { type: `timer.${on.timer}` }) as GatewayEvent;
    const step = runner.step(before, event);
    reached.set(id, step.snapshot);
    const done = step.instructions.filter(({ type }) => type !== 'report').map(inWordsOfTheFile);
    return JSON.stringify(done) === JSON.stringify(expected) ? [] : [`step ${id}: ${JSON.stringify(done)}`];
  });
}

function inWordsOfTheFile({ type, params }: Instruction): ExpectedEffect {
  if (type !== 'arm') return { do: type, ...params };
  const { timer, delay } = params as { timer: string; delay: number };
  return { do: 'arm', timer, ms: [delay, delay] };
}

describe('the vectors of the Gateway chart', () => {
  it('are every transition but those of its faults', () => {
    expect(FILES.gateway.steps).toHaveLength(peaceful.edges.length);
    expect(FILES.gateway.states).toEqual([...peaceful.nodes.keys()]);
  });

  it('are passed by the chart itself, from the data of the file alone', async () => {
    expect(replay(await read('gateway.json'))).toEqual([]);
  });

  it('find out a Gateway that does something else', async () => {
    const { steps, ...file } = FILES.gateway;
    const wrong = steps.map((step) => (step.id === 700 ? { ...step, expect: [{ do: 'sendAck' }] } : step));
    expect(replay(JSON.stringify({ ...file, steps: wrong }))).toEqual([expect.stringMatching(/^step 700: /)]);
    expect(replay(JSON.stringify({ ...file, settings: { ...file.settings, replayBatch: 1 }, steps }))).not.toEqual([]);
  });

  it('hold a replay in several parts, and every code that the Gateway closes with', () => {
    const effects = FILES.gateway.steps.flatMap((step) => step.expect);
    const parts = effects.flatMap((effect) =>
      effect.do === 'sendReplay' ? [(effect['dispatches' as keyof typeof effect] as readonly unknown[]).length] : [],
    );
    expect(new Set(parts)).toEqual(new Set([1, 2]));
    const codes = new Set(effects.flatMap((effect) => ('code' in effect ? [effect['code']] : [])));
    for (const code of [4001, 4002, 4003, 4004, 4005, 4007, 4008, 4010, 4011, 4012, 4013, 4014]) {
      expect(codes).toContain(code);
    }
  });

  it('hold its faults too, if told', async () => {
    const all = await gatewayVectors({ faults: true });
    expect(replay(JSON.stringify(all))).toEqual([]);
    const some = all.steps.filter(({ id }) => id % 20 === 0);
    expect(validate({ ...all, steps: some }), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(all.steps.length).toBeGreaterThan(20 * FILES.gateway.steps.length);
  });
});

describe('the vectors of any other chart', () => {
  it('are its events as they are, and its timers with their lengths', async () => {
    const { chart, steps, settings } = await vectorsOf(doorMachine, doorAbstraction);
    expect([chart, settings]).toEqual(['door', {}]);
    expect(steps[0]).toEqual({
      id: 0,
      after: null,
      on: { kind: 'event', event: { type: 'open' } },
      expect: [
        { do: 'swing', times: 1 },
        { do: 'arm', timer: 'shut', ms: [5_000, 5_000] },
      ],
      because: ['door.shut: open'],
      to: 1,
    });
  });
});
