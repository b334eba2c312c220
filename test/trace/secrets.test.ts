import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { ws } from '../../adapters/ws.js';
import { zlibInflate } from '../../adapters/zlib.js';
import { createShard, createShardLogic, type ResumeRecord } from '../../src/index.js';
import { runningOf, shardLogic } from '../../src/shard/logic.js';
import { shardSettings } from '../../src/shard/options.js';
import { difference, lifeWith, TOKEN } from '../support/recorded-life.js';
import { ShardBench } from '../support/shard-bench.js';

const SESSION = 'SESSIONMARK0123456789';
const RESUME_URL = 'wss://resumemark.discord.gg';
/** Each in whatever case: a host is lowered by whoever parses the URL. */
const MARKS = /tokenmark|sessionmark|resumemark/i;

describe('an actor of createShardLogic', () => {
  const resume: ResumeRecord = {
    version: 1,
    sessionId: SESSION,
    resumeUrl: RESUME_URL,
    sequence: 7,
    shard: [0, 1],
    intents: 1,
    wire: { version: 10, encoding: 'json', compress: false },
    savedAt: 1,
  };
  const logic = createShardLogic({ token: TOKEN, intents: ['GUILDS'], compress: false, resume });
  const first = createActor(logic);
  const persisted = first.getPersistedSnapshot();
  const restored = createActor(logic, { snapshot: JSON.parse(JSON.stringify(persisted)) });
  const session = { id: SESSION, url: `${RESUME_URL}/` };

  it.each([
    ['when new', first],
    ['when restored', restored],
  ])('shows no session to console.log and JSON %s', (_, actor) => {
    // Below, there is nothing in the logic but the chart: megabytes of it.
    const deep = (value: unknown) => inspect(value, { depth: value === logic ? 4 : 6, showHidden: true });
    const snapshot = actor.getSnapshot();
    expect(snapshot.context.session).toEqual(session);
    for (const shown of [actor, snapshot, snapshot.context, { children: { shard: actor } }, logic]) {
      expect(deep(shown)).not.toMatch(MARKS);
      expect(JSON.stringify({ shown: shown === snapshot.context ? null : shown })).not.toMatch(MARKS);
    }
    expect(inspect(actor)).toContain("state: 'stopped'");
    expect(deep(actor)).toContain("id: '<session>'");
    expect(JSON.stringify(snapshot)).toContain('<session 1>');
  });

  it('tells no session that it was restored with, whatever quotes it', async () => {
    const bench = new ShardBench({ token: TOKEN });
    const actor = createActor(bench.made.createShardLogic(bench.options as never), {
      clock: bench.clock,
      snapshot: {
        ...persisted,
        resume: { ...(persisted as { resume?: object }).resume, gatewayUrl: undefined },
      } as never,
    });
    const emitted: unknown[] = [];
    actor.on('*', (event) => emitted.push(event));
    actor.start();
    actor.send({ type: 'start' });
    await bench.pass(100);
    bench.sockets.at(-1)?.closed({ code: 4000, reason: `${SESSION} at ${RESUME_URL} of ${TOKEN}`, wasClean: true });
    await bench.pass(100);
    expect(JSON.stringify(emitted)).toContain('<session 1> at <resume url 1> of <token>');
    expect(JSON.stringify(emitted)).not.toMatch(MARKS);
    actor.stop();
  });

  it('persists the session whole: as an object, as JSON and as a clone', () => {
    for (const copy of [persisted, JSON.parse(JSON.stringify(persisted)), structuredClone(persisted)]) {
      expect(copy).toMatchObject({ resume: { sessionId: session.id, resumeUrl: session.url, sequence: 7 } });
    }
    const resume = expect.objectContaining({ sessionId: session.id, resumeUrl: session.url, sequence: 7 });
    expect(restored.getPersistedSnapshot()).toEqual({ ...persisted, resume });
    expect(inspect(persisted, { depth: 6 })).not.toMatch(MARKS);
  });

  it('has a host that shows nothing', () => {
    const settings = shardSettings(
      { token: TOKEN, intents: ['GUILDS'], compress: false, resume },
      { socket: ws, inflate: zlibInflate },
    );
    const actor = createActor(shardLogic(settings, { autoStart: false })).start();
    const host = inspect(runningOf(actor)?.host, { depth: 6, showHidden: true });
    expect(host).toMatch(/^Host/);
    expect(host).not.toMatch(MARKS);
    actor.stop();
  });
});

