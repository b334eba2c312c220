import { describe, expect, it } from 'vitest';
import { assign, createActor } from 'xstate';
import { DEFAULT_POLICY, drawDelays, gatewayMachine, pure, shardMachine, stateName } from '../../machines/index.js';
import { simulatedClock } from '../../src/host/clock.js';
import { seededRandom } from '../../src/host/random.js';
import { mutantsOf } from '../../src/testing/mutants.js';
import { variant } from '../../src/testing/variant.js';
import { differenceInWords } from '../../src/trace/explain.js';
import type { TraceLine } from '../../src/trace/format.js';
import { inOrder, readTrace, TraceError } from '../../src/trace/read.js';
import { recorded } from '../../src/trace/recorded.js';
import { type Difference, firstDifference, isOtherChart, replay } from '../../src/trace/replay.js';
import { sequenceDiagram } from '../../src/trace/sequence.js';
import { memoryWorld, TOKEN } from '../support/memory.js';
import { recordedLife } from '../support/traces.js';

const life = await recordedLife();
const { lines } = readTrace(life.text, 'life.jsonl');
const mutants = mutantsOf(shardMachine);

function differenceWith(mutant: string): Difference {
  const found = mutants.find(({ name }) => name === mutant);
  if (found === undefined) throw new Error(`there is no mutant ${mutant}`);
  const difference = firstDifference(lines, { machine: found.build() as never });
  if (difference === null) throw new Error(`${mutant} takes the same steps`);
  return difference;
}

