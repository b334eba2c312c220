import { describe, expect, it } from 'vitest';
import type { ReplayedMove, ReplayedMoves } from '../../src/product/replay.js';
import { mermaidDiagram, textDiagram } from '../../src/product/sequence-diagram.js';

const step = (given: Partial<ReplayedMove> & Pick<ReplayedMove, 'move' | 'kind' | 'to'>): ReplayedMove => ({
  message: null,
  sent: [],
  shard: 'stopped',
  gateway: 'listening',
  broken: null,
  ...given,
});
const replay = (...steps: readonly ReplayedMove[]): ReplayedMoves => ({ steps, broken: null });

const ORDER = step({ move: 'start', kind: 'order', to: 'shard' });
const DOWN = step({ move: 'to the shard', kind: 'delivery', to: 'shard', message: 'Hello' });
const UP = step({ move: 'to the Gateway', kind: 'delivery', to: 'gateway', message: 'Identify' });
const SHARD_TIMER = step({ move: 'timer.locate of the shard', kind: 'timer', to: 'shard' });
const GATEWAY_TIMER = step({ move: 'timer.hello of the Gateway', kind: 'timer', to: 'gateway' });
const FAULT = step({ move: 'closeWith (4000)', kind: 'fault', to: 'gateway' });
const BETWEEN = step({ move: 'the network fails', kind: 'fault', to: null });

describe('a run in Mermaid', () => {
  it.each<[string, ReplayedMove, string]>([
    ['an order', ORDER, 'world->>shard: start'],
    ['what happens at the Gateway', FAULT, 'world->>Gateway: closeWith (4000)'],
    ['what happens between them', BETWEEN, 'world->>shard: the network fails'],
    ['a message to the shard', DOWN, 'Gateway-)shard: Hello'],
    ['a message to the Gateway', UP, 'shard-)Gateway: Identify'],
    ['a timer of the shard', SHARD_TIMER, 'shard->>shard: timer.locate of the shard'],
    ['a timer of the Gateway', GATEWAY_TIMER, 'Gateway->>Gateway: timer.hello of the Gateway'],
  ])('has an arrow for %s', (_, given, arrow) => {
    expect(mermaidDiagram(replay(given)).split('\n')[4]).toBe(`  ${arrow}`);
  });

  it('notes the states where they change', () => {
    const running = { shard: 'running' };
    expect(
      mermaidDiagram(replay(ORDER, { ...UP, ...running }, { ...DOWN, ...running, gateway: 'open' })).split('\n'),
    ).toEqual([
      'sequenceDiagram',
      '  participant world',
      '  participant shard',
      '  participant Gateway',
      '  world->>shard: start',
      '  Note over shard: stopped',
      '  Note over Gateway: listening',
      '  shard-)Gateway: Identify',
      '  Note over shard: running',
      '  Gateway-)shard: Hello',
      '  Note over Gateway: open',
    ]);
  });

  it('writes what means something to Mermaid as entities', () => {
    const odd = step({ move: 'a;b#c', kind: 'order', to: 'shard', shard: 'x;y' });
    expect(mermaidDiagram(replay(odd))).toContain('world->>shard: a#59;b#35;c\n  Note over shard: x#59;y\n');
  });

  it('has the three sides alone if nothing happens', () => {
    expect(mermaidDiagram(replay()).split('\n')).toEqual([
      'sequenceDiagram',
      '  participant world',
      '  participant shard',
      '  participant Gateway',
    ]);
  });
});

/** The lines of a run as text that are no states. */
const arrows = (...steps: readonly ReplayedMove[]) =>
  textDiagram(replay(...steps))
    .split('\n')
    .filter((line) => /^\d/.test(line));

describe('a run as text', () => {
  const WORLD = 5;
  const SHARD = 37;
  const GATEWAY = 96;

  it('has a column for each side, with its name over it', () => {
    const [titles = ''] = textDiagram(replay()).split('\n');
    expect([titles.indexOf('world'), titles.indexOf('shard'), titles.indexOf('Gateway')]).toEqual([
      WORLD - 2,
      SHARD - 2,
      GATEWAY - 2,
    ]);
  });

  it.each<[string, ReplayedMove, [from: number, to: number]]>([
    ['an order', ORDER, [WORLD, SHARD]],
    ['a fault', FAULT, [WORLD, GATEWAY]],
    ['a message to the shard', DOWN, [GATEWAY, SHARD]],
    ['a message to the Gateway', UP, [SHARD, GATEWAY]],
  ])('has an arrow from side to side for %s, with what it is on it', (_, given, [from, to]) => {
    const [line = ''] = arrows(given);
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    const shaft = line.slice(left + 1, right);
    expect(shaft).toMatch(from < to ? /^─+ .* ─+▶$/ : /^◀─+ .* ─+$/);
    expect(shaft).toContain(` ${given.message ?? given.move} `);
    for (const column of [WORLD, SHARD, GATEWAY]) {
      if (column <= left || column >= right) expect(line[column]).toBe('│');
    }
  });

  it('has a timer beside its side', () => {
    const [first = '', second = ''] = arrows(SHARD_TIMER, GATEWAY_TIMER);
    expect(first.slice(SHARD)).toMatch(/^│◀╴timer\.locate of the shard +│$/);
    expect(second.slice(GATEWAY)).toBe('│◀╴timer.hello of the Gateway');
  });

  it('numbers the moves', () => {
    expect(arrows(ORDER, DOWN, UP, BETWEEN).map((line) => Number.parseInt(line, 10))).toEqual([1, 2, 3, 4]);
  });

  it('cuts what is too long for its arrow, which has two dashes at least at either end', () => {
    const shaftOf = (label: string) =>
      arrows(step({ move: label, kind: 'order', to: 'shard' }))[0]?.slice(WORLD + 1, SHARD);
    expect(shaftOf('a'.repeat(25))).toBe(`── ${'a'.repeat(25)} ─▶`);
    expect(shaftOf('a'.repeat(26))).toBe(`── ${'a'.repeat(24)}… ─▶`);
    expect(shaftOf('a'.repeat(60))).toBe(`── ${'a'.repeat(24)}… ─▶`);
  });

  it('notes the states where they change, and what was sent', () => {
    const lines = textDiagram(
      replay(
        { ...ORDER, shard: 'running.locating' },
        {
          ...UP,
          shard: 'running.locating',
          sent: ['the shard sends close (4000)', 'the Gateway sends Hello, to nobody'],
        },
      ),
    ).split('\n');
    const notes = lines.slice(1).filter((line) => !/^\d/.test(line));
    expect(notes.map((line) => [line.slice(SHARD + 2, GATEWAY).trimEnd(), line.slice(GATEWAY + 2)])).toEqual([
      ['running.locating', ''],
      ['', 'listening'],
      ['(the shard sends close (4000))', ''],
      ['', '(the Gateway sends Hello, to nobody)'],
    ]);
    expect(lines.every((line) => line === line.trimEnd())).toBe(true);
  });
});
