import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  type GatewayEvent,
  type GatewaySettings,
  gatewayAbstraction,
  gatewayMachine,
  type Instruction,
  pure,
} from '../../../machines/index.js';
import { explore } from '../../../src/exploring/graph.js';
import { only } from '../../../src/exploring/model.js';
import {
  type ExpectedEffect,
  printVectors,
  stepsOf,
  type VectorFile,
  type VectorStep,
} from '../../../src/exploring/vectors/file.js';
import { gatewayVectors, vectorsOf } from '../../../src/exploring/vectors/make.js';
import { otherShardVectors, shardVectors } from '../../../src/exploring/vectors/shard.js';
import { doorAbstraction, doorMachine } from '../../support/door.js';
import { isRight } from '../../support/vector-steps.js';

const read = (name: string) => readFile(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8');
const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
  JSON.parse(await read('vectors.schema.json')),
);
const peaceful = explore(gatewayMachine, {
  ...only(gatewayAbstraction, ({ type }) => !type.startsWith('fault.')),
  roots: { documented: gatewayAbstraction.roots['documented']! },
});
const FILES = {
  shard: await shardVectors(),
  'shard-other-policy': await otherShardVectors(),
  gateway: await gatewayVectors(),
};

describe.each(Object.entries(FILES))('the vectors in %s.json', (name, file) => {
  const steps = stepsOf(file);

  it('are those in vectors/; `gatechart vectors` writes them', async () => {
    const text = await read(`${name}.json`);
    expect(printVectors(file) === text).toBe(true);
    expect(text.length).toBeLessThan(2_000_000);
  });

  it('fit their JSON Schema', async () => {
    expect(validate(JSON.parse(printVectors(file))), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it('do not fit it once an entry of a table is wrong, or one of another chart', () => {
    const { stimuli, responses } = name === 'gateway' ? FILES.shard : FILES.gateway;
    for (const wrong of [
      { steps: [[-1, 0, 0, 0]] },
      { steps: [[null, 0, 0]] },
      { stimuli: [{ kind: 'frame' }] },
      { stimuli: [{ kind: 'event', event: { type: 'dispatch' } }] },
      { stimuli: stimuli.slice(0, 1) },
      { responses: [{ expect: [{ do: 'sendVoice' }], may: [], because: ['ready'] }] },
      { responses: [{ expect: [], may: [], because: [] }] },
      { responses: responses.filter(({ expect: effects }) => effects.some((effect) => effect.do.startsWith('send'))) },
    ]) {
      expect(validate({ ...file, ...wrong }), JSON.stringify(wrong).slice(0, 80)).toBe(false);
    }
  });

  it('name the clauses that demand them', () => {
    for (const { because } of steps) for (const clause of because) expect(file.clauses).toHaveProperty([clause]);
  });

  it('come after steps that end where they begin', () => {
    const ends = new Map<number | null, number>([[null, 0]]);
    for (const { id, after, to } of steps) {
      expect(ends.has(after)).toBe(true);
      ends.set(id, to);
    }
  });

  it('arm every timer that fires, and only those', () => {
    const armed = new Map<number | null, ReadonlySet<string>>([[null, new Set()]]);
    for (const { id, after, on, expect: expected } of steps) {
      const timers = new Set(armed.get(after));
      if (on.kind === 'timer') expect(timers.delete(on.timer), `step ${id}`).toBe(true);
      for (const effect of expected) {
        if (effect.do === 'arm') timers.add(effect['timer'] as string);
        if (effect.do === 'disarm') timers.delete(effect['timer'] as string);
      }
      armed.set(id, timers);
    }
  });

  it('lie in parts without a gap', () => {
    const ends = Object.values(file.parts).map(([, end]) => end);
    expect(Object.values(file.parts).map(([first]) => first)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(steps.length);
  });

  it('have a subset for the lifecycle, which its steps do not leave', () => {
    const lifecycle = new Set(file.subsets['lifecycle']);
    expect(lifecycle.size).toBeGreaterThan(100);
    for (const id of lifecycle) {
      const { after } = steps[id] as VectorStep;
      expect(after === null || lifecycle.has(after)).toBe(true);
    }
  });
});

/** Plays a file on the pure chart, from nothing but what the file holds; the steps that are not as the chart does them. */
function replay(text: string): readonly string[] {
  const file = JSON.parse(text) as VectorFile;
  const runner = pure(gatewayMachine);
  const { snapshot } = runner.initial({ settings: file.settings as unknown as GatewaySettings });
  const reached = new Map<number | null, typeof snapshot>([[null, snapshot]]);
  return stepsOf(file).flatMap(({ id, after, on, ...expected }) => {
    const before = reached.get(after);
    if (before === undefined || (on.kind !== 'event' && on.kind !== 'timer')) return [`step ${id} cannot be played`];
    const event = (on.kind === 'event' ? on.event : { type: `timer.${on.timer}` }) as GatewayEvent;
    const step = runner.step(before, event);
    reached.set(id, step.snapshot);
    const done = step.instructions.filter(({ type }) => type !== 'report').map(inWordsOfTheFile);
    return isRight(expected, done, file.inOrder) ? [] : [`step ${id}: ${JSON.stringify(done)}`];
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
    const { responses, ...file } = FILES.gateway;
    const ack = { expect: [{ do: 'sendAck' }], may: [], because: ['acknowledged'] };
    const steps = file.steps.map(([after, on, response, to], id) =>
      id === 700 ? [after, on, responses.length, to] : [after, on, response, to],
    );
    const wrong = { ...file, responses: [...responses, ack], steps };
    expect(replay(JSON.stringify(wrong))).toEqual([expect.stringMatching(/^step 700: /)]);
    const other = { ...FILES.gateway, settings: { ...file.settings, replayBatch: 1 } };
    expect(replay(JSON.stringify(other))).not.toEqual([]);
  });

  it('hold a replay in several parts, and every code that the Gateway closes with', () => {
    const effects = FILES.gateway.responses.flatMap((response) => response.expect);
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
    expect(validate({ ...all, steps: [] }), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(all.steps.length).toBeGreaterThan(20 * FILES.gateway.steps.length);
  });
});

describe('the vectors of any other chart', () => {
  it('are its events as they are, and its timers with their lengths', async () => {
    const file = await vectorsOf(doorMachine, doorAbstraction);
    expect([file.chart, file.settings]).toEqual(['door', {}]);
    expect(stepsOf(file)[0]).toEqual({
      id: 0,
      after: null,
      on: { kind: 'event', event: { type: 'open' } },
      expect: [
        { do: 'swing', times: 1 },
        { do: 'arm', timer: 'shut', ms: [5_000, 5_000] },
      ],
      may: [],
      because: ['door.shut: open'],
      to: 1,
    });
  });
});
