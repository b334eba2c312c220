import { assertEqual, type Claims, within } from '../contract.js';
import { ABNORMAL, accept, assertEnd, HELLO, type SocketContractOptions, send, settle, text, watch } from './watch.js';

/** How a connection ends, and what is told about it. */
export const CLOSING: Claims<SocketContractOptions> = {
  async 'ends a closing handshake of ours with closed, once'({ port, peer }) {
    for (const code of [1000, 4900]) {
      const { url, ended } = await peer.play([accept(text(HELLO))]);
      const { socket, ends, until } = watch(port, url);
      await until('message');
      socket.close(code);
      socket.close(code);
      assertEqual(ends, [], 'closed before close returned');
      await until('closed');
      assertEqual((await within(ended(), 'the end of the connection')).closeCode, code, 'the code that went out');
      await settle();
      assertEnd(ends, { code, reason: '', wasClean: true });
    }
  },

  async 'says whether it is open, where it says so at all'({ port, peer }) {
    const { url } = await peer.play([accept(text(HELLO))]);
    const { socket, until } = watch(port, url);
    if (socket.isOpen === undefined) return;
    assertEqual(socket.isOpen, false, 'open before opened');
    await until('message');
    assertEqual(socket.isOpen, true, 'open once a message came');
    socket.close(1000);
    assertEqual(socket.isOpen, false, 'open once close was called');
    await until('closed');
    assertEqual(socket.isOpen, false, 'open once closed');
  },

  async 'tells code and reason of a close that the peer starts, once'({ port, peer }) {
    const { url, ended } = await peer.play([
      accept(text(HELLO), { type: 'close', code: 4004, reason: 'Authentication failed.' }),
    ]);
    const { said, ends, until } = watch(port, url);
    await until('closed');
    await within(ended(), 'the end of the connection');
    await settle();
    assertEqual(said, ['opened', 'message', 'closed'], 'order');
    assertEnd(ends, { code: 4004, reason: 'Authentication failed.', wasClean: true });
  },

  async 'tells 1005 for a close frame without a code'({ port, peer }) {
    const { url } = await peer.play([accept({ type: 'close' })]);
    const { ends, until } = watch(port, url);
    await until('closed');
    assertEnd(ends, { code: 1005, reason: '', wasClean: true });
  },

  async 'tells closed once when both sides close at the same time'({ port, peer }) {
    const { url } = await peer.play([accept(), { step: 'receive', messages: 1 }, send({ type: 'close', code: 4007 })]);
    const { socket, ends, until } = watch(port, url);
    await until('opened');
    socket.send('{}');
    socket.close(4900);
    await until('closed');
    await settle();
    assertEqual(ends.length, 1, 'how often closed was told');
  },

  async 'tells 1006, once, when the connection is dropped without a close frame'({ port, peer }) {
    const { url } = await peer.play([accept(text(HELLO)), { step: 'wait', ms: 20 }, { step: 'drop' }]);
    const { said, ends, until } = watch(port, url);
    await until('closed');
    await settle();
    assertEqual(said, ['opened', 'message', 'closed'], 'order');
    assertEnd(ends, ABNORMAL);
  },

  async 'tells 1006, once, when the peer breaks the protocol'({ port, peer }) {
    const { url } = await peer.play([accept(text(HELLO), { type: 'invalid' }, text('after'))]);
    const { said, ends, until } = watch(port, url);
    await until('closed');
    await settle();
    assertEqual(said, ['opened', 'message', 'closed'], 'order');
    assertEnd(ends, ABNORMAL);
  },
};
