/** What a host makes of messages, and what it tells its chart, its audience and its taps. Every port is a stub; the lines are what happens, written by hand. */
import { describe, expect, it } from 'vitest';
import { Opcode } from '../../machines/index.js';
import { queryOf } from '../../src/host/host.js';
import { sessionTag } from '../../src/host/session-tag.js';
import { LONGEST } from '../../src/redact/redact.js';
import { dispatch, HostBench, INFO, MAIN, OPEN, open, READY, REPLAYING, STREAMING } from '../support/host-bench.js';

describe('a host', () => {
  it('sends nothing that cannot be encoded, and does not take its permit for used', async () => {
    const b = new HostBench({ os: 1n as never });
    open(b);
    b.onTell = ({ type }) => type === 'permitGranted' && b.host.effects.sendIdentify({});
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve(b.permit());
    await b.idle();
    expect(b.lines.slice(2)).toEqual([
      'tell permitGranted request=5',
      'warn the payload of opcode 2 cannot be encoded',
      'permit unused',
    ]);
  });

  it('sends the last presence with the next Identify, and nothing else that looks like one', () => {
    const b = new HostBench({ os: 'x' } as never);
    open(b);
    const send = (op: number, status: string) => {
      const data = { status, since: null, activities: [], afk: false };
      return b.host.send(op as never, data as never, JSON.stringify({ op, d: data }));
    };
    send(99, 'invisible');
    b.host.effects.sendIdentify({});
    send(Opcode.PresenceUpdate, 'idle');
    b.host.effects.sendIdentify({});
    const identifies = b.lines.flatMap((line) => / send (\{"op":2.*\})/.exec(line)?.[1] ?? []);
    expect(identifies.map((text) => JSON.parse(text).d.presence?.status)).toEqual([undefined, 'idle']);
  });

  it('says with each dispatch to which session it belongs, and not its id', async () => {
    const b = new HostBench();
    open(b, STREAMING);
    for (const sessionId of ['one', 'one', 'other', null]) {
      b.host.onSnapshot({ ...STREAMING, sessionId });
      b.say({ op: 0, t: 'A', d: {} });
    }
    await b.idle();
    expect(b.sessions).toEqual([sessionTag('one'), sessionTag('one'), sessionTag('other'), null]);
  });

  it('tells of every frame by its name, and hands on no dispatch unless streaming', () => {
    const b = new HostBench();
    open(b);
    for (const op of [1, 7, 99]) b.say({ op, d: null });
    b.say({ op: 9, d: true });
    b.say(dispatch(3));

    expect(b.lines).toEqual([
      OPEN,
      'tell heartbeatRequested connection=1',
      'tell reconnectRequested connection=1',
      'tell unknownOpcode connection=1 opcode=99',
      'tell invalidSession connection=1 resumable=true',
      'tell dispatch connection=1 sequence=3',
    ]);
  });

  it('takes a Hello whose interval leaves room for other payloads and is an hour at most, and no other', () => {
    const b = new HostBench();
    open(b);
    for (const interval of [500, 3_600_000, 499, 3_600_001, '41250', null])
      b.say({ op: 10, d: { heartbeat_interval: interval } });

    expect(b.lines).toEqual([
      OPEN,
      'tell hello connection=1 interval=500',
      'tell hello connection=1 interval=3600000',
      ...Array.from(
        { length: 4 },
        () => 'tell malformed connection=1 problem="a Hello whose interval is not within 500 to 3600000 ms"',
      ),
    ]);
  });

  it('hands on what is above the last sequence of the session, and tells of the rest', async () => {
    const b = new HostBench();
    open(b, { ...STREAMING, sequence: 5 });
    for (const s of [5, 7, 6]) b.say(dispatch(s));
    b.host.onSnapshot({ ...STREAMING, sequence: 7 });
    for (const s of [7, 0, 8]) b.say(dispatch(s));
    b.onTell = () => b.host.onSnapshot({ ...STREAMING, sequence: 8 });
    b.say({ op: 0, t: 'A', d: {} });
    b.say({ op: 0, t: 'UNWANTED', d: {} });
    b.sockets[0]?.message('{"t":"UNWANTED","s":2,"op":0,"d":{}}', false);
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=5 name="A"',
      'dispatch A 7 {}',
      'tell dispatched connection=1 sequence=7 count=1',
      'tell dispatch connection=1 sequence=6 name="A"',
      'tell dispatch connection=1 sequence=7 name="A"',
      'tell dispatch connection=1 sequence=0 name="A"',
      'dispatch A 8 {}',
      'tell dispatched connection=1 sequence=8 count=1',
      'tell dispatch connection=1 sequence=null name="A"',
      'dispatch A null {}',
      'tell dispatch connection=1 sequence=null name="UNWANTED"',
      'skipped UNWANTED null {"op":0,"t":"UNWANTED","d":{}}',
      'tell dispatch connection=1 sequence=2 name="UNWANTED"',
    ]);
  });

  it('hands on the first of a session whatever its number, and one without', async () => {
    const b = new HostBench();
    open(b, STREAMING);
    b.say({ op: 0, t: 'A', d: {} });
    b.say(dispatch(0));
    await b.idle();
    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=null name="A"',
      'dispatch A null {}',
      'dispatch A 0 {}',
      'tell dispatched connection=1 sequence=0 count=1',
    ]);
  });

  it('does so too where the chart is told of each dispatch', async () => {
    const b = new HostBench({ everyDispatch: true });
    open(b, { ...STREAMING, sequence: 5 });
    for (const s of [5, 6]) b.say(dispatch(s));
    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=5 name="A"',
      'tell dispatch connection=1 sequence=6',
      'dispatch A 6 {}',
    ]);
  });

  it('takes a sequence that leaps for no sequence, in READY and RESUMED too', async () => {
    const leap = 2 ** 32;
    const b = new HostBench();
    open(b, { ...STREAMING, sequence: 5 });
    b.say(dispatch(5 + leap + 1));
    b.say(dispatch(5 + leap));
    await b.idle();
    b.host.onSnapshot(STREAMING);
    b.say(dispatch(leap + 1));
    b.say(dispatch(leap));
    b.host.onSnapshot({ streaming: false, replaying: false, sequence: null, sessionId: null });
    b.say(dispatch(leap + 1, 'READY', READY));
    b.host.onSnapshot({ ...REPLAYING, sequence: 5 });
    b.say(dispatch(6 + leap, 'RESUMED'));

    expect(b.lines).toEqual([
      OPEN,
      'tell malformed connection=1 problem="a dispatch whose sequence (s) leaps"',
      `dispatch A ${5 + leap} {}`,
      `tell dispatched connection=1 sequence=${5 + leap} count=1`,
      'tell malformed connection=1 problem="a dispatch whose sequence (s) leaps"',
      `dispatch A ${leap} {}`,
      `tell dispatched connection=1 sequence=${leap} count=1`,
      'tell ready connection=1 sequence=null session={"id":"s","url":"wss://gateway-us-east1-b.discord.gg/"}',
      'tell resumed connection=1 sequence=null',
    ]);
  });

  it('counts dispatches that nobody wants like others, and hands on their heads and the messages', async () => {
    const b = new HostBench();
    open(b);
    b.say(dispatch(2, 'UNWANTED'));
    b.host.onSnapshot(STREAMING);
    b.say(dispatch(3, 'UNWANTED'));
    b.say({ t: 'UNWANTED', s: 4, op: 0, d: { x: 1 } });
    b.sockets[0]?.message('{"t":"UNWANTED","s":5,"op":0,"d":{not parsed}}', false);
    b.sockets[0]?.message('{"t":"WANTED","s":6,"op":0,"d":{"x":1}}', false);
    b.sockets[0]?.message('{"t":"WANTED","s":6,"op":0,"d":{not JSON}}', false);
    await b.idle();
    b.host.onSnapshot(REPLAYING);
    b.say(dispatch(7, 'UNWANTED'));
    b.wantsAll = true;
    b.say(dispatch(8, 'UNWANTED'));
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=2',
      'skipped UNWANTED 3 {"op":0,"s":3,"t":"UNWANTED","d":{}}',
      'skipped UNWANTED 4 {"t":"UNWANTED","s":4,"op":0,"d":{"x":1}}',
      'skipped UNWANTED 5 {"t":"UNWANTED","s":5,"op":0,"d":{not parsed}}',
      'dispatch WANTED 6 {"x":1}',
      'tell malformed connection=1 problem="not JSON"',
      'tell dispatched connection=1 sequence=6 count=4',
      'skipped UNWANTED 7 replayed {"op":0,"s":7,"t":"UNWANTED","d":{}}',
      'dispatch UNWANTED 8 {} replayed',
      'tell dispatched connection=1 sequence=8 count=2',
    ]);
  });

  it('tells the chart of each dispatch first where an inspector looks on', async () => {
    const b = new HostBench({ everyDispatch: true });
    open(b, STREAMING);
    b.say(dispatch(3));
    b.host.onSnapshot({ streaming: false, replaying: false, sequence: null, sessionId: null });
    b.say(dispatch(4));
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=3',
      'dispatch A 3 {}',
      'tell dispatch connection=1 sequence=4',
    ]);
  });

  it('has what crosses the wire written down first, from the connection that is current', () => {
    const b = new HostBench({ recorded: true });
    open(b);
    b.say({ op: 11 });
    b.host.effects.sendHeartbeat({ sequence: 4 });
    b.host.send(Opcode.Heartbeat, null, 'x');
    b.host.effects.dropSocket({ connection: 1 });
    b.say({ op: 11 });
    b.host.send(Opcode.Heartbeat, null, 'y');

    expect(b.lines).toEqual([
      OPEN,
      'arrived {"op":11}',
      'received 1 heartbeatAck',
      'tell heartbeatAck connection=1',
      'sent 1 1 {"op":1,"d":4} 4',
      'socket 1 send {"op":1,"d":4}',
      'sent 1 1 x null',
      'socket 1 send x',
      'socket 1 drop',
    ]);
  });

  it('gives no secret to those it warns or tells of an end', () => {
    const b = new HostBench();
    open(b);
    b.say(dispatch(1, 'READY', { ...READY, session_id: 'a session' }));
    b.sockets[0]?.closed({
      code: 4000,
      reason: `a session at ${READY.resume_gateway_url} of secret`,
      wasClean: true,
    });

    expect(b.lines).toEqual([
      OPEN,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 'a session', url: `${READY.resume_gateway_url}/` })}`,
      'tell closed connection=1 code=4000 reason="<session 1> at <resume url 1> of <token>"',
    ]);
  });

  it('takes what other dispatches say for no session of ours', () => {
    const b = new HostBench();
    open(b, STREAMING);
    b.say(dispatch(3, 'VOICE_STATE_UPDATE', { session_id: 'of a voice' }));
    b.sockets[0]?.closed({ code: 4000, reason: 'of a voice', wasClean: true });
    expect(b.lines.at(-1)).toBe('tell closed connection=1 code=4000 reason="of a voice"');
  });

  it('keeps the session that is open a secret, however many the Gateway names after it', () => {
    const b = new HostBench();
    open(b);
    b.onTell = ({ type }) => type === 'ready' && b.host.onSnapshot(STREAMING);
    for (let i = 0; i < 100; i += 1) b.say(dispatch(1, 'READY', { ...READY, session_id: `session no. ${i}` }));
    b.sockets[0]?.closed({ code: 4000, reason: 'of session no. 0!', wasClean: true });
    expect(b.lines.at(-1)).toBe('tell closed connection=1 code=4000 reason="of <session 1>!"');
  });

  it('hands on READY and RESUMED once the chart took them, and not else', () => {
    const b = new HostBench();
    open(b);
    b.say(dispatch(1, 'READY', READY));
    b.onTell = ({ type }) => type === 'ready' && b.host.onSnapshot(STREAMING);
    b.say(dispatch(1, 'READY', READY));
    b.say(dispatch(9, 'RESUMED'));
    b.host.onSnapshot(REPLAYING);
    b.say(dispatch(8, 'RESUMED'));
    b.onTell = ({ type }) => type === 'resumed' && b.host.onSnapshot(STREAMING);
    b.say(dispatch(9, 'RESUMED'));
    b.say(dispatch(1, 'READY', READY));

    expect(b.lines).toEqual([
      OPEN,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
      `dispatch READY 1 ${JSON.stringify(READY)}`,
      'tell resumed connection=1 sequence=9',
      'tell resumed connection=1 sequence=8',
      'tell resumed connection=1 sequence=9',
      'dispatch RESUMED 9 {}',
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
    ]);
  });

  it('hands on READY that comes in the stead of RESUMED', () => {
    const b = new HostBench();
    open(b, REPLAYING);
    b.onTell = ({ type }) => type === 'ready' && b.host.onSnapshot(STREAMING);
    b.say(dispatch(1, 'READY', READY));
    expect(b.lines.at(-1)).toBe(`dispatch READY 1 ${JSON.stringify(READY)}`);
  });

  it('does not warn of a URL that may not be trusted where sessions are resumed at the main one anyway', () => {
    const b = new HostBench({ policy: { resumeAt: 'main' } });
    open(b);
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://evil.example' }));

    expect(b.lines).toEqual([OPEN, 'tell ready connection=1 sequence=1 session={"id":"s","url":null}']);
  });

  it('takes a session without an id for none, and a URL that may not be trusted for the main one', () => {
    const b = new HostBench();
    open(b);
    for (const d of [{}, { session_id: '' }, { session_id: 7 }]) b.say(dispatch(1, 'READY', d));
    b.say(dispatch(1, 'READY', { session_id: 's' }));
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://evil.example' }));
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://allowed.example' }));
    for (const d of [null, [], 7]) b.say(dispatch(1, 'READY', d));

    expect(b.lines).toEqual([
      OPEN,
      ...Array.from({ length: 3 }, () => [
        'warn READY came without a session id: this session cannot be resumed',
        'tell ready connection=1 sequence=1 session=null',
      ]).flat(),
      ...Array.from({ length: 2 }, () => [
        'warn READY came without a resume URL that may be trusted: this session is resumed at the main URL',
        'tell ready connection=1 sequence=1 session={"id":"s","url":null}',
      ]).flat(),
      'tell ready connection=1 sequence=1 session={"id":"s","url":"wss://allowed.example/"}',
      ...Array.from({ length: 3 }, () => 'tell malformed connection=1 problem="READY without an object"'),
    ]);
  });

  it('takes no session id and no resume URL that is longer than any', () => {
    const b = new HostBench();
    open(b);
    const longestId = 's'.repeat(LONGEST.session);
    const url = (length: number) => MAIN.padEnd(length, 'x');
    for (const session_id of [longestId, `${longestId}s`])
      b.say(dispatch(1, 'READY', { session_id, resume_gateway_url: MAIN }));
    for (const length of [LONGEST['resume url'], LONGEST['resume url'] + 1])
      b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: url(length) }));

    expect(b.lines.slice(1)).toEqual([
      `tell ready connection=1 sequence=1 session={"id":"${longestId}","url":"${MAIN}"}`,
      'warn READY came with a session id of over 1024 characters: this session cannot be resumed',
      'tell ready connection=1 sequence=1 session=null',
      `tell ready connection=1 sequence=1 session={"id":"s","url":"${url(2048)}"}`,
      'warn READY came without a resume URL that may be trusted: this session is resumed at the main URL',
      'tell ready connection=1 sequence=1 session={"id":"s","url":null}',
    ]);
  });

  it('trusts the host of the Gateway that the locator named', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.resolve({ ...INFO, url: 'wss://own.example', sessionStartLimit: null });
    await b.idle();
    open(b);
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://own.example' }));

    expect(b.lines).toEqual([
      'locate',
      'located wss://own.example',
      'tell located request=1 url="wss://own.example/"',
      OPEN,
      'tell ready connection=1 sequence=1 session={"id":"s","url":"wss://own.example/"}',
    ]);
  });

  it('knows that the URL the locator named is no secret, also where a session is resumed at it', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.resolve({ ...INFO, url: 'wss://own.example', sessionStartLimit: null });
    await b.idle();
    open(b);
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://own.example' }));
    b.sockets[0]?.closed({ code: 4000, reason: 'see wss://own.example', wasClean: true });

    expect(b.lines).toEqual([
      'locate',
      'located wss://own.example',
      'tell located request=1 url="wss://own.example/"',
      OPEN,
      'tell ready connection=1 sequence=1 session={"id":"s","url":"wss://own.example/"}',
      'tell closed connection=1 code=4000 reason="see wss://own.example"',
    ]);
  });

  it('ends everything when disposed of', async () => {
    const b = new HostBench();
    open(b, STREAMING);
    b.say(dispatch(3));
    b.host.effects.locateGateway({ request: 1 });
    b.host.dispose();
    b.lines.push(`pending ${b.host.pendingSequence}`);
    await b.idle();

    expect(b.lines).toEqual([OPEN, 'dispatch A 3 {}', 'locate', 'abort locate', 'socket 1 drop', 'pending null']);
  });

  it('neither delivers dispatches nor takes them for replayed before the chart has said so', () => {
    const b = new HostBench();
    b.host.effects.openSocket({ connection: 1, url: MAIN });
    b.say(dispatch(3));
    b.onTell = ({ type }) => (type === 'resumed' || type === 'ready') && b.host.onSnapshot(STREAMING);
    b.say(dispatch(4, 'RESUMED'));
    b.host.onSnapshot({ streaming: false, replaying: false, sequence: null, sessionId: null });
    b.say(dispatch(5, 'READY', READY));
    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=3',
      'tell resumed connection=1 sequence=4',
      `tell ready connection=1 sequence=5 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
      `dispatch READY 5 ${JSON.stringify(READY)}`,
    ]);
  });

  it('takes a first READY for no replayed one', () => {
    const b = new HostBench();
    b.host.effects.openSocket({ connection: 1, url: MAIN });
    b.onTell = ({ type }) => type === 'ready' && b.host.onSnapshot(STREAMING);
    b.say(dispatch(1, 'READY', READY));
    expect(b.lines.at(-1)).toBe(`dispatch READY 1 ${JSON.stringify(READY)}`);
  });

  it('trusts no resume URL that is not text, whatever text it would make', () => {
    const b = new HostBench();
    open(b);
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: [READY.resume_gateway_url] }));
    expect(b.lines.slice(1)).toEqual([
      'warn READY came without a resume URL that may be trusted: this session is resumed at the main URL',
      'tell ready connection=1 sequence=1 session={"id":"s","url":null}',
    ]);
  });

  it('tells with each warning of a port what went wrong there', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.reject(new Error('no URL'));
    await b.idle();
    b.host.effects.requestPermit({ request: 2 });
    b.queueing?.reject(new Error('no permit'));
    await b.idle();
    b.throws = 'open';
    open(b);
    b.throws = 'send';
    b.host.effects.openSocket({ connection: 2, url: MAIN });
    b.host.effects.sendHeartbeat({ sequence: 1 });
    expect(b.errors).toEqual(['no URL', 'no permit', 'on purpose', 'on purpose']);
  });

  it('marks what is replayed where an inspector looks on, too', () => {
    const b = new HostBench({ everyDispatch: true });
    open(b, REPLAYING);
    b.say(dispatch(3));
    expect(b.lines).toEqual([OPEN, 'tell dispatch connection=1 sequence=3', 'dispatch A 3 {} replayed']);
  });

  it('delivers only what its shard is for, and skips the rest, READY too', async () => {
    const b = new HostBench({ events: new Set(['A']) });
    open(b);
    b.onTell = ({ type }) => type === 'ready' && b.host.onSnapshot(STREAMING);
    b.say(dispatch(1, 'READY', READY));
    b.say(dispatch(2, 'A'));
    b.say(dispatch(3, 'B'));
    await b.idle();
    expect(b.lines.slice(2)).toEqual([
      `skipped READY 1 ${JSON.stringify(dispatch(1, 'READY', READY))}`,
      'dispatch A 2 {}',
      'skipped B 3 {"op":0,"s":3,"t":"B","d":{}}',
      'tell dispatched connection=1 sequence=3 count=2',
    ]);
  });

  it('has all dispatches parsed where a tap needs their data', () => {
    for (const needsData of [false, true]) {
      const b = new HostBench({ recorded: true, needsData });
      open(b, STREAMING);
      b.say(dispatch(3, 'UNWANTED'));
      expect(b.lines[2]).toBe(`received 1 ${needsData ? 'dispatch' : 'skipped'}`);
    }
  });
});

describe('the query of a Gateway URL', () => {
  it.each([
    [false, undefined],
    ['payload', undefined], // it is asked for in Identify
    ['zlib-stream', 'zlib-stream'],
    ['zstd-stream', 'zstd-stream'],
  ] as const)('for compression %j names %j', (compress, named) => {
    expect(queryOf({ version: 10, encoding: 'etf', compress })).toEqual({
      version: 10,
      encoding: 'etf',
      compress: named,
    });
  });
});
