import { describe, expect, it } from 'vitest';
import { faultOrder, inject, showFaults } from '../../src/cli/faults.js';
import { UsageError } from '../../src/cli/io.js';
import { Terminal } from '../../src/cli/terminal.js';
import { simulatedClock } from '../../src/host/clock.js';
import { createMemoryGateway } from '../../src/simulator/index.js';
import { run } from '../support/cli.js';
import { keptIo } from '../support/io.js';

describe('an order for a fault', () => {
  it.each([
    ['swallowAcks', { name: 'swallowAcks', details: {} }],
    ['goSilent@live', { name: 'goSilent', details: {}, at: 'live' }],
    ['closeWith', { name: 'closeWith', details: {} }],
    ['closeWith=4014', { name: 'closeWith', details: { code: 4014 } }],
    ['closeWith=4014@greeting', { name: 'closeWith', details: { code: 4014 }, at: 'greeting' }],
    ['invalidateSession=true', { name: 'invalidateSession', details: { resumable: true } }],
    ['invalidateSession=false', { name: 'invalidateSession', details: { resumable: false } }],
    ['malformed=notJson', { name: 'malformed', details: { kind: 'notJson' } }],
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

  it.each([
    ['closeWith=99', 'code must be one that a close frame can hold, not 99'],
    ['closeWith=', 'code must be one that a close frame can hold, not 0'],
    ['malformed=nonsense', /^kind must be one of notJson, /],
    ['skipSequence=0', 'by must be a whole number from 1'],
    ['refuseConnections=200', 'status must be an HTTP status from 400 to 599'],
  ])('makes sense to the simulator: not %s', (text, says) => {
    const { control } = gateway();
    expect(() => inject(control, faultOrder(text))).toThrow(says);
    expect(control.state().faults).toEqual([]);
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
    expect(written.out).toMatch(/\n {2}awaitingIdentify {2}Hello is sent\n/);
  });
});
