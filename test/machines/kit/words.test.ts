import { describe, expectTypeOf, it } from 'vitest';
import { setup } from 'xstate';
import type { ChartWords, WordsOf } from '../../../machines/kit/words.js';

const lamp = setup({
  types: {} as { events: { type: 'press' } | { type: 'timer.off' } },
  guards: { isBroken: () => false },
  actions: { light: () => {}, count: () => {}, disarm: () => {} },
});

describe('the words of a chart', () => {
  type Words = WordsOf<typeof lamp, 'press' | 'timer.off', 'off', { light: object }>;

  it('are a row for each event, timer, effect, thing remembered and guard of its setup', () => {
    expectTypeOf<keyof Words['events']>().toEqualTypeOf<'press'>();
    expectTypeOf<keyof Words['timers']>().toEqualTypeOf<'off'>();
    expectTypeOf<keyof Words['effects']>().toEqualTypeOf<'light'>();
    expectTypeOf<keyof Words['memory']>().toEqualTypeOf<'count'>();
    expectTypeOf<keyof Words['guards']>().toEqualTypeOf<'isBroken'>();
  });

  it('can be told of any chart', () => expectTypeOf<Words>().toExtend<ChartWords>());
});
