/** The trace that a shard writes of itself. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { Recorder } from '../../src/trace/recorder.js';
import { breakNext } from '../support/breaking.js';
import { INTERVAL, idle, recordOf, ShardBench, textOf } from '../support/shard-bench.js';

describe('the trace of a shard', () => {
  /** The lines of a trace, each parsed. */
  const tracing = () => {
    const lines: { type: string; do?: object[] }[] = [];
    return { lines, record: (line: string) => void lines.push(JSON.parse(line)) };
  };

  it('begins with what the shard starts from', () => {
    const { lines, record } = tracing();
    const b = new ShardBench({
      record,
      policy: { closeCode: 4_800 },
      resume: recordOf(7, { resumeUrl: 'wss://resume.discord.gg/', shard: [1, 3] }),
      shard: [1, 3],
    });
    b.note(b.shard.state);

    expect(lines[0]).toMatchObject({
      type: 'header',
      shard: [1, 3],
      intents: 1,
      input: {
        policy: { closeCode: 4_800 },
        gatewayUrl: 'wss://gateway.discord.gg/',
        session: { id: '<session 1>', url: '<resume url 1>' },
        sequence: 7,
      },
    });
  });

  it('holds each random number beside the timer that was armed with it', async () => {
    const { lines, record } = tracing();
    const b = new ShardBench({ record, random: () => 0.25 });
    await b.begin();

    expect(lines.flatMap((line) => line.do ?? []).filter((each) => 'draws' in each)).toEqual([
      { type: 'arm', params: { timer: 'firstHeartbeat', delay: INTERVAL / 4 }, draws: [0.25] },
    ]);
  });

  it('holds what the user is warned of, with the error', async () => {
    const { lines, record } = tracing();
    const locator = { locate: () => Promise.reject(new Error('no network, secret-token')) };
    const b = new ShardBench({ record, url: undefined, locator });
    b.tell('start', b.shard.start());
    await idle();

    expect(lines.find(({ type }) => type === 'warning')).toEqual({
      type: 'warning',
      at: 0,
      problem: 'the Gateway URL could not be had',
      error: 'no network, <token>',
    });
  });

  it('is given up with one warning when it cannot be written, and the shard goes on', async () => {
    const record = () => {
      throw new Error('the disk is full, secret-token');
    };
    const b = new ShardBench({ record, hears: ['warning'] });
    await b.begin();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'warning the trace could not be written: the disk is full, <token>',
      'send identify',
      'start: done',
    ]);
  });

  it('that cannot be begun is told of, and the shard goes on without it', async () => {
    const b = new ShardBench({ record: () => {} });
    const actor = createActor(b.made.createShardLogic(b.options as never), { clock: b.clock });
    actor.on('warning', ({ problem, error }) => b.note(`${problem}: ${textOf(error)}`));
    breakNext(Recorder.prototype, 'begin', 'no chance');
    actor.start();
    await b.greet();
    actor.stop();

    expect(b.lines).toEqual([
      'the trace could not be written: no chance',
      'open 1 gateway.discord.gg',
      'send identify',
      'drop 1',
    ]);
  });

  it('holds what happens, and of contents what it is told to', async () => {
    const b = new ShardBench();
    for (const contents of [false, true]) {
      const written: string[] = [];
      const bench = new ShardBench({ hears: ['notice'], record: { to: (line) => void written.push(line), contents } });
      await bench.begin({});
      bench.hear('{"t":"A","s":2,"op":0,"d":{not JSON}}');
      bench.hear('{"t":"A","s":3,"op":0,"d":{"content":"a message"}}');
      await idle();
      b.note(`with ${contents ? '' : 'no '}contents`);
      b.note(written.map((line) => JSON.parse(line).type).join(' '));
      b.note(written.some((line) => line.includes('a message')) ? 'what was said' : 'not what was said');
      b.note(written.some((line) => line.includes('secret-token')) ? 'secrets' : 'no secrets');
      for (const line of bench.lines.slice(3)) b.note(line);
    }

    expect(b.lines).toEqual([
      'with no contents',
      'header checkpoint step step frame step step frame frame warning step step',
      'not what was said',
      'no secrets',
      'with contents',
      'header checkpoint step step frame step step frame frame warning step frame step step',
      'what was said',
      'no secrets',
      'notice malformed',
    ]);
  });
});
