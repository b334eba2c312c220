/** Starts the Gateway and the clients as processes of their own, and asks them over IPC. */
import { fork } from 'node:child_process';
import { join } from 'node:path';

const HERE = import.meta.dirname;

/** A process has so long to end by itself. */
const END_MS = 2_000;

/** A process that answers. What it prints is kept for the error that ends it. */
export class Peer {
  #child;
  #answers = [];
  #waiting = null;
  #printed = '';
  #end = null;
  #asked = 0;

  constructor(file, { args = [], env = {}, node = process.execPath, flags = [] } = {}) {
    this.#child = fork(join(HERE, file), args, {
      execPath: node,
      execArgv: flags,
      env: { ...process.env, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', (data) => {
        this.#printed = `${this.#printed}${data}`.slice(-4_000);
      });
    this.#child.on('message', (message) => {
      if (message.failed) return this.#finish(new Error(message.failed));
      this.#answers.push(message);
      this.#wake();
    });
    this.#child.on('close', (code) => this.#finish(new Error(`it ended with ${code}: ${this.#printed.trim()}`)));
    this.#child.on('error', (error) => this.#finish(error));
  }

  /** Gives an order that is not answered under its number. */
  order(order, rest = {}) {
    if (this.#child.connected) this.#child.send({ order, ...rest });
  }

  /** Gives an order, and waits for the answer to it. */
  async ask(order, rest = {}) {
    this.#asked += 1;
    const key = this.#asked;
    this.order(order, { id: key, ...rest });
    for (;;) {
      const { answers, answer } = await this.answer('answers');
      if (answers === key) return answer; // others are to questions that nobody waits for any more
    }
  }

  /** The next answer that holds `key`; rejects when the process ends first, or takes longer than `ms`. */
  async answer(key, ms = 60_000) {
    const late = setTimeout(() => this.#finish(new Error(`no answer within ${ms / 1000} s: ${key}`)), ms);
    try {
      for (;;) {
        const found = this.#answers.findIndex((message) => key in message);
        if (found >= 0) return this.#answers.splice(found, 1)[0];
        if (this.#end) throw this.#end;
        await new Promise((resolve) => {
          this.#waiting = resolve;
        });
      }
    } finally {
      clearTimeout(late);
    }
  }

  /** Ends the process, and waits until it is gone: it tidies up, or is killed. */
  async end() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('close', resolve));
    const late = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    this.order('exit');
    await gone;
    clearTimeout(late);
  }

  #finish(error) {
    this.#end ??= error;
    this.#wake();
  }

  #wake() {
    this.#waiting?.();
    this.#waiting = null;
  }
}
