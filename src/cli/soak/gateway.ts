/** The Gateway of `gatechart soak`, in a thread of its own, so that what it remembers does not count as the shard's. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { seededRandom } from '../../ports/random.js';
import { type Simulator, startSimulator } from '../../simulator/index.js';
import { LOSSES, type LossName } from '../live/losses.js';

/** What the thread is started with. */
export interface SoakGatewayData {
  readonly seed: number;
  readonly heartbeatInterval: number;
  readonly dispatchesPerSecond: number;
}

/** What the thread is told: to make the shard lose its connection, to make no more dispatches, to end. */
export type SoakOrder =
  | { readonly type: 'strike'; readonly loss: LossName }
  | { readonly type: 'quiet' }
  | { readonly type: 'end' };

/** What the thread tells. */
export type SoakReport =
  | { readonly type: 'listening'; readonly restUrl: string }
  /** Dispatches made for a session since the last report. */
  | { readonly type: 'sent'; readonly session: string; readonly sequences: readonly number[] }
  | { readonly type: 'ended'; readonly session: string }
  /** All is told, and nothing is dispatched any more. */
  | { readonly type: 'quiet' };

const REPORT_MS = 25;
/** How long a replay goes on, at most, before it is cut, in ms. */
const CUT_WITHIN_MS = 6;

async function serve(port: MessagePort, { seed, ...options }: SoakGatewayData): Promise<void> {
  const random = seededRandom(seed);
  const tell = (report: SoakReport) => port.postMessage(report);
  let cuts = 0;
  const simulator = await startSimulator({
    ...options,
    recordDispatches: true,
    log: 0,
    identifiesPerDay: 1e9,
    limits: { identifyWindowMs: 0 },
    settings: { replayBatch: 20, replayDelay: 1, replayBuffer: 100_000, heartbeatGrace: 4 },
    onCause(_, { name }) {
      if (name === 'resuming' && cuts > 0) {
        cuts -= 1;
        setTimeout(() => simulator.control.dropTcp(), random() * CUT_WITHIN_MS);
      }
      if (name === 'resumed' || name === 'ready') queueMicrotask(() => simulator.control.clearFaults());
    },
  });
  const report = reporter(simulator, tell);
  const timer = setInterval(report, REPORT_MS);
  const obey = (order: SoakOrder) => {
    if (order.type === 'strike') {
      const loss = LOSSES[order.loss];
      cuts = loss.cutReplays?.(random) ?? 0;
      loss.strike(simulator.control, random);
    } else if (order.type === 'quiet') {
      simulator.control.configure({ dispatchesPerSecond: 0 });
      report();
      tell({ type: 'quiet' });
    } else {
      clearInterval(timer);
      port.close();
      void simulator.close();
    }
  };
  port.on('message', obey);
  tell({ type: 'listening', restUrl: simulator.restUrl });
}

/** Tells what each session was sent since it was last called. */
function reporter(simulator: Simulator, tell: (report: SoakReport) => void): () => void {
  const told = new Map<string, number>();
  const over = new Set<string>();
  return () => {
    for (const { sessionId: session, dispatched, ended } of simulator.sessions) {
      if (over.has(session)) continue;
      const sequences = dispatched.slice(told.get(session) ?? 0);
      told.set(session, dispatched.length);
      if (sequences.length > 0) tell({ type: 'sent', session, sequences });
      if (!ended) continue;
      over.add(session);
      tell({ type: 'ended', session });
    }
  };
}

if (parentPort !== null) await serve(parentPort, workerData);
