import { once } from 'node:events';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { SocketPeer } from '../../src/contracts/peer.js';
import { peerClient } from './peer-client.js';
import type { listen } from './raw-peer.js';

/** A raw peer in a thread of its own, so that it goes on while a test blocks its event loop. */
export interface RawPeer {
  readonly peer: SocketPeer;
  readonly ports: Awaited<ReturnType<typeof listen>>;
  stop(): Promise<unknown>;
}

export async function startRawPeer(): Promise<RawPeer> {
  const entry = `
    import { parentPort } from 'node:worker_threads';
    import { listen } from './raw-peer.js';
    listen().then((ports) => parentPort.postMessage(ports));`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  const worker = new Worker(outputFiles[0]?.text ?? '', { eval: true });
  const [ports] = (await once(worker, 'message')) as [RawPeer['ports']];
  return {
    peer: peerClient(ports, (path, body) => ask(ports.port, path, body)),
    ports,
    stop: () => worker.terminate(),
  };
}

/** Without keep-alive, so that nothing of it is open afterwards. */
async function ask(port: number, path: string, body?: string): Promise<unknown> {
  const command = request({ port, host: '127.0.0.1', path, method: body ? 'POST' : 'GET', agent: false }).end(body);
  const [response] = await once(command, 'response');
  return json(response);
}
