import { describe, expect, it } from 'vitest';
import { assign, cancel, raise, sendTo } from 'xstate';
import { armGateway, disarmGateway, reporting } from '../../../machines/gateway/vocabulary.js';
import { definitionOf } from '../../../machines/kit/definition.js';
import { shardMachine } from '../../../machines/shard/chart.js';
import { arm, disarm } from '../../../machines/shard/vocabulary.js';

describe('the definition of a chart', () => {
  it('leaves plain data as it is', () => {
    const config = {
      id: 'door',
      initial: 'shut',
      states: { shut: { meta: { spec: 'door#shut' }, on: { open: [{ guard: 'isFree', target: 'open' }] } }, open: {} },
      after: { 500: { target: 'shut', reenter: true } },
      output: null,
    };
    expect(definitionOf(config)).toEqual(config);
  });

  it.each([[undefined], [null], ['door'], [7], [() => ({})]])('of %j is none', (config) => {
    expect(definitionOf(config)).toBeUndefined();
  });

  it('of an empty config is empty', () => {
    expect(definitionOf({})).toEqual({});
  });

  it('can be written as JSON, and does not change the config', () => {
    const config = { entry: [function ring() {}], exit: assign({}) };
    const { entry } = config;
    expect(JSON.stringify(definitionOf(config))).toBe('{"entry":[{"type":"ring"}],"exit":{"type":"assign"}}');
    expect(config.entry).toBe(entry);
    expect(typeof entry[0]).toBe('function');
  });

  it('shows a function by its name, or as inline', () => {
    const { named, bare } = { named: function swing() {}, bare: (() => () => {})() };
    expect(definitionOf({ entry: [named, bare, 'ring'] })).toEqual({
      entry: [{ type: 'swing' }, { type: '(inline)' }, 'ring'],
    });
  });

  it('shows a timer that is started or stopped by its name and that of its delay', () => {
    expect(
      definitionOf({
        entry: [
          raise({ type: 'timer.shut' }, { id: 'shut', delay: 'shut' as never }),
          raise({ type: 'timer.shut' }, { id: 'shut', delay: 5_000 }),
          raise({ type: 'timer.shut' }, { id: 'shut', delay: () => 5_000 }),
        ],
        exit: [cancel('shut'), cancel(() => 'shut')],
      }),
    ).toEqual({
      entry: [
        { type: 'arm', params: { timer: 'shut', delay: 'shut' } },
        { type: 'arm', params: { timer: 'shut', delay: 5_000 } },
        { type: 'arm', params: { timer: 'shut' } },
      ],
      exit: [
        { type: 'disarm', params: { timer: 'shut' } },
        { type: 'disarm', params: {} },
      ],
    });
  });

  it('shows an event that is raised at once', () => {
    expect(definitionOf({ entry: [raise({ type: 'open' }), raise(() => ({ type: 'open' }))] })).toEqual({
      entry: [
        { type: 'raise', params: { event: { type: 'open' } } },
        { type: 'raise', params: { event: '(computed)' } },
      ],
    });
  });

  it('shows other actions of XState by their kind', () => {
    expect(definitionOf({ entry: [assign({ opened: 1 }), sendTo('bell', { type: 'ring' })] })).toEqual({
      entry: [{ type: 'assign' }, { type: 'sendTo' }],
    });
  });

  it('names parameters after the function that computes them, if its name tells anything', () => {
    function loudness() {}
    expect(
      definitionOf({
        context: loudness,
        entry: [
          { type: 'ring', params: loudness },
          { type: 'ring', params: () => ({}) },
          { type: 'ring', params: { times: 2 } },
        ],
      }),
    ).toEqual({
      entry: [
        { type: 'ring', params: { computedBy: 'loudness' } },
        { type: 'ring' },
        { type: 'ring', params: { times: 2 } },
      ],
    });
  });

  it('leaves out what would lead in circles, and shows twice what stands in two places', () => {
    const shared = { type: 'ring' };
    const config: Record<string, unknown> = { entry: [shared], exit: [shared] };
    config['parent'] = config;
    expect(definitionOf(config)).toEqual({ entry: [{ type: 'ring' }], exit: [{ type: 'ring' }] });
  });

  it('leaves out what is not there', () => {
    expect(definitionOf({ entry: undefined, exit: null })).toEqual({ exit: null });
  });

  it('shows the timers and causes of our charts as they are written', () => {
    const entry = [arm('hello'), disarm('hello'), armGateway('leave'), disarmGateway('leave'), reporting('helloSent')];
    expect(definitionOf({ entry })).toEqual({
      entry: [
        { type: 'arm', params: { timer: 'hello', delay: 'hello' } },
        { type: 'disarm', params: { timer: 'hello' } },
        { type: 'arm', params: { timer: 'leave', delay: 'leave' } },
        { type: 'disarm', params: { timer: 'leave' } },
        { type: 'report', params: { computedBy: 'helloSent' } },
      ],
    });
  });

  it('holds a state of the shard chart as the chart has it', () => {
    expect(definitionOf(shardMachine.config)?.['states']).toMatchObject({
      stopped: {
        meta: { spec: 'user' },
        on: {
          start: {
            target: 'running',
            actions: ['startCounting', { type: 'remember', params: { cause: 'started' } }, { type: 'report' }],
          },
        },
      },
    });
  });
});
