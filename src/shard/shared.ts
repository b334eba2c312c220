/** Values by key, each for as long as somebody holds it: a key may name a token. */
export class Shared<T extends object> {
  readonly #values = new Map<string, WeakRef<T>>();
  readonly #collected = new FinalizationRegistry<string>((key) => {
    if (this.#values.get(key)?.deref() === undefined) this.#values.delete(key);
  });

  /** The value of a key, made if there is none. */
  get(key: string, make: () => T): T {
    const found = this.#values.get(key)?.deref();
    if (found !== undefined) return found;
    const made = make();
    this.#values.set(key, new WeakRef(made));
    this.#collected.register(made, key);
    return made;
  }
}
