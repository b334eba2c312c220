import { describe, expect, it } from 'vitest';
import { assign } from 'xstate';
import { shardMachine, stateName } from '../../machines/index.js';
import { mutantsOf } from '../../src/exploring/mutants.js';
import { variant } from '../../src/exploring/variant.js';
import { differenceInWords } from '../../src/trace/explain.js';
import type { TraceLine } from '../../src/trace/format.js';
import { inOrder, readTrace } from '../../src/trace/read.js';
import { type Difference, firstDifference, isOtherChart, replay } from '../../src/trace/replay.js';
import { sequenceDiagram } from '../../src/trace/sequence.js';
import { memoryWorld, TOKEN } from '../support/memory.js';
import { recordedLoss, sharedLife } from '../support/traces.js';

const life = await sharedLife();
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
    const steps = [...replay(lines)].flatMap(({ place: { line }, snapshot }) =>
      line.type === 'step' ? [[stateName(snapshot?.value), line.to ?? line.from]] : [],
    );
    expect(steps.map(([shown]) => shown)).toEqual(steps.map(([, recorded]) => recorded));
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
      /recorded\n(.*\n)*? {2}\* because closedForIdentify: the connection closed.*\(4009 Session timed out\) \[gateway#disconnecting\]/,
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

  it('refuses a chart that is not known', () => {
    const strange = readTrace(life.text.replace('"chart":"shard"', '"chart":"voice"')).lines;
    expect(() => firstDifference(strange)).toThrow('"voice"');
    expect(firstDifference(strange, { machine: shardMachine as never })).toBeNull();
  });
});

describe('a trace in several files', async () => {
  /** A sink that begins a file every twelve lines, and loses some on demand. */
  class Files {
    readonly files: string[][] = [[]];
    lost = 0;
    isBroken = false;
    get isFull() {
      return (this.files.at(-1)?.length ?? 0) >= 12;
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
  await recordedLoss(sink);
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

  it('says which checkpoint a chart cannot go on from', () => {
    for (const snapshot of [{}, { value: 'nowhere', context: {} }, { value: { running: 7 }, children: null }]) {
      const lines = sink.read([0]).lines.map((each) => {
        return each.line.type === 'checkpoint' ? { ...each, line: { ...each.line, snapshot } } : each;
      });
      expect(() => firstDifference(lines as never)).toThrow(
        'line 2: the chart shard cannot go on from this checkpoint',
      );
    }
  });

  it('shows at a checkpoint what a chart remembers otherwise', () => {
    const forgetful = shardMachine.provide({ actions: { startCounting: assign({ attempts: 2 }) } });
    const difference = firstDifference(sink.read(all).lines, { machine: forgetful as never });
    expect(difference?.event).toBeNull();
    expect(difference?.recorded.context).toEqual({ attempts: 1 });
    expect(difference?.replayed.context).toEqual({ attempts: 2 });
    expect(differenceInWords(difference as Difference).join('\n')).toContain('* attempts');
  });

  it('goes on after lines that could not be written', async () => {
    /** A disk that takes nothing from the eighth line on, for twenty lines. */
    class Gappy extends Files {
      override get isFull() {
        return this.isBroken ? this.lost >= 20 : super.isFull;
      }
      override write(line: string) {
        this.isBroken ||= this.files.length === 1 && this.files[0]?.length === 7;
        super.write(line);
      }
      override rotate() {
        this.isBroken = false;
        return super.rotate();
      }
    }
    const gappy = new Gappy();
    const world = await recordedLoss(gappy);
    expect(world.shard.state).toBe('stopped');
    const { lines } = gappy.read(gappy.files.map((_, n) => n));
    expect(lines.some(({ line }) => line.type === 'header' && line.lost === 20)).toBe(true);
    expect(firstDifference(lines)).toBeNull();
  });
});

describe('the simulated Gateway', () => {
  it('is recorded connection by connection, without what dispatches hold', async () => {
    const texts: string[] = [];
    const world = memoryWorld({}, { dispatchesPerSecond: 5, record: (line) => texts.push(line) });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    await world.pass(1_000);
    world.gateway.control.dropTcp();
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    await world.pass(1_000);
    const [session] = world.gateway.sessions;
    const { lines } = readTrace(`${texts.join('\n')}\n`);
    expect(firstDifference(lines)).toBeNull();
    expect(new Set(lines.map(({ line }) => line.actor))).toEqual(new Set([undefined, 'gateway 2']));
    expect(texts.join()).toContain('sendReplay');
    for (const secret of [TOKEN, session?.sessionId, '"content"']) expect(texts.join()).not.toContain(secret);
    expect(sequenceDiagram(lines.map(({ line }) => line))).toContain('client->>gateway_2: received.resume');
  });
});
