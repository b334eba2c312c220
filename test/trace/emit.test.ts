import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { DEFAULT_POLICY, gatewayMachine, type Pure, pure, shardMachine } from '../../machines/index.js';
import { excerpt, testFile } from '../../src/trace/emit.js';
import type { TraceLine } from '../../src/trace/format.js';
import { readTrace } from '../../src/trace/read.js';
import { recorded } from '../../src/trace/recorded.js';
import { firstDifference, replay } from '../../src/trace/replay.js';
import { checkpointLine, endLine, headerLine, stepLine, textOf, warningLine } from '../support/trace-lines.js';

/** A trace of a shard's first steps: header, checkpoint, and four steps: a connection, its loss, and the next try. */
function shardTrace(): string[] {
  const texts: string[] = [];
  play(pure(recorded(shardMachine, { to: (line) => texts.push(line), now: () => 0 })));
  return texts;
}

function play({ initial, step }: Pure<typeof shardMachine>): void {
  let { snapshot } = initial({ policy: DEFAULT_POLICY, gatewayUrl: 'wss://gateway.discord.gg/' });
  const opened = { type: 'opened', connection: 1 } as const;
  const lost = { type: 'closed', connection: 1, code: 1006 } as const;
  for (const event of [{ type: 'start' }, opened, lost, { type: 'timer.reconnect' }] as const)
    ({ snapshot } = step(snapshot, event));
}

const placed = (texts: readonly string[]) => readTrace(`${texts.join('\n')}\n`).lines;
const typesOf = (lines: readonly TraceLine[]) => lines.map(({ type }) => type);

describe('an excerpt of a replay', () => {
  const texts = shardTrace();
  const lines = texts.map((text): TraceLine => JSON.parse(text));
  const cut = (from?: number, to?: number) => excerpt(replay(placed(texts)), from, to);

  it('is everything by default, line for line', () => {
    expect(typesOf(lines)).toEqual(['header', 'checkpoint', 'step', 'step', 'step', 'step']);
    expect(cut()).toEqual(lines);
    expect(cut(1, 6)).toEqual(lines);
  });

  it('has its header, wherever it begins', () => {
    expect(cut(2)).toEqual(lines);
    expect(cut(2, 2)).toEqual(lines.slice(0, 2));
  });

  it('ends with the line that was named', () => {
    expect(cut(1, 4)).toEqual(lines.slice(0, 4));
  });

  it('begins with the header, and a checkpoint of where the chart stood before its first line', () => {
    const part = cut(6);
    expect(part).toEqual([lines[0], expect.objectContaining({ type: 'checkpoint' }), lines[5]]);
    expect(part[1]).toMatchObject({ state: 'running.waiting', snapshot: { context: { connection: 1 } } });
    expect(part[1]).toHaveProperty('timers', {});
  });

  it('can be replayed by itself, wherever it begins', () => {
    for (const from of [1, 3, 4, 5, 6]) {
      const part = cut(from);
      expect(part.filter(({ type }) => type === 'step')).toHaveLength(Math.min(4, 7 - from));
      expect(firstDifference(readTrace(textOf(part)).lines)).toBeNull();
    }
  });

  it('is empty beyond the end', () => {
    expect(cut(7)).toEqual([]);
  });

  it('leaves out what no chart is given: frames, warnings and ends', () => {
    const more = [...texts.slice(0, 3), JSON.stringify(warningLine()), texts[3] ?? '', JSON.stringify(endLine())];
    expect(excerpt(replay(placed(more)))).toEqual(lines.slice(0, 4));
    expect(excerpt(replay(placed(more)), 4)[1]).toMatchObject({ state: 'running.connection.reaching.opening' });
  });

  it('has a header and a checkpoint of each actor, where each one stood', () => {
    const both: string[] = [];
    const to = (line: string) => void both.push(line);
    const shard = pure(recorded(shardMachine, { to, now: () => 0 }));
    const gateway = pure(recorded(gatewayMachine, { to, now: () => 0 }));
    const order = { type: 'connected', number: 1, connection: 1 } as never;
    const before = gateway.initial({}).snapshot;
    play(shard);
    const after = gateway.step(before, order).snapshot;
    gateway.step(after, { type: 'received.heartbeat', sequence: null } as never);
    const part = excerpt(replay(placed(both)), both.length);
    expect(part.map(({ type, actor }) => [type, actor])).toEqual([
      ['header', undefined],
      ['checkpoint', undefined],
      ['header', 'gateway 2'],
      ['checkpoint', 'gateway 2'],
      ['step', 'gateway 2'],
    ]);
    expect(part[1]).toMatchObject({ state: 'running.locating' });
    expect(firstDifference(readTrace(textOf(part)).lines)).toBeNull();
  });
});

