import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELLO, send, text } from '../../src/contracts/socket/watch.js';
import { createShard } from '../../src/index.js';
import { type RawPeer, startRawPeer } from '../support/start-raw-peer.js';

const ready = (url: string) => `{"op":0,"t":"READY","s":1,"d":{"session_id":"s","resume_gateway_url":"${url}"}}`;

describe('send', () => {
  let raw: RawPeer;
  beforeAll(async () => {
    raw = await startRawPeer();
  });
  afterAll(() => raw.stop());

  it('is fulfilled for what reaches the Gateway, and rejects between its close frame and the end of TCP', async () => {
    const { url, ended } = await raw.peer.play([
      { step: 'accept', frames: [text(HELLO)] },
      { step: 'receive', messages: 1 },
      send(text(ready('ws://127.0.0.1/'))),
      { step: 'receive', messages: 4 },
      { step: 'ignoreClose' },
      { step: 'ignoreEnd' },
      send({ type: 'close', code: 4000 }),
      { step: 'wait', ms: 1_000 },
      { step: 'drop' },
    ]);
    const shard = createShard({ token: 'token', intents: [], url, queue: false });
    const reasons: string[] = [];
    shard.on('transition', ({ cause }) => {
      if (cause.name.startsWith('closedFor')) isOver = true;
    });
    let isOver = false;
    await shard.start();
    let sent = 0;
    let wereReady = 0;
    while (!isOver) {
      wereReady += shard.isReady ? 1 : 0;
      await shard.send(3, { since: null, activities: [], status: 'online', afk: false }).then(
        () => (sent += 1),
        ({ reason }) => reasons.push(reason),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { messages } = await ended();
    await shard.stop();

    expect(sent).toBe(messages.length - 1); // one was Identify
    expect(wereReady).toBe(sent);
    expect(reasons.length).toBeGreaterThan(3);
    expect(new Set(reasons)).toEqual(new Set(['notReady']));
  });
});
