const BITS = 14;
const MASK = (1 << BITS) - 1;

/** An array of numbers of 32 bits that grows, piece by piece: what it holds is never copied. */
export class Numbers {
  length = 0;
  readonly #pieces: Uint32Array[] = [];

  push(number: number): void {
    if ((this.length & MASK) === 0) this.#pieces.push(new Uint32Array(MASK + 1));
    (this.#pieces[this.length >>> BITS] as Uint32Array)[this.length & MASK] = number;
    this.length += 1;
  }

  at(index: number): number {
    return (this.#pieces[index >>> BITS] as Uint32Array)[index & MASK] as number;
  }
}
