/** What the viewer makes of traces and of inspectors' messages. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { gatewayMachine, type shardMachine } from '../../../machines/index.js';
import { inspectorFor } from '../../../src/inspect/index.js';
import { simulatedClock } from '../../../src/ports/clock.js';
import { type Line, lineOf } from '../../../src/viewer/model/lines.js';
import type { Track } from '../../../src/viewer/model/moments.js';
import { Witness } from '../../../src/viewer/model/tracks.js';
import { deeds, headline } from '../../../src/viewer/model/words.js';
import { traceOf } from '../lives.js';

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
    expect(settle?.due).toBe((ready?.at ?? 0) + 30_000);
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

describe('lines of any shape', () => {
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

describe('a trace', () => {
  const HEADER = { type: 'header', at: 0, format: 1, chart: 'shard', began: 1_000 };
  const BEGIN = {
    type: 'checkpoint',
    at: 0,
    state: 'running.waiting',
    snapshot: { context: { session: { id: 'abc' }, sequence: 7, connection: 2 } },
    timers: { reconnect: 500, broken: 'soon' },
  };
  const step = (at: number, event: object, rest: object = {}) => ({ type: 'step', at, event, from: 'a', ...rest });
  const frame = (rest: object) => ({ type: 'frame', at: 1, direction: 'in', connection: 1, op: 0, bytes: 90, ...rest });
  const said = ({ exchanges }: Track) => exchanges.map(({ label, detail, moment }) => [label, detail, moment]);

  it('begins with what its checkpoint remembers', () => {
    const { track } = witnessed([HEADER, BEGIN]);
    expect(track).toMatchObject({ key: '', name: 'shard', chart: 'shard', began: 1_000 });
    expect(track.moments).toEqual([
      {
        index: 0,
        at: 0,
        kind: 'begin',
        state: 'running.waiting',
        from: 'running.waiting',
        event: '',
        causes: [],
        effects: [],
        rows: [],
        timers: [{ name: 'reconnect', armed: 0, due: 500 }],
        connection: 2,
        session: 'abc',
        sequence: 7,
      },
    ]);
  });

  it('goes on in another file of the same recording, and begins again with another', () => {
    const first = [HEADER, BEGIN, step(10, { type: 'start' }, { to: 'b' })];
    expect(witnessed([...first, HEADER, BEGIN, step(20, { type: 'stop' }, { to: 'c' })]).track.moments).toHaveLength(3);
    const { witness, track } = witnessed([...first, { ...HEADER, began: 5_000 }, BEGIN]);
    expect(track.moments).toHaveLength(1);
    expect([track.began, track.moments[0]?.at, witness.tracks.size]).toEqual([5_000, 4_000, 1]);
  });

  it('is one of a shard where it has no header', () => {
    const { witness, track } = witnessed([step(3, { type: 'start' }, { to: 'b' })]);
    expect(track).toMatchObject({ name: 'shard', chart: 'shard', moments: [{ at: 3, state: 'b', from: 'a' }] });
    expect([witness.version, witness.time]).toEqual([1, 3]);
  });

  it('makes a moment of a step that has a cause, an effect or another state, and of nothing else', () => {
    const { track } = witnessed([
      HEADER,
      BEGIN,
      step(1, { type: 'dispatch', sequence: 8 }),
      step(2, { type: 'x' }, { causes: [{ name: 'malformed' }] }),
      step(3, { type: 'x' }, { do: [{ type: 'arm', params: { timer: 'hello', delay: 20 } }] }),
      step(4, { type: 'x' }, { do: [{ type: 'sendHeartbeat', params: { sequence: 8 } }] }),
      step(5, { type: 'x' }, { to: 'a' }),
      step(6, { type: 'x' }, { to: 'b' }),
    ]);
    expect(track.moments.map(({ at }) => at)).toEqual([0, 2, 4, 6]);
    expect(track.moments.map(({ sequence }) => sequence)).toEqual([8, 8, 8, 8]);
    expect(track.moments[1]?.timers.map(({ name }) => name)).toEqual(['reconnect', 'hello']);
  });

  it('tells which timers run: armed, armed again, disarmed, run out', () => {
    const arm = (timer: string, delay: number) => ({ type: 'arm', params: { timer, delay } });
    const { track } = witnessed([
      HEADER,
      BEGIN,
      step(10, { type: 'x' }, { to: 'b', do: [arm('hello', 20), arm('open', 5)] }),
      step(12, { type: 'x' }, { to: 'c', do: [arm('hello', 20), { type: 'disarm', params: { timer: 'reconnect' } }] }),
      step(15, { type: 'timer.open' }, { to: 'd' }),
    ]);
    expect(
      track.moments.slice(1).map(({ timers }) => timers.map(({ name, armed, due }) => [name, armed, due])),
    ).toEqual([
      [
        ['reconnect', 0, 500],
        ['hello', 10, 30],
        ['open', 10, 15],
      ],
      [
        ['open', 10, 15],
        ['hello', 12, 32],
      ],
      [['hello', 12, 32]],
    ]);
  });

  it.each([
    'stopped',
    'renewed',
    'resumesSpent',
    'unauthorized',
    'sessionInvalidated',
    'closedForIdentify',
    'closedForGood',
    'helloBeforeIdentify',
  ])('has no session after the cause %s', (name) => {
    const { track } = witnessed([HEADER, BEGIN, step(1, { type: 'x' }, { causes: [{ name }] })]);
    expect(track.moments.at(-1)).toMatchObject({ session: null, sequence: null });
  });

  it('learns connection, session and sequence from what happens, and never counts back', () => {
    const { track } = witnessed([
      HEADER,
      BEGIN,
      step(1, { type: 'x' }, { to: 'b', do: [{ type: 'openSocket', params: { connection: 3, url: 'wss://x' } }] }),
      step(2, { type: 'dispatch', sequence: 5 }, { to: 'c' }),
      step(3, { type: 'ready', session: { id: 'def' }, sequence: 1 }, { to: 'd' }),
    ]);
    expect(track.moments.map(({ connection, session, sequence }) => [connection, session, sequence])).toEqual([
      [2, 'abc', 7],
      [3, 'abc', 7],
      [3, 'abc', 7],
      [3, 'def', 1],
    ]);
  });

  it('names frames by their name, their opcode, or neither', () => {
    const { track } = witnessed([
      HEADER,
      BEGIN,
      frame({ name: 'READY', sequence: 1 }),
      frame({ op: 10 }),
      frame({ op: 99 }),
      frame({ op: null }),
      frame({ direction: 'out', op: 1 }),
    ]);
    expect(said(track)).toEqual([
      ['READY', 'op 0, s 1, 90 bytes', 1],
      ['Hello', 'op 10, 90 bytes', 1],
      ['unknown opcode', 'op 99, 90 bytes', 1],
      ['something that makes no sense', '90 bytes', 1],
      ['Heartbeat', 'op 1, 90 bytes', 0],
    ]);
  });

  it('tells of sockets: opened, closed by either side, lost, let go', () => {
    const { track } = witnessed([
      HEADER,
      BEGIN,
      step(1, { type: 'x' }, { to: 'b', do: [{ type: 'openSocket', params: { connection: 3, url: 'wss://x' } }] }),
      step(2, { type: 'opened' }, { to: 'c' }),
      step(3, { type: 'x' }, { to: 'd', do: [{ type: 'closeSocket', params: { code: 4900 } }] }),
      step(4, { type: 'closed', code: 4900 }, { to: 'e', do: [{ type: 'dropSocket', params: {} }] }),
      step(5, { type: 'closed', code: 1006, httpStatus: 503 }, { to: 'f' }),
      step(6, { type: 'timer.close' }, { to: 'g', do: [{ type: 'dropSocket', params: {} }] }),
    ]);
    expect(track.exchanges.map(({ direction, kind, label, detail }) => [direction, kind, label, detail])).toEqual([
      ['out', 'open', 'opens a WebSocket', 'wss://x'],
      ['in', 'opened', 'the WebSocket is open', ''],
      ['out', 'close', 'close 4900', ''],
      ['in', 'close', 'close 4900', ''],
      ['in', 'drop', 'the connection is lost', 'HTTP 503'],
      ['out', 'drop', 'drops the socket', ''],
    ]);
  });

  it('tells dispatches that nothing comes between as one burst', () => {
    const dispatched = (at: number, first: number, last: number, names: object) =>
      step(at, { type: 'dispatched', sequence: last }, { dispatches: { first, last, names } });
    const { track } = witnessed([
      HEADER,
      BEGIN,
      dispatched(1, 8, 8, { MESSAGE_CREATE: 1 }),
      step(2, { type: 'x' }, { to: 'b' }),
      dispatched(3, 9, 10, { MESSAGE_CREATE: 2 }),
      dispatched(4, 11, 12, { MESSAGE_CREATE: 1, TYPING_START: 1 }),
    ]);
    expect(said(track)).toEqual([
      ['MESSAGE_CREATE', 's 8', 0],
      ['4 dispatches', 'MESSAGE_CREATE 3, TYPING_START 1, s 9 to 12', 1],
    ]);
    expect(track.exchanges[1]?.burst).toEqual({ first: 9, last: 12, names: { MESSAGE_CREATE: 3, TYPING_START: 1 } });
  });

  it('makes a moment of a warning and of its end, in which everything stays as it was', () => {
    const { track } = witnessed([
      HEADER,
      BEGIN,
      { type: 'warning', at: 2, problem: 'a listener threw', error: 'boom' },
      { type: 'warning', at: 3, problem: 'the disk is full' },
      { type: 'end', at: 4, state: 'stopped', because: 'stopped' },
    ]);
    expect(track.moments.slice(1).map(({ kind, at, says }) => [kind, at, says])).toEqual([
      ['warning', 2, 'a listener threw: boom'],
      ['warning', 3, 'the disk is full'],
      ['end', 4, 'The shard has stopped.'],
    ]);
    expect(track.moments[3]).toMatchObject({
      index: 3,
      state: 'running.waiting',
      session: 'abc',
      event: '',
      causes: [],
    });
  });

  it.each([
    ['shard', 'failed', 'The shard has failed: the reason needs a person.'],
    ['shard', 'dropped', 'The recording ends: the actor was stopped in the middle.'],
    ['shard', 'broken', 'The recording ends: the actor broke.'],
    ['shard', 'something else', 'something else'],
    ['gateway', 'stopped', 'Nothing is left of this connection.'],
  ])('says why it ends: %s, %s', (chart, because, says) => {
    const { track } = witnessed([{ ...HEADER, chart }, BEGIN, { type: 'end', at: 4, state: 'x', because }]);
    expect(track.moments.at(-1)?.says).toBe(says);
  });

  it('has notes at their time or at the latest one, in every track that goes on', () => {
    const gateway = { ...HEADER, chart: 'gateway', actor: 'g' };
    const { witness } = witnessed([
      HEADER,
      BEGIN,
      gateway,
      { ...BEGIN, actor: 'g' },
      step(10, { type: 'x' }, { to: 'b' }),
      { type: 'note', says: 'one' },
      { type: 'end', at: 20, actor: 'g', state: 'x', because: 'stopped' },
      { type: 'note', at: 15, says: 'two' },
    ]);
    const notes = (key: string) =>
      witness.tracks.get(key)?.exchanges.map(({ kind, label, at, moment }) => [kind, label, at, moment]);
    expect(notes('')).toEqual([
      ['note', 'one', 10, 1],
      ['note', 'two', 15, 1],
    ]);
    expect(notes('g')).toEqual([['note', 'one', 10, 0]]);
  });

  it('shows where a replay first differs, at the line before', () => {
    const says = ['what happened', 'what was recorded', 'what is done now'];
    const { track } = witnessed([
      HEADER,
      BEGIN,
      step(10, { type: 'x' }, { to: 'b' }),
      { type: 'difference', says },
      { type: 'difference', actor: 'unknown', says },
    ]);
    expect(track.difference).toEqual({ moment: 1, says });
    expect(track.chapters).toEqual([{ title: 'Here a replay differs first', says: '', moment: 1 }]);
    expect(track.exchanges).toMatchObject([{ kind: 'chapter', at: 10, moment: 1 }]);
  });
});

describe('messages of actors that are not ours', () => {
  const actor = (sessionId: string, rest: object = {}) => ({
    type: '@xstate.actor',
    sessionId,
    name: sessionId,
    ...rest,
  });

  it('tell what one actor sent to another, and no word of one to itself', () => {
    const { witness } = witnessed([
      actor('a', { createdAt: '100', snapshot: { value: 'idle' } }),
      actor('b', { createdAt: '100', snapshot: { value: 'idle' } }),
      { type: '@xstate.event', sessionId: 'b', sourceId: 'a', createdAt: '130', event: { type: 'greet' } },
      { type: '@xstate.event', sessionId: 'b', sourceId: 'b', createdAt: '140', event: { type: 'think' } },
      { type: '@xstate.event', sessionId: 'b', createdAt: '150', event: { type: 'press' } },
      { type: '@xstate.event', sessionId: 'b', sourceId: 'far', createdAt: '160', event: { type: 'call' } },
    ]);
    expect(witness.tracks.get('actor b')?.exchanges.map(({ at, label, detail }) => [at, label, detail])).toEqual([
      [30, 'greet', 'from a'],
      [60, 'call', 'from far'],
    ]);
  });

  it('tell the status of an actor that has no states', () => {
    const { track } = witnessed([
      actor('p', { snapshot: { status: 'active' } }),
      { type: '@xstate.snapshot', sessionId: 'p', event: { type: 'xstate.init' }, snapshot: { status: 'active' } },
      { type: '@xstate.snapshot', sessionId: 'p', event: { type: 'resolve' }, snapshot: { status: 'done' } },
    ]);
    expect(track).toMatchObject({ chart: 'p', definition: null });
    expect(track.moments.map(({ state, from, event }) => [state, from, event])).toEqual([
      ['active', 'active', ''],
      ['done', 'active', 'resolve'],
    ]);
  });

  it('of an actor that was never announced begin a track, too', () => {
    const { track } = witnessed([{ type: '@xstate.snapshot', sessionId: 'x:7', snapshot: { value: { a: 'b' } } }]);
    expect(track).toMatchObject({ name: 'x:7', chart: 'unknown', moments: [{ state: 'a.b', kind: 'step' }] });
  });

  it('may hold a definition that cannot be read', () => {
    expect(witnessed([actor('a', { definition: '{"id":' })]).track).toMatchObject({ definition: null, chart: 'a' });
    const deep = `{"id":${'['.repeat(300)}${']'.repeat(300)}}`;
    expect(witnessed([actor('a', { definition: deep })]).track).toMatchObject({ definition: null, chart: 'a' });
  });
});

describe('what makes no sense in a line', () => {
  const strange: unknown[] = [
    { toString: 1 },
    { valueOf: 1 },
    [[{ toString: 1 }]],
    'constructor',
    '__proto__',
    null,
    1e300,
  ];
  const at = { at: 1 };

  it('breaks nothing, wherever it stands', () => {
    for (const x of strange) {
      const doing = ['openSocket', 'closeSocket', 'sendHello', 'close', 'sendRaw', 'sendReady', 'constructor'];
      const effects = doing.map((type) => ({ type, params: { url: x, code: x, interval: x, kind: x, sequence: x } }));
      const events = ['closed', 'received.resume', 'received.command', 'ready', 'constructor'].map((type) => {
        return { type, code: x, sequence: x, opcode: x, session: x, connection: x };
      });
      const dispatches = { first: x, last: x, count: x, bytes: x, names: { constructor: x, toString: 1 } };
      const lines: object[] = [];
      for (const chart of ['shard', 'gateway', 'constructor']) {
        lines.push({ type: 'header', ...at, chart, began: 1, format: 1, actor: chart });
        lines.push({
          type: 'checkpoint',
          ...at,
          state: 'stopped',
          snapshot: { context: x },
          timers: { a: x },
          actor: chart,
        });
        for (const event of events)
          for (let i = 0; i < 2; i += 1)
            lines.push({
              type: 'step',
              ...at,
              event,
              from: 'stopped',
              to: 'constructor',
              causes: [{ name: 'constructor' }],
              do: effects,
              dispatches,
              actor: chart,
            });
        lines.push({ type: 'end', ...at, state: 'stopped', because: 'constructor', actor: chart });
      }
      lines.push({ type: '@xstate.actor', sessionId: 'x', name: 'x', createdAt: x, snapshot: { status: x, value: x } });
      lines.push({
        type: '@xstate.snapshot',
        sessionId: 'x',
        createdAt: x,
        snapshot: { status: x, value: x, context: x },
      });
      const { witness } = witnessed(lines);
      for (const { chart, moments } of witness.tracks.values())
        for (const moment of moments) expect(typeof [headline(chart, moment), ...deeds(moment)].join()).toBe('string');
      expect(witness.tracks.size).toBe(4);
    }
  });
});
