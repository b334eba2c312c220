import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { ws } from '../../adapters/ws.js';
import { zlibInflate } from '../../adapters/zlib.js';
import { createShard, createShardLogic, type ResumeRecord } from '../../src/index.js';
import { shardLogic } from '../../src/shard/logic.js';
import { shardSettings } from '../../src/shard/options.js';

const TOKEN = 'TOKENMARK.abcdef';
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

  it('persists the session whole: as an object, as JSON and as a clone', () => {
    for (const copy of [persisted, JSON.parse(JSON.stringify(persisted)), structuredClone(persisted)]) {
      expect(copy).toMatchObject({ resume: { sessionId: session.id, resumeUrl: session.url, sequence: 7 } });
    }
    const resume = expect.objectContaining({ sessionId: session.id, resumeUrl: session.url, sequence: 7 });
    expect(restored.getPersistedSnapshot()).toEqual({ ...persisted, resume });
    expect(inspect(persisted, { depth: 6 })).not.toMatch(MARKS);
  });

  it('has a host that shows nothing', () => {
    const hosts: unknown[] = [];
    const news = { dispatch: () => {}, news: () => {}, host: (its: unknown) => void hosts.push(its) };
    const settings = shardSettings(
      { token: TOKEN, intents: ['GUILDS'], compress: false, resume },
      { socket: ws, inflate: zlibInflate },
    );
    const actor = createActor(shardLogic(settings, { autoStart: false, audience: news })).start();
    expect(inspect(hosts[0], { depth: 6, showHidden: true })).toMatch(/^Host/);
    expect(inspect(hosts[0], { depth: 6, showHidden: true })).not.toMatch(MARKS);
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
    expect(String((thrown as Error | undefined)?.stack ?? '')).not.toMatch(MARKS);
  });
});
