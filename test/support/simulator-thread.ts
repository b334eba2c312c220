import { once } from 'node:events';
import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { FaultDetails, FaultName, SimulatorOptions, SimulatorState } from '../../src/simulator/index.js';

/** A simulator in a thread of its own, so that it goes on while a test blocks its event loop. */
export interface SimulatorThread {
  readonly url: string;
  /** Does these things in this order and without a pause. Nothing is waited for, so that it works just before a block. */
  do(...orders: Order[]): void;
  state(): Promise<SimulatorState>;
  stop(): Promise<unknown>;
}

/** A fault, or MESSAGE_CREATE dispatches all at once: `count` of them, each with `bytes` of content. */
export type Order =
  | ({ readonly fault: FaultName } & FaultDetails)
  | { readonly flood: { readonly count: number; readonly bytes: number } };

const ENTRY = `
  import { parentPort, workerData } from 'node:worker_threads';
  import { startSimulator } from '../../src/simulator/index.js';

  startSimulator(workerData).then(({ url, controlUrl, control }) => {
    const carryOut = ({ fault, flood, ...details }) => {
      if (fault) control.injectFault(fault, details);
      for (let n = 1; n <= (flood?.count ?? 0); n += 1)
        control.dispatch('MESSAGE_CREATE', { n, content: 'x'.repeat(flood.bytes) });
    };
    parentPort.on('message', (orders) => orders.forEach(carryOut));
    parentPort.postMessage({ url, controlUrl });
  });`;

export async function startSimulatorThread(options: SimulatorOptions): Promise<SimulatorThread> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  const worker = new Worker(outputFiles[0]?.text ?? '', { eval: true, workerData: options });
  const [{ url, controlUrl }] = (await once(worker, 'message')) as [{ url: string; controlUrl: string }];
  return {
    url,
    do: (...orders) => worker.postMessage(orders),
    async state() {
      const [response] = await once(get(controlUrl, { agent: false }), 'response'); // no keep-alive: nothing stays open
      return (await json(response)) as SimulatorState;
    },
    stop: () => worker.terminate(),
  };
}
