import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import {
  type Abstraction,
  gated,
  gatewayAbstraction,
  gatewayMachine,
  shardAbstraction,
  shardMachine,
  stateNodesOf,
} from '../../machines/index.js';
import { chartFromJson, json } from '../../src/diagram/index.js';
import { explore } from '../../src/testing/index.js';

type AnyAbstraction = Abstraction<never, never, never>;
const CHARTS = [
  ['shard', shardMachine as AnyStateMachine, shardAbstraction as AnyAbstraction],
  ['Gateway', gatewayMachine as AnyStateMachine, gatewayAbstraction as AnyAbstraction],
] as const;

/** All that a chart can do: its states and the timers that run there, and each transition with its rows and what is to be done. */
function behaviourOf(machine: AnyStateMachine, { roots, ...abstraction }: AnyAbstraction): string[] {
  const first = Object.fromEntries(Object.entries(roots).slice(0, 1)); // the others differ in numbers alone
  const { nodes, edges } = explore(machine, { ...abstraction, roots: first } as never);
  return [
    ...[...nodes.values()].map(({ key, armed }) => `${key}: ${[...armed]}`),
    ...edges.map(({ from, label, to, rows, instructions }) =>
      JSON.stringify([from.key, label, to.key, rows, instructions]),
    ),
  ];
}

describe.each(CHARTS)('the %s chart as JSON', (_, machine, abstraction) => {
  const config = JSON.parse(json(machine));

  it('has the same states and transitions, and does the same, once it is provided with the implementations', () => {
    const ours = behaviourOf(machine, abstraction);
    const revived = behaviourOf(gated(chartFromJson(json(machine), machine) as never), abstraction);
    expect(revived.length).toBe(ours.length);
    expect(revived.filter((line, i) => line !== ours[i]).slice(0, 3)).toEqual([]);
  }, 60_000);

  it('is a config for createMachine as it stands', () => {
    const bare = createMachine({ ...config, context: {} }, machine.implementations as never);
    expect(stateNodesOf(bare).map(({ id }) => id)).toEqual(stateNodesOf(machine).map(({ id }) => id));
  });

  it('names all code, and keeps the rule and the clause of every state', () => {
    const text = JSON.stringify(config);
    expect(text).not.toMatch(/=>|function|\(inline\)|"computedBy":"(params)?"/);
    for (const { description, meta } of stateNodesOf(machine)) {
      if (description !== undefined) expect(text).toContain(JSON.stringify(description));
      if (meta !== undefined) expect(text).toContain(JSON.stringify(meta));
    }
  });
});

describe('a chart made of JSON', () => {
  const text = json(shardMachine);

  it('is the one that an editor left', () => {
    const edited = JSON.parse(text);
    delete edited.states.failed.on.start;
    edited.states.stopped.entry = 'forgetSession';
    const machine = chartFromJson(JSON.stringify(edited), shardMachine);
    expect(machine.getStateNodeById('shard.failed').transitions.size).toBe(0);
    expect(machine.getStateNodeById('shard.stopped').entry).toEqual(['forgetSession']);
  });

  it('has no action that nobody provides', () => {
    const edited = text.replace('"forgetSession"', '"forgetEverything"');
    expect(() => chartFromJson(edited, shardMachine)).toThrow(
      new TypeError('The chart shard has no action "forgetEverything"'),
    );
  });

  it('cannot be made where two actions would look the same', () => {
    const twins = createMachine({
      id: 'twins',
      entry: [
        { type: 'say', params: () => ({ word: 'yes' }) },
        { type: 'say', params: () => ({ word: 'no' }) },
      ],
    });
    expect(() => json(twins)).toThrow(
      new TypeError(
        'The chart twins has two actions that both read {"type":"say"}: name the functions of their params',
      ),
    );
  });
});
