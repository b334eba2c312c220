/** Bare ws, Node's own decompression driven synchronously into one buffer, and JSON.parse. */
import zlib from 'node:zlib';
import { WebSocket } from 'ws';
import { meter } from '../meter.mjs';
import { IDENTIFY } from './identify.mjs';

const { compress } = meter;
const [stream, flush] =
  compress === 'zlib-stream'
    ? [zlib.createInflate(), zlib.constants.Z_SYNC_FLUSH]
    : [zlib.createZstdDecompress(), zlib.constants.ZSTD_e_continue];
/** Larger than any message of the benchmarks. */
const out = Buffer.alloc(256 * 1024);

const socket = new WebSocket(`${meter.url}?v=10&encoding=json&compress=${compress}`, { perMessageDeflate: false });
socket.on('message', (data) => {
  stream._handle.writeSync(flush, data, 0, data.length, out, 0, out.length);
  const { op, t, d } = JSON.parse(out.toString('utf8', 0, out.length - stream._writeState[0]));
  if (op === 10) socket.send(IDENTIFY);
  else if (t === 'READY') meter.ready();
  else meter.event(d);
});
