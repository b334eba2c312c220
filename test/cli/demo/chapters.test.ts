import { beforeAll, describe, expect, it } from 'vitest';
import type { CauseName } from '../../../machines/index.js';
import { CHAPTERS, type Chapter, type Stage } from '../../../src/cli/demo/chapters.js';
import { Story } from '../../../src/cli/live/story.js';
import { Tally } from '../../../src/cli/live/tally.js';
import type { Control } from '../../../src/simulator/index.js';
import { jsonLines } from '../../support/cli.js';
import { keptIo } from '../../support/io.js';
import { memoryWorld } from '../../support/memory.js';

/** A stage on simulated time, as `gatechart demo` builds one on real sockets. */
function stageInMemory(changed: (control: Control) => Partial<Control> = () => ({})) {
  const world = memoryWorld({}, { heartbeatInterval: 1_000, settings: { replayBatch: 10, replayDelay: 5 } });
  const { shard, gateway, clock } = world;
  const { io, written } = keptIo();
  const tally = new Tally(shard);
  const notes: string[] = [];
  const causes: CauseName[] = [];
  shard.on('transition', (transition) => causes.push(...transition.causes.map(({ name }) => name)));
  shard.on('notice', ({ cause }) => causes.push(cause.name));
  const stage: Stage = {
    simulator: { control: { ...gateway.control, ...changed(gateway.control) } } as Stage['simulator'],
    shard,
    story: new Story(io, { json: true, time: () => clock.now() }),
    tally,
    laps: false,
    note: (says) => notes.push(says),
    moreOf(cause, times = 1) {
      const goal = tally.count(cause) + times;
      return world.until(() => tally.count(cause) >= goal);
    },
    dispatches: (name, count) => world.until(() => (tally.dispatches.get(name)?.total ?? 0) >= count),
  };
  return { stage, notes, causes, facts: () => jsonLines(written.out), stop: () => gateway.stop() };
}

/** What a chapter led to. */
interface Played {
  readonly causes: readonly CauseName[];
  readonly notes: readonly string[];
  /** What is told beside the steps: a word and a sentence. */
  readonly says: readonly unknown[];
}

async function play(chapters: readonly Chapter[], stage = stageInMemory()): Promise<Map<string, Played>> {
  const played = new Map<string, Played>();
  try {
    for (const chapter of chapters) {
      const before = [stage.causes.length, stage.notes.length, stage.facts().length] as const;
      await chapter.play(stage.stage);
      played.set(chapter.title, {
        causes: stage.causes.slice(before[0]),
        notes: stage.notes.slice(before[1]),
        says: stage
          .facts()
          .slice(before[2])
          .map(({ says }) => says),
      });
    }
  } finally {
    stage.stop();
  }
  return played;
}

describe('the chapters of the demo', () => {
  let played: Map<string, Played>;
  beforeAll(async () => {
    played = await play(CHAPTERS);
  });

  it('are seven, each with a sentence that says what is to be seen', () => {
    expect(CHAPTERS.map(({ title }) => title)).toEqual([
      'Connect and identify',
      'Heartbeats',
      'Reconnect (op 7)',
      'A zombie',
      'When it rains',
      'Invalid Session (op 9)',
      'A fatal close (4014)',
    ]);
    for (const { says } of CHAPTERS) expect(says).toMatch(/^[A-Z].*\.$/);
  });

  it.each<[title: string, causes: readonly CauseName[]]>([
    ['Connect and identify', ['started', 'located', 'opened', 'helloBeforeIdentify', 'permitted', 'ready']],
    ['Heartbeats', ['firstHeartbeat', 'acknowledged', 'heartbeatDue', 'acknowledged', 'heartbeatRequested']],
    ['Reconnect (op 7)', ['reconnectRequested', 'closeAnswered', 'waited', 'helloBeforeResume', 'resumed']],
    ['A zombie', ['ackMissing', 'zombied', 'closeTimedOut', 'waited', 'helloBeforeResume', 'resumed']],
    [
      'When it rains',
      ['closedForResume', 'waited', 'closedForResume', 'waited', 'helloBeforeResume', 'closedForResume', 'resumed'],
    ],
    ['Invalid Session (op 9)', ['sessionInvalidated', 'waited', 'helloBeforeIdentify', 'permitted', 'ready']],
    ['A fatal close (4014)', ['closedForGood']],
  ])('lead the shard through what they tell: %s', (title, expected) => {
    const { causes = [] } = played.get(title) ?? {};
    let from = 0;
    const found = expected.filter((cause) => {
      const at = causes.indexOf(cause, from);
      if (at >= 0) from = at + 1;
      return at >= 0;
    });
    expect(found, causes.join()).toEqual(expected);
  });

  it('tell on the page what the Gateway does', () => {
    expect([...played].map(([, { notes }]) => notes)).toEqual([
      [],
      ['The Gateway asks for a heartbeat: op 1'],
      ['The Gateway asks to reconnect: op 7'],
      ['The Gateway goes silent'],
      ['The Gateway cuts TCP', 'The Gateway cuts TCP, while it replays'],
      ['The Gateway ends the session: op 9, d false'],
      ['The Gateway closes with 4014'],
    ]);
  });

  it.each(['Reconnect (op 7)', 'A zombie', 'When it rains'])(
    'miss nothing of the 25 dispatches made while the shard is away: %s',
    (title) => {
      expect(played.get(title)?.says.at(-1)).toBe('replayed: 25 dispatches that were made while the shard was away');
    },
  );

  it('leave no rejection that nobody handles, which would end the demo', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    await play([CHAPTERS[0]!, CHAPTERS[6]!], stageInMemory());
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('end with an error that says what a person has to do', () => {
    expect(played.get('A fatal close (4014)')?.says.at(-1)).toMatch(
      /^error: .*4014 Disallowed intent\(s\).*Developer Portal/,
    );
  });

  it('show heartbeats that go well in the chapter about them, and there alone', async () => {
    const stage = stageInMemory();
    const laps: boolean[] = [];
    stage.stage.shard.on('transition', ({ cause }) => cause.name === 'acknowledged' && laps.push(stage.stage.laps));
    await play(CHAPTERS.slice(0, 4), stage);
    expect(laps.slice(0, 2)).toEqual([true, true]);
    expect(stage.stage.laps).toBe(false);
  });
});

describe('a chapter in which something is amiss', () => {
  it('rejects when fewer dispatches are replayed than were made', async () => {
    const stage = stageInMemory(() => ({ dispatch: () => 0 }));
    await expect(play(CHAPTERS.slice(0, 3), stage)).rejects.toThrow(
      '25 dispatches were made while the shard was away, 0 replayed',
    );
  });

  it('rejects when the shard ends with another error than it must', async () => {
    const stage = stageInMemory((control) => ({ closeWith: () => control.closeWith(4004) }));
    await expect(play([CHAPTERS[0]!, CHAPTERS[6]!], stage)).rejects.toThrow(/^the shard ended with .*4004/);
  });
});
