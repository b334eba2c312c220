import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { gatewayMachine, shardMachine, stateNodesOf } from '../../machines/index.js';
import { chartFromJson, json } from '../../src/diagram/index.js';

const CHARTS = [
  ['shard', shardMachine as AnyStateMachine],
  ['Gateway', gatewayMachine as AnyStateMachine],
] as const;

describe.each(CHARTS)('the %s chart as JSON', (_, machine) => {
  const config = JSON.parse(json(machine));

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
