/** The vectors of the shard chart: what they cover, that our own chart and host pass them, and that wrong charts do not. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  CLOSE_CODES,
  type PolicyOptions,
  pure,
  type ShardContext,
  SPANS,
  shardAbstraction,
  shardMachine,
  TIMERS,
} from '../../../machines/index.js';
import { causesOf } from '../../../src/exploring/clauses.js';
import { explore } from '../../../src/exploring/graph.js';
import { type ExpectedEffect, stepsOf, type VectorFile, type VectorStep } from '../../../src/exploring/vectors/file.js';
import { AT_THE_PORTS } from '../../support/host-under-test.js';
import { type Call, Puppet } from '../../support/puppet.js';
import { eventOf, isRight } from '../../support/vector-steps.js';

const read = async (name: string): Promise<VectorFile> =>
  JSON.parse(await readFile(new URL(`../../../vectors/${name}.json`, import.meta.url), 'utf8'));
const FILES = { shard: await read('shard'), other: await read('shard-other-policy') };
const STEPS = { shard: stepsOf(FILES.shard), other: stepsOf(FILES.other) };

/** The steps of a part, each with its id. */
function part(name: keyof typeof FILES, of: string): readonly VectorStep[] {
  const [first, end] = FILES[name].parts[of] as readonly [number, number];
  return STEPS[name].slice(first, end);
}

/** Plays a file on a chart, and yields the steps that are not as they should be. */
function* wrongSteps(name: keyof typeof FILES, machine = shardMachine): Generator<string> {
  const { policy, inOrder } = FILES[name];
  const runner = pure(machine);
  const { snapshot } = runner.initial({ policy: policy as NonNullable<typeof policy> });
  const reached = new Map<number | null, typeof snapshot>([[null, snapshot]]);
  for (const { id, after, on, ...expected } of STEPS[name]) {
    const before = reached.get(after);
    if (before === undefined) continue;
    const step = runner.step(before, eventOf(on));
    const done = step.instructions.flatMap(({ type, params }): ExpectedEffect[] => {
      if (type === 'report') return [];
      const { delay, ...rest } = params as Record<string, unknown>;
      return [{ do: type, ...rest, ...(delay === undefined ? {} : { ms: [delay, delay] }) }];
    });
    if (isRight(expected, done, inOrder)) reached.set(id, step.snapshot);
    else yield `step ${id}: ${JSON.stringify(done)}`;
  }
}

/** A chart that breaks, or goes round without an end, is noticed too. */
function isNoticed(machine: typeof shardMachine): boolean {
  try {
    return !wrongSteps('shard', machine).next().done || !wrongSteps('other', machine).next().done;
  } catch {
    return true;
  }
}

