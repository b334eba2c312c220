import { assert, assertEqual, type Claims, pause, within } from '../contract.js';
import { type PeerFrame, pattern } from '../peer.js';
import {
  accept,
  burst,
  bytesOf,
  HELLO,
  type SocketContractOptions,
  same,
  send,
  settle,
  text,
  textOf,
  watch,
} from './watch.js';

/** What goes over a connection, in both directions. */
export const MESSAGES: Claims<SocketContractOptions> = {
  async 'hands on text whole, in order and marked as text'({ port, peer }) {
    const texts = ['', 'žluťoučký kůň', '😀', '\u0000\ufeff', ...burst(500).map((_, i) => `number ${i}`)];
    const { url } = await peer.play([accept(), send(...texts.map(text))]);
    const { socket, messages, until } = watch(port, url);
    await until('message', texts.length);
    assert(
      messages.every(({ isBinary }) => !isBinary),
      'a text message is marked as binary',
    );
    assertEqual(messages.map(({ data }) => textOf(bytesOf(data))).slice(4), texts.slice(4), 'texts');
    texts.slice(0, 4).forEach((expected, i) => {
      const bytes = bytesOf(messages[i]?.data ?? 'none');
      assertEqual([...bytes], [...new TextEncoder().encode(expected)], `bytes of text ${i}`);
    });
    socket.drop();
  },

  async 'hands on binary messages as bytes'({ port, peer }) {
    const { url } = await peer.play([accept({ type: 'binary', size: 0 }, { type: 'binary', size: 70_000 })]);
    const { socket, messages, until } = watch(port, url);
    await until('message', 2);
    messages.forEach(({ data, isBinary }, i) => {
      assert(isBinary && data instanceof Uint8Array, 'a binary message is not given as bytes');
      assert(same(data, pattern([0, 70_000][i] ?? -1)), `binary message ${i} has other bytes`);
    });
    socket.drop();
  },

  async 'puts a fragmented message together, also where a character is split'({ port, peer }) {
    const data = 'ž😀'.repeat(20);
    const { url } = await peer.play([
      accept({ type: 'text', data, fragments: 7 }),
      send({ type: 'binary', size: 300_000, fragments: 50 }),
    ]);
    const { socket, messages, until } = watch(port, url);
    await until('message', 2);
    assertEqual(textOf(messages[0]?.data ?? ''), data, 'fragmented text');
    assert(same(bytesOf(messages[1]?.data ?? ''), pattern(300_000)), 'the fragmented bytes differ');
    socket.drop();
  },

  async 'hands on a message of 8 MB whole'({ port, peer }) {
    const size = 8_000_000;
    const { url } = await peer.play([accept({ type: 'text', size }, text('after'))]);
    const { socket, messages, until } = watch(port, url);
    await until('message', 2);
    assert(same(bytesOf(messages[0]?.data ?? ''), pattern(size)), 'the message of 8 MB differs');
    assertEqual(textOf(messages[1]?.data ?? ''), 'after', 'the message after it');
    socket.drop();
  },

  async 'loses nothing of 4 MB that queue up while the event loop is blocked for 1 s'({ port, peer }) {
    const large: PeerFrame[] = Array.from({ length: 64 }, () => ({ type: 'binary', size: 65_536 }));
    const { url } = await peer.play([accept(), send(...large, text('last'))]);
    const block = () => {
      const until = Date.now() + 1000;
      while (Date.now() < until);
    };
    const { socket, said, messages, until } = watch(port, url, { opened: block });
    await until('message', 65);
    assert(said[0] === 'opened' && said.indexOf('closed') < 0, `order: ${said.slice(0, 3)}`);
    const whole = pattern(65_536);
    assert(
      messages.slice(0, 64).every(({ data }) => same(bytesOf(data), whole)),
      'a large message differs',
    );
    assertEqual(textOf(messages[64]?.data ?? ''), 'last', 'the last message');
    socket.drop();
  },

  async 'calls back when all that had arrived is handed on, if it can tell, and never after drop'({ port, peer }) {
    const frames = Array.from({ length: 20 }, (): PeerFrame => ({ type: 'binary', size: 10_000 }));
    const { url } = await peer.play([accept(), send(...frames)]);
    const found: number[] = [];
    let atOnce = 0;
    const look = () => {
      const until = Date.now() + 300;
      while (Date.now() < until);
      watched.socket.whenEmpty?.(() => found.push(watched.messages.length));
      atOnce = found.length;
    };
    const watched = watch(port, url, { opened: look });
    await watched.until('opened');
    if (watched.socket.whenEmpty === undefined) return watched.socket.drop();
    for (let i = 0; i < 100 && found.length === 0; i++) await pause(50);
    assertEqual(atOnce, 0, 'calls back within the call');
    assertEqual(found, [20], 'messages handed on when it called back');
    watched.socket.whenEmpty(() => found.push(-1));
    watched.socket.drop();
    await settle();
    assertEqual(found, [20], 'calls after drop');
  },

  async 'sends strings as text and bytes as binary, whole and in order'({ port, peer }) {
    const { url, ended } = await peer.play([accept(), { step: 'receive', messages: 4 }, send({ type: 'close' })]);
    const { socket, until } = watch(port, url);
    await until('opened');
    const bytes = new Uint8Array([9, 1, 2, 255, 9]);
    socket.send('{"op":1,"d":null}');
    socket.send(bytes.subarray(1, 4));
    socket.send('ž😀');
    socket.send(new Uint8Array(70_000));
    await until('closed');
    assertEqual([...bytes], [9, 1, 2, 255, 9], 'the bytes of the caller after send');
    const { messages } = await within(ended(), 'the end of the connection');
    assertEqual(
      messages.slice(0, 3),
      [
        { isBinary: false, size: 17, data: '{"op":1,"d":null}' },
        { isBinary: true, size: 3, data: '0102ff' },
        { isBinary: false, size: 6, data: 'ž😀' },
      ],
      'what the peer received',
    );
    assertEqual(
      messages.slice(3).map(({ size }) => size),
      [70_000],
      'the size of the last',
    );
  },

  async 'takes a message of maxPayload bytes and ends the connection over a larger one'({ port, peer }) {
    const fits = [text('ž'.repeat(500)), { type: 'binary', size: 1000 }] as const;
    const { url } = await peer.play([accept(...fits, text(`${'ž'.repeat(500)}z`), text('after'), { type: 'close' })]);
    const { messages, ends, until } = watch(port, url, {}, 1000);
    await until('closed');
    await settle();
    assertEqual(
      messages.map(({ data }) => bytesOf(data).length),
      [1000, 1000],
      'the sizes that were taken',
    );
    assertEqual(
      ends.map(({ wasClean }) => wasClean),
      [false],
      'whether it closed cleanly',
    );
  },

  async 'counts in bufferedAmount what a peer that stops reading leaves behind'({ port, peer }) {
    const { url } = await peer.play([accept(), { step: 'stopReading' }, send(text(HELLO))]);
    const { socket, until } = watch(port, url);
    await until('message');
    assertEqual(socket.bufferedAmount, 0, 'bufferedAmount before anything was sent');
    const megabyte = new Uint8Array(1_000_000);
    for (let i = 0; i < 32; i++) socket.send(megabyte);
    let stalled = -1;
    for (let i = 0; i < 50 && stalled !== socket.bufferedAmount; i++) {
      stalled = socket.bufferedAmount;
      await pause(50);
    }
    assert(stalled > 1_000_000, `bufferedAmount after 32 MB to a peer that does not read is ${stalled}`);
    socket.send(megabyte);
    assert(socket.bufferedAmount > stalled, `bufferedAmount stays at ${stalled} when more is sent`);
    socket.drop();
  },

  async 'holds messages back while paused, if it can pause'({ port, peer }) {
    const { url } = await peer.play([accept(text(HELLO)), { step: 'receive', messages: 1 }, send(...burst(50))]);
    const { socket, said, messages, until } = watch(port, url);
    await until('message');
    if (socket.pause && socket.resume) {
      socket.pause();
      socket.send('go on');
      await settle();
      assertEqual(said, ['opened', 'message'], 'said while paused');
      socket.resume();
      await until('message', 51);
      assertEqual(
        messages.slice(1).map(({ data }) => textOf(data)),
        burst(50).map((_, i) => `message ${i}`),
        'messages',
      );
    }
    socket.drop();
  },
};
