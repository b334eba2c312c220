import type { StatelyMessage } from './messages.js';

/** The newest messages, for a receiver that comes late; actors are kept for as long as anything. */
export class Deferred {
  readonly #most: number;
  #messages: StatelyMessage[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get all(): readonly StatelyMessage[] {
    return this.#messages;
  }

  send(message: StatelyMessage): void {
    this.#messages.push(message);
    if (this.#messages.length <= this.#most) return;
    const oldest = this.#messages.findIndex(({ type }) => type !== '@xstate.actor');
    this.#messages.splice(Math.max(0, oldest), 1);
  }
}
