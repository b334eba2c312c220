import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type AnyActorScope, cancel, createActor, createMachine, raise } from 'xstate';
import manifest from '../../package.json' with { type: 'json' };
import type { TraceSink, TraceTarget } from '../../src/ports/trace-sink.js';
import { redactor } from '../../src/redact/redact.js';
import { definitionHash } from '../../src/trace/definition.js';
import { TRACE_FORMAT, type TraceEvent, type TraceLine } from '../../src/trace/format.js';
import { withInstructions } from '../../src/trace/instructions.js';
import type { AnyChart, AnySnapshot } from '../../src/trace/lines.js';
import { Recorder, type RecorderOptions } from '../../src/trace/recorder.js';
import { VERSION } from '../../src/trace/version.js';
import schema from '../../vectors/trace.schema.json' with { type: 'json' };
import { memoryWorld, TOKEN } from '../support/memory.js';
import { sharedLife } from '../support/traces.js';

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

const typed = <T extends TraceLine['type']>(lines: readonly TraceLine[], type: T) =>
  lines.filter((line): line is Extract<TraceLine, { type: T }> => line.type === type);

describe('a recorded shard', async () => {
  const { lines, text, world } = await sharedLife();
  const steps = typed(lines, 'step');

  it('writes lines of the format', () => {
    expect(lines.flatMap((line) => (validate(line) ? [] : [{ line, errors: validate.errors }]))).toEqual([]);
  });

  it('begins with a header, then says where it stands', () => {
    expect(lines[0]).toMatchObject({
      type: 'header',
      at: 0,
      gatechart: VERSION,
      chart: 'shard',
      file: 1,
      shard: [0, 1],
    });
    expect(lines[1]).toMatchObject({ type: 'checkpoint', state: 'stopped', timers: {} });
    expect(lines.at(-1)).toMatchObject({ type: 'end', state: 'stopped', because: 'stopped' });
  });

  it('begins each step where the last one led, and names its causes', () => {
    const led = steps.map(({ from, to = from }) => to);
    expect(steps.map(({ from }) => from)).toEqual(['stopped', ...led.slice(0, -1)]);
    expect(steps.filter(({ to, causes }) => to !== undefined && causes === undefined)).toEqual([]);
    expect(steps.flatMap(({ causes = [] }) => causes.map(({ name }) => name))).toEqual(
      expect.arrayContaining([
        'started',
        'ready',
        'acknowledged',
        'closedForResume',
        'resumed',
        'stopped',
        'closeAnswered',
      ]),
    );
  });

  it('keeps each draw with the timer that was armed with it', () => {
    const drawn = steps.flatMap((step) => step.do ?? []).filter(({ draws }) => draws !== undefined);
    expect(drawn.length).toBeGreaterThan(2);
    for (const { type, params, draws } of drawn) {
      expect(type).toBe('arm');
      expect(['firstHeartbeat', 'reconnect']).toContain(params.timer);
      expect(draws).toHaveLength(1);
    }
  });

  it('counts each dispatch once, burst by burst', () => {
    const bursts = steps.flatMap(({ dispatches }) => dispatches ?? []);
    const counts = bursts.reduce((sum, { count }) => sum + count, 0);
    const sent = world.gateway.sessions.reduce((sum, { dispatched }) => sum + dispatched.length, 0);
    expect(counts).toBe(sent);
    expect(bursts.some(({ count }) => count > 1)).toBe(true);
    for (const { first, last, count, bytes, names } of bursts) {
      expect(last - first + 1).toBe(count);
      expect(Object.values(names).reduce((sum, each) => sum + each)).toBe(count);
      expect(bytes).toBeGreaterThan(20 * count);
    }
  });

  it('names the messages of the wire without what they hold', () => {
    const frames = typed(lines, 'frame');
    const named = (direction: string, op: number) =>
      frames.filter((frame) => frame.direction === direction && frame.op === op);
    expect(named('in', 10)).toHaveLength(3);
    expect(named('out', 2)).toHaveLength(2);
    expect(named('out', 6)).toHaveLength(1);
    expect(named('in', 0).map(({ name }) => name)).toEqual(['READY', 'RESUMED', 'READY']);
    expect(frames.every((frame) => !('payload' in frame))).toBe(true);
  });

  it('holds no secret', () => {
    const [session] = world.gateway.sessions;
    expect(session?.sessionId.length).toBeGreaterThan(5);
    for (const secret of [TOKEN, session?.sessionId, 'gateway-us-east1-b']) expect(text).not.toContain(secret);
    expect(text).toContain('"<session 1>"');
    expect(text).toContain('"<resume url 1>"');
  });
});

