import type { Socket } from '../../ports/index.js';
import { assert, assertEqual, assertSilent, type Claims, pause, within } from '../contract.js';
import { accept, burst, endedIfBegun, HELLO, type SocketContractOptions, send, settle, text, watch } from './watch.js';

/** That an abandoned connection is gone, and that no method ever throws. */
export const DROPPING: Claims<SocketContractOptions> = {
  async 'says nothing after drop while opening'({ port, peer }) {
    const waiting = await peer.play([{ step: 'wait', ms: 500 }, accept(text(HELLO), { type: 'close' })]);
    const first = watch(port, waiting.url);
    await pause(20);
    first.socket.drop();
    await endedIfBegun(() => waiting.ended());
    const atOnce = await peer.play([accept(text(HELLO))]);
    const others = [atOnce.url, peer.nowhere, 'ws://:::'].map((url) => watch(port, url));
    for (const { socket } of others) socket.drop();
    await settle();
    for (const { said } of [first, ...others]) assertEqual(said, [], 'said after drop');
  },

  async 'says nothing after drop in opened'({ port, peer }) {
    const { url, ended } = await peer.play([accept(...burst(100))]);
    const watched = watch(port, url, { opened: () => watched.socket.drop() });
    await within(ended(), 'the end of the connection');
    await settle();
    assertEqual(watched.said, ['opened'], 'said in all');
  },

  async 'stops in the middle of a burst on drop in a message'({ port, peer }) {
    const { url, ended } = await peer.play([accept(...burst(100)), send(...burst(100))]);
    const watched = watch(port, url, { message: () => watched.messages.length === 3 && watched.socket.drop() });
    await within(ended(), 'the end of the connection');
    await settle();
    assertEqual(watched.said, ['opened', 'message', 'message', 'message'], 'said in all');
  },

  async 'says nothing after drop where the peer never answers our close'({ port, peer, resources }) {
    const before = resources?.().length ?? 0;
    const { url, ended } = await peer.play([{ step: 'ignoreClose' }, accept(text(HELLO))]);
    const { socket, said, until } = watch(port, url);
    await until('message');
    socket.close(4900);
    await pause(20);
    assertEqual(said, ['opened', 'message'], 'said before the peer answered');
    socket.drop();
    if (resources) {
      assertEqual((await within(ended(), 'the end of the connection')).closeCode, 4900, 'the code that went out');
      await nothingMore(resources, before);
    }
    await settle();
    assertEqual(said, ['opened', 'message'], 'said after drop');
  },

  async 'never throws from send, close or drop, in any state'({ port, peer }) {
    const poke = (socket: Socket, state: string) => {
      assertSilent(() => socket.send('text'), `send while ${state}`);
      assertSilent(() => socket.send(new Uint8Array(3)), `send of bytes while ${state}`);
      assertSilent(() => socket.pause?.(), `pause while ${state}`);
      assertSilent(() => socket.resume?.(), `resume while ${state}`);
      assert(socket.bufferedAmount >= 0, `bufferedAmount while ${state} is ${socket.bufferedAmount}`);
    };
    for (const code of [1000, 4900, 1001, 1006, 2999, 99_999, Number.NaN]) {
      const { url, ended } = await peer.play([accept(text(HELLO))]);
      const { socket, ends, until } = watch(port, url);
      poke(socket, 'opening');
      await until('message');
      poke(socket, 'open');
      assertSilent(() => socket.close(code), `close(${code}) while open`);
      poke(socket, 'closing');
      assertSilent(() => socket.close(code), `close(${code}) while closing`);
      await until('closed');
      poke(socket, 'closed');
      assertSilent(() => socket.close(code), `close(${code}) while closed`);
      assertSilent(() => socket.drop(), 'drop while closed');
      assertSilent(() => socket.drop(), 'a second drop');
      poke(socket, 'dropped');
      assertSilent(() => socket.close(code), `close(${code}) while dropped`);
      await within(ended(), 'the end of the connection');
      assertEqual(ends.length, 1, 'how often closed was told');
    }
  },

  async 'leaves nothing open behind'({ port, peer, resources }) {
    const before = resources?.().length ?? 0;
    const closing = await peer.play([accept(text(HELLO))]);
    const dropped = await peer.play([accept(text(HELLO))]);
    const refused = await peer.play([{ step: 'refuse', status: 503 }]);
    const [first, second, third] = [closing, dropped, refused].map(({ url }) => watch(port, url));
    await within(Promise.all([first?.until('message'), second?.until('message'), third?.until('closed')]), 'the start');
    first?.socket.close(4900);
    second?.socket.drop();
    await first?.until('closed');
    await within(Promise.all([closing, dropped, refused].map(({ ended }) => ended())), 'the end of the connections');
    if (resources) await nothingMore(resources, before);
  },
};

/** Waits up to 2 s for this process to hold no more than before. */
async function nothingMore(resources: () => readonly string[], before: number): Promise<void> {
  for (let waited = 0; waited < 2000 && resources().length > before; waited += 20) await pause(20);
  assert(resources().length <= before, `still open: ${resources().join(', ')}; before there were ${before}`);
}
