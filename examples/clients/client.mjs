/** A client under test: a program that prints READY, RESUMED and `MSG <id>`, and else what its library has to say. */
export class Client {
  #said = new Map();
  #waiting = new Set();
  #ended = null;
  #isExpected;
  /** Ids of the messages that reached the user, in that order. */
  received = [];
  /** Lines about something other than the connection. */
  complaints = [];
  lines = [];

  /** `expected` are patterns of what a library may say when its connection is lost or it is told to reconnect. */
  constructor(expected = []) {
    this.#isExpected = (line) => expected.some((pattern) => pattern.test(line));
  }

  /** Takes a line that the program printed. */
  line(text) {
    this.lines.push(text);
    const [, word, id] = /^(READY|RESUMED|MSG (\d+))$/.exec(text) ?? [];
    if (word === undefined && text.trim() !== '' && !this.#isExpected(text)) this.complaints.push(text.slice(0, 300));
    if (id !== undefined) this.received.push(id);
    else this.#said.set(word, this.said(word) + 1);
    this.#look();
  }

  /** The program is over; `how` says what ended it. */
  end(how) {
    this.#ended = how;
    this.#look();
  }

  /** How often it printed a word. */
  said(word) {
    return this.#said.get(word) ?? 0;
  }

  /** Resolves once `holds` does; rejects when it does not within `ms`, or the program ends. */
  until(what, holds, ms) {
    return new Promise((resolve, reject) => {
      const stop = (settle) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      const look = () => {
        if (holds()) stop(resolve);
        else if (this.#ended !== null) stop(() => reject(new Error(`it ${this.#ended} before it ${what}`)));
      };
      const late = () => stop(() => reject(new Error(`it is not seen within ${ms / 1_000} s that it ${what}`)));
      const timer = setTimeout(late, ms);
      this.#waiting.add(look);
      look();
    });
  }

  #look() {
    for (const look of [...this.#waiting]) look();
  }
}
