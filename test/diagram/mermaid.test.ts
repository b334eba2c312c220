import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, type AnyStateNode, createMachine } from 'xstate';
import { gatewayMachine, shardMachine } from '../../machines/index.js';
import { mermaid, type View } from '../../src/diagram/index.js';

const OPEN = 'running.connection.open';
const CHARTS = [
  ['shard', shardMachine],
  ['Gateway', gatewayMachine],
] as const;
const draw = (options?: View) => mermaid(shardMachine, options).split('\n');
const arrows = (lines: readonly string[]) => lines.filter((line) => line.includes(' --> ') && !line.includes('[*]'));

/** A line such as `a --> b : c, d<br/>[e]` as `a`, `b` and the words of its label. */
function parse(line: string) {
  const [, from = '', to = '', label = ''] = /^ +(\w+) --> (\w+) : (.*)$/.exec(line) ?? [];
  return { from, to, words: wordsOf(label) };
}

const wordsOf = (label: string) => label.replace(/<br\/>/g, ' ').split(/,? /);

/** The states that a text declares: the name of each in the text by its path in the chart, and what its box lists. */
function declaredIn(lines: readonly string[]) {
  const names = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const around: string[] = [];
  for (const line of lines.slice(1).map((each) => each.trim())) {
    const [, title, name = '', brace] = /^(?:state )?(?:"([^"]+)" as )?(\w+)( \{)?$/.exec(line) ?? [];
    const [, listed = '', list] = /^(\w+) : (.*)$/.exec(line) ?? [];
    if (line === '}') around.pop();
    else if (list !== undefined) lists.set(listed, wordsOf(list));
    else if (name !== '') names.set([...around, title ?? name].join('.'), name);
    if (brace !== undefined) around.push(title ?? name);
  }
  return { names, lists };
}

function nodesOf(machine: AnyStateMachine): AnyStateNode[] {
  const inside = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(inside)];
  return inside(machine.root);
}

describe.each(CHARTS)('the %s chart as a Mermaid diagram', (id, machine) => {
  const lines = mermaid(machine).split('\n');
  const { names, lists } = declaredIn(lines);
  const drawn = arrows(lines).map(parse);
  const isBox = names.has(id.toLowerCase());
  const pathOf = (node: AnyStateNode) => [...(isBox ? [machine.root.key] : []), ...node.path].join('.');
  const nameOf = (node: AnyStateNode) => names.get(pathOf(node));

  it('shows every state, nested as in the chart, and no other', () => {
    const states = nodesOf(machine).map(pathOf);
    expect([...names.keys()].sort()).toEqual(states.filter((path) => path !== '').sort());
    expect(new Set(names.values()).size).toBe(names.size);
  });

  it('shows every row: its source, its event or else its guard or cause, its target', () => {
    for (const node of nodesOf(machine)) {
      for (const row of [...[...node.transitions.values()].flat(), ...(node.always ?? [])]) {
        const what = `${node.id}: ${row.eventType || row.guard}`;
        const word = row.eventType || (row.guard ? `[${row.guard}]` : /^(gatewayUnknown|else)$/);
        const [target = node] = row.target ?? [];
        const isComposite = Object.keys(node.states).length > 0;
        let end = target;
        if (target !== node && isComposite && pathOf(target).startsWith(`${pathOf(node)}.`)) end = node;
        else if (target !== node && pathOf(node).startsWith(`${pathOf(target)}.`)) {
          while (end.type === 'compound') end = end.initial.target?.[0] ?? end;
        }
        const words =
          row.target === undefined && !isComposite
            ? (lists.get(nameOf(node) ?? '') ?? [])
            : drawn.filter(({ from, to }) => from === nameOf(node) && to === nameOf(end)).flatMap((each) => each.words);
        expect(words, what).toContainEqual(typeof word === 'string' ? word : expect.stringMatching(word));
      }
    }
  });

  it('merges the arrows between two states', () => {
    const ends = drawn.map(({ from, to }) => `${from} ${to}`);
    expect(ends.filter((end, i) => ends.indexOf(end) !== i)).toEqual([]);
  });

  it('declares all states before the first arrow, which Mermaid needs to nest them', () => {
    const first = lines.findIndex((line) => arrows([line]).length > 0);
    expect(lines.slice(first).every((line) => arrows([line]).length > 0)).toBe(true);
  });
});

describe('a Mermaid diagram', () => {
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
      [
        'awaitingAck',
        'choosing',
        'flowing',
        'jittering',
        'listening',
        'opening',
        'reaching',
        'resting',
        'settling',
        'stopped',
      ].sort(),
    );
  });

  it('hides the inside of a folded state, and keeps what leaves it', () => {
    const text = mermaid(shardMachine, { fold: [OPEN] });
    for (const hidden of ['session', 'heartbeat', 'identifying', 'overdue', 'settled'])
      expect(text).not.toMatch(hidden + '\\b');
    expect(text).toContain('awaitingHello --> open : hello');
    expect(text).toMatch(/open --> reconnecting : .*timer\.overdue/);
    expect(text).not.toContain('open --> open');
  });

  it('draws a part with what it comes from and leads to', () => {
    const text = mermaid(shardMachine, { only: `shard.${OPEN}.session` });
    expect(text).toContain('state "closing.reconnecting" as reconnecting');
    expect(text).toContain('awaitingHello --> resuming : hello [hasSession]');
    expect(text).toContain('identifying --> reconnecting : timer.ready');
    expect(text).not.toContain('locating');
    expect(text).not.toContain('jittering');
  });

  it('cuts labels after so many events as told', () => {
    const lines = draw({ fold: [OPEN, 'running.connection.closing'], events: 2 });
    expect(lines).toContain(
      '  open --> closing : reconnectRequested,<br/>invalidSession, ...<br/>backlogOverflowed<br/>[hasSession]',
    );
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

  it('numbers the steps of a path', () => {
    const steps = [['shard.stopped: start'], ['shard.running: stop'], ['shard.stopped: start']];
    const lines = mermaid(shardMachine, {}, { path: steps }).split('\n');
    expect(lines).toContain('  stopped --> running : (1, 3) start');
    expect(lines).toContain('  running --> stopped : (2) stop, detach');
  });
});

describe('names that Mermaid would obey', () => {
  const order = 'x";\n  a --> b : c %%{init: {}}%% <script> # \u001b[31m\u202e';
  const chart = createMachine({
    id: order,
    initial: order,
    states: {
      [order]: {
        on: { [order]: { target: 'other', guard: order }, stay: { actions: order } },
      },
      other: { initial: 'inner', states: { inner: { on: { go: `#${order}` } } } },
    },
  });

  it('are text, in one line each', () => {
    const lines = mermaid(chart as AnyStateMachine, { title: order }).split('\n');
    for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    for (const line of lines.slice(4)) {
      expect(line).toMatch(/^ +(state (\w+|"[^"]*" as \w+)( \{)?|\}|(\w+|\[\*\]) --> \w+( : [^:]*)?|\w+( : [^:]*)?)$/);
      expect(line.replaceAll('<br/>', '').replace(/^.* --> /, '')).not.toMatch(
        /[<>]|%%|;(?<!#(34|35|37|58|59|lt|gt|quot);)/,
      );
    }
  });
});
