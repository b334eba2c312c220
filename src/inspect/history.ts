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
    const bytes = utf8.encode(text).length;
    this.#lines.push({ text, bytes, isNeeded });
    this.#bytes += bytes;
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
      this.#bytes -= line.bytes;
      return false;
    });
  }
}

const utf8 = new TextEncoder();

interface Line {
  readonly text: string;
  readonly bytes: number;
  readonly isNeeded: boolean;
}
