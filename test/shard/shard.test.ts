import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { StoppedError } from '../../src/shard/errors.js';
import { INTERVAL, idle, MAIN, recordOf, ShardBench, type ShardBenchOptions, shown } from '../support/shard-bench.js';

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
});
