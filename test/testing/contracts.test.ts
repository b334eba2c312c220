/** A contract is worth what it catches: each of these implementations has one fault, and one claim that finds it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ws } from '../../adapters/ws.js';
import { simulatedClock } from '../../src/host/clock.js';
import { fixedLocator } from '../../src/host/fixed-locator.js';
import { memoryPermits } from '../../src/host/memory-permits.js';
import { memoryStore } from '../../src/host/memory-store.js';
import {
  type ClockPort,
  LocateError,
  type LocatorPort,
  type PermitPort,
  type ResumeRecord,
  type Socket,
  type SocketCallbacks,
  type SocketPort,
  type TraceSink,
} from '../../src/host/ports.js';
import {
  type ContractCase,
  ContractError,
  clockContract,
  locatorContract,
  permitContract,
  randomContract,
  socketContract,
  storeContract,
  traceSinkContract,
} from '../../src/testing/contracts.js';
import { type RawPeer, startRawPeer } from '../support/start-raw-peer.js';

/** Runs the claim whose name begins so, and expects it to be broken. */
async function expectBroken(contract: ContractCase[], name: string): Promise<void> {
  const found = contract.filter((one) => one.name.startsWith(name));
  expect(found).toHaveLength(1);
  await expect(found[0]?.run()).rejects.toBeInstanceOf(ContractError);
}

describe('the socket contract finds a socket that', () => {
  let raw: RawPeer;
  beforeAll(async () => {
    raw = await startRawPeer();
  });
  afterAll(() => raw.stop());

  /** The `ws` socket, with other callbacks or methods. */
  const changed =
    (change: { on?(callbacks: SocketCallbacks): Partial<SocketCallbacks>; socket?(socket: Socket): Partial<Socket> }) =>
    (): SocketPort => ({
      open(url, options, callbacks) {
        const socket = ws().open(url, options, { ...callbacks, ...change.on?.(callbacks) });
        return Object.setPrototypeOf({ ...change.socket?.(socket) }, socket) as Socket;
      },
    });
  const onClosed = (change: (end: Parameters<SocketCallbacks['closed']>[0]) => typeof end) =>
    changed({ on: ({ closed }) => ({ closed: (end) => closed(change(end)) }) });

  const FAULTS: [fault: string, claim: string, port: () => SocketPort][] = [
    [
      'tells opened late',
      'tells opened before',
      changed({ on: ({ opened }) => ({ opened: () => setTimeout(opened) }) }),
    ],
    [
      'loses what comes with the upgrade',
      'tells opened before',
      changed({
        on({ opened, message }) {
          let isListening = false;
          const listen = () => {
            opened();
            setTimeout(() => {
              isListening = true;
            });
          };
          return { opened: listen, message: (...args) => isListening && message(...args) };
        },
      }),
    ],
    [
      'calls text binary',
      'hands on text',
      changed({ on: ({ message }) => ({ message: (data) => message(data, true) }) }),
    ],
    [
      'changes what is not ASCII',
      'hands on text',
      changed({ on: ({ message }) => ({ message: (data, b) => message(Buffer.from(data).toString('latin1'), b) }) }),
    ],
    [
      'gives bytes as a string',
      'hands on binary',
      changed({ on: ({ message }) => ({ message: (d, b) => message(`${d}`, b) }) }),
    ],
    [
      'refuses 8 MB',
      'hands on a message of 8',
      () => ({ open: (url, _, on) => ws().open(url, { maxPayload: 1e6 }, on) }),
    ],
    ['takes any size', 'takes a message of', () => ({ open: (url, _, on) => ws().open(url, { maxPayload: 1e9 }, on) })],
    [
      'sends all as binary',
      'sends strings',
      changed({ socket: (s) => ({ send: (data) => s.send(Buffer.from(data)) }) }),
    ],
    ['closes with another code', 'ends a closing', changed({ socket: (s) => ({ close: () => s.close(3000) }) })],
    [
      'tells the end twice',
      'ends a closing',
      changed({
        on: ({ closed }) => ({
          closed(end) {
            closed(end);
            closed(end);
          },
        }),
      }),
    ],
    ['forgets the reason', 'tells code and reason', onClosed((end) => ({ ...end, reason: '' }))],
    ['makes 1000 of no code', 'tells 1005', onClosed((end) => ({ ...end, code: end.code === 1005 ? 1000 : end.code }))],
    [
      'calls a lost connection clean',
      'tells 1006, once, when the connection is dropped',
      onClosed((end) => ({ ...end, wasClean: true })),
    ],
    [
      'tells the end of what it cannot open at once',
      'tells 1006, once and in a later task, for a URL',
      () => ({
        open(url, options, on) {
          const isValid = /^wss?:\/\/\w/.test(url);
          if (!isValid) on.closed({ code: 1006, reason: '', wasClean: false });
          return ws().open(url, options, isValid ? on : { ...on, closed() {} });
        },
      }),
    ],
    ['does not drop while opening', 'says nothing after drop while', changed({ socket: () => ({ drop() {} }) })],
    [
      'finishes a burst after drop',
      'stops in the middle',
      changed({ socket: (s) => ({ drop: () => setTimeout(() => s.drop()) }) }),
    ],
    [
      'throws when it is not open',
      'never throws',
      () => ({
        open(url, options, callbacks) {
          let isOpen = false;
          const opened = () => {
            isOpen = true;
            callbacks.opened();
          };
          const socket = ws().open(url, options, { ...callbacks, opened });
          const send = (data: string | Uint8Array) => {
            if (!isOpen) throw new Error('not open');
            socket.send(data);
          };
          return Object.setPrototypeOf({ send }, socket) as Socket;
        },
      }),
    ],
    ['counts nothing as buffered', 'counts in bufferedAmount', changed({ socket: () => ({ bufferedAmount: 0 }) })],
    ['does not pause', 'holds messages back', changed({ socket: () => ({ pause() {} }) })],
  ];

  it.each(FAULTS)(
    '%s',
    async (_fault, claim, port) => {
      const resources = () => process.getActiveResourcesInfo();
      await expectBroken(
        socketContract(() => ({ port: port(), peer: raw.peer, resources })),
        claim,
      );
    },
    15_000,
  );
});

