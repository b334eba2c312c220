import type { Socket, SocketEnd, SocketPort } from '../../ports/index.js';
import { assertEqual, ContractError, pause, within } from '../contract.js';
import type { PeerFrame, PeerStep, SocketPeer } from '../peer.js';

/** What the socket contract needs. */
export interface SocketContractOptions {
  readonly port: SocketPort;
  /** The other end, in another thread or process: one claim blocks this one for a second. */
  readonly peer: SocketPeer;
  /** What this process holds open, where that can be known: `process.getActiveResourcesInfo` in Node. */
  readonly resources?: () => readonly string[];
}

const MAX_PAYLOAD = 16 * 1024 * 1024;
/** The payload of the first message of every Gateway. */
export const HELLO = '{"op":10,"d":{"heartbeat_interval":41250}}';
/** Frames and steps of a script, in short. */
export const text = (data: string): PeerFrame => ({ type: 'text', data });
export const burst = (count: number) => Array.from({ length: count }, (_, i) => text(`message ${i}`));
export const accept = (...frames: PeerFrame[]): PeerStep => ({ step: 'accept', frames });
export const send = (...frames: PeerFrame[]): PeerStep => ({ step: 'send', frames });

/** A socket with a record of what it said. */
export function watch(
  port: SocketPort,
  url: string,
  on: { message?(): void; opened?(): void } = {},
  maxPayload = MAX_PAYLOAD,
) {
  const said: string[] = [];
  const messages: { readonly data: string | Uint8Array; readonly isBinary: boolean }[] = [];
  const ends: SocketEnd[] = [];
  const waiting = new Set<() => void>();
  const saying = (what: string) => {
    said.push(what);
    for (const check of waiting) check();
  };
  const socket: Socket = port.open(
    url,
    { maxPayload },
    {
      opened: () => {
        saying('opened');
        on.opened?.();
      },
      message: (data, isBinary) => {
        messages.push({ data, isBinary });
        saying('message');
        on.message?.();
      },
      closed: (end) => {
        ends.push(end);
        saying('closed');
      },
    },
  );
  /** Resolves when `what` has been said `times` times, and rejects if the end comes before. */
  const until = (what: string, times = 1): Promise<void> =>
    within(
      new Promise((resolve, reject) => {
        const check = () => {
          if (said.filter((other) => other === what).length >= times) resolve();
          else if (ends[0]) reject(new ContractError(`closed with ${ends[0].code} before ${what} (${times})`));
        };
        waiting.add(check);
        check();
      }),
      `${what} (${times})`,
    );
  return { socket, said, messages, ends, until };
}

/** Time enough for what should not come. */
export const settle = () => pause(50);

/**
 * The end, at the peer, of a connection that was given up while it was opening. On a busy machine that may be before the
 * peer hears of it at all, and then it knows of no end: time enough for what should not come.
 */
export const endedIfBegun = (ended: () => Promise<unknown>) => Promise.race([ended(), pause(1_000)]);

/** A message in one form, whichever the port chose. */
export const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? new TextEncoder().encode(data) : data;
export const textOf = (data: string | Uint8Array) => (typeof data === 'string' ? data : new TextDecoder().decode(data));
export const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Throws a `ContractError` unless `closed` was told once, with this. */
export function assertEnd(ends: readonly SocketEnd[], expected: Pick<SocketEnd, 'code' | 'reason' | 'wasClean'>): void {
  const told = ends.map(({ code, reason, wasClean }) => ({ code, reason, wasClean }));
  assertEqual(told, [expected], 'what closed said');
}

/** An end without a close frame. */
export const ABNORMAL = { code: 1006, reason: '', wasClean: false };
