/** The session of a shard: where it comes from, what of it is handled, and the record that the shard leaves with. */
import { describe, expect, it } from 'vitest';
import { INTERVAL, idle, recordOf, ShardBench } from '../support/shard-bench.js';

describe('the session of a shard', () => {
  it('leaves with a record of what was handled, and without a session with none', async () => {
    const b = new ShardBench();
    b.tell('detach', b.shard.detach());
    await b.begin();
    const iterator = b.shard.dispatches();
    b.dispatch(4);
    b.dispatch(6);
    b.dispatch(9);
    await iterator.next();
    await iterator.next();
    b.tell('detach', b.shard.detach());
    await idle();
    b.tell('next', iterator.next());
    await idle();
    b.close();
    await idle();
    b.note(b.shard.session);

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'detach: null',
      'send identify',
      'start: done',
      'close 4900',
      'next: {"done":true}',
      'drop 1',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":"wss://resume.discord.gg/","sequence":4,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"gatewayUrl":"wss://gateway.discord.gg/","savedAt":1000}',
      '{"id":"session-1","sequence":9}',
    ]);
  });

  it('counts what nobody wants as handled, and READY as received', async () => {
    const b = new ShardBench();
    const all = b.shard.dispatches();
    await b.begin();
    b.tell('detach', b.shard.detach());
    b.close();
    await idle();
    void all;
    const some = b.shard.dispatches('A' as never);
    b.tell('start', b.shard.start());
    b.sockets[1]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    b.dispatch(5, 'B');
    b.dispatch(6);
    await idle();
    b.dispatch(7, 'RESUMED');
    b.tell('detach', b.shard.detach());
    b.close();
    await idle();
    void some;

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'close 4900',
      'drop 1',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":"wss://resume.discord.gg/","sequence":1,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"gatewayUrl":"wss://gateway.discord.gg/","savedAt":1000}',
      'open 2 resume.discord.gg',
      'send resume session-1 1',
      'close 4900',
      'drop 2',
      'start: done',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":"wss://resume.discord.gg/","sequence":5,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"gatewayUrl":"wss://gateway.discord.gg/","savedAt":1000}',
    ]);
  });

  it('resumes from a record, and knows from where should the first replayed dispatch not be handled', async () => {
    const b = new ShardBench({ resume: recordOf(7), hears: ['dispatch'] });
    const iterator = b.shard.dispatches();
    b.tell('start', b.shard.start());
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    b.dispatch(8);
    await idle();
    b.dispatch(9, 'RESUMED');
    await idle();
    b.tell('detach', b.shard.detach());
    b.close();
    await idle();
    void iterator;

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send resume session-1 7',
      'dispatch {"name":"A","data":{},"sequence":8,"replayed":true}',
      'dispatch {"name":"RESUMED","data":{},"sequence":9,"replayed":false}',
      'start: done',
      'close 4900',
      'drop 1',
      'detach: {"version":1,"sessionId":"session-1","resumeUrl":null,"sequence":7,"shard":[0,1],"intents":1,"wire":{"version":10,"encoding":"json","compress":false},"gatewayUrl":"wss://gateway.discord.gg/","savedAt":1000}',
    ]);
  });

  it('takes no session from a READY without one', async () => {
    const b = new ShardBench({ hears: ['warning'] });
    await b.begin({});
    b.note(b.shard.session);
    b.tell('detach', b.shard.detach());
    b.close();
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'warning READY came without a session id: this session cannot be resumed',
      'start: done',
      'null',
      'close 4900',
      'drop 1',
      'detach: null',
    ]);
  });

  it('begins anew with a READY that answers Resume, and hands it on', async () => {
    const b = new ShardBench({ resume: recordOf(500), hears: ['dispatch'] });
    const iterator = b.shard.dispatches();
    b.tell('start', b.shard.start());
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    b.dispatch(1, 'READY', { session_id: 'session-2' });
    for (const s of [2, 3]) b.dispatch(s);
    await idle();
    await iterator.next();
    b.tell('detach', b.shard.detach());
    b.close();
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send resume session-1 500',
      'dispatch {"name":"READY","data":{"session_id":"session-2"},"sequence":1,"replayed":false}',
      'dispatch {"name":"A","data":{},"sequence":2,"replayed":false}',
      'dispatch {"name":"A","data":{},"sequence":3,"replayed":false}',
      'start: done',
      'close 4900',
      'drop 1',
      expect.stringContaining('"sessionId":"session-2","resumeUrl":null,"sequence":1,'),
    ]);
  });

  it('leaves with no record where nobody knows from where to resume', async () => {
    const b = new ShardBench();
    const iterator = b.shard.dispatches();
    b.tell('start', b.shard.start());
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    b.say({ op: 0, t: 'READY', d: { session_id: 'session-1' } });
    for (const s of [5, 6]) b.dispatch(s);
    await idle();
    await iterator.next(); // READY; 5 is not handled, and what came before it has no number
    b.tell('detach', b.shard.detach());
    b.close();
    await idle();
    expect(b.lines.at(-1)).toBe('detach: null');
  });

  it('knows where to resume from once a dispatch told it, where READY did not', async () => {
    const b = new ShardBench({ hears: ['READY', 'A'] });
    b.tell('start', b.shard.start());
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    b.say({ op: 0, t: 'READY', d: { session_id: 'session-1' } });
    await idle();
    b.note(`session ${JSON.stringify(b.shard.session)}`);
    b.dispatch(5);
    await idle();
    b.note(`session ${JSON.stringify(b.shard.session)}`);

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'READY {"session_id":"session-1"} {"sequence":null,"replayed":false}',
      'start: done',
      'session null',
      'A {} {"sequence":5,"replayed":false}',
      'session {"id":"session-1","sequence":5}',
    ]);
  });

  it('counts what it is not for as handled, be it parsed for the trace', async () => {
    const b = new ShardBench({ events: ['A'], record: { to: () => {}, contents: true } });
    const iterator = b.shard.dispatches();
    await b.begin();
    b.dispatch(2, 'B');
    b.dispatch(3, 'A');
    const record = b.shard.detach();
    b.close();

    expect(await record).toMatchObject({ sequence: 2 });
    expect(await iterator.next()).toMatchObject({ done: true });
  });
});

