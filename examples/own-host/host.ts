/**
 * The bare chart with a host of one's own. The chart decides, as a pure function: an event in, instructions out. The
 * host has a socket, some timers and the token, does as it is told, and says what came of it.
 */
import {
  carryingOut,
  DEFAULT_POLICY,
  drawDelays,
  gatewayUrl,
  Opcode,
  type PureShardHost,
  pure,
  type ShardEvent,
  shardMachine,
  trustedResumeUrl,
} from 'gatechart/machines';
import { WebSocket } from 'ws';

/** The chart leaves chance to its host. */
const { initial, step } = pure(shardMachine.provide({ delays: drawDelays(Math.random) }));

/** What a shard of this host is made of. */
export interface Settings {
  readonly token: string;
  readonly intents: number;
  readonly url: string;
  onDispatch(name: string, data: unknown): void;
}

/** Starts a shard; the returned function gives it orders. */
export function startShard({ token, intents, url, onDispatch }: Settings): (order: ShardEvent) => void {
  let { snapshot } = initial({ policy: DEFAULT_POLICY, gatewayUrl: url });
  let socket: WebSocket | null = null;
  const timers = new Map<string, NodeJS.Timeout>();

  const tell = (event: ShardEvent) => {
    const { snapshot: next, instructions } = step(snapshot, event);
    snapshot = next;
    carryOut(instructions);
  };
  const send = (op: number, d: unknown) =>
    socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ op, d }));

  const host: PureShardHost = {
    arm: ({ timer, delay }) =>
      void timers.set(
        timer,
        setTimeout(() => timers.delete(timer) && tell({ type: `timer.${timer}` } as ShardEvent), delay),
      ),
    disarm({ timer }) {
      clearTimeout(timers.get(timer));
      timers.delete(timer);
    },
    openSocket({ connection, url }) {
      socket = new WebSocket(gatewayUrl(url));
      socket.on('open', () => tell({ type: 'opened', connection }));
      socket.on('message', (data) => receive(connection, JSON.parse(String(data))));
      socket.on('close', (code) => tell({ type: 'closed', connection, code }));
      socket.on('error', () => {}); // `close` follows
    },
    closeSocket: ({ code }) => socket?.close(code),
    dropSocket() {
      socket?.removeAllListeners('message').terminate(); // the chart ignores what else an old connection tells
      socket = null;
    },
    pauseSocket: () => socket?.pause(), // never: we do not tell of a backlog
    resumeSocket: () => socket?.resume(),
    sendIdentify: () =>
      send(Opcode.Identify, { token, intents, properties: { os: 'own', browser: 'own', device: 'own' } }),
    sendResume: ({ sessionId, sequence }) => send(Opcode.Resume, { token, session_id: sessionId, seq: sequence }),
    sendHeartbeat: ({ sequence }) => send(Opcode.Heartbeat, sequence),
    // The URL is known and no other shard identifies here, so the answers to these questions are as good as given.
    locateGateway: ({ request }) => queueMicrotask(() => tell({ type: 'located', request, url })),
    requestPermit: ({ request }) => queueMicrotask(() => tell({ type: 'permitGranted', request })),
    cancelLocate() {},
    cancelPermit() {},
    report: ({ cause }) => console.log(cause.name),
  };
  const carryOut = carryingOut(host); // throws for a host that lacks an effect

  const receive = (connection: number, { op, d, s: sequence, t: name }: Payload) => {
    if (op === Opcode.Hello) tell({ type: 'hello', connection, interval: d.heartbeat_interval });
    if (op === Opcode.HeartbeatAck) tell({ type: 'heartbeatAck', connection });
    if (op === Opcode.Heartbeat) tell({ type: 'heartbeatRequested', connection });
    if (op === Opcode.Reconnect) tell({ type: 'reconnectRequested', connection });
    if (op === Opcode.InvalidSession) tell({ type: 'invalidSession', connection, resumable: d === true });
    if (op !== Opcode.Dispatch) return;
    if (name === 'READY') {
      const resumeUrl = trustedResumeUrl(d.resume_gateway_url, { gatewayUrl: url });
      tell({ type: 'ready', connection, sequence, session: { id: d.session_id, url: resumeUrl } });
    } else tell({ type: name === 'RESUMED' ? 'resumed' : 'dispatch', connection, sequence });
    onDispatch(name, d);
  };

  tell({ type: 'start' });
  return tell;
}

// biome-ignore lint/suspicious/noExplicitAny: a host for a library would check what it is sent
type Payload = { op: number; d: any; s: number; t: string };
