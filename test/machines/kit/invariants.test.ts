import { describe, expect, it } from 'vitest';
import {
  type EdgeView,
  everyEventHasAPlace,
  type GraphView,
  type IgnoredRow,
  leadsTo,
  type NodeView,
  TIMER_INVARIANTS,
} from '../../../machines/kit/invariants.js';
import type { Instruction } from '../../../machines/kit/pure.js';
import { stateName } from '../../../machines/kit/state-names.js';
import { arms, type Cases, disarms, does, notShown } from '../../support/hand-steps.js';

interface Event {
  readonly type: string;
}
type AnyPlace = NodeView<unknown, Event> & { readonly edges: EdgeView<unknown, Event>[] };

/** A state by its name, and the timers that run in it. */
const node = (value: unknown, ...armed: readonly string[]): AnyPlace => ({
  key: String(value),
  snapshot: { value, context: {}, hasTag: () => false },
  armed: new Set(armed),
  edges: [],
});

const move = (
  from: AnyPlace,
  type: string,
  to: AnyPlace,
  instructions: readonly Instruction[] = [],
): EdgeView<unknown, Event> => ({
  from,
  to,
  event: { type },
  label: type,
  instructions,
  after: to.snapshot,
});

/** A state with steps from it. */
function leading(from: AnyPlace, ...steps: readonly (readonly [type: string, to: AnyPlace])[]): AnyPlace {
  for (const [type, to] of steps) from.edges.push(move(from, type, to));
  return from;
}

describe('timers', () => {
  const [handled, twice, known] = TIMER_INVARIANTS.map(({ says }) => says) as [string, string, string];
  const named = (says: string) => TIMER_INVARIANTS.find((each) => each.says === says);

  it('have three rules', () => {
    expect([handled, twice, known]).toEqual([
      'Every timer that runs is handled',
      'No timer is armed while it runs',
      'Which timers run is known from the state, whatever led to it',
    ]);
    expect(TIMER_INVARIANTS.map(({ spec }) => spec)).toEqual(['chart#timers', 'chart#timers', 'chart#timers']);
  });

  const STATES: Cases<AnyPlace> = {
    [handled]: [
      ['holds where none runs', node('idle'), null],
      [
        'holds where each has a step',
        leading(node('open', 'hello', 'beat'), ['timer.hello', node('a')], ['timer.beat', node('b')]),
        null,
      ],
      [
        'is broken where one has none',
        leading(node('open', 'hello', 'beat'), ['timer.beat', node('b')]),
        'hello runs and is not handled',
      ],
      [
        'is broken by all that have none',
        leading(node('open', 'hello', 'beat'), ['hello', node('b')]),
        'hello, beat runs and is not handled',
      ],
    ],
  };

  it.each(STATES[handled] ?? [])(`${handled}: %s`, (_, state, broken) => {
    expect(named(handled)?.state?.(state, undefined)).toBe(broken);
  });

  const STEPS: Cases<EdgeView<unknown, Event>> = {
    [twice]: [
      ['holds for one that begins', move(node('idle'), 'go', node('open', 'hello'), [arms('hello')]), null],
      [
        'holds for one that is disarmed first',
        move(node('a', 'beat'), 'go', node('b', 'beat'), [disarms('beat'), arms('beat')]),
        null,
      ],
      [
        'holds for one that has run out',
        move(node('a', 'beat'), 'timer.beat', node('a', 'beat'), [arms('beat')]),
        null,
      ],
      [
        'is broken by one that runs',
        move(node('a', 'beat'), 'go', node('a', 'beat'), [arms('beat')]),
        'beat is armed twice',
      ],
      [
        'is broken by one that begins twice',
        move(node('a'), 'go', node('b', 'beat'), [arms('beat'), arms('beat')]),
        'beat is armed twice',
      ],
      [
        'is broken by one that is disarmed too late',
        move(node('a', 'beat'), 'go', node('b'), [arms('beat'), disarms('beat')]),
        'beat is armed twice',
      ],
      [
        'is broken by all that run when another has run out',
        move(node('a', 'beat', 'hello', 'ready'), 'timer.ready', node('b'), [
          arms('hello'),
          arms('ready'),
          arms('beat'),
        ]),
        'hello, beat is armed twice',
      ],
    ],
    [known]: [
      ['holds where nothing changes', move(node('a', 'beat'), 'go', node('b', 'beat')), null],
      [
        'holds for one that begins and one that stops',
        move(node('a', 'open'), 'go', node('b', 'hello'), [disarms('open'), arms('hello')]),
        null,
      ],
      ['holds for one that has run out', move(node('a', 'open'), 'timer.open', node('b')), null],
      [
        'holds for effects that name a timer',
        move(node('a'), 'go', node('b'), [does('report', { timer: 'open' })]),
        null,
      ],
      ['is broken by one that is left', move(node('a', 'open', 'beat'), 'go', node('b')), 'open, beat is left running'],
      [
        'is broken by one that is not armed',
        move(node('a'), 'go', node('b', 'open', 'beat')),
        'open, beat does not run',
      ],
      [
        'is broken by one that runs no longer',
        move(node('a', 'open'), 'timer.open', node('b', 'open')),
        'open does not run',
      ],
      [
        'is broken by what is left, first of all',
        move(node('a', 'open'), 'go', node('b', 'hello')),
        'open is left running',
      ],
    ],
  };

  describe.each(Object.entries(STEPS))('%s', (says, cases) => {
    it.each(cases)('%s', (_, step, broken) => {
      expect(named(says)?.step?.(step, undefined, undefined)).toBe(broken);
    });
  });

  it('have a case of each kind for every rule', () => {
    expect(notShown(TIMER_INVARIANTS, STATES, STEPS)).toEqual([]);
  });
});