describe('a replay', () => {
  it('takes the same steps, to the byte', () => {
    const steps = [...replay(lines)].flatMap(({ line }) => (line?.type === 'step' ? [JSON.stringify(line)] : []));
    expect(steps).toEqual(life.text.split('\n').filter((line) => line.startsWith('{"type":"step"')));
    expect(steps.length).toBeGreaterThan(700);
  });

  it('shows where the chart stood after each step', () => {
    for (const { place, snapshot } of replay(lines)) {
      if (place.line.type === 'step') expect(stateName(snapshot?.value)).toBe(place.line.to ?? place.line.from);
    }
  });

  it.each([
    ['running.connection: closed [2 of 3]: removed', 'closed', ['closedForIdentify'], ['closedForResume']],
    [
      'running.choosing: always [2 of 4]: removed',
      'timer.reconnect',
      ['waited', 'resumeUrlKnown'],
      ['waited', 'gatewayKnown'],
    ],
    ['stopped: start: to failed', 'start', ['started', 'gatewayUnknown'], ['started']],
    [
      'running.connection.reaching.awaitingHello: hello [1 of 2]: removed',
      'hello',
      ['helloBeforeResume'],
      ['helloBeforeIdentify'],
    ],
    ['delay reconnect: longer', 'closed', ['closedForResume'], ['closedForResume']],
    [
      'running.connection.open.session.ready: dispatched: removed',
      'timer.firstHeartbeat',
      ['firstHeartbeat'],
      ['firstHeartbeat'],
    ],
  ])('finds where "%s" first shows, with both causes', (mutant, event, before, now) => {
    const difference = differenceWith(mutant);
    expect(difference.event?.type).toBe(event);
    expect(difference.recorded.causes.map(({ name }) => name)).toEqual(before);
    expect(difference.replayed.causes.map(({ name }) => name)).toEqual(now);
    expect(difference.recorded).not.toEqual(difference.replayed);
    const { number } = difference.place;
    expect(firstDifference(lines.slice(0, number - 1), { machine: shardMachine as never })).toBeNull();
  });

  it('says the difference in words: line, state, event, and what differs of both outcomes', () => {
    const text = differenceInWords(differenceWith('running.connection: closed [2 of 3]: removed')).join('\n');
    expect(text).toContain('life.jsonl, line ');
    expect(text).toContain('  state     running.connection.open(');
    expect(text).toContain('"code":4009');
    expect(text).toMatch(
      /recorded\n(.*\n)*? {2}\* because closedForIdentify: the connection closed .*\(4009 Session timed out\) \[gateway#disconnecting\]/,
    );
    expect(text).toMatch(/replayed\n(.*\n)*? {2}\* because closedForResume:/);
  });

  it('reports a chart that throws', () => {
    const machine = shardMachine.provide({
      guards: {
        demandsIdentify: () => {
          throw new Error('mine');
        },
      },
    });
    const difference = firstDifference(lines, { machine: machine as never });
    expect(difference?.event?.type).toBe('closed');
    expect(difference?.replayed.error).toContain('mine');
    expect(differenceInWords(difference as Difference).join('\n')).toContain('threw');
  });

  it('knows another definition of the chart', () => {
    const header = life.lines[0] as TraceLine & { type: 'header' };
    expect(isOtherChart(header)).toBe(false);
    const other = variant(shardMachine, (state) => void state('running.waiting').on['timer.reconnect']?.pop());
    expect(isOtherChart(header, { machine: other as never })).toBe(true);
  });

  it('refuses a chart that nobody knows', () => {
    const strange = readTrace(life.text.replace('"chart":"shard"', '"chart":"voice"')).lines;
    expect(() => firstDifference(strange)).toThrow('"voice"');
    expect(firstDifference(strange, { machine: shardMachine as never })).toBeNull();
  });
});

describe('a trace in several files', async () => {
  /** A sink that begins a file every hundred lines, and loses some where it is told to. */
  class Files {
    readonly files: string[][] = [[]];
    lost = 0;
    isBroken = false;
    get isFull() {
      return (this.files.at(-1)?.length ?? 0) >= 100;
    }
    write(line: string) {
      if (this.isBroken) this.lost += 1;
      else this.files.at(-1)?.push(line);
    }
    rotate() {
      this.files.push([]);
      const { lost } = this;
      this.lost = 0;
      return lost;
    }
    read(numbers: readonly number[]) {
      return inOrder(numbers.map((n) => readTrace(`${this.files[n]?.join('\n')}\n`, `life.${n}.jsonl`)));
    }
  }
  const sink = new Files();
  await recordedLife(() => ({ record: sink }));
  const all = sink.files.map((_, n) => n);

  it('is replayed as one, in whatever order they are given', () => {
    expect(all.length).toBeGreaterThan(5);
    const { lines, notes } = sink.read([...all].reverse());
    expect(notes).toEqual([]);
    const replayed = [...replay(lines)];
    expect(replayed).toHaveLength(lines.length);
    expect(replayed.filter(({ difference }) => difference !== null)).toEqual([]);
  });

  it('is replayed from each file alone, which begins with header and checkpoint', () => {
    for (const n of all) {
      const { lines } = sink.read([n]);
      expect(lines.slice(0, 2).map(({ line }) => line.type)).toEqual(['header', 'checkpoint']);
      expect(firstDifference(lines)).toBeNull();
    }
  });

  it('says what is missing', () => {
    expect(sink.read([2, 3]).notes).toEqual(['life.2.jsonl begins in the middle: files 1 to 2 of this trace are gone']);
    expect(sink.read([0, 1, 4]).notes).toEqual([
      'between life.1.jsonl and life.4.jsonl files are missing: the replay goes on at the checkpoint',
    ]);
    expect(firstDifference(sink.read([0, 1, 4]).lines)).toBeNull();
  });

  it('shows at a checkpoint what a chart remembers otherwise', () => {
    const forgetful = shardMachine.provide({ actions: { countIdentify: assign({}) } });
    const difference = firstDifference(sink.read(all).lines, { machine: forgetful as never });
    expect(difference?.event).toBeNull();
    expect(difference?.recorded.context).toEqual({ identifies: 1 });
    expect(difference?.replayed.context).toEqual({ identifies: 0 });
    expect(differenceInWords(difference as Difference).join('\n')).toContain('* identifies');
  });

  it('goes on after lines that could not be written', async () => {
    /** A disk that takes nothing from the thirtieth line on, for twenty lines. */
    class Gappy extends Files {
      override get isFull() {
        return this.isBroken ? this.lost >= 20 : super.isFull;
      }
      override write(line: string) {
        this.isBroken ||= this.files.length === 1 && this.files[0]?.length === 30;
        super.write(line);
      }
      override rotate() {
        this.isBroken = false;
        return super.rotate();
      }
    }
    const gappy = new Gappy();
    const { world } = await recordedLife(() => ({ record: gappy }));
    expect(world.shard.state).toBe('stopped');
    const { lines } = gappy.read(gappy.files.map((_, n) => n));
    expect(lines.some(({ line }) => line.type === 'header' && line.lost === 20)).toBe(true);
    expect(firstDifference(lines)).toBeNull();
  });
});

describe('reading a trace', () => {
  const texts = life.text.split('\n');
  const cut = (change: (lines: string[]) => void) => {
    const copy = [...texts];
    change(copy);
    return () => readTrace(copy.join('\n'), 'a.jsonl');
  };

  it('takes a last line that was cut off for what it is', () => {
    const { lines, notes } = readTrace(life.text.slice(0, -20), 'a.jsonl');
    expect(lines).toHaveLength(texts.length - 2);
    expect(notes).toEqual([expect.stringContaining(`a.jsonl ends in the middle of line ${texts.length - 1}`)]);
    expect(firstDifference(lines)).toBeNull();
  });

  it.each([
    ['an empty file', () => readTrace('', 'a.jsonl'), 1, 'nothing was recorded'],
    ['something else', () => readTrace('hello\nworld\n', 'a.jsonl'), 1, 'not JSON'],
    ['JSON of another kind', () => readTrace('{"a":1}\n', 'a.jsonl'), 1, 'no header'],
    ['a file without its beginning', cut((all) => void all.shift()), 1, 'no header'],
    [
      'a later format',
      cut((all) => void all.splice(0, 1, (all[0] ?? '').replace('"format":1', '"format":9'))),
      1,
      'format 9',
    ],
    ['a damaged line', cut((all) => void all.splice(6, 1, '{"type":"st')), 7, 'head -n 6 a.jsonl'],
    [
      'a line that lacks something',
      cut((all) => void all.splice(6, 1, '{"type":"step","at":1}')),
      7,
      'a step has to have event',
    ],
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

  it('leaves out lines of a type that it does not know, and says so', () => {
    const { lines, notes } = cut((all) => void all.splice(3, 0, '{"type":"weather","at":1}'))();
    expect(lines).toHaveLength(texts.length - 1);
    expect(notes).toEqual(['a.jsonl, line 4: lines of type "weather" are not known and are left out']);
  });
});

describe('a bare chart', () => {
  const ORDERS = [
    { type: 'start' },
    { type: 'opened', connection: 1 },
    { type: 'hello', connection: 1, interval: 1_000 },
    { type: 'permitGranted', request: 1 },
    { type: 'ready', connection: 1, sequence: 1, session: { id: 'marked-session', url: 'wss://marked.discord.gg' } },
    { type: 'closed', connection: 1, code: 4000 },
  ] as const;
  const input = { policy: DEFAULT_POLICY, gatewayUrl: 'wss://gateway.discord.gg/' };

  it('is recorded in an actor, whatever draws its delays', () => {
    const texts: string[] = [];
    const clock = simulatedClock(5_000);
    const chart = recorded(shardMachine.provide({ delays: drawDelays(seededRandom(3)) }), {
      to: (line) => texts.push(line),
      now: clock.now,
    });
    const actor = createActor(chart, { clock, input });
    actor.start();
    for (const event of ORDERS) {
      actor.send(event);
      clock.increment(300);
    }
    actor.stop();
    const { lines } = readTrace(`${texts.join('\n')}\n`);
    expect(firstDifference(lines)).toBeNull();
    expect(lines.at(-1)?.line).toMatchObject({ type: 'end', because: 'dropped' });
    expect(texts.join()).not.toContain('marked');
    expect(lines.filter(({ line }) => line.type === 'step').length).toBeGreaterThan(ORDERS.length);
  });

  it('is recorded as a pure function', () => {
    const texts: string[] = [];
    const { initial, step } = pure(recorded(shardMachine, { to: (line) => texts.push(line), now: () => 0 }));
    let { snapshot } = initial(input);
    for (const event of ORDERS) ({ snapshot } = step(snapshot, event));
    expect(firstDifference(readTrace(`${texts.join('\n')}\n`).lines)).toBeNull();
    expect(texts).toHaveLength(2 + ORDERS.length);
  });

  it('shares a trace with others, each under its name', () => {
    const texts: string[] = [];
    const to = (line: string) => texts.push(line);
    const shard = createActor(recorded(shardMachine, { to, now: () => 0 }), { input }).start();
    const gateway = createActor(recorded(gatewayMachine, { to, now: () => 0 }), { input: {} }).start();
    gateway.send({ type: 'connected', number: 1 });
    shard.send({ type: 'start' });
    gateway.send({ type: 'dispatch', name: 'A', data: { content: 'private' } });
    shard.stop();
    gateway.stop();
    const { lines } = readTrace(`${texts.join('\n')}\n`);
    expect(new Set(lines.map(({ line }) => line.actor))).toEqual(new Set([undefined, 'gateway 2']));
    expect(firstDifference(lines)).toBeNull();
    expect(texts.join()).not.toContain('private');
  });
});

describe('the simulated Gateway', () => {
  it('is recorded connection by connection, without what dispatches hold', async () => {
    const texts: string[] = [];
    const world = memoryWorld({}, { dispatchesPerSecond: 5, record: (line) => texts.push(line) });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    await world.pass(1_000);
    world.gateway.control.injectFault('dropTcp');
    await world.pass(50_000);
    const [session] = world.gateway.sessions;
    const { lines } = readTrace(`${texts.join('\n')}\n`);
    expect(firstDifference(lines)).toBeNull();
    expect(new Set(lines.map(({ line }) => line.actor))).toEqual(new Set([undefined, 'gateway 2']));
    expect(texts.join()).toContain('sendReplay');
    for (const secret of [TOKEN, session?.sessionId, '"content"']) expect(texts.join()).not.toContain(secret);
    expect(sequenceDiagram(lines.map(({ line }) => line))).toContain('client->>gateway_2: received.resume');
  });
});

describe('a sequence diagram', () => {
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

  it('folds dispatches, and heartbeats unless told', () => {
    expect(diagram).toMatch(/Gateway->>shard: \d+ dispatches, s \d+ to \d+/);
    expect(diagram).not.toContain('Heartbeat');
    expect(sequenceDiagram(life.lines, { laps: true })).toContain('Gateway->>shard: Heartbeat ACK');
  });
});
