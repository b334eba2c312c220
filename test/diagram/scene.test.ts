import { describe, expect, it } from 'vitest';
import { type AnyStateNode, createMachine } from 'xstate';
import { shardMachine } from '../../machines/index.js';
import { relativeTo, Scene, type View, ViewError } from '../../src/diagram/scene.js';

const chart = createMachine({
  id: 'chart',
  initial: 'a',
  states: {
    a: { on: { go: 'b', jump: 'c.deep.x' } },
    b: {
      initial: 'one',
      states: { one: { on: { next: 'two' } }, two: { on: { back: '#chart.a' } } },
    },
    c: {
      initial: 'shallow',
      on: { leave: 'b.two' },
      states: {
        shallow: {},
        deep: { initial: 'x', states: { x: { on: { flip: 'y' } }, y: {} } },
      },
    },
  },
});

const node = (id: string): AnyStateNode => chart.getStateNodeById(`chart${id}`);
const keys = (nodes: readonly AnyStateNode[]) => nodes.map(({ key }) => key);
const drawn = ({ edges }: Scene) => edges.map(({ from, to }) => `${from.key} -> ${to.key}`);

describe('a scene', () => {
  it('shows the whole chart unless a view says what of it', () => {
    const scene = new Scene(chart, {});
    expect(scene.top).toBe(chart.root);
    expect(scene.outside).toEqual([]);
    expect(drawn(scene)).toEqual(['a -> b', 'a -> x', 'one -> two', 'two -> a', 'c -> two', 'x -> y']);
    expect(['', '.a', '.b', '.c.deep'].map((id) => scene.isComposite(node(id)))).toEqual([true, false, true, true]);
  });

  it('leaves out the inside of folded states, the outermost of them', () => {
    const scene = new Scene(chart, { fold: ['c', 'chart.c.deep', 'a'] });
    expect(drawn(scene)).toEqual(['a -> b', 'a -> c', 'one -> two', 'two -> a', 'c -> two']);
    expect(keys(['.c.deep.x', '.c', '.b.one', '.a'].map((id) => scene.shown(node(id))))).toEqual([
      'c',
      'c',
      'one',
      'a',
    ]);
    expect(['.c', '.c.deep', '.a', '.b'].map((id) => scene.isFolded(node(id)))).toEqual([true, true, false, false]);
    expect(scene.isComposite(node('.c'))).toBe(false);
  });

  it('shows one state alone, and of the rest what its edges come from and lead to', () => {
    const scene = new Scene(chart, { only: 'b' });
    expect(scene.top).toBe(node('.b'));
    expect(drawn(scene)).toEqual(['a -> b', 'one -> two', 'two -> a', 'c -> two']);
    expect(keys(scene.outside)).toEqual(['a', 'c']);
    expect([scene.isComposite(node('.b')), scene.isComposite(node('.c'))]).toEqual([true, false]);
  });

  it('has a box around it for a part, and for a chart that has rows or regions of its own', () => {
    const boxed = (states: object) => new Scene(createMachine({ id: 'm', ...states }), {}).topIsBox;
    expect(new Scene(chart, {}).topIsBox).toBe(false);
    expect(new Scene(chart, { only: 'b' }).topIsBox).toBe(true);
    expect(boxed({ initial: 'a', states: { a: {} } })).toBe(false);
    expect(boxed({ initial: 'a', states: { a: {} }, on: { reset: '.a' } })).toBe(true);
    expect(boxed({ type: 'parallel', states: { a: {}, b: {} } })).toBe(true);
  });

  it('draws an initial arrow to what is shown of its target, where any way in takes it', () => {
    const initialIn = (view: View, id: string) => new Scene(chart, view).initialOf(node(id))?.id;
    expect(initialIn({}, '')).toBe('chart.a');
    expect(initialIn({}, '.b')).toBe('chart.b.one');
    expect(initialIn({}, '.c')).toBeUndefined();
    expect(initialIn({ fold: ['b'] }, '.b')).toBe('chart.b');
    const both = createMachine({ id: 'm', type: 'parallel', states: { a: {}, b: {} } });
    expect(new Scene(both, {}).initialOf(both.root)).toBeUndefined();
  });
});

describe('a view of a state that the chart has not', () => {
  it.each<[view: View, says: string]>([
    [{ fold: ['nowhere'] }, 'The chart shard has no state nowhere'],
    [{ only: 'nowhere' }, 'The chart shard has no state nowhere'],
    [{ fold: ['open.session'] }, 'The chart shard has no state open.session; perhaps running.connection.open.session?'],
    [{ only: 'ready' }, 'The chart shard has no state ready; perhaps running.connection.open.session.ready?'],
  ])('is refused, with those that are alike: %j', (view, says) => {
    expect(() => new Scene(shardMachine, view)).toThrow(new ViewError(says));
  });

  it('names all that are alike', () => {
    const twins = createMachine({
      id: 'twins',
      initial: 'a',
      states: { a: { initial: 'same', states: { same: {} } }, b: { initial: 'same', states: { same: {} } } },
    });
    const see = () => new Scene(twins, { only: 'same' });
    expect(see).toThrow('The chart twins has no state same; perhaps a.same or b.same?');
    expect(see).toThrow(expect.objectContaining({ code: 'ERR_VIEW', name: 'ViewError' }));
  });
});

describe('the path of a state as seen from another', () => {
  it.each([
    ['.b.one', '.b.two', 'two'],
    ['.a', '.c.deep.x', 'c.deep.x'],
    ['.c.shallow', '.c.deep.x', 'deep.x'],
    ['', '.b.one', 'b.one'],
    ['.b.one', '.b', 'b'],
  ])('leaves out what both have in common: from chart%s, chart%s is %s', (other, id, path) => {
    expect(relativeTo(node(other), node(id))).toBe(path);
  });
});