describe('recording', () => {
  it('writes what messages hold where it is asked for, without secrets', async () => {
    const texts: string[] = [];
    const world = memoryWorld({ record: { to: (line) => texts.push(line), contents: true } });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    world.gateway.control.dispatch('MESSAGE_CREATE', { content: 'what people wrote' });
    await world.pass(10);
    world.gateway.control.dropTcp();
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    const [lines, text] = [texts.map((line): TraceLine => JSON.parse(line)), texts.join('\n')];
    const identify = typed(lines, 'frame').find(({ op }) => op === 2);
    expect(identify?.payload).toMatchObject({ token: '<token>', intents: 513 });
    const payloads = typed(lines, 'step').flatMap(({ dispatches }) => dispatches?.payloads ?? []);
    expect(payloads).toContainEqual(expect.objectContaining({ content: 'what people wrote' }));
    for (const secret of [TOKEN, world.gateway.sessions[0]?.sessionId]) expect(text).not.toContain(secret);
  });

  it.each([0, 5])(
    'changes nothing for a shard whose sink throws after %i lines, but for one warning',
    async (after) => {
      const warnings: unknown[] = [];
      const world = memoryWorld({ record: failing(after) });
      world.shard.on('warning', ({ problem, error }) => warnings.push(`${problem}: ${(error as Error).message}`));
      void world.order.start();
      await world.until(() => world.shard.isReady);
      expect(warnings).toEqual(['the trace could not be written: no room']);
    },
  );

  it('refuses the name of a file where there are none', () => {
    expect(() => memoryWorld({ record: 'trace.jsonl' })).toThrow(TypeError);
  });

  it('names the version of the package', () => {
    expect(VERSION).toBe(manifest.version);
  });
});

