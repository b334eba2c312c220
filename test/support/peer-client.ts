import type { PeerRecord, SocketPeer } from '../../src/contracts/peer.js';

/** Sends a command to a raw peer and gives its answer: `fetch` in a page. */
export type Ask = (path: string, body?: string) => Promise<unknown>;

/** A raw peer, from afar. It runs in pages too. */
export function peerClient(ports: { readonly port: number; readonly nowhere: number }, ask: Ask): SocketPeer {
  return {
    nowhere: `ws://127.0.0.1:${ports.nowhere}/`,
    async play(script) {
      const { id } = (await ask('/play', JSON.stringify(script))) as { id: string };
      return {
        url: `ws://127.0.0.1:${ports.port}/${id}`,
        ended: async () => (await ask(`/ended/${id}`)) as PeerRecord,
      };
    },
  };
}
