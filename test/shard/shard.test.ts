import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { PresenceData } from '../../machines/index.js';
import { Host } from '../../src/host/host.js';
import type { ResumeRecord } from '../../src/ports/index.js';
import { redactor } from '../../src/redact/redact.js';
import { StoppedError } from '../../src/shard/errors.js';
import { breakAt, breakNext } from '../support/breaking.js';
import { memoryWorld } from '../support/memory.js';
import { INTERVAL, idle, MAIN, ShardBench, type ShardBenchOptions, shown, textOf } from '../support/shard-bench.js';

/** A record of a session of this shard. */
function recordOf(sequence: number): ResumeRecord {
  return {
    version: 1,
    sessionId: 'session-1',
    resumeUrl: null,
    sequence,
    shard: [0, 1],
    intents: 1,
    wire: { version: 10, encoding: 'json', compress: false },
    savedAt: 0,
  };
}

describe('a shard', () => {
  it('connects, identifies, is ready, and stops', async () => {
    const b = new ShardBench({ hears: ['transition', 'health'] });
    const { shard } = b;
    const look = () => b.note([shown(shard.state), shard.isReady, shard.session, shard.health().status]);
    look();
    b.tell('closed', shard.closed);
    await b.begin();
    look();
    b.note(shard.id);
    b.dispatch(2);
    b.note(shard.session);
    b.tell('stop', shard.stop());
    await idle();
    b.note('our close is answered');
    b.close();
    await idle();
    look();

    expect(b.lines).toEqual([
      '["stopped",false,null,"down"]',
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'health degraded started',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'permitted > open(session.identifying + heartbeat.jittering + reading.flowing)',
      'ready > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'health healthy ready',
      'start: done',
      '["open(session.ready.settling + heartbeat.jittering + reading.flowing)",true,{"id":"session-1","sequence":1},"healthy"]',
      '[0,1]',
      '{"id":"session-1","sequence":2}',
      'close 1000',
      'stopped > closing.stopping',
      'health down stopped',
      'our close is answered',
      'drop 1',
      'closeAnswered > stopped',
      'closed: done',
      'stop: done',
      '["stopped",false,null,"down"]',
    ]);
  });

  it('is shown by its id and its state', async () => {
    const b = new ShardBench({ shard: [1, 4] });
    const { shard } = b;
    const looks = [inspect(shard)];
    void shard.start();
    looks.push(inspect(shard));
    await b.begin();
    looks.push(inspect(shard, { showHidden: true }));
    void shard.stop();
    looks.push(inspect({ shard }));

    expect(looks).toEqual([
      'Shard [1, 4] stopped',
      'Shard [1, 4] opening',
      'Shard [1, 4] ready',
      '{ shard: Shard [1, 4] closing.stopping }',
    ]);
  });

  it.each<[what: string, like: (shard: object) => object]>([
    ['a proxy of it', (shard) => new Proxy(shard, {})],
    ['an object that inherits from it', (shard) => Object.create(shard)],
  ])('is shown without a throw and without its token where it is %s', (_, like) => {
    const text = inspect(like(new ShardBench().shard), { depth: 6 });
    expect(text).toContain('Shard');
    expect(text).not.toContain('secret-token');
  });

  it('starts once however often it is told, and anew after a stop', async () => {
    const b = new ShardBench();
    const first = b.shard.start();
    b.note(first === b.shard.start());
    const { closed } = b.shard;
    b.tell('start', first);
    await b.greet();
    b.tell('start again', b.shard.start());
    await idle();
    const stopped = b.shard.stop();
    b.note(stopped === b.shard.stop());
    b.tell('stop', stopped);
    b.tell('start after that', b.shard.start());
    await idle();
    b.note('our close is answered');
    b.close();
    await idle();
    await b.greet();
    b.note(b.shard.closed === closed);
    b.tell('closed', b.shard.closed);
    b.tell('stop', b.shard.stop());
    b.close();
    await idle();
    b.note(b.shard.latency);

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'true',
      'send identify',
      'start: done',
      'start again: done',
      'close 1000',
      'true',
      'our close is answered',
      'drop 1',
      'open 2 gateway.discord.gg',
      'stop: done',
      'send identify',
      'start after that: done',
      'false',
      'close 1000',
      'drop 2',
      'closed: done',
      'stop: done',
      '{"average":null,"recent":[]}',
    ]);
  });

  it('ends a start at once when it is stopped before it is ready', async () => {
    const b = new ShardBench();
    b.tell('stop', b.shard.stop());
    await idle();
    b.tell('start', b.shard.start());
    b.sockets[0]?.opened();
    b.tell('stop', b.shard.stop());
    b.tell('stop again', b.shard.stop());
    await idle();
    b.note('our close is answered');
    b.close();
    await idle();
    b.tell('detach', b.shard.detach());

    expect(b.lines).toEqual([
      'stop: done',
      'open 1 gateway.discord.gg',
      'close 1000',
      'start: ERR_STOPPED The shard was stopped before it was ready',
      'our close is answered',
      'drop 1',
      'stop: done',
      'stop again: done',
    ]);
  });

  it('is stopped by a signal, which it leaves alone afterwards', async () => {
    const b = new ShardBench();
    const controller = new AbortController();
    const { signal } = controller;
    const remove = signal.removeEventListener.bind(signal);
    signal.removeEventListener = (name: string, listener: never) => {
      b.note(`no longer listens for ${name}`);
      remove(name, listener);
    };
    Object.assign(b.options, { signal });
    b.tell('start', b.shard.start());
    b.sockets[0]?.opened();
    controller.abort(new Error('enough'));
    await idle();
    b.note('our close is answered');
    b.close();
    await idle();
    b.tell('start', b.shard.start());
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'close 1000',
      'start: enough',
      'our close is answered',
      'drop 1',
      'no longer listens for abort',
      'start: enough',
    ]);
  });

  it('fails with the reason, each time with its own', async () => {
    const b = new ShardBench({ hears: ['transition'] });
    Object.assign(b.options, {
      permits: { request: async () => ({ granted: false, reason: 'not now', retryAfter: null }), update: () => {} },
    });
    const iterator = b.shard.dispatches();
    b.tell('next', iterator.next());
    b.tell('start', b.shard.start());
    b.tell('closed', b.shard.closed);
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    b.close();
    await idle();
    b.tell('stop', b.shard.stop());
    await idle();
    b.tell('start', b.shard.start());
    b.tell('closed', b.shard.closed);
    b.close(4004);
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'close 1000',
      'permitRefused > closing.failing',
      'drop 1',
      'closeAnswered > failed',
      'closed: ERR_IDENTIFY_REFUSED The identify was refused for good: not now. Ask the permit port why, then start again',
      'start: ERR_IDENTIFY_REFUSED The identify was refused for good: not now. Ask the permit port why, then start again',
      'next: ERR_IDENTIFY_REFUSED The identify was refused for good: not now. Ask the permit port why, then start again',
      'stop: done',
      'open 2 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'drop 2',
      'closedForGood > failed',
      'closed: ERR_GATEWAY_CLOSED The Gateway closed the connection with 4004 Authentication failed: the token is wrong or was reset; set the current token of the application',
      'start: ERR_GATEWAY_CLOSED The Gateway closed the connection with 4004 Authentication failed: the token is wrong or was reset; set the current token of the application',
    ]);
  });

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

  it('sends when it is ready, what Discord would take', async () => {
    const b = new ShardBench();
    const presence: PresenceData = { since: null, activities: [], status: 'online' as never, afk: false };
    b.tell('too early', b.shard.send(3, presence));
    await b.begin();
    b.tell('sent', b.shard.send(3, presence));
    b.tell('too large', b.shard.send(8, { guild_id: '1', query: 'x'.repeat(4_096), limit: 0 }));
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'too early: ERR_COMMAND_REJECTED Update Presence was not sent: the shard does not run: start it first',
      'send identify',
      'start: done',
      'send 3 {"since":null,"activities":[],"status":"online","afk":false}',
      'sent: "sent"',
      'too large: ERR_PAYLOAD_TOO_LARGE The payload is over 4096 bytes: Discord would close the connection with 4002',
    ]);
  });

  it('sends nothing before it is ready, nor once its connection closes', async () => {
    const b = new ShardBench({ queue: false });
    b.shard.start();
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    b.tell('too early', b.shard.sendRaw(99, null));
    await idle();
    b.dispatch(1, 'READY', { session_id: 'session-1' });
    b.note(b.shard.isReady);
    b.isOpen = false;
    b.note(b.shard.isReady);
    b.tell('too late', b.shard.sendRaw(99, null));
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'too early: ERR_COMMAND_REJECTED Opcode 99 was not sent: the shard is not ready, and has no queue: wait for READY or RESUMED, or set the option queue',
      'true',
      'false',
      'too late: ERR_COMMAND_REJECTED Opcode 99 was not sent: the shard is not ready, and has no queue: wait for READY or RESUMED, or set the option queue',
    ]);
  });

  it('sends nothing during a replay', async () => {
    const b = new ShardBench({ resume: recordOf(7) });
    b.shard.start();
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    b.dispatch(8);
    await idle();
    const sending = b.shard.sendRaw(99, null);
    b.dispatch(9, 'RESUMED');
    expect(await sending).toBe('sent');
    expect(b.lines).toEqual(['open 1 gateway.discord.gg', 'send resume session-1 7', 'send 99 null']);
  });

  it('begins the start that waited for a stop once, however that ends', async () => {
    const b = new ShardBench();
    await b.begin();
    b.tell('stop', b.shard.stop());
    b.tell('start after that', b.shard.start());
    b.close();
    await idle();
    b.tell('closed', b.shard.closed);
    b.close(4004);
    await idle();

    expect(b.lines.filter((line) => !line.includes('ERR_GATEWAY_CLOSED'))).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'close 1000',
      'drop 1',
      'open 2 gateway.discord.gg',
      'stop: done',
      'drop 2',
    ]);
  });

  it.each<[string, (b: ShardBench, abort: () => void) => unknown]>([
    ['a stop', (b) => b.tell('stop again', b.shard.stop())],
    ['a signal', (_, abort) => abort()],
  ])('gives up a start that waits for a stop on %s', async (_, giveUp) => {
    const controller = new AbortController();
    const b = new ShardBench({ signal: controller.signal });
    await b.begin();
    b.tell('stop', b.shard.stop());
    b.tell('start after that', b.shard.start());
    giveUp(b, () => controller.abort(new StoppedError()));
    await idle();
    b.note('our close is answered');
    b.close();
    await idle();

    expect(b.lines.filter((line) => line !== 'stop again: done')).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'close 1000',
      'start after that: ERR_STOPPED The shard was stopped before it was ready',
      'our close is answered',
      'drop 1',
      'stop: done',
    ]);
  });

  it('makes no iterator over dispatches that there are not', () => {
    const b = new ShardBench();
    expect(() => b.shard.dispatches('MESSAGE_CRAETE' as never)).toThrow(
      new TypeError('there is no documented event "MESSAGE_CRAETE": write MESSAGE_CREATE'),
    );
  });

  it('tells its listeners, once those that asked for once, and none that left', async () => {
    const b = new ShardBench();
    const { shard } = b;
    const off = shard.on('dispatch', ({ name }) => b.note(`one heard ${name}`));
    shard.once('dispatch', ({ name }) => b.note(`another heard ${name}`));
    shard.on('A' as 'READY', (data, info) => b.note(['A', data, info]));
    const third = ({ name }: { name: string }) => b.note(`a third heard ${name}`);
    shard.on('dispatch', third);
    shard.on('dispatch', third);
    await b.begin();
    b.dispatch(2, 'A', { x: 1 });
    off();
    shard.off('dispatch', third);
    shard.off('health', () => {});
    b.dispatch(3, 'A', { x: 2 });

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'one heard READY',
      'another heard READY',
      'a third heard READY',
      'start: done',
      '["A",{"x":1},{"sequence":2,"replayed":false}]',
      'one heard A',
      'a third heard A',
      '["A",{"x":2},{"sequence":3,"replayed":false}]',
    ]);
  });

  it('is not broken by a listener that throws, which is a warning, and thrown elsewhere where nobody would hear it', async () => {
    const b = new ShardBench({ hears: ['warning'] });
    const { setTimeout } = globalThis;
    const later: (() => void)[] = [];
    globalThis.setTimeout = ((fn: () => void) => later.push(fn)) as never;
    try {
      const fail = (message: string) => () => {
        throw new Error(message);
      };
      b.shard.on('warning', fail('of a warning'));
      b.shard.on('A' as 'READY', fail('of A'));
      b.shard.on('A' as 'READY', () => b.note('heard'));
      await b.begin();
      b.dispatch(2);
      for (const throwing of later) {
        try {
          throwing();
        } catch (error) {
          b.note(`thrown elsewhere: ${textOf(error)}`);
        }
      }
    } finally {
      globalThis.setTimeout = setTimeout;
    }

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'warning a listener of A threw: of A',
      'heard',
      'thrown elsewhere: of a warning',
    ]);
  });

  it('parses what is listened to, and hands on all of it raw', async () => {
    const b = new ShardBench({ hears: ['notice'] });
    await b.begin();
    b.hear('{"t":"A","s":2,"op":0,"d":{not JSON}}');
    const off = b.shard.on('A' as 'READY', () => b.note('heard'));
    b.hear('{"t":"A","s":3,"op":0,"d":{not JSON}}');
    off();
    b.hear('{"t":"A","s":4,"op":0,"d":{not JSON}}');
    b.shard.on('raw', (message, head) => b.note(['raw', message, head]));
    b.hear('{"t":"A","s":5,"op":0,"d":{not JSON}}');
    b.shard.on('dispatch', ({ data }) => b.note(data));
    b.hear('{"t":"A","s":6,"op":0,"d":{"x":1}}');
    b.hear('{"t":"A","s":7,"op":0,"d":{not JSON}}');
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'notice malformed',
      `["raw","{\\"t\\":\\"A\\",\\"s\\":5,\\"op\\":0,\\"d\\":{not JSON}}",{"name":"A","sequence":5,"replayed":false}]`,
      `["raw","{\\"t\\":\\"A\\",\\"s\\":6,\\"op\\":0,\\"d\\":{\\"x\\":1}}",{"name":"A","sequence":6,"replayed":false}]`,
      '{"x":1}',
      'notice malformed',
    ]);
  });

  it('is for the events that it was given, among them those that are listened to', async () => {
    const b = new ShardBench({ events: ['A', 'B'], hears: ['notice', 'warning', 'raw'] });
    await b.begin();
    b.shard.on('A' as 'READY', (data) => b.note(['A', data]));
    b.hear('{"t":"A","s":2,"op":0,"d":{"x":1}}');
    b.hear('{"t":"B","s":3,"op":0,"d":{not JSON}}');
    b.hear('{"t":"C","s":4,"op":0,"d":{not JSON}}');
    b.note('and now all');
    const off = b.shard.on('dispatch', ({ name, data }) => b.note([name, data]));
    b.hear('{"t":"B","s":5,"op":0,"d":{"x":2}}');
    b.hear('{"t":"C","s":6,"op":0,"d":{not JSON}}');
    off();
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'warning events: there is no documented event "A"',
      'warning events: there is no documented event "B"',
      'send identify',
      'start: done',
      `raw "{\\"t\\":\\"A\\",\\"s\\":2,\\"op\\":0,\\"d\\":{\\"x\\":1}}" {"name":"A","sequence":2,"replayed":false}`,
      '["A",{"x":1}]',
      `raw "{\\"t\\":\\"B\\",\\"s\\":3,\\"op\\":0,\\"d\\":{not JSON}}" {"name":"B","sequence":3,"replayed":false}`,
      'and now all',
      `raw "{\\"t\\":\\"B\\",\\"s\\":5,\\"op\\":0,\\"d\\":{\\"x\\":2}}" {"name":"B","sequence":5,"replayed":false}`,
      '["B",{"x":2}]',
    ]);
  });

  it('stops reading while a buffer is full', async () => {
    const b = new ShardBench({ buffer: 2, canPause: true, hears: ['transition', 'backlog'] });
    await b.begin();
    const iterator = b.shard.dispatches();
    for (const s of [2, 3, 4]) b.dispatch(s);
    await idle();
    b.note('it is read');
    for (const _ of [1, 2]) b.tell('next', iterator.next());
    await idle();
    b.note('where nothing is paused nothing is resumed');
    b.dispatch(5);
    b.dispatch(6);
    await idle();
    await b.pass(INTERVAL);
    for (const _ of [1, 2]) b.tell('next', iterator.next());
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'permitted > open(session.identifying + heartbeat.jittering + reading.flowing)',
      'ready > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'start: done',
      'backlog {"full":true,"waiting":2,"waitingBytes":58,"dropped":0}',
      'pause',
      'backlogFull > open(session.ready.settling + heartbeat.jittering + reading.paused)',
      'it is read',
      'backlogDrained > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'backlog {"full":false,"waiting":1,"waitingBytes":29,"dropped":0}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":2,"replayed":false}}',
      'resume',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":3,"replayed":false}}',
      'where nothing is paused nothing is resumed',
      'backlog {"full":true,"waiting":2,"waitingBytes":58,"dropped":0}',
      'pause',
      'backlogFull > open(session.ready.settling + heartbeat.jittering + reading.paused)',
      'send 1 6',
      'firstHeartbeat+pauseOver > open(session.ready.settling + heartbeat.beating.awaitingAck + reading.flowing)',
      'resume',
      'backlog {"full":false,"waiting":1,"waitingBytes":29,"dropped":0}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":4,"replayed":false}}',
      'next: {"done":false,"value":{"name":"A","data":{},"sequence":5,"replayed":false}}',
    ]);
  });

  it('measures what its heartbeats take, anew on each connection', async () => {
    const b = new ShardBench({ hears: ['latency', 'transition'] });
    await b.begin();
    await b.pass(INTERVAL / 2);
    b.clock.increment(30);
    b.say({ op: 11 });
    b.note(b.shard.latency);
    b.note(b.shard.traffic);
    b.shard.reconnect();
    b.close();
    await b.pass(0);
    b.note(b.shard.latency);
    b.sockets[1]?.opened();
    b.note(b.shard.latency);
    b.tell('stop', b.shard.stop());
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'permitted > open(session.identifying + heartbeat.jittering + reading.flowing)',
      'ready > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'start: done',
      'send 1 1',
      'firstHeartbeat > open(session.ready.settling + heartbeat.beating.awaitingAck + reading.flowing)',
      'latency {"ms":30}',
      'acknowledged > open(session.ready.settling + heartbeat.beating.acked + reading.flowing)',
      '{"average":30,"recent":[30]}',
      '{"frames":3,"bytes":155,"messages":3,"decompressedBytes":155}',
      'close 4900',
      'restarted > closing.reconnecting',
      'drop 1',
      'closeAnswered > running.waiting',
      'open 2 resume.discord.gg',
      'waited+resumeUrlKnown > reaching.opening',
      '{"average":30,"recent":[30]}',
      'opened > reaching.awaitingHello',
      '{"average":null,"recent":[]}',
      'close 1000',
      'stopped > closing.stopping',
    ]);
  });

  it('forgets its latencies with its run', async () => {
    const b = new ShardBench();
    await b.begin();
    await b.pass(INTERVAL / 2);
    b.clock.increment(30);
    b.say({ op: 11 });
    b.tell('stop', b.shard.stop());
    b.close();
    await idle();
    b.note(b.shard.latency);

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'send 1 1',
      'close 1000',
      'drop 1',
      'stop: done',
      '{"average":null,"recent":[]}',
    ]);
  });

  it('reconnects when it is told, with its session or a fresh one', async () => {
    const b = new ShardBench({ hears: ['transition'] });
    b.shard.reconnect();
    await b.begin();
    b.shard.reconnect();
    b.close();
    await b.pass(0);
    b.shard.reconnect({ fresh: true });
    await idle();
    b.note(b.shard.session);

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'started+gatewayKnown > reaching.opening',
      'opened > reaching.awaitingHello',
      'helloBeforeIdentify > open(session.queuedForIdentify + heartbeat.jittering + reading.flowing)',
      'send identify',
      'permitted > open(session.identifying + heartbeat.jittering + reading.flowing)',
      'ready > open(session.ready.settling + heartbeat.jittering + reading.flowing)',
      'start: done',
      'close 4900',
      'restarted > closing.reconnecting',
      'drop 1',
      'closeAnswered > running.waiting',
      'open 2 resume.discord.gg',
      'waited+resumeUrlKnown > reaching.opening',
      'drop 2',
      'open 3 gateway.discord.gg',
      'null',
    ]);
  });

  it('says what could not be had, and goes on', async () => {
    const b = new ShardBench({ hears: ['warning', 'located'], url: undefined });
    let answer = 0;
    Object.assign(b.options, {
      locator: {
        locate: async () => {
          answer += 1;
          if (answer === 1) throw new Error('on purpose, with secret-token');
          return { url: MAIN, shards: 3, sessionStartLimit: null, fetchedAt: 0 };
        },
      },
    });
    b.tell('start', b.shard.start());
    await idle();
    await b.pass(1_000);

    expect(b.lines).toEqual([
      'warning the Gateway URL could not be had: on purpose, with <token>',
      'located {"url":"wss://gateway.discord.gg/","shards":3,"sessionStartLimit":null,"fetchedAt":0}',
      'open 1 gateway.discord.gg',
    ]);
  });

  it('settles everything when it breaks, and cannot go on', async () => {
    const b = new ShardBench();
    breakAt('requestPermit', 'no chance');
    const iterator = b.shard.dispatches();
    b.tell('next', iterator.next());
    b.tell('start', b.shard.start());
    b.tell('closed', b.shard.closed);
    b.sockets[0]?.opened();
    b.say({ op: 10, d: { heartbeat_interval: INTERVAL } });
    await idle();
    b.tell('stop', b.shard.stop());
    b.tell('start', b.shard.start());
    b.shard.reconnect();
    await idle();
    b.note(b.clock.next === undefined ? 'no timer runs' : 'a timer runs');

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'drop 1',
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'start: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'next: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'stop: done',
      'start: ERR_INTERNAL The shard broke before: make a new one',
      'no timer runs',
    ]);
  });

  it('tells by failed that it broke, and why', async () => {
    const b = new ShardBench();
    b.shard.on('failed', ({ error }) => b.note(`failed: ${textOf(error)}`));
    breakAt('openSocket', 'no chance');
    b.tell('start', b.shard.start());
    await idle();

    expect(b.lines).toEqual([
      'failed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'start: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
    ]);
  });

  it('can be looked at where it broke before it could begin', async () => {
    const b = new ShardBench({ resume: recordOf(7) });
    breakNext(Object.getPrototypeOf(redactor()), 'hold', 'no chance', 1); // the first is for the option
    b.tell('closed', b.shard.closed);
    await idle();
    b.note([b.shard.isReady, b.shard.session, b.shard.traffic]);
    b.tell('start', b.shard.start());
    await idle();

    expect(b.lines).toEqual([
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      '[false,{"id":"session-1","sequence":7},{"frames":0,"bytes":0,"messages":0,"decompressedBytes":0}]',
      'start: ERR_INTERNAL The shard broke before: make a new one',
    ]);
  });

  it('lets go of its socket whatever breaks it, be it the platform', async () => {
    const b = new ShardBench();
    await b.begin();
    b.tell('closed', b.shard.closed);
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (() => {
      throw new Error('no timers here');
    }) as never;
    try {
      b.shard.on('health', () => {
        throw new Error('of health');
      });
      await b.pass(INTERVAL / 2);
      await b.pass(INTERVAL);
    } finally {
      globalThis.setTimeout = setTimeout;
    }
    b.tell('stop', b.shard.stop());
    await idle();

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'send 1 1',
      'send 1 1',
      'drop 1',
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no timers here)',
      'stop: done',
    ]);
  });

  it('records what happens, and of contents what it is told to', async () => {
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

  it('says what its options will not do, once it starts and once only', async () => {
    const b = new ShardBench({ events: ['NEVER_HEARD_OF'], hears: ['warning'] });
    b.note(b.shard.state);
    await b.begin();
    b.dispatch(2, 'NEVER_HEARD_OF');
    await idle();

    expect(b.lines).toEqual([
      'stopped',
      'open 1 gateway.discord.gg',
      'warning events: there is no documented event "NEVER_HEARD_OF"',
      'send identify',
      'start: done',
    ]);
  });

  it('says what its intents do not bring to a listener, and of events says it once', async () => {
    const b = new ShardBench({ hears: ['warning'] });
    b.shard.on('MESSAGE_CREATE', () => {});
    b.shard.on('GUILD_CREATE', () => {});
    await idle();
    expect(b.lines).toEqual([expect.stringMatching(/^warning MESSAGE_CREATE never comes under these intents: add /)]);
    const c = new ShardBench({ hears: ['warning'], events: ['MESSAGE_CREATE'], intents: 1 });
    c.shard.on('MESSAGE_CREATE', () => {});
    await idle();
    expect(c.lines).toEqual([]);
    const d = new ShardBench({ hears: ['warning'] });
    d.shard.dispatches('TYPING_START');
    await idle();
    expect(d.lines).toEqual([expect.stringMatching(/^warning TYPING_START never comes under these intents: add /)]);
  });

  it('removes the one listener that it was given, and takes no notice of one that it does not have', async () => {
    const b = new ShardBench();
    const { shard } = b;
    const first = () => b.note('the first is notified');
    const off = shard.off.bind(shard) as (event: 'dispatch', listener: () => void) => void;
    off('dispatch', first);
    shard.on('warning', ({ problem }) => b.note(problem));
    off('dispatch', first);
    await b.begin();
    shard.on('dispatch', first);
    shard.on('dispatch', () => b.note('the second is notified'));
    b.dispatch(2);
    off('dispatch', first);
    b.dispatch(3);

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'the first is notified',
      'the second is notified',
      'the second is notified',
    ]);
  });

  it('goes by the time of the system where its clock throws or tells no time, and says so once', async () => {
    const b = new ShardBench({ resume: recordOf(7), hears: ['warning'] });
    b.clock.now = () => {
      throw new Error('no time');
    };
    b.tell('start', b.shard.start());
    await b.greet();
    b.clock.now = () => Number.NaN;
    await b.pass(INTERVAL);
    b.say({ op: 11 });

    expect(b.shard.latency.recent).toEqual([expect.any(Number)]);
    expect(b.shard.health().since).toBeGreaterThan(Date.now() - 60_000);
    expect(b.lines.filter((line) => line.startsWith('warning'))).toEqual([
      "warning the clock port threw in now: the system's time is used instead: no time",
    ]);
  });

  it('arms its timers on the time of the system where its clock throws, and says so', async () => {
    const b = new ShardBench({ hears: ['warning'] });
    b.clock.setTimeout = () => {
      throw new Error('no timers');
    };
    await b.begin();
    b.tell('stop', b.shard.stop());
    b.close();
    await idle();

    expect(b.lines.filter((line) => line.startsWith('warning'))).toEqual([
      "warning the clock port threw in setTimeout: the system's time is used instead: no timers",
    ]);
    expect(b.shard.state).toBe('stopped');
  });

  it('ends its iterators when it breaks before it was started', async () => {
    const b = new ShardBench({ record: () => {} });
    b.tell('next', b.shard.dispatches().next());
    breakNext(Host.prototype, 'onSnapshot', 'no step');
    b.shard.reconnect();
    await idle();

    expect(b.lines).toEqual(['next: ERR_INTERNAL The shard broke: this is a defect of gatechart (no step)']);
  });

  it('rejects the commands that wait when it breaks', async () => {
    const b = new ShardBench();
    b.tell('start', b.shard.start());
    b.tell('closed', b.shard.closed);
    b.tell('sent', b.shard.send(3, { status: 'idle' }));
    await idle();
    expect(b.lines.filter((line) => line.startsWith('sent'))).toEqual([]);
    breakNext(Host.prototype, 'onSnapshot', 'no step');
    b.shard.reconnect();
    await idle();
    expect(b.lines.filter((line) => line.startsWith('sent'))).toEqual([expect.stringMatching(/^sent: .*fail/)]);
  });

  it('measures a command as it is encoded: what fits as JSON may be too large as ETF', async () => {
    const answers: unknown[] = [];
    for (const encoding of ['json', 'etf'] as const) {
      const world = memoryWorld({ encoding });
      void world.order.start();
      await world.until(() => world.shard.isReady);
      const sent = world.shard.send(8, {
        guild_id: '1',
        user_ids: Array(100).fill('12345678901234567890'),
        nonce: 'x'.repeat(32),
        pad: 'x'.repeat(1_500),
      } as never);
      answers.push(await sent.then(() => 'sent', textOf));
      void world.order.stop();
      await world.pass(1_000);
      world.gateway.stop();
    }

    expect(answers).toEqual(['sent', expect.stringMatching(/^ERR_PAYLOAD_TOO_LARGE /)]);
  });

  it('takes a dispatch for life, where the policy says so, before what came right after it', async () => {
    const b = new ShardBench({ policy: { zombieTest: 'anyTraffic' } });
    await b.begin();
    await b.pass(INTERVAL / 2);
    b.lines.length = 0;
    b.shard.on('transition', ({ cause }) => b.note(cause.name));
    b.shard.on('notice', ({ cause }) => b.note(cause.name));
    b.dispatch(2);
    b.say({ op: 1 });

    expect(b.lines).toEqual(['send 1 2', 'aliveByTraffic', 'heartbeatRequested']);
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

describe('the chart of a shard', () => {
  /** A shard whose chart's events are written down once it is ready. */
  const inspected = async (options: ShardBenchOptions = {}) => {
    let isOn = false;
    const b = new ShardBench({
      ...options,
      inspect: (event) => {
        if (isOn && event.type === '@xstate.event') b.note(`event ${event.event.type}`);
      },
    });
    await b.begin();
    b.lines.length = 0;
    isOn = true;
    return b;
  };

  it('is not given a malformed dispatch that nothing listens to', async () => {
    const b = await inspected();
    b.hear('{"t":"A","s":2,"op":0,"d":{not JSON}}');
    await idle();

    expect(b.lines).toEqual(['event dispatch']);
  });

  it('is told once that a buffer is full, and once that there is room again', async () => {
    const b = await inspected({ buffer: 2, canPause: true });
    const iterator = b.shard.dispatches();
    for (const s of [2, 3, 4]) b.dispatch(s);
    for (const _ of [1, 2]) await iterator.next();

    expect(b.lines.filter((line) => !/ dispatch(ed)?$/.test(line))).toEqual([
      'event backlogFull',
      'pause',
      'event backlogDrained',
      'resume',
    ]);
  });

  it('is not told of buffers where the socket cannot pause', async () => {
    const b = await inspected({ buffer: 2, overflow: 'drop' });
    const iterator = b.shard.dispatches();
    for (const s of [2, 3, 4]) b.dispatch(s);
    for (const _ of [1, 2]) await iterator.next();

    expect(b.lines.filter((line) => line.includes('backlog'))).toEqual([]);
  });

  it('is given no order once it is broken', async () => {
    const b = await inspected();
    breakAt('closeSocket', 'no chance');
    b.tell('closed', b.shard.closed);
    b.lines.length = 0;
    b.say({ op: 9, d: false });
    await idle();
    b.shard.reconnect();
    b.tell('stop', b.shard.stop());
    await idle();

    expect(b.lines).toEqual([
      'event invalidSession',
      'drop 1',
      'closed: ERR_INTERNAL The shard broke: this is a defect of gatechart (no chance)',
      'stop: done',
    ]);
  });
});