describe('a recorder', () => {
  const lamp = createMachine({
    id: 'lamp',
    initial: 'stopped',
    context: { presses: 0, data: 'what a person wrote', session: { id: 'session-of-lamp', url: null } },
    states: {
      stopped: { on: { start: 'on', dispatched: {} } },
      on: {
        entry: raise({ type: 'timer.glow' }, { id: 'glow', delay: 40 }),
        on: {
          press: { actions: { type: 'show', params: { data: 'what a person wrote', sessionId: 'session-of-lamp' } } },
          dim: { actions: cancel('glow') },
          'timer.glow': 'off',
          stop: 'stopped',
          fail: 'failed',
        },
      },
      off: {},
      failed: {},
    },
  });
  const chart = lamp as unknown as AnyChart;

  interface Given {
    readonly to?: TraceTarget;
    readonly contents?: boolean;
    readonly options?: Partial<RecorderOptions>;
    /** What happens on the wire while a step is taken. */
    readonly during?: (recorder: Recorder) => void;
  }

  /** A recorder of the lamp, whose clock begins at 1,000. */
  function setUp({ to, contents = false, options = {}, during }: Given = {}) {
    const lines: TraceLine[] = [];
    const time = { now: 1_000 };
    const actor = createActor(lamp).start();
    const recorder = new Recorder(
      { to: to ?? ((line) => void lines.push(JSON.parse(line))), contents },
      { chart, secrets: redactor(), now: () => time.now, input: {}, onError: () => {}, ...options },
      actor.getSnapshot() as AnySnapshot,
    );
    const done: string[] = [];
    const scope = { actionExecutor: ({ type }: { type: string }) => done.push(type) };
    const inner = (actor as unknown as { _actorScope: AnyActorScope })._actorScope;
    const given = { ...inner, ...scope } as unknown as AnyActorScope;
    let snapshot = actor.getSnapshot() as AnySnapshot;
    actor.stop();
    const step = (event: TraceEvent) => {
      recorder.stepping(event);
      during?.(recorder);
      const within = withInstructions(given, (instructions) => recorder.acting(instructions));
      snapshot = chart.transition(snapshot, event, within) as AnySnapshot;
      recorder.stepped(snapshot);
      return snapshot;
    };
    /** The lines since they were last taken. */
    const taken = () => lines.splice(0);
    return { recorder, lines, taken, time, step, done };
  }

  it('begins with what its actor is and where it stands, without secrets and contents', () => {
    const { lines } = setUp({
      options: { input: { token: 'token-123456', data: 'private' }, shard: [2, 16], intents: 513 },
    });
    expect(lines).toEqual([
      {
        type: 'header',
        at: 0,
        format: TRACE_FORMAT,
        gatechart: VERSION,
        chart: 'lamp',
        definition: definitionHash(lamp),
        began: 1_000,
        file: 1,
        input: { token: '<token>', data: null },
        shard: [2, 16],
        intents: 513,
      },
      {
        type: 'checkpoint',
        at: 0,
        state: 'stopped',
        snapshot: expect.objectContaining({
          value: 'stopped',
          context: { presses: 0, data: null, session: { id: '<session 1>', url: null } },
        }),
        timers: {},
      },
    ]);
  });

  it('counts time from the beginning of the trace, to a thousandth of a millisecond', () => {
    const { step, lines, time } = setUp();
    time.now = 1_000.123_456_7;
    step({ type: 'start' });
    expect(lines.at(-1)?.at).toBe(0.123);
  });

  it('writes for each step where it led and what was done, and has it done', () => {
    const { step, taken, done } = setUp();
    taken();
    step({ type: 'start' });
    step({ type: 'press', sessionId: 'session-of-lamp', data: 'private' });
    step({ type: 'press-unknown' });
    expect(taken()).toEqual([
      {
        type: 'step',
        at: 0,
        event: { type: 'start' },
        from: 'stopped',
        to: 'on',
        do: [{ type: 'arm', params: { timer: 'glow', delay: 40 } }],
      },
      {
        type: 'step',
        at: 0,
        event: { type: 'press', sessionId: '<session 1>', data: null },
        from: 'on',
        do: [{ type: 'show', params: { data: null, sessionId: '<session 1>' } }],
      },
      { type: 'step', at: 0, event: { type: 'press-unknown' }, from: 'on' },
    ]);
    expect(done).toEqual(['xstate.raise', 'show']);
  });

  it('writes contents if asked to, and no secrets even then', () => {
    const { step, lines } = setUp({ contents: true });
    step({ type: 'start' });
    step({ type: 'press', data: 'to session-of-lamp' });
    expect(lines[1]).toMatchObject({ snapshot: { context: { data: 'what a person wrote' } } });
    expect(lines.at(-1)).toMatchObject({
      event: { data: 'to <session 1>' },
      do: [{ params: { data: 'what a person wrote', sessionId: '<session 1>' } }],
    });
  });

  it('keeps draws with the first timer that is armed after them, and with no other', () => {
    const { step, taken, recorder } = setUp({ during: (its) => its.drew(0.25) });
    recorder.drew(0.75);
    step({ type: 'start' });
    expect(taken().at(-1)).toMatchObject({ do: [{ type: 'arm', draws: [0.25] }] });
    step({ type: 'dim' });
    expect(taken()).toMatchObject([{ do: [{ type: 'disarm', params: { timer: 'glow' } }] }]);
  });

  describe('on the wire', () => {
    it.each([
      [{ type: 'hello' }, 10],
      [{ type: 'heartbeatRequested' }, 1],
      [{ type: 'heartbeatAck' }, 11],
      [{ type: 'reconnectRequested' }, 7],
      [{ type: 'invalidSession' }, 9],
      [{ type: 'unknownOpcode', opcode: 99 }, 99],
      [{ type: 'malformed' }, null],
    ])('names what arrived by its opcode: %j is %s', (message, op) => {
      const { recorder, taken } = setUp();
      taken();
      recorder.arrived('{"op":10}');
      recorder.received(3, message);
      expect(taken()).toEqual([{ type: 'frame', at: 0, direction: 'in', connection: 3, op, bytes: 9 }]);
    });

    it.each(['READY', 'RESUMED'])('names %s with its sequence, and holds its data only if asked to', (name) => {
      const message = { type: 'dispatch', name, sequence: 7, data: { session_id: 'session-of-lamp' } };
      const frame = { type: 'frame', at: 0, direction: 'in', connection: 1, op: 0, name, sequence: 7, bytes: 0 };
      for (const contents of [false, true]) {
        const { recorder, lines } = setUp({ contents });
        recorder.received(1, message);
        expect(lines.at(-1)).toEqual({ ...frame, ...(contents ? { payload: { session_id: '<session 1>' } } : {}) });
      }
    });

    it('counts bytes as they came: of text in UTF-8, of all pieces of a message, and of no other', () => {
      const { recorder, taken } = setUp();
      taken();
      recorder.arrived('é');
      recorder.arrived(new Uint8Array(5));
      recorder.received(1, { type: 'hello' });
      recorder.arrived(new Uint8Array(1));
      recorder.received(1, { type: 'heartbeatAck' });
      expect(taken()).toMatchObject([{ bytes: 7 }, { bytes: 1 }]);
    });

    it('names what was sent, and holds it only if asked to', () => {
      const payload = { op: 6, d: { token: 'token-123456', seq: 4 } };
      const frame = { type: 'frame', at: 0, direction: 'out', connection: 2, op: 6, bytes: 2 };
      for (const contents of [false, true]) {
        const { recorder, lines } = setUp({ contents });
        recorder.sent(2, 6, 'é', payload);
        expect(lines.at(-1)).toEqual({
          ...frame,
          ...(contents ? { payload: { op: 6, d: { token: '<token>', seq: 4 } } } : {}),
        });
      }
    });

    it('writes what crosses the wire within a step after it, and what crosses it later at once', () => {
      const { recorder, step, taken } = setUp({ during: (its) => its.sent(1, 1, '{}', null) });
      taken();
      step({ type: 'start' });
      recorder.received(1, { type: 'heartbeatAck' });
      expect(taken().map((line) => [line.type, 'op' in line ? line.op : null])).toEqual([
        ['step', null],
        ['frame', 1],
        ['frame', 11],
      ]);
    });
  });

  describe('of dispatches', () => {
    const dispatch = (name: string, sequence: number, data?: unknown) => ({ type: 'dispatch', name, sequence, data });

    it('writes a burst with the step that counts it, and once', () => {
      const { recorder, step, taken } = setUp();
      taken();
      for (const [i, name] of ['MESSAGE_CREATE', 'TYPING_START', 'MESSAGE_CREATE'].entries()) {
        recorder.arrived('x'.repeat(10 * (i + 1)));
        recorder.received(1, dispatch(name, 12 - i, { content: 'private' }));
      }
      expect(taken()).toEqual([]);
      step({ type: 'heartbeatAck' });
      step({ type: 'dispatched', connection: 1, sequence: 12 });
      step({ type: 'dispatched', connection: 1, sequence: 12 });
      const [before, counting, after] = taken();
      expect(counting).toEqual({
        type: 'step',
        at: 0,
        event: { type: 'dispatched', connection: 1, sequence: 12 },
        from: 'stopped',
        dispatches: { first: 10, last: 12, count: 3, bytes: 60, names: { MESSAGE_CREATE: 2, TYPING_START: 1 } },
      });
      for (const other of [before, after]) expect(other).not.toHaveProperty('dispatches');
    });

    it('holds their payloads in order if asked to, without secrets', () => {
      const { recorder, step, lines } = setUp({ contents: true });
      recorder.received(1, dispatch('A', 1, { says: 'session-of-lamp' }));
      recorder.received(1, dispatch('B', 2));
      step({ type: 'dispatch', sequence: 2 });
      expect(lines.at(-1)).toMatchObject({ dispatches: { count: 2, payloads: [{ says: '<session 1>' }, null] } });
    });
  });

  describe('at the end', () => {
    it.each([
      ['stop', 'stopped'],
      ['fail', 'failed'],
    ])('writes that nothing is open any more after %s', (type, because) => {
      const { recorder, step, taken, time } = setUp();
      step({ type: 'start' });
      taken();
      time.now = 1_500;
      step({ type });
      recorder.ended();
      expect(taken()).toMatchObject([{ type: 'step' }, { type: 'end', at: 500, state: because, because }]);
    });

    it('says nothing of an actor that was at rest, and goes on when it starts again', () => {
      const { recorder, step, taken } = setUp();
      for (const type of ['start', 'stop', 'dispatched', 'start', 'stop']) step({ type });
      expect(taken().flatMap((line) => (line.type === 'end' ? [line.because] : []))).toEqual(['stopped', 'stopped']);
      recorder.ended();
      expect(taken()).toEqual([]);
    });

    it.each([
      ['dropped, where it was stopped in the middle', undefined, { because: 'dropped' }],
      ['broken by an error', new Error('no session-of-lamp'), { because: 'broken', error: 'no <session 1>' }],
      ['broken by anything thrown', 'session-of-lamp', { because: 'broken', error: '<session 1>' }],
    ])('says that the actor was %s', (_, error, said) => {
      const { recorder, step, taken } = setUp();
      step({ type: 'start' });
      taken();
      recorder.ended(error);
      expect(taken()).toEqual([{ type: 'end', at: 0, state: 'on', ...said }]);
    });

    it('says that an actor broke even at rest, after what the broken step had sent', () => {
      let isBroken = false;
      const { recorder, step, taken } = setUp({
        during: (its) => {
          its.sent(1, 1, '{}', null);
          if (isBroken) throw new Error('no');
        },
      });
      step({ type: 'dispatched' });
      taken();
      isBroken = true;
      expect(() => step({ type: 'start' })).toThrow('no');
      recorder.ended(new Error('no'));
      expect(taken()).toMatchObject([
        { type: 'frame', op: 1 },
        { type: 'end', state: 'stopped', because: 'broken' },
      ]);
    });
  });

  it('writes warnings without secrets, with what the error said', () => {
    const { recorder, taken } = setUp();
    taken();
    recorder.warned('a listener of session-of-lamp threw', new Error('session-of-lamp'));
    recorder.warned('something odd');
    expect(taken()).toEqual([
      { type: 'warning', at: 0, problem: 'a listener of <session 1> threw', error: '<session 1>' },
      { type: 'warning', at: 0, problem: 'something odd' },
    ]);
  });

  describe('of a sink', () => {
    /** A sink of several files that fails on demand. */
    class Files {
      readonly files: TraceLine[][] = [[]];
      readonly calls: string[] = [];
      isFull = false;
      problem: Error | null = null;
      listener: ((error: unknown) => void) | undefined;
      write(line: string) {
        if (this.problem !== null) throw this.problem;
        this.files.at(-1)?.push(JSON.parse(line));
      }
      rotate() {
        this.isFull = false;
        this.files.push([]);
        return this.files.length === 3 ? 20 : 0;
      }
      settle() {
        this.calls.push('settle');
        if (this.problem !== null) throw this.problem;
      }
      onError(listener: (error: unknown) => void) {
        this.calls.push('onError');
        this.listener = listener;
      }
    }

    it('begins a new file between two steps when the sink is full, with the lines lost and the timers that run', () => {
      const sink = new Files();
      const { step, time } = setUp({ to: sink });
      sink.isFull = true;
      time.now = 1_100;
      step({ type: 'start' });
      sink.isFull = true;
      time.now = 1_110;
      step({ type: 'dim' });
      const [first, second, third] = sink.files;
      expect(first?.map(({ type }) => type)).toEqual(['header', 'checkpoint', 'step']);
      expect(second).toMatchObject([
        { type: 'header', at: 100, began: 1_000, file: 2 },
        { type: 'checkpoint', at: 100, state: 'on', timers: { glow: 140 } },
        { type: 'step', at: 110 },
      ]);
      expect(second?.[0]).not.toHaveProperty('lost');
      expect(third).toMatchObject([
        { type: 'header', at: 110, file: 3, lost: 20 },
        { type: 'checkpoint', state: 'on' },
      ]);
      expect(third?.[1]).toHaveProperty('timers', {});
    });

    it('lists no timer that ran out', () => {
      const sink = new Files();
      const { step } = setUp({ to: sink });
      step({ type: 'start' });
      sink.isFull = true;
      step({ type: 'timer.glow' });
      expect(sink.files[1]?.[1]).toMatchObject({ type: 'checkpoint', state: 'off' });
      expect(sink.files[1]?.[1]).toHaveProperty('timers', {});
    });

    it('is shared by actors, which begin each file together and leave it when they end', () => {
      const sink = new Files();
      const [one, two] = [setUp({ to: sink }), setUp({ to: sink, options: { now: () => 1_250 } })];
      one.step({ type: 'start' });
      two.step({ type: 'start' });
      expect(sink.files[0]).toMatchObject([
        { type: 'header', at: 0 },
        { type: 'checkpoint' },
        { type: 'header', at: 250, actor: 'lamp 2', began: 1_000, file: 1 },
        { type: 'checkpoint', actor: 'lamp 2' },
        { type: 'step', from: 'stopped' },
        { type: 'step', at: 250, actor: 'lamp 2' },
      ]);
      expect(sink.files[0]?.filter(({ actor }) => actor === undefined)).toHaveLength(3);
      sink.isFull = true;
      one.step({ type: 'press' });
      expect(sink.files[1]?.map(({ type, actor }) => [type, actor])).toEqual([
        ['header', undefined],
        ['checkpoint', undefined],
        ['header', 'lamp 2'],
        ['checkpoint', 'lamp 2'],
      ]);
      one.recorder.ended();
      sink.isFull = true;
      two.step({ type: 'press' });
      expect(sink.files[2]?.map(({ actor }) => actor)).toEqual(['lamp 2', 'lamp 2']);
      expect(sink.calls).toEqual(['onError', 'settle']);
    });

    it('is asked to write what it holds back when an actor comes to rest', () => {
      const sink = new Files();
      const { step } = setUp({ to: sink });
      step({ type: 'start' });
      expect(sink.calls).toEqual(['onError']);
      step({ type: 'stop' });
      expect(sink.calls).toEqual(['onError', 'settle']);
    });

    it('reports a failure once until it works again, and not within the write', async () => {
      const sink = new Files();
      const errors: unknown[] = [];
      const { step } = setUp({ to: sink, options: { onError: (error) => errors.push(error) } });
      sink.problem = new Error('no room');
      step({ type: 'start' });
      step({ type: 'press' });
      expect(errors).toEqual([]);
      await Promise.resolve();
      expect(errors).toEqual([sink.problem]);
      sink.problem = null;
      step({ type: 'press' });
      sink.problem = new Error('no room again');
      step({ type: 'stop' });
      await Promise.resolve();
      expect(errors.slice(1)).toEqual([sink.problem]);
    });

    it('reports what goes wrong later, without secrets, to every actor that is still recorded', async () => {
      const sink = new Files();
      const errors: string[] = [];
      const onError = (name: string) => ({ onError: (error: unknown) => errors.push(`${name}: ${error}`) });
      setUp({ to: sink, options: onError('one') });
      setUp({ to: sink, options: onError('two') });
      setUp({ to: sink, options: onError('three') }).recorder.ended();
      sink.listener?.('session-of-lamp: the disk is full');
      await Promise.resolve();
      expect(errors).toEqual(['one: <session 1>: the disk is full', 'two: <session 1>: the disk is full']);
    });

    it('may fail in whatever it is asked, and the recording goes on', async () => {
      const no = () => {
        throw new Error('no');
      };
      const lines: string[] = [];
      const errors: unknown[] = [];
      const sink: TraceSink = { write: (line) => lines.push(line), rotate: no, settle: no, onError: no, isFull: true };
      const { step } = setUp({ to: sink, options: { onError: (error) => errors.push(error) } });
      step({ type: 'start' });
      step({ type: 'stop' });
      await Promise.resolve();
      expect(lines.filter((line) => line.startsWith('{"type":"step"'))).toHaveLength(2);
      expect(lines.filter((line) => line.startsWith('{"type":"header"'))).toHaveLength(3);
      expect(errors.length).toBeGreaterThan(0);
    });
  });
});

function failing(after: number): (line: string) => void {
  let written = 0;
  return () => {
    written += 1;
    if (written > after) throw new Error('no room');
  };
}
