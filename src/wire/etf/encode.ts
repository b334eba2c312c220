/** Writes Erlang's external term format as Discord reads it: keys and text as binaries, never as atoms. */
import { Tag, VERSION } from './tags.js';

/**
 * A message that says what `JSON.stringify(value)` says: what JSON leaves out is left out, and what it makes null is
 * nil. Throws a `TypeError` for a value with a cycle, as `JSON.stringify` does.
 */
export function encodeEtf(value: unknown): Uint8Array {
  const writer = new EtfWriter();
  writer.term(value);
  return writer.bytes();
}

/** Terms nested deeper than this have a cycle. */
const MOST_DEPTH = 1000;

const LEAST_INT = -(2 ** 31);
const MOST_INT = 2 ** 31 - 1;

const utf8 = new TextEncoder();

/** Grows a message term by term. */
export class EtfWriter {
  #bytes = new Uint8Array(512);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #depth = 0;

  constructor() {
    this.#byte(VERSION);
  }

  /** What was written, and no longer than that. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  term(value: unknown): void {
    const plain = plainly(value);
    if (typeof plain === 'string') this.binary(plain);
    else if (typeof plain === 'number') this.number(plain);
    else if (typeof plain === 'bigint') this.integer(plain);
    else if (typeof plain === 'boolean') this.atom(String(plain));
    else if (Array.isArray(plain)) this.list(plain);
    else if (typeof plain === 'object' && plain !== null) this.map(plain as Record<string, unknown>);
    else this.atom('nil'); // null, and within a list what JSON cannot say
  }

  /** A map as JSON would write the object. */
  map(value: Readonly<Record<string, unknown>>): void {
    const entries = Object.entries(value).filter(([, member]) => isWritten(plainly(member)));
    this.mapHeader(entries.length);
    this.#nest(() => {
      for (const [key, member] of entries) {
        this.binary(key);
        this.term(member);
      }
    });
  }

  /** Begins a map: as many keys and values have to follow. */
  mapHeader(pairs: number): void {
    this.#byte(Tag.Map);
    this.#uint32(pairs);
  }

  list(values: readonly unknown[]): void {
    if (values.length > 0) {
      this.listHeader(values.length);
      this.#nest(() => {
        for (const value of values) this.term(value);
      });
    }
    this.#byte(Tag.Nil);
  }

  /** Begins a list: as many terms and an empty list have to follow. */
  listHeader(count: number): void {
    this.#byte(Tag.List);
    this.#uint32(count);
  }

  /** A list of at most 65,535 integers from 0 to 255, in the form that Erlang gives to text. */
  smallIntegers(values: readonly number[]): void {
    this.#byte(Tag.String);
    this.#byte(values.length >> 8);
    this.#byte(values.length & 0xff);
    for (const value of values) this.#byte(value);
  }

  binary(text: string): void {
    this.#byte(Tag.Binary);
    const at = this.#reserve(4);
    const room = this.#reserve(text.length * 3);
    const { written } = utf8.encodeInto(text, this.#bytes.subarray(room));
    this.#view.setUint32(at, written);
    this.#length = room + written;
  }

  /** An atom with a name of ASCII, at most 255 characters. */
  atom(name: string): void {
    this.#byte(Tag.SmallAtom);
    this.#byte(name.length);
    for (let index = 0; index < name.length; index++) this.#byte(name.charCodeAt(index));
  }

  number(value: number): void {
    if (Number.isInteger(value)) this.#whole(value);
    else if (Number.isFinite(value)) {
      this.#byte(Tag.NewFloat);
      const at = this.#reserve(8);
      this.#view.setFloat64(at, value);
    } else this.atom('nil');
  }

  integer(value: bigint): void {
    if (value >= LEAST_INT && value <= MOST_INT) this.#whole(Number(value));
    else this.#big(value);
  }

  #big(value: bigint): void {
    const digits: number[] = [];
    for (let left = value < 0n ? -value : value; left > 0n; left >>= 8n) digits.push(Number(left & 0xffn));
    if (digits.length <= 0xff) {
      this.#byte(Tag.SmallBig);
      this.#byte(digits.length);
    } else {
      this.#byte(Tag.LargeBig);
      this.#uint32(digits.length);
    }
    this.#byte(value < 0n ? 1 : 0);
    for (const digit of digits) this.#byte(digit);
  }

  #whole(value: number): void {
    if (value >= 0 && value <= 0xff) {
      this.#byte(Tag.SmallInteger);
      this.#byte(value);
    } else if (value >= LEAST_INT && value <= MOST_INT) {
      this.#byte(Tag.Integer);
      const at = this.#reserve(4);
      this.#view.setInt32(at, value);
    } else this.#big(BigInt(value));
  }

  #nest(write: () => void): void {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new TypeError(`The value is over ${MOST_DEPTH} deep, or has a cycle`);
    write();
    this.#depth -= 1;
  }

  #byte(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  #uint32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value);
  }

  /** Makes room; where it begins. To be called before the buffer is looked at, which may be another one then. */
  #reserve(length: number): number {
    const at = this.#length;
    this.#length = at + length;
    if (this.#length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }
}

/** A value as JSON takes it: of a date, say, its text. */
function plainly(value: unknown): unknown {
  const { toJSON } = (typeof value === 'object' && value !== null ? value : {}) as { toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
}

/** Whether JSON writes a member of this value. */
const isWritten = (value: unknown): boolean =>
  value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
