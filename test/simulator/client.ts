/** The plainest client there can be: it keeps what it gets and sends what it is told to. */
import type { Socket, SocketEnd, SocketPort } from '../../src/ports/index.js';

export interface Payload {
  readonly op: number;
  readonly d: unknown;
  readonly s: number | null;
  readonly t: string | null;
}

export const MAIN = 'wss://gateway.discord.gg/?v=10&encoding=json';
export const RESUME = 'wss://gateway-us-east1-b.discord.gg/?v=10&encoding=json';

export const IDENTIFY = {
  token: 'T',
  intents: 513,
  properties: { os: 'linux', browser: 'lib', device: 'lib' },
  shard: [0, 1],
  large_threshold: 50,
};

export interface Client {
  readonly socket: Socket;
  /** Everything that came, text as it was. */
  readonly frames: (string | Uint8Array)[];
  readonly opened: boolean;
  readonly end: SocketEnd | null;
  /** What came, as payloads; what is no JSON is left out. */
  readonly payloads: readonly Payload[];
  /** What came since the last call, in short: `op 10`, `READY 1`. */
  news(): readonly string[];
  send(op: number, d: unknown): void;
  identify(changes?: object): void;
  resume(sessionId: string, seq: number, token?: string): void;
}

export function connect(port: SocketPort, url = MAIN): Client {
  const frames: (string | Uint8Array)[] = [];
  let opened = false;
  let end: SocketEnd | null = null;
  let told = 0;
  const socket = port.open(
    url,
    { maxPayload: 64 << 20 },
    {
      opened: () => {
        opened = true;
      },
      message: (data) => void frames.push(data),
      closed: (how) => {
        if (end !== null) throw new Error('closed twice');
        end = how;
      },
    },
  );
  const payloads = () => frames.flatMap(payloadOf);
  const send = (op: number, d: unknown) => socket.send(JSON.stringify({ op, d }));
  return {
    socket,
    frames,
    get opened() {
      return opened;
    },
    get end() {
      return end;
    },
    get payloads() {
      return payloads();
    },
    news() {
      const all = payloads();
      const fresh = all.slice(told);
      told = all.length;
      return fresh.map(inShort);
    },
    send,
    identify: (changes = {}) => send(2, { ...IDENTIFY, ...changes }),
    resume: (session_id, seq, token = 'T') => send(6, { token, session_id, seq }),
  };
}

export const inShort = ({ op, d, s, t }: Payload): string =>
  op === 0 ? `${t} ${s}` : op === 9 ? `op 9 ${d}` : `op ${op}`;

export function payloadOf(frame: string | Uint8Array): Payload[] {
  try {
    const payload: unknown = typeof frame === 'string' ? JSON.parse(frame) : null;
    return typeof payload === 'object' && payload !== null && 'op' in payload ? [payload as Payload] : [];
  } catch {
    return [];
  }
}

/** The session id that READY told. */
export function sessionIdOf(payloads: readonly Payload[]): string {
  const ready = payloads.find(({ t }) => t === 'READY');
  if (ready === undefined) throw new Error('there was no READY');
  return (ready.d as { session_id: string }).session_id;
}
