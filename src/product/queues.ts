/** What is on its way in one direction. Each queue exists once, so that two are the same if they are one object. */
import {
  aged,
  ageOf,
  CURRENT,
  disowned,
  isColoured,
  isForeign,
  kindOf,
  mapQueue,
  renumbered,
  sequenceOf,
  uncoloured,
} from './messages.js';

const byText = new Map<string, Queue>();

/** Every queue that was met, by its number. */
export const QUEUES: Queue[] = [];

/** The queue of some messages, a character each. */
export function queueOf(text: string): Queue {
  return byText.get(text) ?? new Queue(text);
}

/** Messages that are on their way; the first comes first. */
export class Queue {
  readonly index = QUEUES.length;
  readonly length: number;
  /** The first message, if there is one. */
  readonly head: number;
  /** The sequences that still count, a bit each. */
  readonly mask: number;
  readonly isColoured: boolean;
  /** Whether a READY, or a Resume, of the current connection and the Gateway's session is among them. */
  readonly bringsReady: boolean;
  readonly bringsResume: boolean;
  readonly #longer = new Map<number, Queue>();
  readonly #renumbered = new Map<number, Queue>();
  readonly #outdated: Queue[] = [];
  #rest: Queue | undefined;
  #disowned: Queue | undefined;
  #uncoloured: Queue | undefined;
  #old: Queue | undefined;

  /** Only `queueOf` makes one. */
  constructor(readonly text: string) {
    const messages = Array.from(text, (each) => each.charCodeAt(0));
    const brings = (kind: string) =>
      messages.some((each) => kindOf(each) === kind && ageOf(each) === CURRENT && !isForeign(each));
    this.length = messages.length;
    this.head = messages[0] ?? 0;
    this.mask = messages.reduce((mask, message) => mask | (1 << sequenceOf(message)), 0) & ~1;
    this.isColoured = messages.some(isColoured);
    this.bringsReady = brings('ready');
    this.bringsResume = brings('resume');
    byText.set(text, this);
    QUEUES.push(this);
  }

  /** With a message more. */
  plus(message: number): Queue {
    let longer = this.#longer.get(message);
    if (longer === undefined) {
      longer = queueOf(this.text + String.fromCharCode(message));
      this.#longer.set(message, longer);
    }
    return longer;
  }

  /** Without the first message. */
  get rest(): Queue {
    this.#rest ??= queueOf(this.text.slice(1));
    return this.#rest;
  }

  /** Without the messages of the current connection. */
  get old(): Queue {
    this.#old ??= queueOf([...this.text].filter((each) => ageOf(each.charCodeAt(0)) !== CURRENT).join(''));
    return this.#old;
  }

  /**
   * Once its connection was given up or followed by another. Of what it still brings the first message is kept: any
   * other would have been the first if those before it had been delivered in time.
   */
  outdated(age: number): Queue {
    if (this.length === 0) return this;
    this.#outdated[age] ??= queueOf(String.fromCharCode(aged(this.head, age)));
    return this.#outdated[age] as Queue;
  }

  /** Once the Gateway's session is another. */
  get disowned(): Queue {
    this.#disowned ??= queueOf(mapQueue(this.text, disowned));
    return this.#disowned;
  }

  /** With dispatches that are all alike. */
  get uncoloured(): Queue {
    this.#uncoloured ??= queueOf(mapQueue(this.text, uncoloured));
    return this.#uncoloured;
  }

  /** With other sequences; `mask` tells one way to number them from another. */
  renumbered(mask: number, rank: (sequence: number) => number): Queue {
    let queue = this.#renumbered.get(mask);
    if (queue === undefined) {
      const change = (message: number) => {
        const sequence = sequenceOf(message);
        return sequence === 0 ? message : renumbered(message, rank(sequence));
      };
      queue = queueOf(mapQueue(this.text, change));
      this.#renumbered.set(mask, queue);
    }
    return queue;
  }
}

/** Nothing is on its way. */
export const EMPTY = queueOf('');
