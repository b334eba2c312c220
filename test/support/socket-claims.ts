import { afterAll, beforeAll, expect, it } from 'vitest';
import { ws } from '../../adapters/ws.js';
import { type Claims, ContractError, cases } from '../../src/contracts/contract.js';
import type { SocketContractOptions } from '../../src/contracts/socket/watch.js';
import type { Socket, SocketCallbacks, SocketPort } from '../../src/ports/index.js';
import { type RawPeer, startRawPeer } from './start-raw-peer.js';

/** A socket that does one thing wrong, the claim that finds it, and how the claim's message begins. */
export type SocketFault = readonly [fault: string, breaks: string, says: string, port: SocketPort];

/** The socket of `ws`, with other callbacks, methods or sizes. */
export function changedSocket(change: {
  on?(callbacks: SocketCallbacks): Partial<SocketCallbacks>;
  socket?(socket: Socket, callbacks: SocketCallbacks): Partial<Socket>;
  maxPayload?: number;
}): SocketPort {
  return {
    open(url, options, callbacks) {
      const { maxPayload = options.maxPayload } = change;
      const socket = ws().open(url, { maxPayload }, { ...callbacks, ...change.on?.(callbacks) });
      return Object.setPrototypeOf(change.socket?.(socket, callbacks) ?? {}, socket) as Socket;
    },
  };
}

/** The socket of `ws`, which tells its end otherwise. */
export const endingWith = (
  change: (end: Parameters<SocketCallbacks['closed']>[0]) => Parameters<SocketCallbacks['closed']>[0],
): SocketPort => changedSocket({ on: ({ closed }) => ({ closed: (end) => closed(change(end)) }) });

/** Tests that a right socket meets these claims, over loopback, and that each faulty one breaks the claim it names. */
export function testSocketClaims(
  claims: Claims<SocketContractOptions>,
  faults: readonly SocketFault[],
  alsoRight: readonly (readonly [what: string, claim: string, port: SocketPort])[] = [],
): void {
  let raw: RawPeer;
  beforeAll(async () => {
    raw = await startRawPeer();
    // The first connection takes longer than some claims allow for.
    const { url, ended } = await raw.peer.play([{ step: 'refuse', status: 503 }]);
    ws().open(url, { maxPayload: 1 }, { opened() {}, message() {}, closed() {} });
    await ended();
  });
  afterAll(() => raw.stop());

  const resources = () => process.getActiveResourcesInfo();
  /** The message with which a claim fails; null if it holds. */
  async function brokenBy(port: SocketPort, name: string): Promise<string | null> {
    const claim = cases(() => ({ port, peer: raw.peer, resources }), claims).find((each) => each.name === name);
    try {
      await claim?.run();
      return null;
    } catch (error) {
      if (error instanceof ContractError) return error.message;
      throw error;
    }
  }

  it.each(Object.keys(claims))('is met by a socket that is wrapped and not changed: %s', async (claim) => {
    expect(await brokenBy(changedSocket({}), claim)).toBeNull();
  });

  it.each(alsoRight)('is met by a socket that %s: %s', async (_, claim, port) => {
    expect(await brokenBy(port, claim)).toBeNull();
  });

  it.each(faults)('finds a socket that %s: %s', async (_, claim, says, port) => {
    const broken = await brokenBy(port, claim);
    expect(broken?.startsWith(says), broken ?? 'it holds').toBe(true);
  });

  it('has each of its claims broken here', () => {
    expect(new Set(faults.map(([, claim]) => claim))).toEqual(new Set(Object.keys(claims)));
  });
}