describe('the vectors of the shard chart', () => {
  it('hold every transition but those that only our host tells', () => {
    const graph = explore(shardMachine, {
      ...shardAbstraction,
      roots: { documented: shardAbstraction.roots['documented']! },
    });
    expect(FILES.shard.states.slice(0, graph.nodes.size)).toEqual([...graph.nodes.keys()]);
    const from = ({ after }: VectorStep) => (after === null ? 0 : STEPS.shard[after]?.to);
    const steps = part('shard', 'transitions');
    const moves = new Set(steps.map((step) => `${from(step)} ${step.to} ${JSON.stringify(step.because)}`));
    const missing: string[] = [];
    for (const [place, { key, edges }] of [...graph.nodes.values()].entries()) {
      const events = edges.filter(({ event }) => event.type !== 'dispatched');
      const here = steps.filter((step) => from(step) === place);
      expect(here.length, key).toBeGreaterThanOrEqual(events.length);
      for (const edge of events) {
        const causes = causesOf(edge.instructions);
        const because = JSON.stringify(causes.length > 0 ? causes : edge.rows);
        if (!moves.has(`${place} ${FILES.shard.states.indexOf(edge.to.key)} ${because}`))
          missing.push(`${key}: ${edge.label}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('hold every close code of the table', () => {
    const codes = new Set(FILES.shard.stimuli.flatMap((on) => ('code' in on ? [on.code] : [])));
    expect([...codes]).toEqual(expect.arrayContaining(Object.keys(CLOSE_CODES).map(Number)));
  });

  it('send no heartbeat in the lifecycle', () => {
    const lifecycle = FILES.shard.subsets['lifecycle']?.map((id) => STEPS.shard[id] as VectorStep) ?? [];
    expect(STEPS.shard.flatMap((step) => step.expect.map((effect) => effect.do))).toContain('sendHeartbeat');
    expect(lifecycle.length).toBeGreaterThan(100);
    expect(lifecycle.flatMap((step) => step.expect.map((effect) => effect.do))).not.toContain('sendHeartbeat');
  });

  it('hold jumps in the sequence, low ones and none, several intervals, and null for s and t', () => {
    const payloads = FILES.shard.stimuli.flatMap((on) => (on.kind === 'frame' && 'payload' in on ? [on.payload] : []));
    const dispatches = payloads.filter(({ t }) => t === 'MESSAGE_CREATE').map(({ s }) => s);
    expect(dispatches).toEqual(expect.arrayContaining([0, 1, 2, 11, 41, null]));
    const intervals = payloads.flatMap(({ op, d }) => (op === 10 ? [JSON.stringify(d)] : []));
    expect(new Set(intervals).size).toBe(2);
    for (const { op, s, t } of payloads) if (op !== 0) expect([s, t]).toEqual([null, null]);
  });

  it('are repeated under a policy that differs in everything but the zombie test', () => {
    const leaves = (value: unknown, path = ''): string[] =>
      typeof value === 'object' && value !== null && Object.keys(value).length > 0
        ? Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`))
        : [`${path}: ${JSON.stringify(value)}`];
    const [one, other] = [new Set(leaves(FILES.shard.policy)), leaves(FILES.other.policy)];
    expect(other.filter((leaf) => one.has(leaf))).toEqual(['.zombieTest: "ack"']);
  });

  it('hold answers to connections and requests that are over, which change nothing', () => {
    const stale = part('shard', 'strays').filter(({ because }) => because.includes('isOver'));
    expect(new Set(stale.map(({ on }) => on.kind))).toEqual(new Set(['answer', 'socket', 'frame']));
    for (const { expect: expected, may } of stale) expect([expected, may]).toEqual([[], []]);
  });
});

describe('our own chart', () => {
  it.each(['shard', 'other'] as const)('passes the vectors in full, from the data of the file alone: %s', (name) => {
    expect([...wrongSteps(name)]).toEqual([]);
  });

  const { actions, guards } = shardMachine.implementations;
  /** Actions that only assign; `remember` is for reports, which are in no vector. */
  const MEMORY = Object.keys(actions).filter((name) => isAssignment(actions[name as never]) && name !== 'remember');

  it.each(MEMORY)('fails them if %s remembers nothing', (name) => {
    expect(MEMORY.length).toBeGreaterThan(12);
    expect(isNoticed(shardMachine.provide({ actions: { [name]: () => {} } }))).toBe(true);
  });

  /** What a wrong guard leads to that is in no vector: the same effects, and another reason for them. */
  const REASON_ONLY = ['isNumbered: true', 'isNumbered: false', 'hasResumeUrl: false'];

  it.each(Object.keys(guards).flatMap((name) => [[name, true] as const, [name, false] as const]))(
    'fails them if %s always says %s',
    (name, says) => {
      const machine = shardMachine.provide({ guards: { [name]: () => says } });
      expect(isNoticed(machine)).toBe(!REASON_ONLY.includes(`${name}: ${says}`) && !isUnused(name, says));
    },
  );

  it.each(TIMERS)('fails them if the timer %s takes longer', (timer) => {
    const longer = ({ context }: { context: ShardContext }) => SPANS[timer](context)[1] + 1;
    expect(isNoticed(shardMachine.provide({ delays: { [timer]: longer } }))).toBe(true);
  });
});

/** `trafficIsLife` is another policy's: where only an ACK counts, it is never true. */
function isUnused(name: string, says: boolean): boolean {
  return name === 'trafficIsLife' && !says;
}

function isAssignment(action: unknown): boolean {
  return (action as { type?: string } | undefined)?.type === 'xstate.assign';
}

/** Plays the way to a step on our host, and says where it does something else at its ports. */
async function playOnHost(file: VectorFile, way: readonly VectorStep[]): Promise<string | undefined> {
  const puppet = new Puppet(file.policy as PolicyOptions);
  try {
    for (const { id, on, expect: expected, may } of way) {
      await puppet.pull(eventOf(on));
      const done = puppet.calls.splice(0).filter(({ type }) => AT_THE_PORTS.includes(type));
      const shown = {
        expect: expected.filter((effect) => AT_THE_PORTS.includes(effect.do)),
        may: may.filter((effect) => AT_THE_PORTS.includes(effect.do)),
      };
      if (!isRight(shown, done.map(inWordsOfTheFile), file.inOrder, fitsAtThePorts))
        return `step ${id}: ${JSON.stringify(done)}`;
    }
    return undefined;
  } finally {
    puppet.stop();
  }
}

function inWordsOfTheFile({ type, params }: Call): ExpectedEffect {
  return { do: type, ...params };
}

/** Ports do not know all that the chart does, such as the numbers of requests. */
function fitsAtThePorts(expected: ExpectedEffect, done: ExpectedEffect): boolean {
  return Object.entries(done).every(([name, value]) => expected[name as never] === value);
}

describe('our own host', () => {
  it.each([
    ['shard', 'stories', 1],
    ['other', 'stories', 1],
    ['shard', 'memory', 7],
    ['other', 'memory', 3],
  ] as const)('passes those of %s: %s (every way of so many: %i)', async (name, of, every) => {
    const steps = STEPS[name];
    const followed = new Set(steps.map(({ after }) => after));
    const ends = part(name, of).filter(({ id }) => !followed.has(id));
    const problems: string[] = [];
    for (const end of ends.filter((_, i) => i % every === 0)) {
      const way = [end];
      for (let at = end.after; at !== null; at = steps[at]?.after ?? null) way.unshift(steps[at] as VectorStep);
      const problem = await playOnHost(FILES[name], way);
      if (problem !== undefined) problems.push(problem);
    }
    expect(ends.length).toBeGreaterThan(10);
    expect(problems.slice(0, 5)).toEqual([]);
  });
});
