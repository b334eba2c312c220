type Held<T extends object> = Pick<WeakRef<T>, 'deref'>;

/** Cloudflare Workers cannot before 2025-05-05: what is shared there stays. */
const CAN_LET_GO = 'FinalizationRegistry' in globalThis && 'WeakRef' in globalThis;

/** Values by key, each for as long as somebody holds it: a key may name a token. */
export class Shared<T extends object> {
  readonly #values = new Map<string, Held<T>>();
  readonly #collected = CAN_LET_GO
    ? new FinalizationRegistry<string>((key) => {
        if (this.#values.get(key)?.deref() === undefined) this.#values.delete(key);
      })
    : null;

  /** The value of a key, made if there is none. */
  get(key: string, make: () => T): T {
    const found = this.#values.get(key)?.deref();
    if (found !== undefined) return found;
    const made = make();
    this.#values.set(key, CAN_LET_GO ? new WeakRef(made) : { deref: () => made });
    this.#collected?.register(made, key);
    return made;
  }
}
