import { describe, expect, it } from 'vitest';
import { CAUSES, GATEWAY_CAUSES } from '../../machines/index.js';
import type { StepLine, TraceDispatches, TraceLine } from '../../src/trace/format.js';
import { sequenceDiagram } from '../../src/trace/sequence.js';
import { checkpointLine, endLine, frameLine, headerLine, stepLine, warningLine } from '../support/trace-lines.js';
import { sharedLife } from '../support/traces.js';

/** What is drawn after the participants. */
const drawn = (lines: readonly TraceLine[], options?: Parameters<typeof sequenceDiagram>[1]) =>
  sequenceDiagram(lines, options)
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('participant '));

const burst = (change: Partial<TraceDispatches> = {}): StepLine =>
  stepLine({
    event: { type: 'dispatched', connection: 1, sequence: 3 },
    dispatches: { first: 2, last: 3, count: 2, bytes: 100, names: { MESSAGE_CREATE: 2 }, ...change },
  });

describe('a sequence diagram', async () => {
  const life = await sharedLife();
  const diagram = sequenceDiagram(life.lines);

  it('shows what crossed the wire, in order, and why', () => {
    const order = [
      'opens wss:',
      'Hello',
      'Identify',
      'READY',
      '1006',
      'opens',
      'Resume',
      'RESUMED',
      '4009',
      'closes with 1000',
    ];
    let at = 0;
    for (const each of order) {
      at = diagram.indexOf(each, at);
      expect(at, each).toBeGreaterThan(-1);
    }
    expect(diagram).toContain('Note over shard: waiting<br/>');
  });

  it('folds dispatches, and leaves heartbeats out by default', () => {
    expect(diagram).toMatch(/Gateway->>shard: \d+ dispatches, s \d+ to \d+/);
    expect(diagram).not.toContain('Heartbeat');
    expect(sequenceDiagram(life.lines, { laps: true })).toContain('Gateway->>shard: Heartbeat ACK');
  });

  it('is empty but for its first line where nothing happened', () => {
    expect(sequenceDiagram([])).toBe('sequenceDiagram');
    expect(sequenceDiagram([headerLine(), checkpointLine(), stepLine({ event: { type: 'opened' } })])).toBe(
      'sequenceDiagram',
    );
  });

  it('is text for Mermaid: the participants that take part, then the arrows and notes', () => {
    const lines = [
      headerLine(),
      stepLine({
        event: { type: 'start' },
        to: 'running.connection.reaching.opening',
        causes: [{ name: 'started' }, { name: 'gatewayKnown' }],
        do: [
          { type: 'openSocket', params: { connection: 1, url: 'wss://gateway.discord.gg/' } },
          { type: 'arm', params: { timer: 'open', delay: 10_000 } },
        ],
      }),
      frameLine({ op: 10, bytes: 77 }),
      frameLine({ direction: 'out', op: 2, bytes: 200 }),
      frameLine({ op: 0, name: 'READY', sequence: 1, bytes: 500 }),
    ];
    expect(sequenceDiagram(lines)).toBe(`sequenceDiagram
  participant shard
  participant Gateway
  Note over shard: reaching.opening<br/>${CAUSES.started.says}#59; ${CAUSES.gatewayKnown.says}
  shard->>Gateway: opens wss://gateway.discord.gg/
  Gateway->>shard: Hello (77 bytes)
  shard->>Gateway: Identify (200 bytes)
  Gateway->>shard: READY, s 1 (500 bytes)`);
  });

  it('shows a state without the parts that every connection has', () => {
    const to = 'running.connection.open(session.ready.settled + heartbeat.beating.acked + reading.flowing)';
    expect(drawn([stepLine({ to, causes: [{ name: 'settled' }] })])).toEqual([
      `Note over shard: session.ready.settled + heartbeat.beating.acked + reading.flowing<br/>${CAUSES.settled.says}`,
    ]);
    expect(drawn([stepLine({ causes: [{ name: 'heartbeatRequested' }] })])).toEqual([
      `Note over shard: ${CAUSES.heartbeatRequested.says}`,
    ]);
  });

  it('shows how connections end: closed by the Gateway, lost, closed by the shard', () => {
    const closed = (code: number) => stepLine({ event: { type: 'closed', connection: 1, code } });
    const closing = stepLine({ do: [{ type: 'closeSocket', params: { connection: 1, code: 4900 } }] });
    expect(drawn([closed(4009), closed(1006), closing])).toEqual([
      'Gateway--xshard: closed: 4009 Session timed out',
      'Gateway--xshard: closed: 1006 Abnormal closure',
      'shard--xGateway: closes with 4900',
    ]);
  });

  it('says of a frame what is known: an opcode without a name, or that it is malformed', () => {
    expect(drawn([frameLine({ op: 99, bytes: 9 }), frameLine({ op: null, bytes: 3 })])).toEqual([
      'Gateway->>shard: opcode 99 (9 bytes)',
      'Gateway->>shard: something malformed (3 bytes)',
    ]);
  });

  it('shows warnings and the end', () => {
    expect(drawn([warningLine({ problem: 'a listener threw' }), endLine({ because: 'dropped' })])).toEqual([
      'Note over shard: warning: a listener threw',
      'Note over shard: the end: dropped',
    ]);
  });

  it('draws heartbeats that go well on request only, and one that goes wrong always', () => {
    const lines = [
      stepLine({ causes: [{ name: 'heartbeatDue' }], do: [{ type: 'sendHeartbeat', params: {} }] }),
      frameLine({ direction: 'out', op: 1, bytes: 20 }),
      frameLine({ op: 11, bytes: 9 }),
      stepLine({ causes: [{ name: 'acknowledged' }] }),
      stepLine({ causes: [{ name: 'zombied' }] }),
    ];
    const zombied = `Note over shard: ${CAUSES.zombied.says}`;
    expect(drawn(lines)).toEqual([zombied]);
    expect(drawn(lines, { laps: true })).toEqual([
      `Note over shard: ${CAUSES.heartbeatDue.says}`,
      'shard->>Gateway: Heartbeat (20 bytes)',
      'Gateway->>shard: Heartbeat ACK (9 bytes)',
      `Note over shard: ${CAUSES.acknowledged.says}`,
      zombied,
    ]);
  });

  it('is one line for each arrow and note, whatever they say', () => {
    const order =
      'x\n  shard->>Gateway: forged; %%{init: {"securityLevel":"loose"}}%% # <script> \u001b[31m\u202e<br/>';
    const lines = [
      frameLine({ op: 0, name: order, sequence: 1 }),
      stepLine({ to: order, causes: [{ name: 'closedForResume', reason: order }] }),
      stepLine({ causes: [{ name: order }], do: [{ type: 'openSocket', params: { url: order } }] }),
      stepLine({
        event: { type: 'closed', code: { toString: 1 } },
        do: [{ type: 'closeSocket', params: { code: order } }],
      }),
      warningLine({ problem: order }),
      endLine({ because: order as never }),
      burst({ names: { [order]: 2, constructor: 1 } }),
      burst({ names: { [order]: 2, constructor: 1 } }),
    ];
    const all = drawn(lines);
    expect(all).toHaveLength(9);
    for (const each of all) {
      expect(each).toMatch(/^(Note over shard|Gateway->>shard|shard->>Gateway|Gateway--xshard|shard--xGateway): /);
      expect(each.replace(/^[^:]*/, '').replaceAll('<br/>', '')).not.toMatch(
        /[<>\p{Cc}\p{Cf}]|%%|;(?<!#(35|59|37|lt|gt);)/u,
      );
    }
  });

  it('names those that take part, and not those that are spoken of', () => {
    const says = warningLine({ problem: 'the Gateway is slow: Gateway->>shard: x' });
    expect(sequenceDiagram([headerLine(), says])).toBe(
      'sequenceDiagram\n  participant shard\n  Note over shard: warning: the Gateway is slow: Gateway-#gt;#gt;shard: x',
    );
  });

  it('escapes what ends a message in Mermaid, and placeholders', () => {
    const url = 'wss://a.b/?x=1;y#z<session 1>';
    expect(drawn([stepLine({ do: [{ type: 'openSocket', params: { url } }] })])).toEqual([
      'shard->>Gateway: opens wss://a.b/?x=1#59;y#35;z#lt;session 1#gt;',
    ]);
  });
});

describe('dispatches in a sequence diagram', () => {
  it('are one arrow for a single one, with its name', () => {
    const one = burst({ first: 7, last: 7, count: 1, bytes: 60, names: { GUILD_CREATE: 1 } });
    expect(drawn([one])).toEqual(['Gateway->>shard: GUILD_CREATE, s 7 (60 bytes)']);
  });

  it('are one arrow for a burst of one name, without its number twice', () => {
    expect(drawn([burst()])).toEqual(['Gateway->>shard: 2 dispatches, s 2 to 3: MESSAGE_CREATE (100 bytes)']);
  });

  it('are one arrow for bursts in a row, whatever is between that is not drawn', () => {
    const next = burst({ first: 4, last: 6, count: 3, bytes: 90, names: { TYPING_START: 2, MESSAGE_CREATE: 1 } });
    const beat = [frameLine({ direction: 'out', op: 1 }), stepLine({ causes: [{ name: 'acknowledged' }] })];
    expect(drawn([burst(), ...beat, next])).toEqual([
      'Gateway->>shard: 5 dispatches, s 2 to 6: MESSAGE_CREATE 3, TYPING_START 2 (190 bytes)',
    ]);
  });

  it('are arrows of their own before and after another message', () => {
    const next = burst({ first: 4, last: 4, count: 1, bytes: 90, names: { TYPING_START: 1 } });
    expect(drawn([burst(), frameLine({ op: 7, bytes: 10 }), next])).toEqual([
      'Gateway->>shard: 2 dispatches, s 2 to 3: MESSAGE_CREATE (100 bytes)',
      'Gateway->>shard: Reconnect (10 bytes)',
      'Gateway->>shard: TYPING_START, s 4 (90 bytes)',
    ]);
  });

  it('change nothing in the trace when they are joined', () => {
    const lines = [burst(), burst()];
    const before = structuredClone(lines);
    sequenceDiagram(lines);
    expect(lines).toEqual(before);
  });
});

describe('the Gateway in a sequence diagram', () => {
  const header = headerLine({ chart: 'gateway', actor: 'gateway 2' });
  const step = (given: Partial<StepLine>) => stepLine({ actor: 'gateway 2', ...given });

  it('gets what the client sends, and sends what its chart wants done, under its own name', () => {
    const lines = [
      header,
      step({ event: { type: 'connected', number: 1 }, do: [{ type: 'sendHello', params: { interval: 41_250 } }] }),
      step({
        event: { type: 'received.identify' },
        causes: [{ name: 'identified' }, { name: 'ready' }],
        do: [
          { type: 'arm', params: { timer: 'heartbeat', delay: 50 } },
          { type: 'sendReady', params: {} },
          { type: 'disarm', params: { timer: 'identify' } },
        ],
      }),
      step({ event: { type: 'timer.heartbeat' }, causes: [{ name: 'heartbeatMissing' }] }),
      step({ event: { type: 'closed', code: 1000 } }),
    ];
    expect(drawn(lines)).toEqual([
      'client->>gateway_2: connected',
      'gateway_2->>client: sendHello interval 41250',
      'client->>gateway_2: received.identify',
      `Note over gateway_2: ${GATEWAY_CAUSES.identified.says}#59; ${GATEWAY_CAUSES.ready.says}`,
      'gateway_2->>client: sendReady',
      'gateway_2->>gateway_2: timer.heartbeat',
      `Note over gateway_2: ${GATEWAY_CAUSES.heartbeatMissing.says}`,
      'client->>gateway_2: closed',
    ]);
  });

  it('is drawn beside a shard in one trace, each by the chart of its header', () => {
    const lines = [
      headerLine(),
      header,
      stepLine({ do: [{ type: 'openSocket', params: { url: 'wss://a.b/' } }] }),
      step({ event: { type: 'connected', number: 1 } }),
      { ...endLine(), actor: 'gateway 2' },
    ];
    expect(drawn(lines)).toEqual(['shard->>Gateway: opens wss://a.b/', 'client->>gateway_2: connected']);
  });

  it('is named gateway_1 where it is the first actor of the trace', () => {
    const lines = [headerLine({ chart: 'gateway' }), stepLine({ event: { type: 'connected' } })];
    expect(drawn(lines)).toEqual(['client->>gateway_1: connected']);
  });

  it('draws its own dispatches as events, not as a burst', () => {
    const dispatch = { event: { type: 'dispatch', name: 'A' }, dispatches: burst().dispatches } as Partial<StepLine>;
    expect(drawn([header, step(dispatch)])).toEqual(['gateway_2->>gateway_2: dispatch']);
  });
});