describe('a test file', () => {
  const lines = [
    headerLine({ began: Date.UTC(2026, 0, 2, 3, 4, 5) }),
    checkpointLine(),
    stepLine({ event: { type: 'permitRefused', reason: "it's \\ a \u2028 \u2029 \n `reason`" } }),
    stepLine({ event: { type: 'stop' } }),
  ];

  /** What the file has as `TRACE`: the literals as a compiler reads them. */
  const traceIn = (text: string): string[] => {
    const [, literals = ''] = /const TRACE = (\[\n.*\]);\n$/s.exec(text) ?? [];
    return new Function(`return ${literals}`)();
  };

  it('replays its lines against the chart of the package, and names what differs', () => {
    expect(testFile(lines.slice(0, 1), { name: 'life.jsonl' })).toBe(
      `/** 0 steps of life.jsonl, recorded on 2026-01-02T03:04:05.000Z. Written by \`gatechart replay --emit-test\`. */
import { differenceInWords, firstDifference, readTrace } from 'gatechart/trace';
import { expect, it } from 'vitest';
import { shardMachine } from 'gatechart/machines';

it('takes the steps of life.jsonl', () => {
  const { lines } = readTrace(TRACE.join('\\n'), 'life.jsonl');
  const difference = firstDifference(lines, { machine: shardMachine });
  expect(difference, difference ? differenceInWords(difference).join('\\n') : '').toBeNull();
});

// Secrets are placeholders, which the chart takes for what they stand for.
const TRACE = [
  '{"type":"header","at":0,"format":1,"gatechart":"0.1.0","chart":"shard","definition":"00000000000000","began":1767323045000,"file":1,"input":{}}',
];
`,
    );
  });

  it('holds the lines to the byte, whatever characters are in them', () => {
    expect(traceIn(testFile(lines, { name: 'life.jsonl' }))).toEqual(lines.map((line) => JSON.stringify(line)));
  });

  it('counts the steps, and no other lines', () => {
    expect(testFile(lines, { name: 'a' })).toContain('/** 2 steps of a, ');
  });

  it('imports the chart that was recorded', () => {
    const text = testFile([headerLine({ chart: 'gateway' })], { name: 'a' });
    expect(text).toContain("import { gatewayMachine } from 'gatechart/machines';");
    expect(text).toContain('{ machine: gatewayMachine }');
  });

  it("imports a chart of a user's own by its export", () => {
    const machine = { from: "./my lamp's.js", name: 'lamp' };
    const text = testFile([headerLine({ chart: 'lamp' })], { name: 'a', machine });
    expect(text).toContain("import { lamp as machine } from './my lamp\\'s.js';");
    expect(text).toContain('{ machine: machine }');
    expect(text).not.toContain('gatechart/machines');
  });

  it('is code whatever its name is, and whenever and of what it was recorded', () => {
    const name = "a\nb */ process.exit(1) /* \r\u2028'\\\u001b[31m\u202e";
    for (const header of [headerLine(), headerLine({ began: 1e300 }), headerLine({ chart: 'constructor' })]) {
      const text = testFile([header], { name });
      const [first = ''] = text.split('\n');
      expect(first).toMatch(/^\/\*\* 0 steps of (?:(?!\*\/).)*\*\/$/);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
      expect(text).toContain("from 'gatechart/machines';");
      expect(text).toContain('import { shardMachine }');
      const [, literal = ''] = /readTrace\(TRACE.join\('\\n'\), ('.*')\);/.exec(text) ?? [];
      expect(new Function(`return ${literal}`)()).toBe(name);
    }
  });

  it('takes a name with quotes and backslashes for a name', () => {
    const text = testFile([headerLine()], { name: "C:\\it's.jsonl" });
    expect(text).toContain("it('takes the steps of C:\\\\it\\'s.jsonl', () => {");
    expect(text).toContain("readTrace(TRACE.join('\\n'), 'C:\\\\it\\'s.jsonl')");
  });

  it('of a chart of a user passes as long as that chart does the same', () => {
    const lamp = createMachine({ id: 'lamp', initial: 'off', states: { off: { on: { press: 'on' } }, on: {} } });
    const texts: string[] = [];
    const { initial, step } = pure(recorded(lamp, { to: (line) => texts.push(line), now: () => 0 }));
    step(initial(undefined).snapshot, { type: 'press' });
    const read = traceIn(
      testFile(
        texts.map((text): TraceLine => JSON.parse(text)),
        { name: 'a', machine: { from: './lamp.js', name: 'lamp' } },
      ),
    );
    expect(firstDifference(placed(read), { machine: lamp as never })).toBeNull();
  });
});
