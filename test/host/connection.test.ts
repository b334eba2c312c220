/** Connections of a host, and what it does to their sockets. Every port is a stub; the lines are what happens, written by hand. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Opcode } from '../../machines/index.js';
import { HostBench, JSON_WIRE, MAIN, OPEN, open } from '../support/host-bench.js';

describe('a connection of a host', () => {
  it('warns of a Gateway that cannot be reached, once until a connection opens, and of none that was', () => {
    const b = new HostBench();
    const notFound = { code: 1006, reason: '', wasClean: false, httpStatus: 404 };
    const expired = { ...notFound, httpStatus: 0, error: Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' }) };
    for (const end of [notFound, notFound, expired]) {
      open(b);
      b.sockets.at(-1)?.closed(end);
    }
    open(b);
    b.sockets.at(-1)?.opened();
    b.sockets.at(-1)?.closed(notFound);
    open(b);
    b.sockets.at(-1)?.closed(expired);

    const isExpired =
      'warn the Gateway cannot be reached: its certificate has expired: check the clock of this machine, then the server (CERT_HAS_EXPIRED)';
    expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn the Gateway cannot be reached: nothing there speaks the protocol: check the URL (HTTP 404)',
      isExpired,
      isExpired,
    ]);
  });

  it('hands on when a connection that was refused makes sense again, an hour at most', () => {
    const b = new HostBench();
    const refused = { code: 1006, reason: '', wasClean: false, httpStatus: 429 };
    for (const retryAfter of [0, 3_000, 7_200_000, -1, Number.NaN, '3' as never]) {
      open(b);
      b.sockets.at(-1)?.closed({ ...refused, retryAfter });
    }

    const told = (wait = '') => `tell closed connection=1 code=1006${wait} httpStatus=429`;
    expect(b.lines.filter((line) => !line.startsWith('open'))).toEqual([
      told(' retryAfter=0'),
      told(' retryAfter=3000'),
      'warn the Gateway says to wait 7200 s: it is asked again after 3600 s',
      told(' retryAfter=3600000'),
      ...Array.from({ length: 3 }, () => told()),
    ]);
  });

  it('opens a socket and hands on what becomes of it', () => {
    const b = new HostBench();
    open(b);
    b.sockets[0]?.opened();
    b.say({ op: 11 });
    b.sockets[0]?.closed({ code: 4000, reason: 'x'.repeat(200), wasClean: true, httpStatus: 503 });

    expect(b.lines).toEqual([
      OPEN,
      'tell opened connection=1',
      'tell heartbeatAck connection=1',
      `tell closed connection=1 code=4000 reason="${'x'.repeat(123)}" httpStatus=503`,
    ]);
  });

  it('tells of an error its code, where there is no reason', () => {
    const b = new HostBench();
    open(b);
    b.sockets[0]?.closed({
      code: 1006,
      reason: '',
      wasClean: false,
      error: Object.assign(new Error(), { code: 'E' }),
    });
    b.sockets[0]?.closed({ code: 1006, reason: '', wasClean: false, error: Object.assign(new Error(), { code: 7 }) });
    b.sockets[0]?.closed({
      code: 1006,
      reason: 'r',
      wasClean: false,
      error: Object.assign(new Error(), { code: 'E' }),
    });
    b.sockets[0]?.closed({ code: 1006, reason: '', wasClean: false });

    expect(b.lines).toEqual([
      OPEN,
      'tell closed connection=1 code=1006 reason="E"',
      'tell closed connection=1 code=1006',
      'tell closed connection=1 code=1006 reason="r"',
      'tell closed connection=1 code=1006',
    ]);
  });

  it('tells of an end what can be read of it, and takes the rest for an end without a close frame', () => {
    const b = new HostBench();
    open(b);
    const end = { code: 4000, reason: '', wasClean: true };
    for (const code of [0, -1, 1.5, '4000']) b.sockets[0]?.closed({ ...end, code: code as number });
    b.sockets[0]?.closed({ ...end, reason: 7 as never });
    b.sockets[0]?.closed(null as never);

    expect(b.lines).toEqual([
      OPEN,
      'tell closed connection=1 code=0',
      ...Array.from({ length: 3 }, () => 'tell closed connection=1 code=1006'),
      'tell closed connection=1 code=4000',
      'warn an adapter threw: closed',
      'tell closed connection=1 code=1006',
    ]);
  });

  it('takes no connection for an open one', () => {
    const b = new HostBench();
    b.lines.push(`open: ${b.host.isOpen}`);
    open(b);
    b.lines.push(`open: ${b.host.isOpen}`);
    b.host.effects.dropSocket({ connection: 1 });
    b.lines.push(`open: ${b.host.isOpen}`, `sent: ${b.host.send(Opcode.Heartbeat, null, 'x')}`);
    expect(b.lines).toEqual(['open: false', OPEN, 'open: true', 'socket 1 drop', 'open: false', 'sent: false']);
  });

  it('takes a socket that cannot be asked for one that is closed, empty and cannot pause', () => {
    const fails = () => {
      throw new Error('on purpose');
    };
    const b = new HostBench({
      socket: {
        send: fails,
        close: () => {},
        drop: () => {},
        get isOpen() {
          return fails();
        },
        get pause() {
          return fails();
        },
        get bufferedAmount() {
          return fails();
        },
      },
    });
    open(b);
    expect([b.host.isOpen, b.host.canPause, b.host.bufferedAmount]).toEqual([false, false, 0]);
    expect(b.lines.slice(1)).toEqual([
      'warn an adapter threw: isOpen',
      'warn an adapter threw: pause',
      'warn an adapter threw: bufferedAmount',
    ]);
  });

  it('passes nothing on to a socket that has begun to close', () => {
    const b = new HostBench({
      socket: { send: () => b.lines.push('send'), close: () => {}, drop: () => {}, isOpen: false, bufferedAmount: 0 },
    });
    open(b);
    expect(b.host.send(Opcode.Heartbeat, null, 'x')).toBe(false);
    expect(b.lines).toEqual([OPEN]);
  });

  it('says that nothing was sent where the socket threw', () => {
    const b = new HostBench();
    open(b);
    const sent = [b.host.send(Opcode.Heartbeat, null, 'x')];
    b.throws = 'send';
    sent.push(b.host.send(Opcode.Heartbeat, null, 'x'));
    expect(sent).toEqual([true, false]);
  });

  it('takes what a socket hands on that is no message for the end of the connection', () => {
    const b = new HostBench({ seesDecoder: true });
    open(b);
    b.sockets[0]?.message(7 as never, false);
    expect(b.lines.slice(1)).toEqual([
      'warn a message could not be read',
      'the decoder ends',
      'tell undecodable connection=1 problem="it could not be read"',
    ]);
    expect(b.errors).toEqual(['neither a string nor a Uint8Array']);
  });

  it('tells nothing of a message that could not be read on a connection that was given up meanwhile', () => {
    const b = new HostBench();
    open(b);
    b.onTell = () => {
      b.host.effects.dropSocket({ connection: 1 });
      throw new Error('on purpose');
    };
    b.say({ op: 11 });
    expect(b.lines.slice(1)).toEqual([
      'tell heartbeatAck connection=1',
      'socket 1 drop',
      'warn a message could not be read',
    ]);
  });

  it('is deaf to a socket that was given up', () => {
    const b = new HostBench();
    open(b);
    b.host.effects.dropSocket({ connection: 1 });
    b.host.effects.openSocket({ connection: 2, url: MAIN });
    b.sockets[0]?.opened();
    b.sockets[0]?.message('{"op":11}', false);
    b.sockets[0]?.closed({ code: 4000, reason: '', wasClean: true });
    b.sockets[1]?.opened();

    expect(b.lines).toEqual([OPEN, 'socket 1 drop', OPEN, 'tell opened connection=2']);
  });

  it('ends the decoder of a connection with it', () => {
    const b = new HostBench({ seesDecoder: true });
    open(b);
    b.say({ op: 11 });
    b.host.effects.dropSocket({ connection: 1 });

    expect(b.lines).toEqual([OPEN, 'tell heartbeatAck connection=1', 'the decoder ends', 'socket 1 drop']);
  });

  it('takes a socket that cannot be opened for a lost one, a moment later', () => {
    const b = new HostBench();
    b.throws = 'open';
    open(b);
    b.timers[0]?.();
    b.host.effects.dropSocket({ connection: 1 });
    b.lines.push('given up');
    b.timers[0]?.();
    b.host.effects.sendHeartbeat({ sequence: 1 });

    expect(b.lines).toEqual([
      OPEN,
      'warn the socket could not be opened',
      'timer 0',
      'tell closed connection=1 code=1006',
      'given up',
    ]);
  });

  it('sends, closes and drops, and survives adapters that throw', () => {
    const b = new HostBench();
    open(b);
    b.host.effects.sendResume({ sessionId: 's', sequence: 0 });
    b.host.effects.closeSocket({ code: 4900 });
    b.lines.push(`buffered ${b.host.bufferedAmount}`);
    b.throws = 'send';
    b.host.send(Opcode.Heartbeat, null, 'x');
    b.throws = 'close';
    b.host.effects.closeSocket({ code: 1000 });
    b.throws = 'drop';
    b.host.effects.dropSocket({ connection: 1 });
    b.host.effects.dropSocket({ connection: 1 });
    b.host.send(Opcode.Heartbeat, null, 'y');
    b.lines.push(`buffered ${b.host.bufferedAmount}`);

    expect(b.lines).toEqual([
      OPEN,
      'socket 1 send {"op":6,"d":{"token":"secret","session_id":"s","seq":0}}',
      'socket 1 close 4900',
      'buffered 5',
      'socket 1 send x',
      'warn an adapter threw: send',
      'socket 1 close 1000',
      'warn an adapter threw: close',
      'socket 1 drop',
      'warn an adapter threw: drop a socket',
      'buffered 0',
    ]);
  });

  it('measures from the first heartbeat without an ACK to its ACK, once', () => {
    const b = new HostBench();
    open(b);
    b.say({ op: 11 });
    b.host.effects.sendHeartbeat({ sequence: null });
    b.now += 30;
    b.host.effects.sendHeartbeat({ sequence: 4 });
    b.now += 12;
    b.say({ op: 11 });
    b.say({ op: 11 });

    expect(b.lines).toEqual([
      OPEN,
      'tell heartbeatAck connection=1',
      'socket 1 send {"op":1,"d":null}',
      'socket 1 send {"op":1,"d":4}',
      'latency 42',
      'tell heartbeatAck connection=1',
      'tell heartbeatAck connection=1',
    ]);
  });

  it('has read all that arrived once its socket says so, or where that has nothing to say', async () => {
    const silent = new HostBench();
    open(silent);
    silent.host.whenReadOut(() => silent.lines.push('read out'));
    expect(silent.lines).toEqual([OPEN, 'read out']);

    const asked: (() => void)[] = [];
    const socket = {
      send() {},
      close() {},
      drop() {},
      bufferedAmount: 0,
      whenEmpty: (then: () => void) => asked.push(then),
    };
    const b = new HostBench({ socket });
    open(b);
    for (const _ of [1, 2]) b.host.whenReadOut(() => b.lines.push('read out'));
    asked[0]?.();
    b.host.dropSocket();
    asked[1]?.();
    b.host.whenReadOut(() => b.lines.push('of no connection'));
    expect(b.lines).toEqual([OPEN, 'read out']);
  });

  it('has not read out what is still decompressed, nor is it kept waiting by a socket that throws', () => {
    let isBusy = true;
    const decoder = {
      receive() {},
      end() {},
      get isBusy() {
        return isBusy;
      },
    };
    const throwing = () => {
      throw new Error('on purpose');
    };
    const socket = { send() {}, close() {}, drop() {}, bufferedAmount: 0, whenEmpty: throwing };
    const b = new HostBench({ socket, decoderFor: () => decoder });
    open(b);
    b.host.whenReadOut(() => b.lines.push('read out'));
    b.timers[0]?.();
    isBusy = false;
    b.timers[1]?.();
    expect(b.lines).toEqual([OPEN, 'warn an adapter threw: whenEmpty', 'timer 10', 'timer 10', 'read out']);
  });

  it('tells no reason that a terminal would obey, and none of an error that cannot be looked into', () => {
    const b = new HostBench();
    open(b);
    b.sockets[0]?.closed({ code: 4000, reason: 'over\n\u001b[31m\u202e!', wasClean: true });
    const error = Object.defineProperty(new Error('x'), 'code', {
      get: () => {
        throw new Error('no');
      },
    });
    b.sockets[0]?.closed({ code: 1006, reason: '', wasClean: false, error });
    expect(b.lines.slice(1)).toEqual([
      'tell closed connection=1 code=4000 reason="over\u00b7\u00b7[31m\u00b7!"',
      'tell closed connection=1 code=1006',
    ]);
  });

  it('warns of a message that it refused as too large, by the option, and not of a close frame that says so', () => {
    const b = new HostBench();
    const end = { code: 1009, reason: 'no', wasClean: false };
    open(b);
    b.sockets[0]?.closed({ ...end, error: new RangeError('Max payload size exceeded') });
    b.sockets[0]?.closed(end);

    expect(b.lines).toEqual([
      OPEN,
      'warn a message is larger than the 77 bytes that are allowed',
      'tell closed connection=1 code=1009 reason="no"',
      'tell closed connection=1 code=1009 reason="no"',
    ]);
  });

  it('warns of a message that is too large once decompressed, and of nothing else that cannot be', () => {
    for (const [message, warnings] of [
      [deflateSync('x'.repeat(78)), ['warn a message is larger than the 77 bytes that are allowed']],
      [Buffer.from('no zlib'), []],
    ] as const) {
      const b = new HostBench({ wire: { ...JSON_WIRE, compress: 'payload' } });
      open(b);
      b.sockets[0]?.message(message, true);
      expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual(warnings);
      expect(b.lines.at(-1)).toMatch(/^tell undecodable connection=1 problem="it cannot be decompressed: /);
    }
  });

  it('tells no secret that an inflater says of what it cannot read', () => {
    const b = new HostBench({
      decoderFor: (_, sink) => ({
        isBusy: false,
        receive: () => sink({ type: 'undecodable', problem: 'corrupt: secret' }),
        end: () => {},
      }),
    });
    open(b);
    b.sockets[0]?.message('x', false);
    expect(b.lines.at(-1)).toMatch(/^tell undecodable connection=1 problem="corrupt: /);
    expect(b.lines.at(-1)).not.toContain('secret');
  });

  it('pauses a socket at once and resumes it when the step is over', async () => {
    const b = new HostBench({ canPause: true });
    b.lines.push(`can pause: ${b.host.canPause}`);
    open(b);
    b.lines.push(`can pause: ${b.host.canPause}`);
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    b.lines.push('the step is over');
    await b.idle();
    b.host.effects.pauseSocket({});
    b.lines.push('another pause');
    await b.idle();

    expect(b.lines).toEqual([
      'can pause: false',
      OPEN,
      'can pause: true',
      'socket 1 pause',
      'the step is over',
      'socket 1 resume',
      'socket 1 pause',
      'another pause',
    ]);
  });

  it('leaves a socket paused that is to be paused again, and one alone that was given up', async () => {
    const b = new HostBench({ canPause: true });
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    open(b);
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    b.host.effects.pauseSocket({});
    await b.idle();
    b.host.effects.resumeSocket({});
    b.host.effects.dropSocket({ connection: 1 });
    b.host.effects.openSocket({ connection: 2, url: MAIN });
    await b.idle();

    expect(b.lines).toEqual([OPEN, 'socket 1 pause', 'socket 1 pause', 'socket 1 drop', OPEN]);
  });

  it('survives sockets that throw when paused, and those that cannot pause', async () => {
    const b = new HostBench({ canPause: true });
    open(b);
    b.throws = 'pause';
    b.host.effects.pauseSocket({});
    b.throws = 'resume';
    b.host.effects.resumeSocket({});
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'socket 1 pause',
      'warn an adapter threw: pause',
      'socket 1 resume',
      'warn an adapter threw: resume',
    ]);
  });

  it('knows which sockets cannot pause', async () => {
    const b = new HostBench();
    open(b);
    b.lines.push(`can pause: ${b.host.canPause}`);
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    await b.idle();

    expect(b.lines).toEqual([OPEN, 'can pause: false']);
  });

  it.each([
    ['where there is no connection', () => {}],
    [
      'on a connection whose socket could not be opened',
      (b: HostBench) => {
        b.throws = 'open';
        open(b);
        b.throws = null;
        b.lines.length = 0;
      },
    ],
  ])('carries out no effect %s, and warns of none', async (_, prepare) => {
    const b = new HostBench({ canPause: true });
    prepare(b);
    b.host.effects.sendHeartbeat({ sequence: 1 });
    b.host.effects.sendResume({ sessionId: 's', sequence: 1 });
    b.host.effects.closeSocket({ code: 4900 });
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    await b.idle();
    b.lines.push(`${b.host.bufferedAmount} buffered, can pause: ${b.host.canPause}`);
    b.host.effects.dropSocket({ connection: 1 });
    expect(b.lines).toEqual(['0 buffered, can pause: false']);
  });

  it('takes no other message for the ACK when it measures the latency', () => {
    const b = new HostBench();
    open(b);
    b.host.effects.sendHeartbeat({ sequence: 1 });
    b.now += 30;
    b.say({ op: 7, d: null });
    b.now += 20;
    b.say({ op: 11 });
    expect(b.lines.slice(2)).toEqual([
      'tell reconnectRequested connection=1',
      'latency 50',
      'tell heartbeatAck connection=1',
    ]);
  });

  it('opens its connections with the parameters of the wire, and sends in its encoding', () => {
    const b = new HostBench({ wire: { version: 9, encoding: 'etf', compress: 'zlib-stream' } });
    open(b);
    b.host.effects.sendHeartbeat({ sequence: 1 });
    expect(b.lines).toEqual([
      `open ${MAIN}?v=9&encoding=etf&compress=zlib-stream 77`,
      expect.stringMatching(/^socket 1 send 131,116,/),
    ]);
  });

  it('has read out what a socket that cannot be asked holds, and one that could not be opened', () => {
    const fails = () => {
      throw new Error('on purpose');
    };
    const socket = {
      send() {},
      close() {},
      drop() {},
      bufferedAmount: 0,
      get whenEmpty() {
        return fails();
      },
    };
    const unasked = new HostBench({ socket });
    open(unasked);
    unasked.host.whenReadOut(() => unasked.lines.push('read out'));
    expect(unasked.lines).toEqual([OPEN, 'warn an adapter threw: whenEmpty', 'read out']);

    const unopened = new HostBench();
    unopened.throws = 'open';
    open(unopened);
    unopened.lines.length = 0;
    unopened.host.whenReadOut(() => unopened.lines.push('read out'));
    expect(unopened.lines).toEqual(['read out']);
  });

  it('ends when over 1 MiB wait for a peer that reads nothing, whatever its socket does', () => {
    const waiting = (bufferedAmount: number, drop: () => void) => {
      const b = new HostBench({ socket: { send: () => b.lines.push('send'), close() {}, drop, bufferedAmount } });
      open(b);
      const isSent = b.host.send(Opcode.Heartbeat, null, 'x');
      return [isSent, ...b.lines.slice(1)];
    };
    const ended = [
      'warn the Gateway reads nothing: over 1048576 bytes wait to be sent',
      'tell closed connection=1 code=1006',
    ];
    expect(waiting(2 ** 20, () => {})).toEqual([true, 'send']);
    expect(waiting(2 ** 20 + 1, () => {})).toEqual([false, ...ended]);
    const fails = () => {
      throw new Error('on purpose');
    };
    expect(waiting(2 ** 20 + 1, fails)).toEqual([false, ended[0], 'warn an adapter threw: drop a socket', ended[1]]);
  });
});
