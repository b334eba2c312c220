/**
 * A small Gateway client of another hand, which knows nothing of gatechart: it identifies, resumes, and keeps its heart
 * beating. Sockets, timers and the turn to identify are handed in; when to connect is left to its owner.
 */

/** What the client needs of the world. */
export interface World {
  connect(url: string): { send(text: string): void; close(code: number): void };
  /** Starts a timer and returns what stops it. */
  after(ms: number, run: () => void): () => void;
  /** Calls back when an identify is allowed. */
  turn(run: () => void): void;
}

type Phase = 'connecting' | 'queued' | 'identifying' | 'resuming' | 'live' | 'left';

const SESSION_LOST = [4003, 4005, 4006, 4007, 4009];
const RESUMES = 3;
/** How long an ACK that is missing may yet be read. */
export const GRACE_MS = 250;

/** The client. */
export class MiniClient {
  readonly #world: World;
  #socket: ReturnType<World['connect']> | undefined;
  #phase: Phase = 'left';
  #session: { id: string; url: string } | null = null;
  #sequence: number | null = null;
  #resumes = 0;
  #interval = 0;
  #acked = true;
  #isOverdue = false;
  /** Stops the timer for the next heartbeat, and that for the ACK that is missing. */
  #stopLap = () => {};
  #stopGrace = () => {};

  constructor(world: World) {
    this.#world = world;
  }

  connect(url: string): void {
    if (this.#resumes >= RESUMES || this.#sequence === null) this.#forget();
    this.#phase = 'connecting';
    this.#socket = this.#world.connect(this.#session?.url ?? url);
  }

  message(text: string): void {
    const { op, d, s, t } = JSON.parse(text);
    if (this.#phase === 'left' || (this.#phase === 'connecting' && op !== 7 && op !== 10)) return;
    if (op === 10 && this.#phase === 'connecting') this.#hello(d.heartbeat_interval);
    else if (op === 11) this.#ack();
    else if (op === 1) this.#beat();
    else if (op === 7) this.#leave(4900);
    else if (op === 9) this.#invalid(d === true && this.#session !== null && this.#sequence !== null);
    else if (op === 0) this.#dispatch(t, d, s);
  }

  closed(code: number): void {
    if (this.#phase !== 'left' && SESSION_LOST.includes(code)) this.#forget();
    this.#rest();
  }

  #hello(interval: number): void {
    this.#interval = interval;
    this.#acked = true;
    if (this.#session === null) {
      this.#forget();
      this.#phase = 'queued';
      this.#world.turn(() => {
        this.#phase = 'identifying';
        this.#send(2, {});
      });
    } else {
      this.#phase = 'resuming';
      this.#resumes += 1;
      this.#send(6, { session_id: this.#session.id, seq: this.#sequence });
    }
    this.#stopLap = this.#world.after(interval * Math.random(), () => this.#lap());
  }

  #dispatch(name: string, data: { session_id?: string; resume_gateway_url?: string }, sequence: number | null): void {
    if (name === 'READY') {
      if (this.#phase !== 'identifying' && this.#phase !== 'resuming') return;
      const { session_id: id, resume_gateway_url: url = '' } = data;
      this.#session = id === undefined ? null : { id, url };
      this.#sequence = null;
      this.#resumes = 0;
    } else if (name === 'RESUMED' ? this.#phase !== 'resuming' : !['resuming', 'live'].includes(this.#phase)) return;
    // Within a session numbers only grow; one that is new shows that the session lives.
    if (sequence !== null && sequence > (this.#sequence ?? -1)) {
      this.#sequence = sequence;
      if (name !== 'RESUMED') this.#resumes = 0;
    }
    if (name === 'READY' || name === 'RESUMED') this.#phase = 'live';
  }

  #invalid(resumable: boolean): void {
    if (!resumable) this.#forget();
    this.#leave(resumable ? 4900 : 1000);
  }

  #lap(): void {
    const isMissing = !this.#acked;
    this.#acked = false;
    this.#beat();
    this.#stopLap = this.#world.after(this.#interval, () => this.#lap());
    // What has arrived is read first.
    if (isMissing) this.#stopGrace = this.#world.after(GRACE_MS, () => this.#leave(4900));
    this.#isOverdue = isMissing;
  }

  #ack(): void {
    // A late one answers the heartbeat before, and the one that is out is awaited on.
    this.#acked = !this.#isOverdue;
    this.#isOverdue = false;
    this.#stopGrace();
  }

  #beat(): void {
    this.#send(1, this.#sequence);
  }

  #leave(code: number): void {
    this.#rest();
    this.#socket?.close(code);
  }

  #rest(): void {
    this.#phase = 'left';
    this.#isOverdue = false;
    this.#stopGrace();
    this.#stopLap();
  }

  #forget(): void {
    this.#session = null;
    this.#sequence = null;
    this.#resumes = 0;
  }

  #send(op: number, d: unknown): void {
    this.#socket?.send(JSON.stringify({ op, d }));
  }
}
