/** What the viewer makes of traces and of inspectors' messages. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { shardAbstraction } from '../../machines/abstraction.js';
import {
  CLOSE_CODES,
  closeCode,
  GATEWAY_TIMERS,
  gatewayMachine,
  shardMachine,
  stateName,
  TIMERS,
} from '../../machines/index.js';
import { simulatedClock } from '../../src/host/clock.js';
import { inspectorFor } from '../../src/inspect/index.js';
import { activeStates, explore } from '../../src/testing/graph.js';
import { activeIn, chartOf, rowsTaken } from '../../src/viewer/model/charts.js';
import { detailsOf } from '../../src/viewer/model/details.js';
import { type Line, lineOf, linesOf } from '../../src/viewer/model/lines.js';
import type { Track } from '../../src/viewer/model/moments.js';
import { Witness } from '../../src/viewer/model/tracks.js';
import { consequences, STIMULI } from '../../src/viewer/model/what-if.js';
import {
  awaited,
  clause,
  clock,
  happening,
  headline,
  reason,
  span,
  stateInWords,
} from '../../src/viewer/model/words.js';
import { traceOf } from './lives.js';

const witnessed = (lines: readonly (string | object)[]) => {
  const witness = new Witness();
  for (const line of lines) {
    const taken = lineOf(typeof line === 'string' ? JSON.parse(line) : line);
    if (taken === null) throw new Error(`no line: ${JSON.stringify(line)}`);
    witness.take(taken);
  }
  const [track] = witness.tracks.values();
  if (track === undefined) throw new Error('there is no track');
  return { witness, track };
};

describe("the Gateway's side of a recorded life", async () => {
  const lines = await traceOf(
    (gateway) => {
      gateway.control.dropTcp();
      gateway.control.dispatch('MESSAGE_CREATE', {});
    },
    9_000,
    { both: true },
  );
  const { witness } = witnessed(lines);
  const [shard, first, second] = [...witness.tracks.values()];
  const said = (track: Track | undefined) =>
    track?.exchanges.map(({ direction, label, detail }) => [direction, label, detail].join(' '));

  it('is one actor for each connection, by its number', () => {
    expect([...witness.tracks.values()].map(({ name, chart }) => [name, chart])).toEqual([
      ['shard', 'shard'],
      ['Gateway, connection 1', 'gateway'],
      ['Gateway, connection 2', 'gateway'],
    ]);
    expect(first?.isInspected).toBe(false);
  });

  it('has causes, effects, timers and rows', () => {
    const ready = first?.moments.find(({ causes: [cause] }) => cause?.name === 'ready');
    expect(ready).toMatchObject({ connection: 1, session: '<session 1>', from: expect.stringContaining('starting') });
    expect(ready?.timers.map(({ name }) => name)).toEqual(['heartbeat']);
    expect(ready?.effects.map(({ type }) => type)).toContain('sendReady');
    expect(ready?.rows.length).toBeGreaterThan(0);
    const dropped = first?.moments.find(({ causes: [cause] }) => cause?.name === 'dropped');
    expect(dropped).toMatchObject({ state: 'listening.keeping', session: '<session 1>' });
    expect(dropped?.timers.map(({ name }) => name)).toEqual(['retention']);
    expect(first?.moments.at(-1)).toMatchObject({ kind: 'end', session: null });
  });

  it('is a conversation from the same point of view as that of the shard', () => {
    expect(said(first)?.slice(0, 4)).toEqual([
      'out opens a WebSocket ',
      'in Hello op 10, every 5000 ms',
      'out Identify op 2',
      'in READY op 0, s 1',
    ]);
    expect(said(second)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^out Resume op 6, from s \d+/), 'in MESSAGE_CREATE s 5']),
    );
    expect(said(second)?.findIndex((each) => each.includes('Resume'))).toBeLessThan(
      said(second)?.findIndex((each) => each.includes('RESUMED')) ?? 0,
    );
    expect(second?.moments.at(-1)).toMatchObject({ session: '<session 1>', connection: 2 });
    expect(second?.moments.at(-1)?.sequence).toBe(shard?.moments.at(-1)?.sequence);
  });

  it('does not make a moment of each dispatch', () => {
    expect(first?.moments.every(({ event }) => event !== 'dispatch')).toBe(true);
  });

  it('has the clock of the shard, though it was recorded apart', () => {
    const [header = '', ...rest] = lines.filter((line) => line.includes('"actor":"gateway 2"'));
    const apart = [{ ...JSON.parse(header), began: 1_000 }, ...rest];
    const { witness: other } = witnessed([...lines.filter((line) => !line.includes('"actor"')), ...apart]);
    const shifted = other.tracks.get('gateway 2');
    expect(shifted?.moments.map(({ at }) => at)).toEqual(first?.moments.map(({ at }) => at + 1_000));
    expect(shifted?.moments[1]?.timers[0]?.due).toBe((first?.moments[1]?.timers[0]?.due ?? 0) + 1_000);
    expect(shifted?.exchanges[0]?.at).toBe((first?.exchanges[0]?.at ?? 0) + 1_000);
  });
});

describe('a recorded life', async () => {
  const { track } = witnessed(await traceOf());
  const causes = track.moments.map(({ causes }) => causes[0]?.name);

  it('is a list of moments with their causes', () => {
    expect(track).toMatchObject({ chart: 'shard', name: 'shard', isInspected: false });
    expect(track.moments[0]).toMatchObject({ kind: 'begin', state: 'stopped' });
    expect(causes).toEqual(
      expect.arrayContaining([
        'started',
        'located',
        'opened',
        'helloBeforeIdentify',
        'permitted',
        'ready',
        'closedForResume',
        'waited',
        'helloBeforeResume',
        'resumed',
      ]),
    );
    for (const [at, moment] of track.moments.entries()) expect(moment.index).toBe(at);
  });

  it('tells which timers run, and when each is due', () => {
    const ready = track.moments.find(({ causes: [cause] }) => cause?.name === 'ready');
    expect(ready?.timers.map(({ name }) => name).sort()).toEqual(['firstHeartbeat', 'settle']);
    const settle = ready?.timers.find(({ name }) => name === 'settle');
    expect(settle?.due).toBe((ready?.at ?? 0) + 5_000);
    for (const { state, timers } of track.moments) {
      if (state === 'running.waiting') expect(timers.map(({ name }) => name)).toEqual(['reconnect']);
      if (state === 'stopped') expect(timers).toEqual([]);
    }
  });

  it('tells connection, session and sequence as they were', () => {
    const last = track.moments.at(-1);
    expect(last).toMatchObject({ connection: 2, session: '<session 1>' });
    expect(last?.sequence).toBeGreaterThan(1);
    expect(track.moments.find(({ causes: [cause] }) => cause?.name === 'opened')).toMatchObject({ session: null });
  });

  it('tells what was said, each at the moment it belongs to', () => {
    const said = track.exchanges.map(({ direction, label, moment }) => [
      direction,
      label,
      track.moments[moment]?.causes[0]?.name,
    ]);
    expect(said).toEqual(
      expect.arrayContaining([
        ['out', 'opens a WebSocket', 'located'],
        ['in', 'the WebSocket is open', 'opened'],
        ['in', 'Hello', 'helloBeforeIdentify'],
        ['out', 'Identify', 'permitted'],
        ['in', 'READY', 'ready'],
        ['in', '3 dispatches', 'ready'],
        ['in', 'the connection is lost', 'closedForResume'],
        ['out', 'Resume', 'helloBeforeResume'],
        ['in', 'RESUMED', 'resumed'],
      ]),
    );
    const moments = track.exchanges.map(({ moment }) => moment);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
  });

  it('takes the rows of the chart that the chart itself took', () => {
    const rows = track.moments.flatMap((moment) => moment.rows);
    expect(rows).toEqual(
      expect.arrayContaining([
        'shard.stopped: start',
        'shard.running.choosing: always [4 of 4]',
        'shard.running.locating: located',
        'shard.running.connection: closed [3 of 3]',
        'shard.running.waiting: timer.reconnect',
        'shard.running.choosing: always [2 of 4]',
      ]),
    );
  });

  it('has chapters where they were told', () => {
    const { track: told } = witnessed([
      '{"type":"header","at":0,"format":1,"chart":"shard","began":0}',
      '{"type":"checkpoint","at":0,"state":"stopped","snapshot":{},"timers":{}}',
      { type: 'chapter', title: '1. One', says: 'It begins.' },
      '{"type":"step","at":5,"event":{"type":"start"},"from":"stopped","to":"running.locating","causes":[{"name":"started"}]}',
    ]);
    expect(told.chapters).toEqual([{ title: '1. One', says: 'It begins.', moment: 1 }]);
    expect(told.exchanges.map(({ kind, label }) => [kind, label])).toEqual([['chapter', '1. One']]);
  });
});

describe('rows and states', () => {
  const graph = explore(shardMachine, shardAbstraction);
  const shard = chartOf('shard');

  it('are read from the name of a state, in every state of the chart', () => {
    for (const { snapshot } of graph.nodes.values()) {
      expect([...activeIn('shard', stateName(snapshot.value))].sort()).toEqual([...activeStates(snapshot)].sort());
    }
  });

  it('are those that the chart takes, on every step of the chart', () => {
    let strange = 0;
    for (const edge of graph.edges) {
      const causes = edge.instructions.flatMap(({ type, params }) =>
        type === 'report' ? [(params as { cause: { name: string } }).cause.name] : [],
      );
      const from = stateName(edge.from.snapshot.value);
      const taken = shard === undefined ? [] : rowsTaken(shard, { event: edge.event.type, from, causes });
      if ([...taken].sort().join() !== [...new Set(edge.rows)].sort().join()) strange += 1;
    }
    // Two rows of one event may give the same cause; the first is then shown.
    expect(strange / graph.edges.length).toBeLessThan(0.01);
  });

  it.each([['a.b(c'], ['(((('], ['a + b'], ['<script>alert(1)</script>'], ['']])(
    'are none in %j, and nothing throws',
    (name) => {
      expect(activeIn('shard', name)[0]).toBe('shard');
    },
  );
});

describe('a line', () => {
  it.each([
    ['null', null],
    ['a number', 1],
    ['a list', []],
    ['an unknown type', { type: 'unknown', at: 1 }],
    ['a type that every object has', { type: 'constructor', at: 1 }],
    ['a step without a state', { type: 'step', at: 1, event: { type: 'x' } }],
    ['a step whose causes are no list', { type: 'step', at: 1, event: { type: 'x' }, from: 'a', causes: {} }],
    ['a time that is none', { type: 'warning', at: 'soon', problem: 'x' }],
    ['a frame in no direction', { type: 'frame', at: 1, direction: 'up', connection: 1, op: 1, bytes: 1 }],
    ['a message without an actor', { type: '@xstate.event', event: { type: 'x' } }],
  ])('is not %s', (_, value) => {
    expect(lineOf(value)).toBeNull();
  });

  it('is left out and counted where it makes no sense', () => {
    const { lines, strange } = linesOf('{"type":"note","says":"x"}\n\n{"type":"no\n{}\n');
    expect([lines.length, strange]).toEqual([1, 2]);
  });

  it('throws nothing, whatever it holds', async () => {
    const lines = (await traceOf()).map((line) => JSON.parse(line));
    const hostile: readonly unknown[] = [
      '<img src=x onerror=alert(1)>',
      null,
      -1,
      Number.MAX_VALUE,
      {},
      [],
      { toString: 1 },
      true,
    ];
    const witness = new Witness();
    let n = 0;
    const spoil = (value: unknown): unknown => {
      n += 1;
      if (n % 7 === 0) return hostile[(n / 7) % hostile.length];
      if (Array.isArray(value)) return value.map(spoil);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, key === 'type' ? each : spoil(each)]));
    };
    for (let round = 0; round < 50; round += 1) {
      for (const line of lines) {
        const taken = lineOf(spoil(line));
        if (taken !== null) witness.take(taken as Line);
      }
    }
    for (const track of witness.tracks.values()) {
      for (const moment of track.moments) expect(typeof headline(track.chart, moment)).toBe('string');
    }
    expect(witness.tracks.size).toBeGreaterThan(0);
  });
});

describe("an inspector's messages", () => {
  const inspected = (machine: typeof gatewayMachine | typeof shardMachine, events: readonly object[]) => {
    const witness = new Witness();
    const inspector = inspectorFor({ send: (message) => witness.take(JSON.parse(JSON.stringify(message))) });
    const actor = createActor(machine as typeof gatewayMachine, {
      input: {},
      clock: simulatedClock(),
      inspect: inspector,
    });
    actor.start();
    for (const event of events) actor.send(event as never);
    actor.stop();
    return witness;
  };

  it('are shown as far as they go: states and events', () => {
    const witness = inspected(gatewayMachine, [{ type: 'connected', number: 1 }, { type: 'timer.hello' }]);
    const track = [...witness.tracks.values()].find(({ chart }) => chart === 'gateway');
    expect(track).toMatchObject({ name: 'gateway', isInspected: true });
    expect(track?.moments.map(({ event }) => event)).toEqual(['', 'connected', 'timer.hello', '']);
    expect(track?.moments.at(2)?.state).toContain('session.awaitingIdentify');
    expect(track?.moments.at(-1)).toMatchObject({ kind: 'end', says: 'This actor has stopped.' });
  });

  it('of a chart that is not ours hold its definition', () => {
    const { track } = witnessed([
      {
        type: '@xstate.actor',
        sessionId: 'x:0',
        name: 'lamp',
        definition: '{"id":"lamp","states":{"off":{},"on":{}}}',
        snapshot: { status: 'active', value: 'off' },
      },
      {
        type: '@xstate.snapshot',
        sessionId: 'x:0',
        createdAt: '5',
        event: { type: 'toggle' },
        snapshot: { value: 'on' },
      },
    ]);
    expect(track).toMatchObject({ chart: 'lamp', definition: { id: 'lamp' } });
    expect(track.moments.map(({ state }) => state)).toEqual(['off', 'on']);
  });
});

describe('what follows', () => {
  const ask = (id: string) => {
    const stimulus = STIMULI.find((each) => each.id === id);
    if (stimulus === undefined) throw new Error(`nobody asks about ${id}`);
    return consequences(stimulus).found;
  };
  const last = (states: readonly string[]) => states.map((state) => state.split('.').at(-1));

  it('from close 4009 is a new session, wherever a connection is', () => {
    const all = ask('4009');
    const open = all.filter(({ answers }) => answers.some(({ to }) => to === 'running.waiting'));
    expect(open.flatMap(({ states }) => last(states))).toEqual([
      'opening',
      'awaitingHello',
      'queuedForIdentify',
      'identifying',
      'resuming',
      'ready',
      'reconnecting',
    ]);
    for (const { answers } of open) {
      expect(answers).toMatchObject([{ outcome: expect.stringContaining('Identify: a new session') }]);
    }
  });

  it('from a missed ACK is a look into the buffer, a close that keeps the session, and a wait, each with its time', () => {
    const all = ask('no-ack');
    expect(all.flatMap(({ states }) => last(states))).toEqual([
      'queuedForIdentify',
      'identifying',
      'resuming',
      'ready',
    ]);
    const kept = all.find(({ states }) => last(states).includes('ready'))?.answers;
    const withSession = kept?.find(({ when }) => when === 'with a session');
    expect(withSession?.steps.map(({ time, deeds }) => [time, deeds])).toEqual([
      ['0', []],
      ['250 ms', ['closes with 4900']],
      ['by 750 ms', []],
    ]);
    expect(withSession).toMatchObject({ to: 'running.waiting', outcome: expect.stringContaining('Resume') });
    const queued = all.find(({ states }) => last(states).includes('queuedForIdentify'));
    expect(queued?.answers).toMatchObject([{ outcome: expect.stringContaining('Identify') }]);
  });

  it('says how long it waits: shortly only where a connection may have held', () => {
    const outcomes = new Map(
      ask('4009').flatMap(({ states, answers }) => states.map((state) => [last([state])[0], answers[0]?.outcome])),
    );
    const grows = '0 to 1 s (doubled with each failure in a row, at most 1 min)';
    expect(outcomes.get('ready')).toContain(
      `after 0 to 500 ms if the connection had been ready for one heartbeat interval, else ${grows}`,
    );
    expect(outcomes.get('opening')).toContain(`after ${grows}`);
    const interrupted = ask('op9-true').find(({ states }) => last(states).includes('ready'));
    expect(interrupted?.answers.find(({ when }) => when === 'with a session')?.outcome).toContain('after 1 to 5 s,');
    expect(interrupted?.answers.map(({ when }) => when)).toContain('without a session, as READY named none');
  });

  it('resumes no session whose resumes are used up', () => {
    const resuming = ask('4000').find(({ states }) => last(states).includes('resuming'))?.answers;
    const spent = resuming?.find(({ when }) => when === 'if its resumes are used up');
    expect(spent?.outcome).toContain('Identify');
    expect(resuming?.find((each) => each !== spent)?.outcome).toContain('Resume');
  });

  it('names the states in which nothing follows', () => {
    const [stimulus] = STIMULI.filter(({ id }) => id === '4009');
    const { found, elsewhere } = consequences(stimulus as (typeof STIMULI)[number]);
    expect(last(elsewhere)).toEqual(['stopped', 'locating', 'waiting', 'failed']);
    expect(found.flatMap(({ states }) => states)).not.toContain('stopped');
  });

  it('from op 9 depends on d, and on whether there is a session', () => {
    const gone = ask('op9-false').find(({ states }) => last(states).includes('ready'));
    expect(gone?.answers).toHaveLength(1);
    expect(gone?.answers[0]?.outcome).toContain('Identify');
    const interrupted = ask('op9-true').find(({ states }) => last(states).includes('resuming'));
    expect(interrupted?.answers[0]?.outcome).toContain('Resume');
  });

  it.each(Object.keys(CLOSE_CODES).map(Number))('from close %d is what its row of the table says', (code) => {
    const [first] = ask(`${code}`);
    const { recovery } = closeCode(code);
    const [answer] = first?.answers ?? [];
    expect(answer?.to).toBe(recovery === 'stop' ? 'failed' : 'running.waiting');
    if (recovery === 'identify') expect(answer?.outcome).toContain('Identify');
  });

  it('is known for everything that may be asked', () => {
    for (const stimulus of STIMULI) expect(consequences(stimulus).found, stimulus.title).not.toEqual([]);
  });
});

describe('the details of a state', () => {
  const shard = chartOf('shard');
  it.each(['shard', 'gateway'])('of the %s chart are there for every state, with words for each way out', (id) => {
    const chart = chartOf(id);
    for (const state of chart?.nodes.keys() ?? []) {
      const details = chart && detailsOf(chart, state);
      expect(details?.title).not.toBe('');
      for (const { when, why } of details?.ways ?? []) expect([when !== '', typeof why]).toEqual([true, 'string']);
    }
  });

  it('name rule, clause, deadline and what leaves it, also by way of what is around it', () => {
    const details = shard && detailsOf(shard, 'shard.running.connection.reaching.awaitingHello');
    expect(details).toMatchObject({
      rule: 'Nothing is sent before Hello.',
      spec: 'gateway#hello-event',
      deadlines: ['Hello: within 20 s'],
    });
    const closed = details?.ways.filter(({ when }) => when === 'the connection closes');
    expect(closed?.map(({ guard, to, from }) => [guard, to, from])).toEqual([
      [expect.stringContaining('with 4004'), 'failed', 'reaching'],
      [expect.stringContaining('4009'), 'waiting', 'reaching'],
      ['', 'waiting', 'reaching'],
    ]);
  });
});

describe('words', () => {
  it('are there for every timer', () => {
    for (const timer of TIMERS) expect(awaited('shard', timer), timer).not.toBe(timer);
    for (const timer of GATEWAY_TIMERS) expect(awaited('gateway', timer), timer).not.toBe(timer);
  });

  it('are there for every event and every guard of the shard chart', () => {
    const shard = chartOf('shard');
    if (shard === undefined) throw new Error('there is no shard chart');
    for (const type of new Set([...shard.nodes.values()].flatMap((node) => [...node.transitions.keys()]))) {
      if (type !== '') expect(happening(type), type).not.toBe(type);
    }
    const ways = [...shard.nodes.keys()].flatMap((id) => detailsOf(shard, id)?.ways ?? []);
    for (const { guard, row } of ways) expect(guard, row).toMatch(/^$|^(if|while|with) /);
  });

  it.each([
    ['running.connection.open(session.ready.settled + heartbeat.beating.acked)', 'ready · heartbeat acked'],
    [
      'running.connection.open(session.ready.settled + heartbeat.overdue.listening + reading.flowing)',
      'ready · ACK overdue',
    ],
    [
      'running.connection.open(session.queuedForIdentify + heartbeat.jittering + reading.paused)',
      'queuedForIdentify · first heartbeat to come · reading paused',
    ],
    ['running.waiting', 'waiting'],
    ['running.connection.closing.reconnecting', 'reconnecting'],
    ['stopped', 'stopped'],
  ])('make of %s: %s', (name, words) => {
    expect(stateInWords(name)).toBe(words);
  });

  it('differ on every step to another state, unless it only tells that the connection has held', () => {
    const { edges } = explore(shardMachine, shardAbstraction);
    const same = edges.flatMap(({ from, after, event: { type } }) => {
      const [left, entered] = [stateName(from.snapshot.value), stateName(after.value)];
      return left !== entered && stateInWords(left) === stateInWords(entered) ? [type] : [];
    });
    expect([...new Set(same)]).toEqual(['timer.settle']);
  });

  it('tell clauses of the documentation from our own, and link the former', () => {
    expect(clause('gateway#hello-event')).toEqual({
      text: 'Hello Event',
      href: 'https://docs.discord.com/developers/events/gateway#hello-event',
    });
    expect(clause('policy#waits')).toEqual({ text: 'our policy: waits', href: null });
  });

  it('take a cause that nobody knows as it is', () => {
    expect(reason('shard', { name: 'constructor' })).toBe('constructor');
  });

  it('tell times as people do', () => {
    expect([span(250), span(1_500), span(41_250), span(125_000)]).toEqual(['250 ms', '1.5 s', '41 s', '2 min 5 s']);
    expect([clock(1_234), clock(61_000)]).toEqual(['1.23', '1:01.00']);
  });
});