describe('the table of what is ignored', () => {
  const world = (nodes: readonly AnyPlace[], alphabet: readonly string[]): GraphView<unknown, Event> => ({
    nodes,
    nameOf: ({ snapshot }) => stateName(snapshot.value),
    ignoredIn: ({ edges }) =>
      alphabet.filter((type) => !edges.some(({ event }) => event.type === type)).map((type) => ({ type })),
  });
  /** A door: shut ignores unlock, locked ignores open, and both ignore shut. */
  function door() {
    const [open, shut, locked] = [node('open'), node({ shut: 'free' }), node({ shut: 'locked' })];
    leading(open, ['shut', shut]);
    leading(shut, ['open', open], ['lock', locked]);
    leading(locked, ['unlock', shut]);
    return world([open, shut, locked], ['open', 'shut', 'lock', 'unlock']);
  }
  const found = (rows: readonly IgnoredRow[], at = door()) =>
    [...(everyEventHasAPlace(rows).graph?.(at) ?? [])].map(({ node, broken }) => `${at.nameOf(node)}: ${broken}`);

  const ROWS: readonly IgnoredRow[] = [
    { events: ['shut'], in: ['shut.*'], because: 'it is shut' },
    { events: ['open', 'lock', 'unlock'], in: ['open'], because: 'it is open' },
    { events: ['open', 'lock'], in: ['shut.locked'], because: 'it is locked' },
    { events: ['unlock'], in: ['*'], except: ['shut.locked', 'open'], because: 'it is not locked' },
  ];

  it('says what it claims, and where it comes from', () => {
    expect(everyEventHasAPlace([])).toMatchObject({
      says: 'Every event is handled in every state, or listed as ignored with the reason',
      spec: 'chart#ignored',
    });
  });

  it('holds where every event has a step or a row', () => {
    expect(found(ROWS)).toEqual([]);
  });

  it('names each event of each state that has neither', () => {
    expect(found(ROWS.slice(1))).toEqual([
      'shut.free: shut is ignored and not listed',
      'shut.locked: shut is ignored and not listed',
    ]);
    expect(found([])).toEqual([
      ...['open', 'lock', 'unlock'].map((type) => `open: ${type} is ignored and not listed`),
      ...['shut', 'unlock'].map((type) => `shut.free: ${type} is ignored and not listed`),
      ...['open', 'shut', 'lock'].map((type) => `shut.locked: ${type} is ignored and not listed`),
    ]);
  });

  it('takes a state that is exempt from a row for one that is not in it', () => {
    const exempt = ROWS.map((row) => (row.because === 'it is shut' ? { ...row, except: ['*.locked'] } : row));
    expect(found(exempt)).toEqual(['shut.locked: shut is ignored and not listed']);
  });

  it('names a row for what is always handled, where it is handled', () => {
    expect(found([...ROWS, { events: ['shut'], in: ['open'], because: 'never' }])).toEqual([
      'open: listed as ignored and always handled: shut in open',
    ]);
  });

  it('lets a row cover states in which the event is handled, as long as it is ignored in some', () => {
    const wide = ROWS.map((row) => (row.because === 'it is shut' ? { ...row, in: ['*'] } : row));
    expect(found(wide)).toEqual([]);
  });
});

describe('leadsTo', () => {
  const claim = { says: 'Every state leads home', spec: 'test#home', broken: 'no way home' };
  const [home, near, far, stray] = [node('home'), node('near'), node('far'), node('stray')];
  leading(home, ['leave', near]);
  leading(near, ['back', home], ['leave', far]);
  leading(far, ['back', near], ['lose', stray]);
  leading(stray, ['find', far]);
  const astray = (allowed: readonly string[], goal = 'home') => {
    const invariant = leadsTo<unknown, Event>(
      claim,
      ({ event }) => allowed.includes(event.type),
      ({ key }) => key === goal,
    );
    const world = { nodes: [stray, far, near, home], nameOf: () => '', ignoredIn: () => [] };
    return [...(invariant.graph?.(world) ?? [])].map(({ node, broken }) => `${node.key}: ${broken}`);
  };

  it('says what it claims, and where it comes from', () => {
    const { says, spec } = leadsTo(
      claim,
      () => true,
      () => true,
    );
    expect([says, spec]).toEqual(['Every state leads home', 'test#home']);
  });

  it('holds where some way leads to the goal, however long', () => {
    expect(astray(['back', 'find'])).toEqual([]);
  });

  it('names the states from which the allowed events do not lead there', () => {
    expect(astray(['back'])).toEqual(['stray: no way home']);
    expect(astray(['find'])).toEqual(['stray: no way home', 'far: no way home', 'near: no way home']);
  });

  it('names every state where there is no such goal', () => {
    expect(astray(['back', 'find', 'leave', 'lose'], 'nowhere')).toHaveLength(4);
  });
});
