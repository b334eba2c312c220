import { assertEqual, assertSilent, type Claims, pause, within } from '../contract.js';
import {
  ABNORMAL,
  accept,
  assertEnd,
  endedIfBegun,
  HELLO,
  type SocketContractOptions,
  settle,
  text,
  textOf,
  watch,
} from './watch.js';

/** How a connection begins, or does not. */
export const OPENING: Claims<SocketContractOptions> = {
  async 'tells opened before any message, also when Hello comes in the same segment as the upgrade'({ port, peer }) {
    const { url } = await peer.play([accept(text(HELLO), text('next'), { type: 'close' })]);
    const { said, messages, until } = watch(port, url);
    assertEqual(said, [], 'said before open returned');
    await until('closed');
    assertEqual(said, ['opened', 'message', 'message', 'closed'], 'order');
    assertEqual(
      messages.map(({ data }) => textOf(data)),
      [HELLO, 'next'],
      'messages',
    );
  },

  async 'tells 1006, once and in a later task, when the connection is refused'({ port, peer }) {
    const { said, ends, until } = watch(port, peer.nowhere);
    await Promise.resolve();
    assertEqual(said, [], 'said before a later task');
    await until('closed');
    await settle();
    assertEqual(said, ['closed'], 'order');
    assertEnd(ends, ABNORMAL);
  },

  async 'tells 1006, once, when the upgrade is refused with an HTTP status'({ port, peer }) {
    for (const status of [400, 401, 503]) {
      const { url, ended } = await peer.play([{ step: 'refuse', status }]);
      const { said, ends, until } = watch(port, url);
      await until('closed');
      await within(ended(), 'the end of the connection');
      await settle();
      assertEqual(said, ['closed'], 'order');
      assertEnd(ends, ABNORMAL);
      assertEqual(ends[0]?.httpStatus ?? status, status, 'the status, if told');
    }
  },

  async 'tells 1006, once and in a later task, for a URL that cannot be opened'({ port }) {
    for (const url of ['ws://:::', 'ftp://127.0.0.1/', '']) {
      const { socket, said, ends, until } = watch(port, url);
      assertSilent(() => socket.send('too early'), 'send');
      await Promise.resolve();
      assertEqual(said, [], 'said before a later task');
      await until('closed');
      await settle();
      assertEnd(ends, ABNORMAL);
    }
  },

  async 'gives up the handshake on close while opening, and tells 1006 once'({ port, peer }) {
    const { url, ended } = await peer.play([{ step: 'wait', ms: 500 }, accept(text(HELLO), { type: 'close' })]);
    const { socket, said, ends, until } = watch(port, url);
    await pause(20);
    socket.close(4900);
    assertEqual(said, [], 'said before close returned');
    await until('closed');
    await endedIfBegun(ended);
    assertEqual(said, ['closed'], 'order');
    assertEnd(ends, ABNORMAL);
  },
};
