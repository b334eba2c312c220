import { describe, expect, it } from 'vitest';
import { Opcode } from '../../machines/index.js';
import { idle, ShardBench, type ShardBenchOptions } from '../support/shard-bench.js';

const EVERYONE = { guild_id: '7', query: '', limit: 0 } as const;

/** A shard that is ready, on which no heartbeat is due. */
async function ready(options: ShardBenchOptions = {}): Promise<ShardBench> {
  const b = new ShardBench(options);
  b.tell('start', b.shard.start());
  b.sockets.at(-1)?.opened();
  b.say({ op: 10, d: { heartbeat_interval: 3_600_000 } });
  await idle();
  b.dispatch(1, 'READY', { session_id: 'session-1' });
  await idle();
  b.lines.length = 0;
  return b;
}

const nonces = (b: ShardBench) =>
  b.lines.filter((line) => line.startsWith('send 8')).map((line) => JSON.parse(line.slice(7)).nonce as string);

let sequence = 1;
function dispatch(b: ShardBench, t: string, d: object): void {
  sequence += 1;
  b.dispatch(sequence, t, d);
}

const chunk = (b: ShardBench, nonce: string | undefined, index: number, count: number, rest: object = {}) =>
  dispatch(b, 'GUILD_MEMBERS_CHUNK', {
    guild_id: '7',
    members: [{ nick: `m${index}` }],
    chunk_index: index,
    chunk_count: count,
    nonce,
    ...rest,
  });

const limited = (b: ShardBench, retry_after: unknown, nonce?: string, rest: object = {}) =>
  dispatch(b, 'RATE_LIMITED', { opcode: 8, retry_after, meta: { guild_id: '7', nonce }, ...rest });

