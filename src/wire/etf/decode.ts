/**
 * Reads Erlang's external term format as the values that the same payload has in JSON.
 *
 * Keys become strings, `nil` null, and integers that are snowflakes decimal strings: ETF sends them as integers of 64
 * bits, which a number cannot hold. Which integers are snowflakes the bytes do not say. Those from 2^53 on are; of
 * those between 2^32 and 2^53 the ones under a key that ends with `id` or `ids` and the ones within a list are
 * (snowflakes of January 2015), and the others are times in ms.
 */
import { isIdKey } from './id-keys.js';
import { Tag, VERSION } from './tags.js';

/** Why bytes are no term; `problem` never quotes them. */
export class EtfError extends Error {
  override readonly name = 'EtfError';
  constructor(
    readonly problem: string,
    /** Where, in bytes from the start of the message. */
    readonly offset: number,
  ) {
    super(`${problem}, at byte ${offset}`);
  }
}

/** What a message may ask of the reader. */
export interface EtfLimits {
  /** Terms within terms: 1,000 unless told. */
  readonly maxDepth?: number;
  /** Refuses atoms as keys, as Discord does. */
  readonly binaryKeys?: boolean;
  /** Bytes of a compressed term, once it is inflated: 32 MiB unless told. */
  readonly maxBytes?: number;
  /**
   * Inflates a compressed term (tag 80) of a known size, or throws. Unless told such terms are refused: Discord sends
   * none.
   */
  readonly inflate?: (data: Uint8Array, size: number) => Uint8Array;
}

/** The payload of a message, as JSON would have given it. Throws an `EtfError`, and nothing else. */
export function decodeEtf(bytes: Uint8Array, limits: EtfLimits = {}): unknown {
  const reader = new Reader(bytes, { ...DEFAULTS, ...limits });
  return reader.message();
}

const DEFAULTS = { maxDepth: 1000, maxBytes: 32 * 1024 * 1024 };

/** The longest integer read, in bytes: to write a longer one in decimal takes long. */
const INTEGER_BYTES = 256;
const FLOAT_TEXT_BYTES = 31;
/**
 * Lists and maps of one message. An empty list is one byte and becomes an object of 32, so that a message of nothing else
 * would take fifty times its size; what a Gateway sends has one for some 50 bytes.
 */
