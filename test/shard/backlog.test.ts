/** The iterators of a shard together, on a socket that is a stub. Expected lines by hand. */
import { describe, expect, it } from 'vitest';
import { Backlog, type Overflow } from '../../src/shard/backlog.js';
import type { DispatchReader } from '../../src/shard/dispatches.js';

interface BenchOptions {
  readonly capacity?: number;
  readonly bytes?: number;
  readonly overflow?: Overflow;
  readonly canPause?: boolean;
  readonly canLeave?: boolean;
}

class Bench {
  readonly lines: string[] = [];
  readonly backlog: Backlog;
  canPause: boolean;

  constructor({
    capacity = 2,
    bytes = 1_000_000,
    overflow = 'fail',
    canPause = false,
    canLeave = true,
  }: BenchOptions = {}) {
    this.canPause = canPause;
    this.backlog = new Backlog({ dispatches: capacity, bytes }, overflow, {
      pause: () => {
        this.lines.push('pause');
        return this.canPause;
      },
      resume: () => this.lines.push('resume'),
      news: ({ full, waiting, waitingBytes, dropped }) => {
        const held = bytes === 1_000_000 ? '' : ` of ${waitingBytes} bytes`;
        this.lines.push(`${full ? 'full' : 'room'} ${waiting}${held} dropped ${dropped}`);
      },
      dropping: () => this.lines.push('dropping'),
      leave: (sequence) => {
        this.lines.push(`leave after ${sequence}`);
        return canLeave;
      },
      missing: () => this.lines.push('missing'),
    });
  }

  reader(...names: string[]): DispatchReader {
    return this.backlog.reader(names.length === 0 ? null : new Set(names));
  }

  push(...sequences: number[]): void {
    for (const s of sequences) this.pushOf('A', s);
  }

  pushOf(name: string, sequence: number, bytes = 1): boolean {
    return this.backlog.push({ name, data: {}, sequence, replayed: false, session: null }, sequence - 1, bytes);
  }

  /** What a reader has, up to its end. */
  async take(reader: DispatchReader, count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const line = await reader.next().then(
        ({ done, value }) => (done ? 'done' : `took ${value.name} ${value.sequence}`),
        (error: { code: string }) => error.code,
      );
      this.lines.push(line);
    }
  }
}