describe('a request for members', () => {
  it('collects the chunks of its nonce, in order and each once, and who was not found', async () => {
    const b = await ready();
    b.tell('members', b.shard.requestGuildMembers({ guild_id: '7', user_ids: ['1', '2'] }));
    await idle();
    const [nonce] = nonces(b);
    expect(new TextEncoder().encode(nonce).length).toBeLessThanOrEqual(32);
    chunk(b, 'other', 0, 1);
    chunk(b, nonce, 1, 2, { not_found: ['1', 5] });
    chunk(b, nonce, 1, 2);
    chunk(b, nonce, 0, 2, { presences: [{ status: 'idle' }] });
    chunk(b, nonce, 0, 2);
    await idle();
    expect(b.lines.slice(1)).toEqual([
      'members: {"members":[{"nick":"m0"},{"nick":"m1"}],"presences":[{"status":"idle"}],"notFound":["1","5"]}',
    ]);
  });

  it('takes an answer that comes in the same task in which it is sent, at once or from the queue', async () => {
    const b = await ready();
    b.tell('at once', b.shard.requestGuildMembers(EVERYONE));
    chunk(b, nonces(b)[0], 0, 1);
    b.tell('from the queue', b.shard.requestGuildMembers(EVERYONE));
    b.clock.increment(31_000);
    chunk(b, nonces(b)[1], 0, 1);
    await idle();
    expect(b.lines.filter((line) => !line.startsWith('send'))).toEqual([
      'at once: {"members":[{"nick":"m0"}],"presences":[],"notFound":[]}',
      'from the queue: {"members":[{"nick":"m0"}],"presences":[],"notFound":[]}',
    ]);
  });

  it('brings them to iterators as they come, while dispatches go to listeners as ever', async () => {
    const b = await ready({ hears: ['GUILD_MEMBERS_CHUNK'] });
    const request = b.shard.requestGuildMembers(EVERYONE);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { chunk_index } of request) seen.push(chunk_index);
    })();
    await idle();
    const [nonce] = nonces(b);
    chunk(b, nonce, 0, 3);
    await idle();
    expect(seen).toEqual([0]);
    chunk(b, nonce, 2, 3);
    chunk(b, nonce, 1, 3);
    await reading;
    expect(seen).toEqual([0, 2, 1]);
    expect(b.lines.filter((line) => line.startsWith('GUILD_MEMBERS_CHUNK'))).toHaveLength(3);
  });

  it('is answered also where the shard is for other dispatches', async () => {
    const b = await ready({ events: ['MESSAGE_CREATE'], hears: ['dispatch'] });
    b.tell('members', b.shard.requestGuildMembers(EVERYONE));
    await idle();
    chunk(b, nonces(b)[0], 0, 1);
    await idle();
    expect(b.lines.at(-1)).toMatch(/^members: .*m0/);
    expect(b.lines.filter((line) => line.startsWith('dispatch'))).toEqual([]);
  });

  it('waits as told where Discord refuses it, and asks again', async () => {
    const b = await ready();
    b.tell('members', b.shard.requestGuildMembers(EVERYONE));
    await idle();
    const [nonce] = nonces(b);
    limited(b, 2.5, 'other');
    limited(b, 2.5, nonce, { opcode: 31 });
    limited(b, 2.5, nonce);
    await b.pass(2_499);
    expect(nonces(b)).toHaveLength(1);
    await b.pass(1);
    expect(nonces(b)).toEqual([nonce, nonce]);
    chunk(b, nonce, 0, 1);
    await idle();
    expect(b.lines.at(-1)).toMatch(/^members: .*m0/);
  });

  it('is given up when Discord refuses it for the sixth time', async () => {
    const b = await ready();
    b.tell('members', b.shard.requestGuildMembers(EVERYONE));
    await idle();
    for (let i = 0; i < 6; i += 1) {
      limited(b, i === 0 ? 'soon' : 0.001);
      await b.pass(30_000);
    }
    expect(nonces(b)).toHaveLength(6);
    expect(b.lines.at(-1)).toMatch(/^members: ERR_REQUEST .*RATE_LIMITED/);
  });

  it('is given up when nothing more comes for as long as it says', async () => {
    const b = await ready();
    b.tell('members', b.shard.requestGuildMembers(EVERYONE, { timeout: 5_000 }));
    await idle();
    await b.pass(4_999);
    chunk(b, nonces(b)[0], 0, 2);
    await b.pass(4_999);
    expect(b.lines).toHaveLength(1);
    await b.pass(1);
    expect(b.lines.at(-1)).toMatch(/^members: ERR_REQUEST Request Guild Members was not answered: nothing came/);
    expect(b.clock.next).toBe(1_800_000 + 1_000); // the heartbeat
  });

  it('waits 30 s for an answer unless told', async () => {
    const b = await ready();
    b.tell('members', b.shard.requestGuildMembers(EVERYONE));
    await b.pass(29_999);
    expect(b.lines).toHaveLength(1);
    await b.pass(1);
    expect(b.lines.at(-1)).toMatch(/^members: ERR_REQUEST/);
  });

  it('waits in the queue for as long as it takes, and is not sent once it is aborted', async () => {
    const b = new ShardBench();
    b.tell('start', b.shard.start());
    const controller = new AbortController();
    b.tell('first', b.shard.requestGuildMembers(EVERYONE, { timeout: 1, signal: controller.signal }));
    b.tell('second', b.shard.requestGuildMembers(EVERYONE, { signal: AbortSignal.abort(new Error('before')) }));
    await b.pass(5_000);
    expect(b.shard.budget.waiting).toBe(1);
    controller.abort(new Error('after'));
    await idle();
    expect(b.shard.budget.waiting).toBe(0);
    expect(b.lines.slice(1)).toEqual(['second: before', 'first: after']);
  });

  it('is given up by a loop that is left', async () => {
    const b = await ready();
    const request = b.shard.requestGuildMembers(EVERYONE);
    b.tell('members', request);
    const reading = (async () => {
      for await (const _ of request) return;
    })();
    await idle();
    chunk(b, nonces(b)[0], 0, 2);
    await reading;
    await idle();
    expect(b.lines.at(-1)).toMatch(/^members: ERR_REQUEST .*the loop over its parts was left/);
  });

  it('has a loop end with what it fails with, after what had come', async () => {
    const b = await ready();
    const request = b.shard.requestGuildMembers(EVERYONE);
    const seen: string[] = [];
    const reading = (async () => {
      try {
        for await (const { chunk_index } of request) seen.push(`${chunk_index}`);
      } catch (error) {
        seen.push((error as { reason: string }).reason);
      }
    })();
    await idle();
    chunk(b, nonces(b)[0], 0, 2);
    void b.shard.stop();
    await reading;
    expect(seen).toEqual(['0', 'stopped']);
  });

  it('goes on over a resume, and fails with the session', async () => {
    const b = await ready();
    b.tell('members', b.shard.requestGuildMembers(EVERYONE));
    await idle();
    const [nonce] = nonces(b);
    chunk(b, nonce, 0, 3);
    const again = async () => {
      const opened = b.sockets.length;
      b.close(4_000);
      while (b.sockets.length === opened) await b.pass(500);
      b.sockets.at(-1)?.opened();
      b.say({ op: 10, d: { heartbeat_interval: 3_600_000 } });
      await idle();
    };
    await again();
    chunk(b, nonce, 1, 3);
    dispatch(b, 'RESUMED', {});
    await idle();
    expect(b.lines.filter((line) => line.startsWith('members'))).toEqual([]);
    await again();
    b.dispatch(1, 'READY', { session_id: 'session-2' });
    await idle();
    expect(b.lines.at(-1)).toMatch(/^members: ERR_REQUEST .*the session ended/);
  });

  it.each([
    ['stop', 'stopped'],
    ['detach', 'detached'],
  ] as const)('fails with %s, sent or not', async (order, says) => {
    for (const wasSent of [true, false]) {
      const b = wasSent ? await ready() : new ShardBench();
      if (!wasSent) b.tell('start', b.shard.start());
      b.tell('members', b.shard.requestGuildMembers(EVERYONE));
      await idle();
      void b.shard[order]();
      await idle();
      expect(b.lines.find((line) => line.startsWith('members'))).toMatch(new RegExp(`^members: ERR_REQUEST .*${says}`));
    }
  });

  it('is not sent where its data is wrong, or the shard does not run', async () => {
    const b = await ready();
    expect(() => b.shard.requestGuildMembers({ guild_id: 7 } as never)).toThrow(/guild_id is the number 7/);
    expect(() => b.shard.requestGuildMembers({ ...EVERYONE, query: 'x'.repeat(5_000) })).toThrow(/over 4096 bytes/);
    expect(() => b.shard.requestGuildMembers(EVERYONE, { timeout: 0 })).toThrow(/timeout is 0/);
    expect(() => b.shard.requestGuildMembers(EVERYONE, { signal: {} as never })).toThrow(/signal is an object/);
    expect(b.lines).toEqual([]);
    const other = new ShardBench();
    other.tell('members', other.shard.requestGuildMembers(EVERYONE));
    await idle();
    expect(other.lines[0]).toMatch(/^members: ERR_COMMAND_REJECTED .*start it first/);
  });
});

