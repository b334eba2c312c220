import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CauseName } from '../../../machines/index.js';
import { FAULTS } from '../../../src/simulator/browser.js';
import type { Line } from '../../../src/viewer/model/lines.js';
import { Simulation, STANDING } from '../../../src/viewer/source/simulation.js';
import type { Status } from '../../../src/viewer/source/source.js';

/** A simulation, and what its page is given. */
function simulated() {
  const lines: Line[] = [];
  const statuses: Status[] = [];
  let strange = 0;
  const simulation = new Simulation({
    line: (line) => lines.push(line),
    strange: () => {
      strange += 1;
    },
    status: (status) => statuses.push(status),
  });
  const causes = (): CauseName[] =>
    lines.flatMap((line) =>
      line.type === 'step' && line.actor === undefined ? (line.causes ?? []).map(({ name }) => name as CauseName) : [],
    );
  /** Skips to what is due next until the shard has given a cause once more than before an order. */
  const until = async (cause: CauseName, order = () => {}) => {
    const count = () => causes().filter((each) => each === cause).length;
    const goal = count() + 1;
    order();
    await turn();
    for (let n = 0; count() < goal; n += 1) {
      if (n === 500) throw new Error(`${cause} is still to come after ${causes().slice(-9).join(', ')}`);
      simulation.skip();
      await turn();
    }
  };
  return {
    simulation,
    lines,
    statuses,
    causes,
    until,
    notes: () => lines.flatMap((line) => (line.type === 'note' ? [line.says] : [])),
    strange: () => strange,
  };
}

// The middle of every span: with a short draw the first heartbeat would come before READY.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5));
afterEach(() => void vi.restoreAllMocks());

/** One whose shard is ready. */
async function ready() {
  const all = simulated();
  all.simulation.start();
  await all.until('ready');
  return all;
}