describe('a record to resume from', () => {
  it.each<[resumeUrl: string, allowHosts: string[], host: string]>([
    ['wss://resume.discord.gg/', [], 'resume.discord.gg'],
    ['wss://proxy.example/', [], 'gateway.discord.gg'],
    ['wss://proxy.example/', ['proxy.example'], 'proxy.example'],
  ])('leads to its URL if the token may be sent there: %s with %j', (resumeUrl, allowHosts, host) => {
    const b = new ShardBench({ resume: recordOf(7, { resumeUrl }), allowHosts });
    b.tell('start', b.shard.start());

    expect(b.lines).toEqual([`open 1 ${host}`]);
  });

  it('leads to this machine where the configured URL is there, on its port', () => {
    const b = new ShardBench({ resume: recordOf(7, { resumeUrl: 'ws://localhost:1/' }), url: 'ws://127.0.0.1:1/' });
    b.tell('start', b.shard.start());

    expect(b.lines).toEqual(['open 1 localhost:1']);
  });

  it('goes on from what was kept, after which all counts as not handled', async () => {
    const kept = {
      version: 1,
      shard: [0, 1],
      resume: recordOf(5, { savedAt: 1_000 }),
      identifies: { sent: [], left: 10, nextAt: null },
      savedAt: 1_000,
    } as const;
    const b = new ShardBench({ sessions: { load: async () => [kept], save: async () => {} } });
    const reader = b.shard.dispatches();
    b.shard.start().catch(() => {});
    await idle();
    b.sockets.at(-1)?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    b.dispatch(6);
    await idle();
    expect(b.shard.checkpoint()?.sequence).toBe(5);
    await reader.return?.();
  });
});