describe('a request for soundboard sounds', () => {
  const sounds = (b: ShardBench, guild: string) =>
    dispatch(b, 'SOUNDBOARD_SOUNDS', { guild_id: guild, soundboard_sounds: [] });

  it('has an answer for each guild; what comes once is for who asked first', async () => {
    const b = await ready();
    b.tell('one', b.shard.requestSoundboardSounds({ guild_ids: ['1', '2'] }));
    b.tell('two', b.shard.requestSoundboardSounds({ guild_ids: ['2'] }));
    await idle();
    for (const guild of ['3', '2', '2', '1']) sounds(b, guild);
    await idle();
    expect(b.lines.filter((line) => !line.startsWith('send'))).toEqual([
      'two: [{"guild_id":"2","soundboard_sounds":[]}]',
      'one: [{"guild_id":"2","soundboard_sounds":[]},{"guild_id":"1","soundboard_sounds":[]}]',
    ]);
  });

  it('obeys RATE_LIMITED for one of its guilds', async () => {
    const b = await ready();
    b.tell('sounds', b.shard.requestSoundboardSounds({ guild_ids: ['1', '2'] }));
    await idle();
    limited(b, 1, undefined, { opcode: 31, meta: { guild_id: '3' } });
    limited(b, 1, undefined, { opcode: 31, meta: null });
    await b.pass(1_000);
    expect(b.lines).toHaveLength(1);
    limited(b, 1, undefined, { opcode: 31, meta: { guild_id: '2' } });
    await b.pass(1_000);
    expect(b.lines).toHaveLength(2);
  });
});

describe('a request for channel info', () => {
  it('has one answer, of its guild', async () => {
    const b = await ready();
    b.tell('info', b.shard.requestChannelInfo({ guild_id: '1', fields: ['status'] }));
    b.tell('more', b.shard.requestChannelInfo({ guild_id: '1', fields: ['voice_start_time'] }));
    await idle();
    dispatch(b, 'CHANNEL_INFO', { guild_id: '2', channels: [] });
    dispatch(b, 'CHANNEL_INFO', { guild_id: '1', channels: [{ id: '5' }] });
    dispatch(b, 'CHANNEL_INFO', { guild_id: '1', channels: [{ id: '6' }] });
    await idle();
    expect(b.lines.slice(2)).toEqual([
      'info: {"guild_id":"1","channels":[{"id":"5"}]}',
      'more: {"guild_id":"1","channels":[{"id":"6"}]}',
    ]);
  });

  it('obeys RATE_LIMITED', async () => {
    const b = await ready();
    void b.shard.requestChannelInfo({ guild_id: '1', fields: ['status'] });
    await idle();
    limited(b, 1, undefined, { opcode: Opcode.RequestChannelInfo, meta: { guild_id: '1' } });
    await b.pass(1_000);
    expect(b.lines).toHaveLength(2);
  });
});