const MOST_CONTAINERS = 1_000_000;
/** Of a list in the form of text, as many bytes count as one. */
const BYTES_OF_TEXT = 8;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Where an integer stands, which tells a snowflake from a time. */
type Place = 'id' | 'other';

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: EtfLimits & typeof DEFAULTS;
  #offset = 0;
  #depth: number;
  /** Shared with the readers of compressed terms. */
  readonly #containers: { left: number };

  constructor(
    bytes: Uint8Array,
    limits: EtfLimits & typeof DEFAULTS,
    depth = 0,
    containers = { left: MOST_CONTAINERS },
  ) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
    this.#depth = depth;
    this.#containers = containers;
  }

  message(): unknown {
    const version = this.#byte();
    if (version !== VERSION) throw this.#error(`version ${version} instead of ${VERSION}`, 0);
    return this.whole('other');
  }

  /** A term that is all there is. */
  whole(place: Place): unknown {
    const term = this.#term(place);
    if (this.#offset < this.#bytes.length) throw this.#error('bytes after the term');
    return term;
  }

  #term(place: Place): unknown {
    const at = this.#offset;
    const tag = this.#byte();
    switch (tag) {
      case Tag.SmallAtom:
        return atomValue(this.#latin1(this.#byte()));
      case Tag.Atom:
        return atomValue(this.#latin1(this.#uint16()));
      case Tag.SmallAtomUtf8:
        return atomValue(this.#text(this.#byte()));
      case Tag.AtomUtf8:
        return atomValue(this.#text(this.#uint16()));
      case Tag.Binary:
        return this.#text(this.#uint32());
      case Tag.SmallInteger:
        return this.#byte();
      case Tag.Integer:
        return this.#view.getInt32(this.#skip(4));
      case Tag.SmallBig:
        return this.#integer(this.#byte(), place);
      case Tag.LargeBig:
        return this.#integer(this.#uint32(), place);
      case Tag.NewFloat:
        return this.#finite(this.#view.getFloat64(this.#skip(8)), at);
      case Tag.Float:
        return this.#finite(this.#floatText(), at);
      case Tag.Nil:
        this.#count(1);
        return [];
      case Tag.String:
        return this.#smallIntegers(this.#uint16());
      case Tag.List:
        return this.#list();
      case Tag.SmallTuple:
        return this.#terms(this.#byte());
      case Tag.LargeTuple:
        return this.#terms(this.#uint32());
      case Tag.Map:
        return this.#map();
      case Tag.Compressed:
        return this.#compressed(place);
      default:
        throw this.#error(`tag ${tag}, which is unknown`, at);
    }
  }

  #smallIntegers(length: number): number[] {
    this.#count(1 + length / BYTES_OF_TEXT);
    return Array.from(this.#slice(length));
  }

  #map(): Record<string, unknown> {
    let left = this.#uint32();
    const map: Record<string, unknown> = {};
    this.#enter();
    for (; left > 0; left--) {
      const key = this.#key();
      const value = this.#term(isIdKey(key) ? 'id' : 'other');
      if (key === '__proto__') define(map, key, value);
      else map[key] = value;
    }
    this.#depth -= 1;
    return map;
  }

  #key(): string {
    const at = this.#offset;
    const tag = this.#byte();
    if (this.#limits.binaryKeys && tag !== Tag.Binary)
      throw this.#error(`a key with tag ${tag}, which is no binary`, at);
    switch (tag) {
      case Tag.SmallAtom:
        return this.#latin1(this.#byte());
      case Tag.Atom:
        return this.#latin1(this.#uint16());
      case Tag.SmallAtomUtf8:
        return this.#text(this.#byte());
      case Tag.AtomUtf8:
        return this.#text(this.#uint16());
      case Tag.Binary:
        return this.#text(this.#uint32());
      case Tag.SmallInteger:
      case Tag.Integer:
      case Tag.SmallBig:
        this.#offset = at;
        return String(this.#term('id'));
      default:
        throw this.#error(`a key with tag ${tag}, which is no text`, at);
    }
  }

  #list(): unknown[] {
    const list = this.#terms(this.#uint32());
    if (this.#byte() !== Tag.Nil) throw this.#error('a list that does not end with an empty list', this.#offset - 1);
    return list;
  }

  /** Grows with what is there, not with what was announced. */
  #terms(count: number): unknown[] {
    const terms: unknown[] = [];
    this.#enter();
    for (let left = count; left > 0; left--) terms.push(this.#term('id'));
    this.#depth -= 1;
    return terms;
  }

  #integer(length: number, place: Place): number | string {
    const at = this.#offset;
    const isNegative = this.#byte() !== 0;
    const bytes = this.#slice(length);
    if (length > INTEGER_BYTES) throw this.#error(`an integer of ${length} bytes`, at);
    let low = 0; // exact as long as it is a safe integer
    for (let index = length - 1; index >= 0; index--) low = low * 256 + (bytes[index] as number);
    if (low <= 0xffff_ffff || (place === 'other' && low <= Number.MAX_SAFE_INTEGER)) return isNegative ? 0 - low : low;
    let big = 0n;
    for (let index = length - 1; index >= 0; index--) big = (big << 8n) | BigInt(bytes[index] as number);
    return String(isNegative ? -big : big);
  }

  #floatText(): number {
    const text = this.#latin1(FLOAT_TEXT_BYTES).replace(/\0.*$/s, '');
    return /^\s*[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  }

  /** JSON has no other numbers, and neither has Erlang. */
  #finite(value: number, at: number): number {
    if (!Number.isFinite(value)) throw this.#error('a float that is no finite number', at);
    return value;
  }

  #compressed(place: Place): unknown {
    const at = this.#offset;
    const size = this.#uint32();
    const { inflate, maxBytes } = this.#limits;
    if (inflate === undefined) throw this.#error('a compressed term', at);
    if (size > maxBytes) throw this.#error(`a compressed term of ${size} bytes, over the limit of ${maxBytes}`, at);
    const data = this.#slice(this.#bytes.length - this.#offset);
    let bytes: Uint8Array;
    try {
      bytes = inflate(data, size);
    } catch {
      throw this.#error('a compressed term that cannot be inflated', at);
    }
    if (bytes.length !== size) throw this.#error('a compressed term of another size than it says', at);
    this.#enter();
    try {
      return new Reader(bytes, { ...this.#limits, maxBytes: maxBytes - size }, this.#depth, this.#containers).whole(
        place,
      );
    } catch (error) {
      throw error instanceof EtfError ? this.#error(`within a compressed term: ${error.message}`, at) : error;
    }
  }

  #count(containers: number): void {
    this.#containers.left -= containers;
    if (this.#containers.left < 0) throw this.#error('too many lists and maps');
  }

  #enter(): void {
    this.#count(1);
    this.#depth += 1;
    if (this.#depth > this.#limits.maxDepth) throw this.#error(`terms over ${this.#limits.maxDepth} deep`);
  }

  #latin1(length: number): string {
    return String.fromCharCode(...this.#slice(length));
  }

  #text(length: number): string {
    const at = this.#skip(length);
    return length <= SHORT ? this.#short(at, length) : utf8.decode(this.#bytes.subarray(at, at + length));
  }

  /** Without a call into the platform for what is short and ASCII, as most keys and ids are. */
  #short(at: number, length: number): string {
    let text = '';
    for (let index = at; index < at + length; index++) {
      const byte = this.#bytes[index] as number;
      if (byte >= 0x80) return utf8.decode(this.#bytes.subarray(at, at + length));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)] as number;
  }

  #uint16(): number {
    return this.#view.getUint16(this.#skip(2));
  }

  #uint32(): number {
    return this.#view.getUint32(this.#skip(4));
  }

  #slice(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Passes over bytes that have to be there; where they begin. */
  #skip(length: number): number {
    const at = this.#offset;
    if (at + length > this.#bytes.length) throw this.#error('the message ends within a term', at);
    this.#offset = at + length;
    return at;
  }

  #error(problem: string, offset = this.#offset): EtfError {
    return new EtfError(problem, offset);
  }
}

/** Bytes up to which a loop is faster than a TextDecoder. */
const SHORT = 24;

function atomValue(name: string): string | boolean | null {
  switch (name) {
    case 'nil':
    case 'null':
      return null;
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      return name;
  }
}

/** As JSON.parse: an own property, whatever its name. */
function define(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}
