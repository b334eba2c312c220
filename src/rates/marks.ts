/** What of a step matters to the rates, and nothing of the state it was taken in. */
import type { ShardEvent } from '../../machines/index.js';
import type { Instruction } from '../../machines/kit/pure.js';

/** What happened in a step. */
export interface Marks {
  /** A connection, or a look-up, begins; the one before is over. */
  readonly opens: boolean;
  readonly locates: boolean;
  readonly ends: boolean;
  readonly closes: boolean;
  readonly asks: boolean;
  readonly identifies: boolean;
  readonly resumes: boolean;
  /** A scheduled heartbeat goes out. */
  readonly beats: boolean;
  /** What the Gateway said. */
  readonly heard: 'hello' | 'ready' | 'ack' | 'invalidSession' | 'handshakeRefused' | '4008' | null;
  /** What a refusal told to wait, in ms. */
  readonly told: number | null;
}

/** What a step did, by its event and its instructions. */
export function marksOf(event: ShardEvent, instructions: readonly Instruction[]): Marks {
  const does = (...types: string[]) => instructions.some(({ type }) => types.includes(type));
  return {
    opens: does('openSocket'),
    locates: does('locateGateway'),
    ends: does('dropSocket', 'cancelLocate'),
    closes: does('closeSocket'),
    asks: does('requestPermit'),
    identifies: does('sendIdentify'),
    resumes: does('sendResume'),
    beats: does('sendHeartbeat') && event.type !== 'heartbeatRequested',
    heard: heardIn(event),
    told: 'retryAfter' in event ? (event.retryAfter ?? null) : null,
  };
}

function heardIn(event: ShardEvent): Marks['heard'] {
  switch (event.type) {
    case 'hello':
    case 'invalidSession':
      return event.type;
    case 'ready':
    case 'resumed':
      return 'ready';
    case 'heartbeatAck':
      return 'ack';
    case 'closed':
      return event.httpStatus !== undefined ? 'handshakeRefused' : event.code === 4008 ? '4008' : null;
    default:
      return null;
  }
}
