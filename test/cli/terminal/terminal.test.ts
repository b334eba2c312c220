import { describe, expect, it } from 'vitest';
import { percent, Terminal, tableLines, wrap } from '../../../src/cli/terminal/terminal.js';

const ESCAPE = '\u001b';

/** A terminal, and what was written to it. */
function terminal(settings: { isTTY?: boolean; columns?: number }, env: Record<string, string> = {}) {
  let text = '';
  const out = {
    ...settings,
    write: (more: string) => {
      text += more;
    },
  };
  return { terminal: new Terminal({ out, err: out, env }), text: () => text };
}

describe('the terminal', () => {
  it.each([
    ['in a terminal', { isTTY: true }, {}, true],
    ['in a pipe', {}, {}, false],
    ['with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['with NO_COLOR left empty', { isTTY: true }, { NO_COLOR: '' }, true],
    ['in a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
    ['in a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
    ['in a pipe with FORCE_COLOR, whatever NO_COLOR says', {}, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['in a terminal with FORCE_COLOR=0', { isTTY: true }, { FORCE_COLOR: '0' }, false],
    ['in a pipe with FORCE_COLOR left empty', {}, { FORCE_COLOR: '' }, false],
  ])('paints %s: %o %o', (_, settings, env, painted) => {
    const { terminal: one, text } = terminal(settings, env);
    one.heading('Title');
    expect(text().includes(ESCAPE)).toBe(painted);
  });

  it('overwrites a status with whatever comes next, and shows none in a pipe', () => {
    const live = terminal({ isTTY: true });
    live.terminal.status('10 %');
    live.terminal.line('done');
    expect(live.text()).toBe(`10 %\r${ESCAPE}[2Kdone\n`);
    const piped = terminal({});
    piped.terminal.status('10 %');
    expect(piped.text()).toBe('');
  });

  it('shows a status on stderr, also where stdout is read by something else', () => {
    const written = { out: '', err: '' };
    const output = (name: keyof typeof written) => ({
      write: (text: string) => {
        written[name] += text;
      },
    });
    const one = new Terminal({ out: output('out'), err: { ...output('err'), isTTY: true }, env: {} });
    one.status('10 %');
    one.write('{}\n');
    expect(written).toEqual({ out: '{}\n', err: `10 %\r${ESCAPE}[2K` });
  });

  it('keeps a status on one line', () => {
    const { terminal: one, text } = terminal({ isTTY: true, columns: 20 });
    one.status('x'.repeat(100));
    expect(text()).toHaveLength(19);
  });

  it('breaks text at words', () => {
    expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
    expect(wrap('incomprehensibilities are long', 10)).toEqual(['incomprehensibilities', 'are long']);
  });

  it('aligns tables', () => {
    const { terminal: one } = terminal({});
    const columns = [{ title: 'name' }, { title: 'n', align: 'right' }] as const;
    expect(
      tableLines(
        columns,
        [
          ['a', '1'],
          ['longer', '100'],
        ],
        one.colors,
      ),
    ).toEqual(['name      n', '──────  ───', 'a         1', 'longer  100']);
  });

  it('says 100 % only of the whole', () => {
    expect([percent(2, 3), percent(9999, 10_000), percent(3, 3), percent(0, 0)]).toEqual([
      '66.7 %',
      '99.9 %',
      '100 %',
      '100 %',
    ]);
  });
});
