/** The snapshot of a shard's actor, kept and restored: what it resumes, and what it cannot bring along. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { INTERVAL, idle, MAIN, recordOf, ShardBench, textOf } from '../support/shard-bench.js';

describe('a snapshot that was kept', () => {
  /** A session as it is kept, and the actor of a shard that is given it. */
  const kept = (change: object = {}, record: object = {}) => ({
    status: 'active',
    version: 1,
    running: true,
    resume: recordOf(5, { resumeUrl: 'wss://resume.discord.gg/', gatewayUrl: MAIN, savedAt: 1, ...record }),
    ...change,
  });
  async function restore(snapshot: object, options: object = {}): Promise<readonly string[]> {
    const b = new ShardBench(options);
    const actor = createActor(b.made.createShardLogic(b.options as never), {
      clock: b.clock,
      snapshot: snapshot as never,
    });
    actor.on('warning', ({ problem }) => b.note(problem));
    actor.subscribe({ error: (error) => b.note(textOf(error)) });
    actor.start();
    await idle();
    b.sockets.at(-1)?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    actor.stop();
    return b.lines;
  }

  it('is resumed where it was', async () => {
    expect(await restore(kept())).toEqual(['open 1 resume.discord.gg', 'send resume session-1 5', 'drop 1']);
  });

  it('never takes the token where the options do not', async () => {
    const elsewhere = { resumeUrl: 'ws://elsewhere.example/' };
    expect(await restore(kept({}, elsewhere))).toEqual([
      'open 1 gateway.discord.gg',
      'the resume URL of the session is not to be trusted: it is resumed at the main URL',
      'send resume session-1 5',
      'drop 1',
    ]);
    const context = { gatewayUrl: 'ws://elsewhere.example/', session: { id: 'x', url: 'ws://elsewhere.example/' } };
    expect(await restore(kept({ context, value: { running: 'waiting' } }))).toContain('open 1 resume.discord.gg');
  });

  it.each<[string, object, object]>([
    ['another shard (0 of 1 instead of 1 of 2)', {}, { shard: [1, 2] }],
    ['other intents (1 instead of 512)', {}, { intents: 512 }],
    ['another encoding (json instead of etf)', {}, { encoding: 'etf' }],
    ['another compression (false instead of zlib-stream)', {}, { compress: 'zlib-stream' }],
    ['another API version (9 instead of 10)', { wire: { version: 9, encoding: 'json', compress: false } }, {}],
    ['another Gateway', {}, { url: 'wss://gateway.example/' }],
    ['another Gateway', { gatewayUrl: null }, {}],
  ])('of %s is told of, and a new session begins', async (difference, record, options) => {
    const lines = await restore(kept({}, record), options);
    expect(lines).toContain(`the session to be resumed has ${difference}: a new session begins`);
    expect(lines).toContain(`open 1 ${new URL((options as { url?: string }).url ?? MAIN).host}`);
    expect(lines.join()).not.toContain('resume session-1');
  });

  it('is a secret from the start', async () => {
    const b = new ShardBench({ url: undefined, locator: { locate: () => Promise.reject(new Error('of session-1')) } });
    const actor = createActor(b.made.createShardLogic(b.options as never), {
      clock: b.clock,
      snapshot: kept({}, { gatewayUrl: null, resumeUrl: null }) as never,
    });
    actor.on('warning', ({ problem, error }) => b.note(`${problem}: ${textOf(error)}`));
    actor.start();
    await idle();
    actor.stop();
    expect(b.lines).toEqual(['the Gateway URL could not be had: of <session 1>']);
  });

  it('gives way to the policy of the options', async () => {
    const policy = { deadlines: { open: 1_234 } };
    const b = new ShardBench({ policy } as never);
    const actor = createActor(b.made.createShardLogic(b.options as never), {
      clock: b.clock,
      snapshot: kept() as never,
    });
    expect(actor.getSnapshot().context.policy.deadlines.open).toBe(1_234);
  });

  it.each<[unknown, string]>([
    [{ status: 'active', value: 'stopped', context: {} }, 'its version is missing, not 1'],
    [kept({ version: 2 }), 'its version is 2, not 1'],
    [kept({ running: undefined }), 'it does not say whether the shard was running'],
    [kept({}, { sequence: 'x' }), 'of its session, sequence is not a whole number'],
    ['text', 'it is not an object'],
    [7, 'it is not an object'],
  ])('that is none is an error that says why: %j', async (snapshot, why) => {
    expect(await restore(snapshot as object)).toEqual([
      `ERR_SNAPSHOT The snapshot cannot be restored: ${why}. Give what getPersistedSnapshot() gave, or leave it out`,
    ]);
  });

  it.each(['done', 'error', 'stopped'])('never makes an actor hang, whatever status it says: %s', async (status) => {
    expect(await restore(kept({ status }))).toContain('send resume session-1 5');
  });

  it('starts a shard that was not running, since its logic starts by itself', async () => {
    expect(await restore(kept({ running: false }))).toContain('send resume session-1 5');
    expect(await restore(kept({ running: false, resume: null }))).toContain('send identify');
  });
});
