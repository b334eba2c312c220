import { describe, expect, it } from 'vitest';
import { faultOrder, inject, promise, showFaults } from '../../../src/cli/serve/faults.js';
import { UsageError } from '../../../src/cli/terminal/io.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';
import { simulatedClock } from '../../../src/ports/clock.js';
import { createMemoryGateway } from '../../../src/simulator/index.js';
import { connect } from '../../simulator/client.js';
import { run } from '../../support/cli.js';
import { keptIo } from '../../support/io.js';

/** What is done to a connection happens to each one once it is live, where no state is given. */
const EACH = { at: 'live', times: 'all' };

describe('an order for a fault', () => {
  it.each([
    ['swallowAcks', { name: 'swallowAcks', details: {} }],
    ['goSilent@live', { name: 'goSilent', details: {}, at: 'live' }],
    ['closeWith', { name: 'closeWith', details: {}, ...EACH }],
    ['closeWith=4014', { name: 'closeWith', details: { code: 4014 }, ...EACH }],
    ['closeWith=4014@greeting', { name: 'closeWith', details: { code: 4014 }, at: 'greeting' }],
    ['invalidateSession=true', { name: 'invalidateSession', details: { resumable: true }, ...EACH }],
    ['invalidateSession=false', { name: 'invalidateSession', details: { resumable: false }, ...EACH }],
    ['malformed=notJson', { name: 'malformed', details: { kind: 'notJson' }, ...EACH }],
    ['dropTcp', { name: 'dropTcp', details: {}, ...EACH }],
    ['helloWithUpgrade', { name: 'helloWithUpgrade', details: {} }],
    ['skipSequence=3@replaying', { name: 'skipSequence', details: { by: 3 }, at: 'replaying' }],
    ['refuseResumeHost=502', { name: 'refuseResumeHost', details: { status: 502 } }],
    ['refuseConnections=429', { name: 'refuseConnections', details: { status: 429 } }],
    ['refuseGetGateway=401', { name: 'refuseGetGateway', details: { status: 401 } }],
  ])('is read from %s', (text, order) => {
    expect(faultOrder(text)).toEqual(order);
  });

  it.each([
    ['', 'there is no fault : gatechart serve --list-faults shows what there is'],
    ['swallow', 'there is no fault swallow: gatechart serve --list-faults shows what there is'],
    ['constructor', 'there is no fault constructor: gatechart serve --list-faults shows what there is'],
    [
      'goSilent@nowhere',
      'there is no state nowhere to wait for in goSilent@nowhere: there are greeting, awaitingIdentify, starting, replaying, live',
    ],
    [
      'goSilent@',
      'there is no state  to wait for in goSilent@: there are greeting, awaitingIdentify, starting, replaying, live',
    ],
    ['dropTcp=1', 'dropTcp takes no value: leave out =1'],
    ['dropTcp=1@live', 'dropTcp takes no value: leave out =1'],
    ['helloWithUpgrade=1', 'helloWithUpgrade takes no value: leave out =1'],
    ['refuseConnections=503@live', 'refuseConnections comes before a connection has a state: leave out @live'],
    ['closeWith=99', 'closeWith=99 makes no sense: write a code that a close frame can hold, as in closeWith=4000'],
    ['closeWith=abc', 'closeWith=abc makes no sense: write a code that a close frame can hold, as in closeWith=4000'],
    ['closeWith=', 'closeWith= makes no sense: write a code that a close frame can hold, as in closeWith=4000'],
    [
      'closeWith=0x1000',
      'closeWith=0x1000 makes no sense: write a code that a close frame can hold, as in closeWith=4000',
    ],
    [
      'invalidateSession=maybe',
      'invalidateSession=maybe makes no sense: write true or false, as in invalidateSession=false',
    ],
    [
      'skipSequence=abc',
      'skipSequence=abc makes no sense: write a whole number from 1 to 1000000, as in skipSequence=5',
    ],
    ['skipSequence=0', 'skipSequence=0 makes no sense: write a whole number from 1 to 1000000, as in skipSequence=5'],
    [
      'refuseConnections=200',
      'refuseConnections=200 makes no sense: write an HTTP status from 400 to 599, as in refuseConnections=503',
    ],
  ])('is not %j', (text, says) => {
    expect(() => faultOrder(text)).toThrow(new UsageError(says));
  });
});

