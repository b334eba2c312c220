/**
 * What was relayed, bounded in bytes, the oldest forgotten first. What later messages cannot be understood without is
 * kept for longer: the actors of Stately's protocol, and whatever the sender says is `needed`.
 */
export class History {
  readonly #most: number;
  #lines: Line[] = [];
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(text: string, isNeeded: boolean): void {
    this.#lines.push({ text, isNeeded });
    this.#bytes += text.length;
    if (this.#bytes <= this.#most) return;
    // Down to half: cutting at each message would copy the rest each time.
    this.#cut((line) => !line.isNeeded);
    if (this.#bytes > this.#most) this.#cut(() => true);
  }

  get lines(): readonly string[] {
    return this.#lines.map(({ text }) => text);
  }

  #cut(mayGo: (line: Line) => boolean): void {
    this.#lines = this.#lines.filter((line) => {
      if (this.#bytes <= this.#most / 2 || !mayGo(line)) return true;
      this.#bytes -= line.text.length;
      return false;
    });
  }
}

interface Line {
  readonly text: string;
  readonly isNeeded: boolean;
}
