import { describe, expect, it } from 'vitest';
import { COLOURS, GATEWAY_LAYOUTS, SHARD_LAYOUTS, type SvgOptions, svg } from '../../src/diagram/index.js';

const { overview, session, whole } = SHARD_LAYOUTS;

/** The groups of a picture, by what they stand for: their classes. */
function groupsIn(picture: string): Map<string, string[]> {
  const groups = [...picture.matchAll(/<g class="([^"]*)" data-(?:state|edge)="([^"]*)"/g)];
  return new Map(groups.map(([, classes = '', id = '']) => [unescaped(id), classes.split(' ')]));
}

const unescaped = (text: string) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
const marked = (picture: string, mark: string) =>
  [...groupsIn(picture)].flatMap(([id, classes]) => (classes.includes(mark) ? [id] : []));

describe('a picture as SVG', () => {
  it.each([
    ['shard', whole],
    ['gateway', GATEWAY_LAYOUTS.whole],
  ])('can be asked for every state and arrow: %s', (_, layout) => {
    expect([...groupsIn(svg(layout)).keys()].sort()).toEqual(
      [...layout.states, ...layout.edges].map(({ id }) => id).sort(),
    );
  });

  it('has a title, and is told in words to those who cannot see it', () => {
    const picture = svg(overview);
    expect(picture).toContain('role="img"');
    expect(picture).toMatch(/<title id="([^"]+)">The shard chart<\/title>/);
    expect(unescaped(picture)).toContain('stopped to running: start.');
  });

  it('has plain colours of one theme, or asks the reader', () => {
    for (const theme of ['light', 'dark'] as const) {
      const picture = svg(session, { theme });
      for (const { [theme]: wanted } of Object.values(COLOURS).slice(0, 8)) expect(picture).toContain(wanted);
      expect(picture).not.toMatch(/var\(|@media/);
    }
    expect(svg(session)).toMatch(
      /--gatechart-ink:#1f2328.*@media \(prefers-color-scheme:dark\).*--gatechart-ink:#f0f6fc/,
    );
    expect(svg(session)).toBe(svg(session, { theme: 'auto' }));
  });

  it.each<[string, SvgOptions, string[]]>([
    ['itself', { states: ['shard.running.waiting'] }, ['shard.running.waiting']],
    ['without the name of the chart', { states: ['failed'] }, ['shard.failed']],
    [
      'folded away',
      { states: ['running.connection.open.session.ready', 'running.connection.open.heartbeat'] },
      ['shard.running.connection.open'],
    ],
    ['elsewhere', { states: ['nowhere'] }, []],
  ])('highlights a state: %s', (_, options, wanted) => {
    expect(marked(svg(overview, options), 'active')).toEqual(wanted);
  });

  it('highlights an arrow, by its id or by one of its rows', () => {
    const id = 'shard.running.waiting -> shard.running.choosing';
    expect(marked(svg(overview, { edges: [id] }), 'taken')).toEqual([id]);
    expect(marked(svg(overview, { edges: ['shard.running.waiting: timer.reconnect'] }), 'taken')).toEqual([id]);
  });

  it('numbers the steps of a path, and lets the rest stand back', () => {
    const picture = svg(overview, {
      path: [['shard.stopped: start'], ['shard.running: stop'], ['shard.stopped: start']],
    });
    expect(marked(picture, 'taken')).toEqual(['shard.stopped -> shard.running', 'shard.running -> shard.stopped']);
    expect([...picture.matchAll(/<g class="step">.*?>([\d, ]+)<\/text>/g)].map(([, text]) => text)).toEqual([
      '1, 3',
      '2',
    ]);
    expect(marked(picture, 'aside')).toContain('shard.failed');
    expect(marked(picture, 'aside')).not.toContain('shard.running');
    expect(marked(svg(overview), 'aside')).toEqual([]);
  });
});
