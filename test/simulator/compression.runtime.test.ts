import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { describe, expect, it } from 'vitest';
import { IDENTIFY, inShort, payloadOf } from './client.js';
import { peer, QUERY, simulator, until } from './loopback.js';

describe('transport compression', () => {
  it('zlib-stream can be read by zlib, one context for all', async () => {
    const { url, control } = await simulator({ guilds: 1 });
    const client = peer(`${url}${QUERY}&compress=zlib-stream`);
    await until(() => client.frames.length === 1);
    client.send(2, IDENTIFY);
    await until(() => client.frames.length === 3);
    control.dispatch('BIG', 'é'.repeat(100_000));
    await until(() => client.frames.length === 4);
    const inflate = zlib.createInflate();
    const texts: string[] = [];
    for (const frame of client.frames as Uint8Array[]) {
      expect([...frame.subarray(-4)]).toEqual([0, 0, 0xff, 0xff]);
      texts.push(await flushed(inflate, frame));
    }
    expect((client.frames[0] as Uint8Array)[0]).toBe(0x78);
    expect(texts.flatMap(payloadOf).map(inShort)).toEqual(['op 10', 'READY 1', 'GUILD_CREATE 2', 'BIG 3']);
  });

  it('zlib-stream comes in parts if the options say so, and the marker in two', async () => {
    const { url } = await simulator({ partBytes: 3 });
    const client = peer(`${url}${QUERY}&compress=zlib-stream`);
    const whole = await until(() => {
      const all = Buffer.concat(client.frames as Uint8Array[]);
      return all.subarray(-4).equals(Buffer.from('0000ffff', 'hex')) ? all : null;
    });
    expect(client.frames.every((part) => part.length <= 3)).toBe(true);
    expect((await flushed(zlib.createInflate(), whole)).length).toBe(60);
  });

  it('zstd-stream is one frame for all messages, which zstd can read', async () => {
    const { url, control } = await simulator();
    const client = peer(`${url}${QUERY}&compress=zstd-stream`);
    await until(() => client.frames.length === 1);
    client.send(2, IDENTIFY);
    await until(() => client.frames.length === 2);
    control.dispatch('BIG', 'é'.repeat(200_000));
    await until(() => client.frames.length === 3);
    const frames = client.frames as Uint8Array[];
    expect(Buffer.from(frames[0] ?? []).readUInt32LE()).toBe(0xfd2fb528);
    let chunks: Uint8Array[] = [];
    const stream = new Decompress((chunk) => chunks.push(chunk));
    const texts = frames.map((frame) => {
      chunks = [];
      stream.push(frame);
      return Buffer.concat(chunks).toString();
    });
    expect(texts.flatMap(payloadOf).map(inShort)).toEqual(['op 10', 'READY 1', 'BIG 2']);
  });

  it('`compress` in Identify compresses messages of some size by themselves, and goes on after a resume', async () => {
    const { url, control } = await simulator();
    const client = peer(`${url}${QUERY}`);
    await until(() => client.frames.length === 1);
    client.send(2, { ...IDENTIFY, compress: true });
    await until(() => client.frames.length === 2);
    control.dispatch('SMALL', 'é');
    control.dispatch('BIG', 'é'.repeat(200_000));
    await until(() => client.frames.length === 4);
    const texts = client.frames.map((frame) => (typeof frame === 'string' ? frame : `${zlib.inflateSync(frame)}`));
    expect(texts.flatMap(payloadOf).map(inShort)).toEqual(['op 10', 'READY 1', 'SMALL 2', 'BIG 3']);
    expect(client.frames.map((frame) => typeof frame)).toEqual(['string', 'object', 'string', 'object']);
    const session = JSON.parse(texts[1] ?? '').d.session_id as string;
    client.socket.terminate();
    control.dispatch('BIG', 'è'.repeat(200_000));
    const next = peer(`${url}${QUERY}`);
    await until(() => next.frames.length === 1);
    next.send(6, { token: 'T', session_id: session, seq: 3 });
    await until(() => next.frames.length === 3);
    expect(next.frames.map((frame) => typeof frame)).toEqual(['string', 'object', 'string']);
  });

  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => zlib.Inflate };
  it.each([
    ['zlib-stream', zlib.createInflate, 'Z_DATA_ERROR'],
    ...(createZstdDecompress ? [['zstd-stream', createZstdDecompress, 'ZSTD_error_corruption_detected'] as const] : []),
  ] as const)('%s is corrupt after the bytes that corrupt it, and not before', async (name, decompressor, code) => {
    const { url, control } = await simulator();
    const client = peer(`${url}${QUERY}&compress=${name}`);
    await until(() => client.frames.length === 1);
    control.injectFault('malformed', { kind: 'corruptCompression' });
    await until(() => client.frames.length === 2);
    const [hello, corrupt] = client.frames as [Uint8Array, Uint8Array];
    const decompress = decompressor();
    expect(payloadOf(await flushed(decompress, hello)).map(inShort)).toEqual(['op 10']);
    const broken = new Promise((resolve) => decompress.once('error', resolve));
    decompress.write(corrupt);
    expect(await broken).toMatchObject({ code });
  });
});

/** What a decompressor makes of one message. */
function flushed(stream: zlib.Inflate, frame: Uint8Array): Promise<string> {
  const chunks: Buffer[] = [];
  const collect = (chunk: Buffer) => void chunks.push(chunk);
  stream.on('data', collect);
  return new Promise((resolve) => {
    stream.write(frame, () => {
      stream.off('data', collect);
      resolve(Buffer.concat(chunks).toString());
    });
  });
}
