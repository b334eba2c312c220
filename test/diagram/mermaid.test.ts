import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, type AnyStateNode, createMachine } from 'xstate';
import { shardMachine } from '../../machines/index.js';
import { type MermaidOptions, mermaid } from '../../src/diagram/index.js';

const OPEN = 'running.connection.open';
const draw = (options?: MermaidOptions) => mermaid(shardMachine, options).split('\n');
const arrows = (lines: readonly string[]) =>
  lines.filter((line) => / --> (?!.*\[\*\])/.test(line) && !/\[\*\]/.test(line));

/** A line such as `a --> b : c, d<br/>[e]` as `a`, `b` and the words of its label. */
function parse(line: string) {
  const [, from = '', to = '', label = ''] = /^ +(\w+) --> (\w+) : (.*)$/.exec(line) ?? [];
  return {
    from,
    to,
    words: label
      .replace(/<br\/>/g, ' ')
      .replace(/after (\w+)/g, 'timer.$1')
      .split(/,? /),
  };
}

function nodesOf(machine: AnyStateMachine): AnyStateNode[] {
  const inside = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(inside)];
  return inside(machine.root);
}

describe('a chart as a Mermaid diagram', () => {
  it('shows every row of the chart: its source, its event or guard, its target', () => {
    const lines = draw();
    const drawn = arrows(lines).map(parse);
    for (const node of nodesOf(shardMachine)) {
      for (const row of [...[...node.transitions.values()].flat(), ...(node.always ?? [])]) {
        const what = `${node.key}: ${row.eventType || row.guard}`;
        const word = row.eventType || (row.guard === undefined ? 'gatewayUnknown' : `[${row.guard}]`);
        const isLeaf = Object.keys(node.states).length === 0;
        if (row.target === undefined && isLeaf) {
          const listed = lines.find((line) => line.trim().startsWith(`${node.key} : `)) ?? '';
          expect(parse(listed.replace(' : ', ' --> x : ')).words, what).toContain(word);
          continue;
        }
        const [target = node] = row.target ?? [];
        const isAround = target.path.length < node.path.length && node.path.join().startsWith(target.path.join());
        const end = isAround
          ? target.initial.target?.[0]
          : node.path.every((key, i) => target.path[i] === key)
            ? node
            : target;
        const labels = drawn
          .filter(({ from, to }) => from === node.key && to === end?.key)
          .flatMap(({ words }) => words);
        expect(labels, what).toContain(word);
      }
    }
  });

  it('shows every state once, and no other', () => {
    const declared = draw().flatMap((line) => /^ +(?:state (?:"\w+" as )?)?(\w+)(?: \{)?$/.exec(line)?.[1] ?? []);
    expect(declared.sort()).toEqual(
      nodesOf(shardMachine)
        .slice(1)
        .map(({ key }) => key)
        .sort(),
    );
  });

  it('declares all states before the first arrow, which Mermaid needs to nest them', () => {
    const lines = draw();
    const first = lines.findIndex((line) => arrows([line]).length > 0);
    expect(lines.slice(first).every((line) => arrows([line]).length > 0)).toBe(true);
  });

  it('merges the arrows between two states', () => {
    const ends = arrows(draw())
      .map(parse)
      .map(({ from, to }) => `${from} ${to}`);
    const loops = new Set(['running running']); // two ways to stay within a composite may stand apart
    expect(ends.filter((end, i) => ends.indexOf(end) !== i && !loops.has(end))).toEqual([]);
  });

  it('names the guard of a row that has one, unless a row without leads to the same state', () => {
    const lines = draw();
    expect(lines).toContain('  locating --> failed : locateFailed<br/>[isUnauthorized]');
    expect(lines).toContain('  reaching --> waiting : closed');
    expect(lines).toContain('  choosing --> connection : [hasResumeUrl]<br/>or [knowsGateway]');
    expect(lines).toContain('  choosing --> locating : gatewayUnknown');
  });

  it('separates the regions of a parallel state', () => {
    const lines = draw({ only: OPEN }).map((line) => line.trim());
    const [session, divider, heartbeat] = ['state session {', '--', 'state heartbeat {'].map((line) =>
      lines.indexOf(line),
    );
    expect(session).toBeGreaterThan(0);
    expect(divider).toBeGreaterThan(session ?? 0);
    expect(heartbeat).toBe((divider ?? 0) + 1);
  });

  it('draws an initial arrow only where it is ever taken', () => {
    const initial = draw().flatMap((line) => /\[\*\] --> (\w+)/.exec(line)?.[1] ?? []);
    expect(initial.sort()).toEqual(
      ['awaitingAck', 'choosing', 'jittering', 'listening', 'opening', 'reaching', 'settling', 'stopped'].sort(),
    );
  });

  it('hides the inside of a folded state, and keeps what leaves it', () => {
    const text = mermaid(shardMachine, { fold: [OPEN] });
    for (const hidden of ['session', 'heartbeat', 'identifying', 'overdue', 'settled'])
      expect(text).not.toMatch(hidden + '\\b');
    expect(text).toContain('awaitingHello --> open : hello');
    expect(text).toMatch(/open --> reconnecting : .*after overdue/);
    expect(text).not.toContain('open --> open');
  });

  it('draws a part with what it comes from and leads to', () => {
    const text = mermaid(shardMachine, { only: `shard.${OPEN}.session` });
    expect(text).toContain('state "closing.reconnecting" as reconnecting');
    expect(text).toContain('awaitingHello --> resuming : hello [hasSession]');
    expect(text).toContain('identifying --> reconnecting : after ready');
    expect(text).not.toContain('locating');
    expect(text).not.toContain('jittering');
  });

  it('cuts labels after so many events as told', () => {
    const lines = draw({ fold: [OPEN, 'running.connection.closing'], events: 2 });
    expect(lines).toContain('  open --> closing : reconnectRequested,<br/>invalidSession, ...');
  });

  it('names states of one key by their paths', () => {
    const twins = createMachine({
      id: 'twins',
      initial: 'a',
      states: {
        a: { initial: 'same', states: { same: { on: { go: '#twins.b' } } } },
        b: { initial: 'same', states: { same: {} } },
      },
    });
    expect(mermaid(twins).split('\n')).toEqual([
      'stateDiagram-v2',
      '  [*] --> a',
      '  state a {',
      '    [*] --> a_same',
      '    state "same" as a_same',
      '  }',
      '  state b {',
      '    [*] --> b_same',
      '    state "same" as b_same',
      '  }',
      '  a_same --> b : go',
    ]);
  });

  it('draws the same chart in the same way, also once it is provided with implementations', () => {
    expect(mermaid(shardMachine.provide({ delays: { hello: 1 } }))).toBe(mermaid(shardMachine));
  });

  it('puts a title above', () => {
    expect(draw({ title: 'The shard' }).slice(0, 4)).toEqual(['---', 'title: "The shard"', '---', 'stateDiagram-v2']);
  });

  it('throws for a state that the chart has not', () => {
    expect(() => mermaid(shardMachine, { fold: ['nowhere'] })).toThrow(
      new TypeError('The chart shard has no state nowhere'),
    );
  });
});