describe('the iterators of a shard', () => {
  it('hands each iterator what it wants, and knows what all of them want', async () => {
    const b = new Bench();
    const wants = () => b.lines.push([b.backlog.wantsAll, b.backlog.wants('A'), b.backlog.wants('B')].join(' '));
    wants();
    const some = b.reader('A');
    wants();
    const all = b.reader();
    wants();
    b.pushOf('A', 1);
    b.pushOf('B', 2);
    await b.take(some, 1);
    await b.take(all, 1);
    b.lines.push(`up to ${b.backlog.handledUpTo(9)}`);
    await all.return();
    wants();
    b.lines.push(`up to ${b.backlog.handledUpTo(9)}`);
    await some.return();
    wants();
    b.lines.push(`up to ${b.backlog.handledUpTo(9)}`);

    expect(b.lines).toEqual([
      'false false false',
      'false true false',
      'true true true',
      'full 2 dropped 0',
      'pause',
      'took A 1',
      'resume',
      'room 1 dropped 0',
      'took A 1',
      'up to 0',
      'false true false',
      'up to 0',
      'false false false',
      'up to 9',
    ]);
  });

  it('says when it is full, when half of it is free again, and nothing in between', async () => {
    const b = new Bench({ capacity: 4, canPause: true });
    const reader = b.reader();
    b.push(1, 2);
    await b.take(reader, 2);
    b.lines.push('four of four');
    b.push(3, 4, 5, 6);
    b.lines.push('one more');
    b.push(7);
    await b.take(reader, 3);
    b.lines.push('full again');
    b.push(8, 9);
    await b.take(reader, 4);

    expect(b.lines).toEqual([
      'took A 1',
      'took A 2',
      'four of four',
      'full 4 dropped 0',
      'pause',
      'one more',
      'pause',
      'pause',
      'took A 3',
      'took A 4',
      'resume',
      'room 2 dropped 0',
      'took A 5',
      'full again',
      'full 4 dropped 0',
      'pause',
      'took A 6',
      'resume',
      'room 2 dropped 0',
      'took A 7',
      'took A 8',
      'took A 9',
    ]);
  });

  it('keeps what comes although reading is paused, up to a bound', async () => {
    const b = new Bench({ canPause: true });
    const reader = b.reader();
    for (let s = 1; s <= 10_002; s += 1) b.push(s);
    const before = b.lines.splice(0).filter((line) => line !== 'pause');
    b.lines.push(...before, `${reader.waiting} wait`, `ended: ${reader.hasEnded}`);
    b.push(10_003);
    b.lines.push(`${reader.waiting} wait`, `ended: ${reader.hasEnded}`);

    expect(b.lines).toEqual([
      'full 2 dropped 0',
      '10002 wait',
      'ended: false',
      'pause',
      'resume',
      'room 0 dropped 0',
      '10002 wait',
      'ended: true',
    ]);
  });

  it('ends an iterator that runs over, after what it holds, and no other', async () => {
    const b = new Bench();
    const [slow, other] = [b.reader(), b.reader('B')];
    b.push(1, 2, 3, 4);
    b.pushOf('B', 5);
    await b.take(slow, 4);
    await b.take(other, 1);

    expect(b.lines).toEqual([
      'full 2 dropped 0',
      'pause',
      'pause',
      'resume',
      'room 0 dropped 0',
      'took A 1',
      'took A 2',
      'ERR_BUFFER_OVERFLOW',
      'done',
      'took B 5',
    ]);
  });

  it('leaves out what has no room, and counts it from the time it was full', async () => {
    const b = new Bench({ overflow: 'drop' });
    const reader = b.reader();
    b.push(1, 2, 3, 4, 5);
    await b.take(reader, 2);
    b.lines.push('again');
    b.push(6, 7, 8);
    await b.take(reader, 2);

    expect(b.lines).toEqual([
      'full 2 dropped 0',
      'pause',
      'pause',
      'dropping',
      'pause',
      'pause',
      'resume',
      'room 1 dropped 3',
      'took A 1',
      'took A 2',
      'again',
      'full 2 dropped 0',
      'pause',
      'pause',
      'dropping',
      'resume',
      'room 1 dropped 1',
      'took A 6',
      'took A 7',
    ]);
  });

  it('leaves out some types, those that wait too, and keeps all others', async () => {
    const b = new Bench({ overflow: { drop: ['B', 'C'] } });
    const reader = b.reader();
    b.pushOf('B', 1);
    b.pushOf('A', 2);
    b.pushOf('B', 3);
    b.lines.push('in place of one that waits');
    b.pushOf('A', 4);
    b.lines.push('and where none waits');
    b.pushOf('A', 5);
    await b.take(reader, 3);

    expect(b.lines).toEqual([
      'full 2 dropped 0',
      'pause',
      'pause',
      'dropping',
      'in place of one that waits',
      'pause',
      'and where none waits',
      'pause',
      'resume',
      'room 0 dropped 2',
      'took A 2',
      'took A 4',
      'ERR_BUFFER_OVERFLOW',
    ]);
  });

  it('says that it leaves something out only where it does', async () => {
    const b = new Bench({ overflow: { drop: ['B'] } });
    const reader = b.reader();
    b.push(1, 2, 3);
    await b.take(reader, 3);

    expect(b.lines).toEqual([
      'full 2 dropped 0',
      'pause',
      'pause',
      'resume',
      'room 0 dropped 0',
      'took A 1',
      'took A 2',
      'ERR_BUFFER_OVERFLOW',
    ]);
  });

  it('leaves before the first dispatch without room, which comes again to those alone that lack it', async () => {
    const b = new Bench({ overflow: 'resume' });
    const [slow, quick] = [b.reader(), b.reader()];
    b.push(1, 2);
    await b.take(quick, 2);
    b.lines.push(`comes again: ${b.pushOf('A', 3)}`);
    await b.take(quick, 1);
    await b.take(slow, 2);
    b.lines.push('resumed');
    for (const sequence of [3, 4]) b.lines.push(`comes again: ${b.pushOf('A', sequence)}`);
    await b.take(slow, 2);
    await b.take(quick, 1);
    b.pushOf('RESUMED', 4);
    b.backlog.endReplay();
    await b.take(slow, 1);
    await b.take(quick, 1);
    b.backlog.beginSession(1);

    expect(b.lines).toEqual([
      'full 2 dropped 0',
      'pause',
      'pause',
      'took A 1',
      'took A 2',
      'pause',
      'leave after 2',
      'comes again: true',
      'took A 3',
      'resume',
      'room 1 dropped 0',
      'took A 1',
      'took A 2',
      'resumed',
      'comes again: false',
      'full 2 dropped 0',
      'pause',
      'comes again: false',
      'resume',
      'room 1 dropped 0',
      'took A 3',
      'took A 4',
      'took A 4',
      'took RESUMED 4',
      'took RESUMED 4',
    ]);
  });

  it.each<[string, BenchOptions, string, number | null, number, string[]]>([
    ['without a session', { canLeave: false }, 'A', 3, 2, ['pause', 'leave after 2', 'dropping']],
    ['has no number', {}, 'A', null, 2, ['pause', 'dropping']],
    ['comes before all that have one', {}, 'A', 3, 0, ['pause', 'dropping']],
  ])(
    'leaves out, and counts for each iterator, what no resume would bring again: what %s',
    (_, options, name, sequence, before, lines) => {
      const b = new Bench({ overflow: 'resume', ...options });
      b.reader();
      b.reader();
      b.push(1, 2);
      b.lines.length = 0;
      const dispatch = { name, data: {}, sequence, replayed: false, session: null };
      expect(b.backlog.push(dispatch, before, 1)).toBe(false);
      expect(b.lines).toEqual(['pause', ...lines]);
      b.backlog.beginSession(1);
      expect(b.lines).not.toContain('missing');
    },
  );

  it('counts once for each iterator what is left out', async () => {
    const b = new Bench({ overflow: 'resume', canLeave: false });
    const readers = [b.reader(), b.reader()];
    b.push(1, 2, 3);
    for (const reader of readers) await b.take(reader, 1);
    expect(b.lines.at(-2)).toBe('room 1 dropped 2');
  });

  it('keeps READY without room, up to as much as during a pause, and only where it would leave', () => {
    const ready = (b: Bench, s: number) =>
      b.backlog.push({ name: 'READY', data: {}, sequence: s, session: null, replayed: false }, s, 1);
    const b = new Bench({ overflow: 'resume' });
    const reader = b.reader();
    b.push(1, 2);
    for (let i = 0; i < 10_001; i += 1) ready(b, 3 + i);
    expect([reader.waiting, b.lines.includes('dropping')]).toEqual([10_002, true]);
    const other = new Bench({ overflow: 'drop' });
    const dropping = other.reader();
    other.push(1, 2);
    ready(other, 3);
    expect(dropping.waiting).toBe(2);
  });

  it('says what is missing when a session begins before all has come again', () => {
    const b = new Bench({ overflow: 'resume' });
    b.reader();
    b.push(1, 2, 3);
    b.backlog.beginSession(1);
    b.backlog.beginSession(1);
    expect(b.lines.filter((line) => line === 'missing')).toEqual(['missing']);
  });

  it('takes what a new session brings, whatever its numbers', async () => {
    const b = new Bench({ overflow: 'resume', capacity: 9 });
    const reader = b.reader();
    b.push(7, 7, 6);
    b.backlog.beginSession(1);
    b.push(1);
    await b.take(reader, 2);
    expect(b.lines).toEqual(['took A 7', 'took A 1']);
  });

  it('counts what is held from the session before as nothing of the new one that was handled', async () => {
    const b = new Bench({ capacity: 9 });
    const reader = b.reader();
    b.push(50, 51);
    await reader.next();
    b.backlog.beginSession(1);
    b.push(2, 3);
    const handled = [b.backlog.handledUpTo(3)];
    for (let i = 0; i < 4; i += 1) {
      void reader.next();
      handled.push(b.backlog.handledUpTo(3));
    }
    expect(handled).toEqual([1, 1, 1, 2, 3]);
  });

  it('knows what an iterator had that was asked for it before it came', async () => {
    const b = new Bench({ overflow: 'resume' });
    const reader = b.reader();
    const taken = b.take(reader, 1);
    b.push(5);
    b.push(5);
    await taken;
    expect(reader.waiting).toBe(0);
  });

  it('has room when the iterator that was full is left, the others waiting for nothing', async () => {
    const b = new Bench({ canPause: true });
    const [slow, other] = [b.reader(), b.reader()];
    b.push(1, 2);
    await b.take(other, 2);
    b.lines.push('left');
    await slow.return();
    b.push(3);
    b.lines.push(`up to ${b.backlog.handledUpTo(3)}`);

    expect(b.lines).toEqual([
      'full 2 dropped 0',
      'pause',
      'pause',
      'took A 1',
      'took A 2',
      'left',
      'resume',
      'room 0 dropped 0',
      'up to 1',
    ]);
  });

  it('ends all: after what they hold, or at once', async () => {
    const b = new Bench();
    const [first, second, third] = [b.reader(), b.reader(), b.reader()];
    b.push(1);
    b.backlog.finish({ error: Object.assign(new Error(), { code: 'why' }) });
    await b.take(first, 3);
    const later = b.reader();
    b.push(2);
    b.lines.push(`up to ${b.backlog.handledUpTo(9)}`);
    b.backlog.abandon();
    b.lines.push(`up to ${b.backlog.handledUpTo(9)}`);
    await b.take(second, 1);
    await b.take(third, 1);
    await b.take(later, 1);

    expect(b.lines).toEqual(['took A 1', 'why', 'done', 'up to 0', 'up to 9', 'why', 'why', 'done']);
  });

  it('knows from where to resume what took the place of others', async () => {
    const b = new Bench({ overflow: { drop: ['B'] } });
    const reader = b.reader();
    b.pushOf('B', 1);
    b.push(2, 3);
    await b.take(reader, 1);
    b.lines.push(`up to ${b.backlog.handledUpTo(9)}`);
    await b.take(reader, 1);
    b.lines.push(`up to ${b.backlog.handledUpTo(9)}`);
    expect(b.lines.filter((line) => /took|up to/.test(line))).toEqual(['took A 2', 'up to 1', 'took A 3', 'up to 2']);
  });

  it('is full of bytes as of dispatches, and has room again at half of them', async () => {
    const b = new Bench({ capacity: 100, bytes: 10, canPause: true });
    const reader = b.reader();
    b.pushOf('A', 1, 9);
    b.lines.push('one below');
    b.pushOf('A', 2, 1);
    await b.take(reader, 1);
    b.lines.push('at once');
    b.pushOf('A', 3, 1_000);
    b.pushOf('A', 4, 5);
    await b.take(reader, 2);

    expect(b.lines).toEqual([
      'one below',
      'full 2 of 10 bytes dropped 0',
      'pause',
      'resume',
      'room 1 of 1 bytes dropped 0',
      'took A 1',
      'at once',
      'full 2 of 1001 bytes dropped 0',
      'pause',
      'pause',
      'pause',
      'took A 2',
      'resume',
      'room 1 of 5 bytes dropped 0',
      'took A 3',
    ]);
  });

  it.each<[Overflow, readonly string[]]>([
    ['fail', ['took B 1', 'took A 2', 'ERR_BUFFER_OVERFLOW']],
    ['drop', ['took B 1', 'took A 2']],
    [{ drop: ['B'] }, ['took A 2', 'took A 3']],
  ])('keeps to its bytes by the policy %j', async (overflow, expected) => {
    const b = new Bench({ capacity: 100, bytes: 10, overflow });
    const reader = b.reader();
    b.pushOf('B', 1, 6);
    b.pushOf('A', 2, 6);
    b.pushOf('A', 3, 6);
    await b.take(reader, expected.length);
    expect(b.lines.filter((line) => /took|ERR/.test(line))).toEqual(expected);
  });

  it('has room again at half of its bytes, and not at one more', async () => {
    const b = new Bench({ capacity: 100, bytes: 10, canPause: true });
    const reader = b.reader();
    b.pushOf('A', 1, 3);
    b.pushOf('A', 2, 1);
    b.pushOf('A', 3, 6);
    await b.take(reader, 1);
    b.lines.push('7 wait');
    await b.take(reader, 1);
    b.lines.push('6 wait');
    b.pushOf('A', 4, 5);
    await b.take(reader, 1);

    expect(b.lines).toEqual([
      'full 3 of 10 bytes dropped 0',
      'pause',
      'took A 1',
      '7 wait',
      'took A 2',
      '6 wait',
      'pause',
      'resume',
      'room 1 of 5 bytes dropped 0',
      'took A 3',
    ]);
  });

  it('counts the bytes of what took the place of others', async () => {
    const b = new Bench({ capacity: 100, bytes: 10, overflow: { drop: ['B'] } });
    const reader = b.reader();
    b.pushOf('B', 1, 10);
    b.pushOf('A', 2, 7);
    expect([reader.waiting, reader.waitingBytes]).toEqual([1, 7]);
    await b.take(reader, 1);
    expect(reader.waitingBytes).toBe(0);
  });

  it('is read once one of its iterators is', () => {
    const b = new Bench();
    const [first] = [b.reader(), b.reader()];
    expect(b.backlog.isRead).toBe(false);
    void first?.next();
    expect(b.backlog.isRead).toBe(true);
  });

  it('keeps 32 MiB more that come although reading is paused', async () => {
    const b = new Bench({ capacity: 100, bytes: 10, canPause: true });
    const reader = b.reader();
    b.pushOf('A', 1, 10);
    b.pushOf('A', 2, (32 << 20) - 1);
    b.pushOf('A', 3, 1);
    expect([reader.waiting, reader.hasEnded]).toEqual([3, false]);
    b.pushOf('A', 4, 1);
    expect([reader.waiting, reader.hasEnded]).toEqual([3, true]);
  });
});
