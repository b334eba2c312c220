import { Intents } from '../../machines/protocol/intents.js';
import type { ClockPort, RandomPort } from '../ports/index.js';
import { messageCreate } from './world.js';

/** A session that gets messages. */
export interface Recipient {
  readonly intents: number;
  readonly guilds: readonly string[];
  dispatch(name: string, data: unknown): void;
}

/** How far the messages of a session have come. */
interface Progress {
  /** Those of this session. */
  made: number;
  /** Messages due and not yet made, a fraction included. */
  due: number;
}

/** How often messages are made at least, in ms. */
const BEAT_MS = 20;

/** MESSAGE_CREATE for every session, at a rate; as from Discord, whether a client is connected or not. */
export class Messages {
  #beat: unknown = null;
  #since = 0;
  #progress = new Map<string, Progress>();
  /** Those of all sessions: no two messages have the same number. */
  #made = 0;

  constructor(
    private readonly clock: ClockPort,
    private readonly random: RandomPort,
    private readonly perSecond: () => number,
    /** The sessions there are, by id. */
    private readonly recipients: () => ReadonlyMap<string, Recipient>,
  ) {}

  /** There may be something to do, or a new rate. */
  start(): void {
    if (this.#beat !== null || this.perSecond() === 0) return;
    this.#since = this.clock.now();
    this.#beat = this.clock.setTimeout(() => this.#makeDue(), BEAT_MS);
  }

  stop(): void {
    if (this.#beat !== null) this.clock.clearTimeout(this.#beat);
    this.#beat = null;
  }

  #makeDue(): void {
    this.#beat = null;
    const due = ((this.clock.now() - this.#since) * this.perSecond()) / 1000;
    const recipients = this.recipients();
    const progress = new Map<string, Progress>();
    for (const [id, recipient] of recipients) {
      const { made, due: before } = this.#progress.get(id) ?? { made: 0, due: 0 };
      progress.set(id, this.#make(recipient, { made, due: before + due }));
    }
    this.#progress = progress;
    if (recipients.size > 0) this.start();
  }

  #make({ intents, guilds, dispatch }: Recipient, progress: Progress): Progress {
    if (guilds.length === 0 || (intents & Intents.GUILD_MESSAGES) === 0) return { ...progress, due: 0 };
    const withContent = (intents & Intents.MESSAGE_CONTENT) !== 0;
    for (; progress.due >= 1; progress.due -= 1) {
      const guild = guilds[progress.made % guilds.length] ?? '';
      dispatch('MESSAGE_CREATE', messageCreate(guild, this.#made, this.random, withContent));
      progress.made += 1;
      this.#made += 1;
    }
    return progress;
  }
}
