import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ContractError } from '../../../src/contracts/contract.js';
import {
  ABNORMAL,
  accept,
  assertEnd,
  burst,
  bytesOf,
  same,
  send,
  settle,
  text,
  textOf,
  watch,
} from '../../../src/contracts/socket/watch.js';
import type { SocketCallbacks, SocketEnd, SocketPort } from '../../../src/ports/index.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A port that opens nothing, and how it was called. */
function silentPort() {
  const calls: { url: string; maxPayload: number; callbacks: SocketCallbacks }[] = [];
  const socket = { send() {}, close() {}, drop() {}, bufferedAmount: 0 };
  const port: SocketPort = {
    open(url, { maxPayload }, callbacks) {
      calls.push({ url, maxPayload, callbacks });
      return socket;
    },
  };
  return { port, socket, calls };
}

function watched(on?: Parameters<typeof watch>[2]) {
  const { port, calls } = silentPort();
  const watching = watch(port, 'ws://peer/', on);
  const { callbacks } = calls[0]!;
  return { ...watching, ...callbacks };
}

const END: SocketEnd = { code: 4004, reason: 'Authentication failed.', wasClean: true };

describe('watch', () => {
  it('opens one socket, for messages of up to 16 MiB unless another size is given', () => {
    const { port, socket, calls } = silentPort();
    expect(watch(port, 'ws://peer/1').socket).toBe(socket);
    watch(port, 'ws://peer/2', {}, 1_000);
    expect(calls.map(({ url, maxPayload }) => [url, maxPayload])).toEqual([
      ['ws://peer/1', 16_777_216],
      ['ws://peer/2', 1_000],
    ]);
  });

  it('keeps what the socket says in order, with messages and ends', () => {
    const { said, messages, ends, opened, message, closed } = watched();
    opened();
    message('{}', false);
    message(new Uint8Array([1]), true);
    closed(END);
    expect(said).toEqual(['opened', 'message', 'message', 'closed']);
    expect(messages).toEqual([
      { data: '{}', isBinary: false },
      { data: new Uint8Array([1]), isBinary: true },
    ]);
    expect(ends).toEqual([END]);
  });

  it('calls back once it has kept what the socket says', () => {
    const seen: string[][] = [];
    const watching: ReturnType<typeof watched> = watched({
      opened: () => seen.push([...watching.said]),
      message: () => seen.push([...watching.said, String(watching.messages.length)]),
    });
    watching.opened();
    watching.message('{}', false);
    expect(seen).toEqual([['opened'], ['opened', 'message', '1']]);
  });
});

describe('until', () => {
  it('resolves when something has been said so many times, at once if it was before', async () => {
    const { message, until } = watched();
    let isOver = false;
    const twice = until('message', 2).then(() => {
      isOver = true;
    });
    message('1', false);
    await vi.advanceTimersByTimeAsync(0);
    expect(isOver).toBe(false);
    message('2', false);
    await twice;
    await until('message');
    await until('message', 2);
  });

  it('resolves on the end if that is waited for', async () => {
    const { closed, until } = watched();
    const ending = until('closed');
    closed(END);
    await expect(ending).resolves.toBeUndefined();
  });

  it('rejects as soon as the end comes before', async () => {
    const { message, closed, until } = watched();
    const failing = expect(until('message', 2)).rejects.toThrow(
      new ContractError('closed with 4004 before message (2)'),
    );
    message('1', false);
    closed(END);
    await failing;
    await expect(until('opened')).rejects.toThrow(new ContractError('closed with 4004 before opened (1)'));
  });

  it('rejects after 4 s of silence', async () => {
    const { until } = watched();
    const failing = expect(until('opened')).rejects.toThrow(new ContractError('opened (1): nothing within 4000 ms'));
    await vi.advanceTimersByTimeAsync(4_000);
    await failing;
  });
});

describe('assertEnd', () => {
  it('takes one end of this code, reason and cleanness, whatever else it tells', () => {
    expect(() => assertEnd([{ ...END, httpStatus: 401, error: new Error('no') }], END)).not.toThrow();
    expect(() => assertEnd([{ code: 1006, reason: '', wasClean: false }], ABNORMAL)).not.toThrow();
  });

  it.each<[string, SocketEnd[]]>([
    ['no end', []],
    ['two ends', [END, END]],
    ['another code', [{ ...END, code: 4000 }]],
    ['another reason', [{ ...END, reason: '' }]],
    ['an end that is not clean', [{ ...END, wasClean: false }]],
  ])('does not take %s', (_, ends) => {
    const expected = JSON.stringify([END]);
    expect(() => assertEnd(ends, END)).toThrow(
      new ContractError(`what closed said: expected ${expected}, got ${JSON.stringify(ends)}`),
    );
  });
});

describe('the words of scripts', () => {
  it('stand for steps and frames', () => {
    expect(accept(text('a'), { type: 'invalid' })).toEqual({
      step: 'accept',
      frames: [{ type: 'text', data: 'a' }, { type: 'invalid' }],
    });
    expect(accept()).toEqual({ step: 'accept', frames: [] });
    expect(send(...burst(2))).toEqual({
      step: 'send',
      frames: [
        { type: 'text', data: 'message 0' },
        { type: 'text', data: 'message 1' },
      ],
    });
  });
});

describe('a message in the form that a port chose', () => {
  it('is the same as text and as bytes', () => {
    const bytes = new Uint8Array([0xc5, 0xbe]);
    expect([textOf('ž'), textOf(bytes)]).toEqual(['ž', 'ž']);
    expect([bytesOf('ž'), bytesOf(bytes)]).toEqual([bytes, bytes]);
  });

  it('is compared byte by byte, and by its length', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(same(bytes, new Uint8Array([1, 2, 3]))).toBe(true);
    expect(same(new Uint8Array(), new Uint8Array())).toBe(true);
    expect(same(bytes, new Uint8Array([1, 2, 4]))).toBe(false);
    expect(same(bytes, new Uint8Array([1, 2]))).toBe(false);
    expect(same(bytes, new Uint8Array([1, 2, 3, 4]))).toBe(false);
  });
});

describe('settle', () => {
  it('takes 50 ms', async () => {
    let isOver = false;
    void settle().then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(49);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
  });
});
