import { describe, expectTypeOf } from 'vitest';
import { setup } from 'xstate';
import type { ChartWords, WordsOf } from '../../../machines/kit/words.js';
import { compiles } from '../../support/compiles.js';

const lamp = setup({
  types: {} as { events: { type: 'press' } | { type: 'timer.off' } },
  guards: { isBroken: () => false },
  actions: { light: () => {}, count: () => {}, disarm: () => {} },
});

describe('the words of a chart', () => {
  type Words = WordsOf<typeof lamp, 'press' | 'timer.off', 'off', { light: object }>;

  compiles('are a row for each event, timer, effect, thing remembered and guard of its setup', () => {
    expectTypeOf<keyof Words['events']>().toEqualTypeOf<'press'>();
    expectTypeOf<keyof Words['timers']>().toEqualTypeOf<'off'>();
    expectTypeOf<keyof Words['effects']>().toEqualTypeOf<'light'>();
    expectTypeOf<keyof Words['memory']>().toEqualTypeOf<'count'>();
    expectTypeOf<keyof Words['guards']>().toEqualTypeOf<'isBroken'>();
  });

  compiles('can be told of any chart', () => expectTypeOf<Words>().toExtend<ChartWords>());
});
