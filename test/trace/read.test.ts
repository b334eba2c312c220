import { describe, expect, it } from 'vitest';
import type { TraceLine } from '../../src/trace/format.js';
import { inOrder, readTrace, TraceError } from '../../src/trace/read.js';
import {
  checkpointLine,
  endLine,
  frameLine,
  headerLine,
  stepLine,
  textOf,
  warningLine,
} from '../support/trace-lines.js';

const LINES = [
  headerLine(),
  checkpointLine(),
  stepLine(),
  frameLine(),
  warningLine(),
  stepLine({ at: 3.5 }),
  stepLine({ at: 3.75 }),
  endLine(),
];

describe('reading a trace', () => {
  const texts = LINES.map((line) => JSON.stringify(line));
  /** Reads the lines after a change to them. */
  const cut = (change: (texts: string[]) => void) => {
    const copy = [...texts, ''];
    change(copy);
    return () => readTrace(copy.join('\n'), 'a.jsonl');
  };
  const replaced = (number: number, text: string) => cut((all) => void all.splice(number - 1, 1, text));

  it('gives each line with its number and the name of its file', () => {
    expect(readTrace(textOf(LINES), 'a.jsonl')).toEqual({
      lines: LINES.map((line, i) => ({ line, number: i + 1, file: 'a.jsonl' })),
      notes: [],
    });
  });

  it('takes a last line without its newline for a whole one', () => {
    expect(readTrace(textOf(LINES).trimEnd())).toEqual(readTrace(textOf(LINES)));
  });

  it('takes a last line that was cut off for what it is', () => {
    const { lines, notes } = readTrace(textOf(LINES).slice(0, -20), 'a.jsonl');
    expect(lines.map(({ line }) => line)).toEqual(LINES.slice(0, -1));
    expect(notes).toEqual(['a.jsonl ends in the middle of line 8, as after a crash: what was cut off is left out']);
  });

  it.each([
    ['an empty file', () => readTrace('', 'a.jsonl'), 1, 'nothing was recorded'],
    ['something else', () => readTrace('hello\nworld\n', 'a.jsonl'), 1, 'not JSON'],
    ['a single line that was cut off', () => readTrace('{"type":"head', 'a.jsonl'), 1, 'not JSON'],
    ['JSON of another kind', () => readTrace('{"a":1}\n', 'a.jsonl'), 1, 'no header'],
    ['a file without its beginning', cut((all) => void all.shift()), 1, 'no header'],
    ['a later format', replaced(1, (texts[0] ?? '').replace('"format":1', '"format":9')), 1, 'format 9'],
    ['a damaged line', replaced(7, '{"type":"st'), 7, 'head -n 6 a.jsonl'],
    ['an empty line', replaced(7, ''), 7, 'it is not JSON'],
    ['a list', replaced(7, '[{"type":"step"}]'), 7, 'it is not JSON'],
    ['null', replaced(7, 'null'), 7, 'it is not JSON'],
    ['a damaged last line that has its newline', replaced(8, '{"type":"e'), 8, 'it is not JSON'],
    ['a line that lacks something', replaced(7, '{"type":"step","at":1}'), 7, 'a step has to have event'],
  ])('says what is wrong with %s, where, and what to do', (_, read, line, says) => {
    let error: unknown;
    try {
      read();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TraceError);
    expect(error).toMatchObject({ file: 'a.jsonl', line, message: expect.stringContaining(says) });
  });

  it('throws an error whose message begins with the place, and which has a stable code', () => {
    const error = new TraceError('a.jsonl', 7, 'it is not JSON');
    expect(`${error}`).toBe('TraceError: a.jsonl, line 7: it is not JSON');
    expect(error).toMatchObject({ code: 'ERR_TRACE', problem: 'it is not JSON' });
  });

  it.each<[line: TraceLine, fields: readonly string[]]>([
    [headerLine(), ['at', 'format', 'chart', 'definition', 'began', 'file']],
    [checkpointLine(), ['at', 'state', 'snapshot', 'timers']],
    [stepLine(), ['at', 'event', 'from']],
    [frameLine(), ['at', 'direction', 'connection', 'bytes']],
    [warningLine(), ['at', 'problem']],
    [endLine(), ['at', 'state', 'because']],
  ])('demands of $type what it cannot be replayed or shown without', (line, fields) => {
    for (const field of fields) {
      for (const wrong of [undefined, null, true, []]) {
        const read = () => readTrace(textOf([headerLine(), { ...line, [field]: wrong }]));
        expect(read, `${field}: ${wrong}`).toThrow(`line 2: a ${line.type} has to have ${field}: the file is damaged`);
      }
    }
  });

  it('demands a type of an event', () => {
    const read = () => readTrace(textOf([headerLine(), { ...stepLine(), event: { kind: 'start' } }]));
    expect(read).toThrow('a step has to have event');
  });

  it('leaves out lines of a type that it does not know, and says so', () => {
    const { lines, notes } = cut((all) => void all.splice(3, 0, '{"type":"weather","at":1}'))();
    expect(lines).toHaveLength(texts.length);
    expect(notes).toEqual(['a.jsonl, line 4: lines of type "weather" are not known and are left out']);
  });

  it('keeps the numbers of the lines after one that it left out', () => {
    const { lines } = cut((all) => void all.splice(3, 0, '{"type":"weather","at":1}'))();
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 5, 6, 7, 8, 9]);
  });

  it('says once for each type that it does not know where such a line stands', () => {
    const strange = [{ type: 'weather' }, { type: 'tide' }, { type: 'weather' }, { at: 1 }];
    expect(readTrace(textOf([headerLine(), ...strange])).notes).toEqual([
      expect.stringMatching(/^the trace, line [24]: lines of type "weather" /),
      expect.stringMatching(/^the trace, line 3: lines of type "tide" /),
      expect.stringMatching(/^the trace, line 5: lines of type "undefined" /),
    ]);
  });
});

describe('the files of a recording', () => {
  /** A file of the recording that began at some time, with one step. */
  const file = (number: number, began = 1_000) =>
    readTrace(textOf([headerLine({ file: number, began }), stepLine({ at: number })]), `${began}.${number}.jsonl`);
  const names = (files: Parameters<typeof inOrder>[0]) => [...new Set(inOrder(files).lines.map((line) => line.file))];

  it('are none where none are given', () => {
    expect(inOrder([])).toEqual({ lines: [], notes: [] });
  });

  it('are put in the order of their numbers, not of their names', () => {
    expect(names([file(10), file(9), file(11)])).toEqual(['1000.9.jsonl', '1000.10.jsonl', '1000.11.jsonl']);
  });

  it('are put one recording after the other, by when each began', () => {
    const { notes } = inOrder([file(1, 2_000), file(2), file(1)]);
    expect(names([file(1, 2_000), file(2), file(1)])).toEqual(['1000.1.jsonl', '1000.2.jsonl', '2000.1.jsonl']);
    expect(notes).toEqual([]);
  });

  it('are noted as incomplete at the beginning and at each gap, after the notes of each file', () => {
    const cut = readTrace(`${textOf([headerLine({ file: 3 })])}{"ty`, 'cut.jsonl');
    expect(inOrder([file(7), file(5), cut]).notes).toEqual([
      'cut.jsonl ends in the middle of line 2, as after a crash: what was cut off is left out',
      'cut.jsonl begins in the middle: files 1 to 2 of this trace are gone',
      'between cut.jsonl and 1000.5.jsonl files are missing: the replay goes on at the checkpoint',
      'between 1000.5.jsonl and 1000.7.jsonl files are missing: the replay goes on at the checkpoint',
    ]);
  });
});