describe('the token', () => {
  it.each([
    { intents: -1 },
    { intents: ['NONE'] },
    { shard: [3, 1] },
    { url: `http://${TOKEN}/` },
    { url: 'wss://a.b', restUrl: 1 },
    { largeThreshold: 1 },
    { policy: { closeCode: 1 } },
    { resume: { version: 9, sessionId: SESSION } },
    { allowHosts: [`wss://${TOKEN}`] },
  ])('is not in what createShard throws (%j)', (options) => {
    let thrown: unknown;
    try {
      createShard({ token: TOKEN, intents: [], ...options } as never);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    expect(String((thrown as Error).stack)).not.toMatch(MARKS);
  });
});

describe('a session id', () => {
  it.each([1025, 40_000, 4_000_000])('of %i characters is none: that is told, and nothing breaks', async (length) => {
    const { bench, trace } = await lifeWith({ session_id: 'x'.repeat(length), resume_gateway_url: RESUME_URL }, 'over');
    expect(bench.lines).toContain(
      'warning READY came with a session id of over 1024 characters: this session cannot be resumed',
    );
    expect(bench.lines.filter((line) => /^send (identify|resume)/.test(line))).toEqual([
      'send identify',
      'send identify',
    ]);
    expect(difference(trace)).toBeNull();
    expect(Math.max(...trace.map((line) => line.length))).toBeLessThan(20_000);
  });

  it('of 1024 characters is one', async () => {
    const { bench, text } = await lifeWith(
      { session_id: 'x1'.repeat(512), resume_gateway_url: RESUME_URL },
      'x1'.repeat(512),
    );
    expect(bench.lines.filter((line) => line.includes('send resume'))).toHaveLength(1);
    expect(text).not.toContain('x1x1');
  });

  it('of a record is refused if it is longer', () => {
    const resume = {
      version: 1,
      sessionId: 'x'.repeat(1025),
      resumeUrl: null,
      sequence: 1,
      shard: [0, 1],
      intents: 1,
      wire: {},
    };
    expect(() => createShard({ token: TOKEN, intents: 1, resume } as never)).toThrow(
      'sessionId is not a string of at most 1024 characters',
    );
  });

  it('is not pushed out by more others in what messages hold than are remembered', async () => {
    const others = Array.from({ length: 1_100 }, (_, i) => ({
      session_id: `other-session-${i}`,
      token: `interaction-${i}`,
    }));
    const ready = { session_id: SESSION, resume_gateway_url: RESUME_URL };
    const { trace, text } = await lifeWith(ready, `${SESSION} at ${RESUME_URL} of ${TOKEN}`, others);
    expect(text).not.toMatch(MARKS);
    expect(text).not.toMatch(/other-session-\d|interaction-\d/);
    expect(text).toContain('<session 1> at <resume url 1> of <token>');
    expect(difference(trace)).toBeNull();
  });

  it('is not pushed out by more others that READY names out of place than are remembered', async () => {
    const ready = { session_id: SESSION, resume_gateway_url: RESUME_URL };
    const trace: string[] = [];
    const bench = new ShardBench({ token: TOKEN, record: (line) => void trace.push(line) });
    await bench.begin(ready);
    for (let i = 0; i < 1_100; i += 1) bench.dispatch(i + 2, 'READY', { ...ready, session_id: `other-session-${i}` });
    bench.sockets.at(-1)?.closed({ code: 4000, reason: `${SESSION} at ${RESUME_URL}`, wasClean: true });
    await bench.pass(10_000);
    expect(trace.join('\n')).not.toMatch(MARKS);
    expect(difference(trace)).toBeNull();
  });
});

describe('a resume URL', () => {
  it('that is overlong is not trusted, and nothing of it is told', async () => {
    const url = `wss://resumemark.discord.gg/${'x'.repeat(40_000)}`;
    const { bench, trace, text } = await lifeWith({ session_id: SESSION, resume_gateway_url: url }, 'over');
    expect(bench.lines.filter((line) => /^open \d/.test(line))).toEqual([
      'open 1 gateway.discord.gg',
      'open 2 gateway.discord.gg',
    ]);
    expect(text).not.toMatch(MARKS);
    expect(difference(trace)).toBeNull();
  });
});

describe('a configured URL with a password', () => {
  it('is in no trace and in nothing that is shown of the shard', async () => {
    const url = 'wss://user:TOKENMARK-1@gateway.discord.gg/?key=SESSIONMARK-1&v=10';
    const ready = { session_id: 'abcdef-1', resume_gateway_url: url };
    const { bench, trace, text } = await lifeWith(ready, `no ${url} TOKENMARK-1 SESSIONMARK-1`, [], { url });
    expect(text).not.toMatch(MARKS);
    expect(text).toContain('"wss://gateway.discord.gg/"');
    expect(inspect(bench.shard, { depth: 8, showHidden: true })).not.toMatch(MARKS);
    expect(difference(trace)).toBeNull();
    const logic = createShardLogic({ token: 'abc', intents: 1, url });
    const actor = createActor(logic);
    expect(inspect(actor, { depth: 4 })).not.toMatch(MARKS);
    expect(JSON.stringify(actor.getSnapshot())).not.toMatch(MARKS);
  });
});
