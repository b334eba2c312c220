import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { explored, howFar, shown } from '../../../src/cli/charts/exploring.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';
import { keptIo } from '../../support/io.js';

const ERASED = '\r\u001b[2K';
const inWords = (number: number) => `step ${number}`;

function* counting(to: number): Generator<number, string> {
  for (let number = 1; number <= to; number += 1) yield number;
  return `counted to ${to}`;
}

/** A terminal for people, and what of its output they see. */
function shownTo(tty: object | null = {}) {
  const { io, written, interrupt } = keptIo({}, tty);
  return { io, written, interrupt, terminal: new Terminal(io) };
}

describe('something that takes a while', () => {
  it('shows how far it is, erases that at the end, and gives its result', async () => {
    const { io, written, terminal } = shownTo();
    expect(await shown(counting(2), inWords, terminal, io)).toBe('counted to 2');
    expect(written).toEqual({ out: '', err: `step 1${ERASED}step 2${ERASED}` });
  });

  it('shows nothing when it is done at once, and nothing in a pipe', async () => {
    const quick = shownTo();
    expect(await shown(counting(0), inWords, quick.terminal, quick.io)).toBe('counted to 0');
    expect(quick.written.err).toBe('');
    const piped = shownTo(null);
    expect(await shown(counting(3), inWords, piped.terminal, piped.io)).toBe('counted to 3');
    expect(piped.written.err).toBe('');
  });

  it('goes no further after an interruption, and gives no result', async () => {
    const { io, written, terminal, interrupt } = shownTo();
    let last = 0;
    const result = await shown(
      counting(9),
      (number) => {
        last = number;
        if (number === 2) interrupt();
        return inWords(number);
      },
      terminal,
      io,
    );
    expect([result, last]).toEqual([undefined, 2]);
    expect(written.err).toBe(`step 1${ERASED}step 2${ERASED}`);
  });

  it('erases what it shows when it throws', async () => {
    const { io, written, terminal } = shownTo();
    function* failing(): Generator<number, never> {
      yield 1;
      throw new Error('boom');
    }
    await expect(shown(failing(), inWords, terminal, io)).rejects.toThrow('boom');
    expect(written.err).toBe(`step 1${ERASED}`);
  });
});

describe('an exploration', () => {
  const door = setup({}).createMachine({
    id: 'door',
    initial: 'shut',
    states: { shut: { on: { open: 'ajar' } }, ajar: { on: { push: 'shut' } } },
  });
  const abstraction = {
    roots: { shut: undefined },
    key: ({ value }: { value: unknown }) => String(value),
    label: ({ type }: { type: string }) => type,
    alphabet: () => [{ type: 'open' }, { type: 'push' }],
  };

  it('gives the graph of a chart, and names the chart meanwhile', async () => {
    const { io, written, terminal } = shownTo();
    const graph = await explored('door chart', door, abstraction as never, terminal, io);
    expect([...(graph?.nodes.keys() ?? [])]).toEqual(['shut', 'ajar']);
    expect(graph?.edges.map(({ label }) => label)).toEqual(['open', 'push']);
    expect(written.err).toMatch(/^exploring the door chart … \d+ states?, \d+ of them still to explore\r/);
  });

  it('gives nothing when it is interrupted', async () => {
    const { io, terminal, interrupt } = shownTo();
    interrupt();
    expect(await explored('door chart', door, abstraction as never, terminal, io)).toBeUndefined();
  });
});

describe('how far an exploration is', () => {
  it.each([
    [1, 0, '1 state, 0 of them still to explore'],
    [20_000, 1_234, '20,000 states, 1,234 of them still to explore'],
  ])('is said in words: %d and %d', (states, frontier, says) => {
    expect(howFar(states, frontier)).toBe(says);
  });
});