describe('a simulation', () => {
  it('in which the shard is refused, once and again, leaves nothing that nobody handles', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const { simulation, until } = await ready();
    await until('closedForGood', () => simulation.closeWith(4014));
    simulation.start();
    await until('ready');
    await until('closedForGood', () => simulation.closeWith(4014));
    await turn();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('tells what the shard and each connection of the Gateway do, as lines of traces', async () => {
    const { simulation, lines, statuses, causes, strange } = await ready();
    expect(statuses).toEqual([{ kind: 'live', says: 'Simulated in this page: nothing leaves it' }]);
    const headers = lines.flatMap((line) => (line.type === 'header' ? [[line.actor, line.chart]] : []));
    expect(headers).toEqual([
      [undefined, 'shard'],
      [expect.stringMatching(/^gateway \d$/), 'gateway'],
    ]);
    expect(causes()).toEqual([
      'started',
      'gatewayUnknown',
      'located',
      'opened',
      'helloBeforeIdentify',
      'permitted',
      'ready',
    ]);
    expect(strange()).toBe(0);
    simulation.end();
  });

  it('does what the client is ordered to, and notes it', async () => {
    const { simulation, notes, until } = await ready();
    await until('resumed', () => simulation.reconnect());
    await until('detached', () => simulation.detach());
    await until('closeAnswered');
    await until('resumed', () => simulation.start());
    await until('stopped', () => simulation.stop());
    expect(notes()).toEqual([
      'You order the client to start',
      'You order the client to reconnect',
      'You order the client to detach: it leaves and keeps its session',
      'You order the client to start',
      'You order the client to stop',
    ]);
    simulation.end();
  });

  it.each<[deed: 'drop' | 'goSilent' | 'op7' | 'op9true' | 'op9false', lost: CauseName, back: CauseName, says: string]>(
    [
      ['drop', 'closedForResume', 'resumed', 'The Gateway cuts the TCP connection'],
      ['goSilent', 'zombied', 'resumed', 'The Gateway goes dead, while TCP stays up'],
      ['op7', 'reconnectRequested', 'resumed', 'The Gateway asks to reconnect (op 7)'],
      ['op9true', 'sessionInterrupted', 'resumed', 'The Gateway says Invalid Session, d true (op 9)'],
      ['op9false', 'sessionInvalidated', 'ready', 'The Gateway says Invalid Session, d false (op 9)'],
    ],
  )('makes the Gateway do something at which the client has to come back: %s', async (deed, lost, back, says) => {
    const { simulation, notes, until } = await ready();
    expect(simulation.hindrance(deed)).toBeNull();
    simulation.make(deed);
    await until(lost);
    await until(back);
    expect(notes().at(-1)).toBe(says);
    simulation.end();
  });

  it.each<[deed: 'op1' | 'malformed', noticed: CauseName, says: string]>([
    ['op1', 'heartbeatRequested', 'The Gateway asks for a heartbeat (op 1)'],
    ['malformed', 'malformed', 'The Gateway sends something that is not JSON'],
  ])('makes the Gateway say something that the client stays for: %s', async (deed, noticed, says) => {
    const { simulation, notes, until } = await ready();
    simulation.make(deed);
    await until(noticed);
    expect(notes().at(-1)).toBe(says);
    simulation.end();
  });

  it('makes messages, numbered, which are replayed to a client that is away', async () => {
    const { simulation, lines, notes, until } = await ready();
    simulation.make('drop');
    for (let n = 0; n < 2; n += 1) simulation.make('dispatch');
    await until('resumed');
    expect(notes().slice(-2)).toEqual(['Somebody writes a message', 'Somebody writes a message']);
    const received = lines.flatMap((line) =>
      line.type === 'step' && line.actor === undefined ? Object.entries(line.dispatches?.names ?? {}) : [],
    );
    const messages = received.filter(([name]) => name === 'MESSAGE_CREATE').map(([, count]) => count);
    expect(messages.reduce((sum, count) => sum + count, 0)).toBe(2);
    simulation.end();
  });

  it('closes with the code that is chosen', async () => {
    const { simulation, notes, until } = await ready();
    simulation.closeWith(4004);
    await until('closedForGood');
    expect(notes().at(-1)).toBe('The Gateway closes with 4004');
    simulation.end();
  });
});

describe('what would change nothing', () => {
  it('is known, with the reason, and noted as without effect', async () => {
    const { simulation, notes } = simulated();
    for (const deed of ['drop', 'op1', 'close', 'dispatch', 'op9true'] as const) {
      expect(simulation.hindrance(deed), deed).toBe('there is no connection');
    }
    simulation.make('drop');
    simulation.closeWith(4000);
    expect(notes()).toEqual([
      'Without effect, as there is no connection: “The Gateway cuts the TCP connection”',
      'Without effect, as there is no connection: “The Gateway closes with 4000”',
    ]);
  });

  it('depends on whether a session waits to be resumed', async () => {
    const { simulation, until } = await ready();
    simulation.make('drop');
    await until('closedForResume');
    const hindrances = (['dispatch', 'op9true', 'op9false', 'op7'] as const).map((deed) => simulation.hindrance(deed));
    expect(hindrances).toEqual([null, null, null, 'there is no connection']);
    simulation.end();
  });

  it('is almost everything once a connection is dead', async () => {
    const { simulation, until } = await ready();
    simulation.make('op1');
    await until('heartbeatRequested');
    simulation.make('goSilent');
    expect(simulation.hindrance('op7')).toBe('nothing is read or sent any more');
    expect(simulation.hindrance('drop')).toBeNull();
    simulation.end();
  });
});

describe('a fault that holds until it is put right', () => {
  it('is one of the simulator, named once', () => {
    const names = STANDING.map(([name]) => name);
    expect(names.filter((name) => !Object.hasOwn(FAULTS, name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is noted when it begins and when it ends', async () => {
    const { simulation, notes, until } = await ready();
    simulation.toggle('swallowAcks');
    expect([...simulation.standing]).toEqual(['swallowAcks']);
    await until('zombied');
    simulation.toggle('swallowAcks');
    expect([...simulation.standing]).toEqual([]);
    await until('resumed');
    await until('acknowledged');
    expect(notes().slice(-2)).toEqual([
      'Heartbeats are not acknowledged any more',
      'All is well again: no more "heartbeats are not acknowledged any more"',
    ]);
    simulation.end();
  });

  it('goes on when another ends', async () => {
    const { simulation, until } = await ready();
    simulation.toggle('refuseConnections');
    simulation.toggle('withholdHello');
    simulation.toggle('withholdHello');
    expect([...simulation.standing]).toEqual(['refuseConnections']);
    simulation.make('drop');
    await until('closedForResume');
    await until('closedForResume');
    simulation.toggle('refuseConnections');
    await until('resumed');
    simulation.end();
  });
});

describe('the time of a simulation', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  const tick = async (simulation: Simulation, ms: number) => {
    vi.advanceTimersByTime(ms);
    simulation.tick();
    await turn();
  };

  it('passes as it passes outside, faster or slower, and not while it is paused', async () => {
    const { simulation } = simulated();
    expect(simulation.now).toBe(0);
    await tick(simulation, 100);
    expect(simulation.now).toBe(100);
    simulation.speed = 5;
    await tick(simulation, 100);
    expect(simulation.now).toBe(600);
    simulation.isPaused = true;
    await tick(simulation, 100);
    simulation.isPaused = false;
    simulation.speed = 0.25;
    await tick(simulation, 100);
    expect(simulation.now).toBe(625);
  });

  it('leaps no further than 250 ms, as after a while in the background', async () => {
    const { simulation } = simulated();
    await tick(simulation, 60_000);
    expect(simulation.now).toBe(250);
  });

  it('moves from one thing that is due to the next', async () => {
    const { simulation, lines } = simulated();
    simulation.start();
    await turn();
    for (let n = 0; n < 8; n += 1) await tick(simulation, 250);
    const times = lines.flatMap((line) => (line.type === 'step' ? [line.at] : []));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.some((at) => at % 250 !== 0)).toBe(true);
  });

  it('can be skipped to what is due next, also while it is paused, and not when nothing is', async () => {
    const { simulation } = simulated();
    expect(simulation.isIdle).toBe(true);
    simulation.skip();
    await turn();
    expect(simulation.now).toBe(0);
    simulation.isPaused = true;
    simulation.start();
    await turn();
    expect(simulation.isIdle).toBe(false);
    simulation.skip();
    await turn();
    expect(simulation.now).toBe(60); // the answer with the Gateway URL crosses the wire
  });

  it('stands still once the simulation has ended', async () => {
    const { simulation, lines, until } = await ready();
    await until('firstHeartbeat');
    simulation.end();
    const before = [simulation.now, lines.length];
    simulation.skip();
    await tick(simulation, 250);
    expect([simulation.now, lines.length]).toEqual(before);
  });
});