describe('the locator contract finds a locator that', () => {
  const url = 'wss://gateway.discord.gg';
  const info = { url, shards: null, sessionStartLimit: null, fetchedAt: 0 };
  const failing = (reason: LocateError['reason'], retryAfter?: number): LocatorPort => ({
    locate: async () => Promise.reject(new LocateError(reason, 'no', retryAfter)),
  });
  it.concurrent.each<[string, string, LocatorPort]>([
    ['gives no WebSocket URL', 'gives a URL', { locate: async () => ({ ...info, url: 'https://discord.com' }) }],
    [
      'gives no lanes',
      'gives a URL',
      {
        locate: async () => ({
          ...info,
          sessionStartLimit: { total: 1, remaining: 1, resetAfter: 0, maxConcurrency: 0 },
        }),
      },
    ],
    [
      'does not look at the signal',
      "rejects with the signal's reason if it is aborted already",
      { locate: async () => info },
    ],
    [
      'never hears an abort',
      "rejects with the signal's reason if it is aborted while",
      { locate: () => new Promise(() => {}) },
    ],
    ['takes every failure for another', 'says why', failing('unavailable')],
  ])(
    '%s',
    (_fault, claim, locator) =>
      expectBroken(
        locatorContract(() => locator),
        claim,
      ),
    15_000,
  );

  it('answers by its situation, and passes', async () => {
    for (const { run } of locatorContract((s) => (s === 'answers' ? fixedLocator(url) : undefined))) await run();
  });
});

