import { describe, expect, it } from 'vitest';
import { assign, createMachine, raise } from 'xstate';
import { rowsFrom } from '../../machines/kit/rows.js';
import { insideOf, linesOf, type Wording } from '../../src/diagram/labels.js';

const WIDE: Wording = { width: 80, most: 99, groups: {} };

/** The lines of a label for rows as a state lists them. */
function label(state: object, wording: Partial<Wording> = {}): readonly string[] {
  const machine = createMachine({ id: 'm', initial: 'a', states: { a: state, b: {} } });
  return linesOf(rowsFrom(machine.getStateNodeById('m.a')), { ...WIDE, ...wording });
}

describe('a label', () => {
  it('names each event once', () => {
    expect(label({ on: { go: 'b', run: 'b' } })).toEqual(['go, run']);
    expect(
      label({
        on: {
          go: [
            { guard: 'isFar', target: 'b' },
            { guard: 'isNear', target: 'b' },
          ],
        },
      }),
    ).toEqual(['go [isFar] or [isNear]']);
    expect(label({})).toEqual([]);
  });

  it('has a line for each guard, behind the events that it is asked for', () => {
    expect(
      label({
        on: {
          go: { guard: 'isFar', target: 'b' },
          walk: 'b',
          run: { guard: 'isFar', target: 'b' },
          stop: 'b',
        },
      }),
    ).toEqual(['go, run [isFar]', 'walk, stop']);
  });

  it('leaves guards out where a row without one leads to the same state', () => {
    expect(label({ on: { go: [{ guard: 'isFar', target: 'b' }, { target: 'b' }] } })).toEqual(['go']);
  });

  it.each([
    ['its name', 'isFar', '[isFar]'],
    ['its type', { type: 'isFar', params: { miles: 3 } }, '[isFar]'],
    [
      'the name of its function',
      function isFar() {
        return true;
      },
      '[isFar]',
    ],
  ])('shows a guard by %s', (_, guard, shown) => {
    expect(label({ on: { go: { guard: guard as never, target: 'b' } } })).toEqual([`go ${shown}`]);
  });

  it('shows of a row that needs no event its guard, or else its cause', () => {
    expect(label({ always: { guard: 'isFar', target: 'b' } })).toEqual(['[isFar]']);
    const reports = { type: 'report', params: { cause: 'gatewayUnknown' } };
    expect(label({ always: { target: 'b', actions: [{ type: 'wave' }, reports] as never } })).toEqual([
      'gatewayUnknown',
    ]);
    expect(label({ always: { target: 'b' } })).toEqual(['else']);
  });

  it('goes on in the next line after its width, with a word that is longer on a line of its own', () => {
    const on = { one: 'b', two: 'b', aVeryLongName: 'b' };
    expect(label({ on }, { width: 9 })).toEqual(['one, two,', 'aVeryLongName']);
    expect(label({ on }, { width: 8 })).toEqual(['one,', 'two,', 'aVeryLongName']);
    expect(
      label(
        {
          on: {
            go: [
              { guard: 'isFar', target: 'b' },
              { guard: 'isNear', target: 'b' },
            ],
          },
        },
        { width: 11 },
      ),
    ).toEqual(['go [isFar]', 'or [isNear]']);
  });

  it('names as many events as it may, and says that there are more', () => {
    const on = { one: 'b', two: 'b', three: 'b' };
    expect(label({ on }, { most: 3 })).toEqual(['one, two, three']);
    expect(label({ on }, { most: 2 })).toEqual(['one, two, ...']);
  });

  it('says the word of a group in the place of its first event, where all of them are named', () => {
    const on = { one: 'b', two: 'b', three: 'b', four: 'b' };
    const groups = { 'an even one': ['two', 'four'], 'a large one': ['three', 'five'] };
    expect(label({ on }, { groups })).toEqual(['one, an even one, three']);
    expect(label({ on }, { groups, most: 3 })).toEqual(['one, an even one, three']);
  });
});

describe('what stands inside of a state', () => {
  const machine = (state: object) =>
    createMachine(
      { id: 'm', initial: 'a', states: { a: state, b: {} } },
      { actions: { remember: assign({}), count: assign({}), wave: () => {}, bow: () => {}, report: () => {} } },
    );
  const inside = (state: object, wording: Partial<Wording> = {}) => {
    const chart = machine(state);
    const node = chart.getStateNodeById('m.a');
    return insideOf(chart, node, rowsFrom(node), { ...WIDE, ...wording });
  };

  it('is what it does on entry and on exit, without what changes nothing outside', () => {
    expect(inside({ entry: ['count', 'wave', { type: 'bow' }], exit: ['wave'] })).toEqual([
      'entry / wave, bow',
      'exit / wave',
    ]);
    expect(inside({ entry: ['count', raise({ type: 'timer.x' }, { id: 'x', delay: 1 })], exit: [] })).toEqual([]);
  });

  it('is what its rows do, those together that do the same', () => {
    expect(
      inside({
        on: {
          one: { actions: 'wave' },
          two: { actions: ['wave', 'bow'] },
          three: { actions: 'wave' },
          four: {},
        },
      }),
    ).toEqual(['one, three / wave', 'two / wave, bow', 'four']);
  });

  it('leaves out what every row does, and a report beside anything else', () => {
    const on = (...actions: string[]) => ({ on: { go: { actions } } });
    expect(inside(on('remember', 'report', 'wave', 'disarm'))).toEqual(['go / wave']);
    expect(inside(on('remember', 'report'))).toEqual(['go / report']);
    expect(inside(on('remember'))).toEqual(['go']);
  });

  it('tells a timer that is armed where nothing else is done', () => {
    const arm = raise({ type: 'timer.late' }, { id: 'late', delay: 1 });
    expect(inside({ on: { go: { actions: [arm] } } })).toEqual(['go / arm late']);
    expect(inside({ on: { go: { actions: ['wave', arm] } } })).toEqual(['go / wave']);
  });

  it('breaks a line before the actions, where they are too long for it', () => {
    expect(inside({ on: { one: { actions: 'wave' } } }, { width: 10 })).toEqual(['one / wave']);
    expect(inside({ on: { one: { actions: 'wave' } } }, { width: 9 })).toEqual(['one', '/ wave']);
  });
});