describe('a fault that was ordered', () => {
  const gateway = () => createMemoryGateway({ clock: simulatedClock() });

  it('waits where the order says, with its details', () => {
    const { control } = gateway();
    inject(control, faultOrder('swallowAcks'));
    inject(control, faultOrder('closeWith=4014@live'));
    expect(control.state().faults).toMatchObject([
      { name: 'swallowAcks' },
      { name: 'closeWith', code: 4014, at: 'live' },
    ]);
  });

  it('names the kinds of malformed frames that there are', () => {
    expect(() => faultOrder('malformed=nonsense')).toThrow(
      /^malformed=nonsense makes no sense: write one of notJson, .*, giant, as in malformed=notJson$/,
    );
  });

  it.each([
    ['closeWith', 'the Gateway closes with a code (4000), on each connection once READY or RESUMED is sent'],
    [
      'closeWith=4009@greeting',
      'the Gateway closes with a code (4009), on the first connection once it is open and Hello is due',
    ],
    ['swallowAcks', 'heartbeats are not acknowledged: a zombie, on every connection'],
    ['swallowAcks@live', 'heartbeats are not acknowledged: a zombie, on each connection once READY or RESUMED is sent'],
    [
      'invalidateSession',
      'the session is invalid, or may be resumed (op 9) (false), on each connection once READY or RESUMED is sent',
    ],
    ['refuseConnections', 'every WebSocket handshake is refused with an HTTP status (503)'],
    ['helloWithUpgrade', 'Hello comes in the same packet as the answer to the handshake'],
  ])('is told as a sentence: %s', (text, says) => {
    expect(promise(faultOrder(text))).toBe(says);
  });
});

describe('a fault that is done to a connection', () => {
  it.each([
    'goSilent',
    'stopReading',
    'dropTcp',
    'closeWith=4009',
    'requestHeartbeat',
    'requestReconnect',
    'invalidateSession',
    'malformed',
    'skipSequence',
  ])('happens to each connection once it is live, where no state is given: %s', (text) => {
    const causes: string[] = [];
    const clock = simulatedClock();
    const gateway = createMemoryGateway({
      clock,
      maxConcurrency: 2,
      onCause: (connection, { name }) => void causes.push(`${connection} ${name}`),
    });
    inject(gateway.control, faultOrder(text));
    for (const id of [0, 1]) {
      const client = connect(gateway.socketPort);
      clock.increment(10);
      client.identify({ shard: [id, 2] });
      clock.increment(10);
    }
    const after = (connection: number) => causes.slice(causes.indexOf(`${connection} ready`) + 1);
    expect(after(1)[0]).toMatch(/^1 /);
    expect(after(2)[0]?.slice(2)).toBe(after(1)[0]?.slice(2));
  });
});

describe('the list of faults', () => {
  it('lists every fault, within 80 columns', async () => {
    const { code, out } = await run(['serve', '--list-faults']);
    expect(code).toBe(0);
    for (const name of ['swallowAcks', 'refuseGetGateway', 'notJson', 'replaying']) expect(out).toContain(`  ${name} `);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('breaks what a fault does at words, under its own column', () => {
    const { io, written } = keptIo({}, { columns: 50 });
    showFaults(new Terminal({ ...io, env: { NO_COLOR: '1' } }));
    expect(written.out).toContain(
      [
        "  ignoreClose        the client's close frame is",
        '                     not answered, and sending',
        '                     goes on',
        '',
      ].join('\n'),
    );
    expect(written.out).toContain('\nStates to wait for (@state) ─');
    expect(written.out).toMatch(/\n {2}skipSequence +a whole number from 1 to\n +1000000; 5 by default\n/);
    expect(written.out).toMatch(/\n {2}awaitingIdentify {2}Hello is sent\n/);
  });
});