describe('the permit contract finds permits that', () => {
  const make = (change: (permits: PermitPort, spacing: number) => PermitPort) => (maxConcurrency: number) => {
    const clock = simulatedClock();
    const pass = async (ms: number) => {
      clock.increment(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { permits: change(memoryPermits({ clock, maxConcurrency }), 5000), spacing: 5000, pass };
  };
  const endless = new AbortController().signal;
  it.concurrent.each<[string, string, (permits: PermitPort) => PermitPort]>([
    [
      'are for everybody',
      'grants one permit',
      (p) => ({ ...p, request: async () => ({ granted: true, settle() {} }) }),
    ],
    [
      'keep a place for the aborted',
      'gives the place up',
      (p) => ({ ...p, request: (o) => p.request({ ...o, signal: endless }) }),
    ],
    ['have one lane', 'has a lane for each', (p) => ({ ...p, request: (o) => p.request({ ...o, shardId: 0 }) })],
    ['know no budget', 'refuses where the day', (p) => ({ ...p, update() {} })],
    ['know no new lanes', 'keeps the order', (p) => ({ ...p, update: (l) => p.update({ ...l, maxConcurrency: 1 }) })],
    [
      'take every permit as used',
      'frees the lane',
      (p) => ({
        ...p,
        async request(options) {
          const permit = await p.request(options);
          return permit.granted ? { ...permit, settle: () => permit.settle('used') } : permit;
        },
      }),
    ],
    [
      'refuse for good',
      'refuses those who wait',
      (p) => ({
        ...p,
        async request(options) {
          const permit = await p.request(options);
          return permit.granted ? permit : { ...permit, retryAfter: null };
        },
      }),
    ],
  ])('%s', (_fault, claim, change) => expectBroken(permitContract(make(change)), claim));
});

describe('the store contract finds a store that', () => {
  it.concurrent.each<[string, string, () => ReturnType<typeof memoryStore>]>([
    ['is never empty', 'is empty after clear', () => ({ ...memoryStore(), clear: async () => {} })],
    [
      'keeps the first',
      'keeps the last',
      () => {
        const store = memoryStore();
        let isFull = false;
        return {
          ...store,
          async save(record) {
            if (isFull) return;
            isFull = true;
            await store.save(record);
          },
        };
      },
    ],
    [
      'keeps no copy',
      'keeps a copy',
      () => {
        let kept: ResumeRecord | null = null;
        return {
          load: async () => kept,
          async save(record) {
            kept = record;
          },
          clear: async () => {},
        };
      },
    ],
  ])('%s', (_fault, claim, store) =>
    expectBroken(
      storeContract(() => ({ store: store() })),
      claim,
    ),
  );
});

describe('the clock contract finds a clock that', () => {
  const changed = (change: (clock: ClockPort) => Partial<ClockPort>) => {
    const clock = simulatedClock();
    return { clock: { ...clock, ...change(clock) }, pass: async (ms: number) => clock.increment(ms) };
  };
  it.concurrent.each<[string, string, (clock: ClockPort) => Partial<ClockPort>]>([
    ['stands', 'tells a time', () => ({ now: () => 0 })],
    ['is early', 'runs a timer once', (c) => ({ setTimeout: (fn, ms) => c.setTimeout(fn, ms / 2) })],
    ['fires at once', 'runs a timer once', (c) => ({ setTimeout: (fn, ms) => (ms ? c.setTimeout(fn, ms) : fn()) })],
    [
      'mixes the order',
      'runs timers in the order',
      (c) => ({ setTimeout: (fn, ms) => c.setTimeout(fn, ms === 40 ? 70 : ms) }),
    ],
    ['clears nothing', 'does not run what was cleared', () => ({ clearTimeout() {} })],
    ['overflows', 'does not run a timer of a month', (c) => ({ setTimeout: (fn, ms) => c.setTimeout(fn, ms | 0) })],
  ])('%s', (_fault, claim, change) =>
    expectBroken(
      clockContract(() => changed(change)),
      claim,
    ),
  );
});

describe('the random contract finds chance that', () => {
  it.concurrent.each<[string, string, () => number]>([
    ['reaches 1', 'gives numbers from 0', () => Math.round(Math.random())],
    ['leans', 'spreads them', () => Math.random() ** 1.2],
    ['stands', 'does not repeat', () => 0.5],
  ])('%s', (_fault, claim, random) =>
    expectBroken(
      randomContract(() => random),
      claim,
    ),
  );
});

/** A sink in memory, with other methods. */
function memorySink(change: (sink: Required<TraceSink>, kept: string[]) => Partial<TraceSink> = () => ({})) {
  const kept: string[] = [];
  const write = (line: string) => void kept.push(line);
  const sink = { write, isFull: false, rotate: () => 0, settle() {}, onError() {} };
  return { sink: { ...sink, ...change(sink, kept) }, lines: () => kept };
}

describe('a sink of traces in memory', () => {
  for (const { name, run } of traceSinkContract(() => memorySink())) it(name, run);
});

describe('a function that takes the lines of traces', () => {
  const make = () => {
    const { sink, lines } = memorySink();
    return { sink: sink.write, lines };
  };
  for (const { name, run } of traceSinkContract(make)) it(name, run);
});

describe('the trace sink contract finds a sink that', () => {
  let isOver = false;
  it.concurrent.each<[string, string, Parameters<typeof memorySink>[0]]>([
    ['turns the order', 'keeps every line', (_, kept) => ({ write: (line) => void kept.unshift(line) })],
    ['cuts lines', 'keeps a line as it is', ({ write }) => ({ write: (line) => write(line.slice(0, 10_000)) })],
    ['escapes', 'keeps a line as it is', ({ write }) => ({ write: (line) => write(line.replace(/[^ -~]/g, '?')) })],
    [
      'ends when it is settled',
      'goes on after',
      ({ write }) => ({
        settle: () => {
          isOver = true;
        },
        write: (line) => {
          if (isOver) throw new Error('over');
          write(line);
        },
      }),
    ],
    ['forgets what it had', 'begins a new file', (_, kept) => ({ rotate: () => kept.splice(0).length * 0 })],
    ['counts what it had as lost', 'begins a new file', (_, kept) => ({ rotate: () => kept.length })],
    ['cries wolf', 'tells of no error', () => ({ onError: (listener) => listener(new Error('wolf')) })],
  ])('%s', (_fault, claim, change) =>
    expectBroken(
      traceSinkContract(() => memorySink(change)),
      claim,
    ),
  );
});
