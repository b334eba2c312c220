import type { Compression, InflatePort, Inflater } from '../ports/index.js';
import { assert, assertEqual, assertSilent, type Claims, type ContractCase, cases, pause, within } from './contract.js';

/** What the inflate contract needs. */
export interface InflateContractOptions {
  readonly port: InflatePort;
  /** One that the port supports. */
  readonly compression: Compression;
}

/** In a stream the second points to the first, and the third to itself. */
const MESSAGES = [
  '{"op":0,"s":1,"t":"A","d":"gatechart, gatechart: héllo 😀"}',
  '{"op":0,"s":2,"t":"A","d":"gatechart, gatechart: héllo 😀"}',
  'a'.repeat(20_000),
];

/** The messages as Node 24 compresses them, with a flush after each where it is a stream. */
const COMPRESSED: Readonly<Record<Compression, readonly string[]>> = {
  'zlib-stream': [
    '789caa56ca2f50b232d0512a56b232d4512a51b2527254d2514a51b2524a4f2c494dce482c2ad1518033ad14320eafccc9c957f8307f4683522d000000ffff',
    'aa46d26d44b26e00000000ffff',
    'ecc13101000000c2a0acf62fb11a1ec000000000000000000000000000000000000000b810000000ffff',
  ],
  'zstd-stream': [
    '28b52ffd0058f001007b226f70223a302c2273223a312c2274223a2241222c2264223a226761746563686172742c206761746563686172743a2068c3a96c6c6f20f09f9880227d',
    '4c0000083202004224011780',
    '02710261',
  ],
  payload: [
    '789cab56ca2f50b232d0512a56b232d4512a51b2527254d2514a51b2524a4f2c494dce482c2ad1518033ad14320eafccc9c957f8307f4683522d002e7a14b7',
    '789cab56ca2f50b232d0512a56b232d2512a51b2527254d2514a51b2524a4f2c494dce482c2ad1518033ad14320eafccc9c957f8307f4683522d002eac14b8',
    '789cedc13101000000c2a0aceb5fc21a1e4001000000000000000000000000000000000000f06062f99bd4',
  ],
};

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const utf8 = new TextDecoder();

/** An inflater, and what it told: messages as text, `failed` for a failure. */
class Subject {
  readonly told: string[] = [];
  readonly inflater: Inflater;
  readonly frames: readonly Uint8Array[];
  #waiting: { readonly count: number; resolve(): void } | null = null;

  constructor({ port, compression }: InflateContractOptions, maxBytes = 20_000) {
    this.frames = COMPRESSED[compression].map(bytesOf);
    this.inflater = port.open(
      compression,
      { maxBytes },
      {
        inflated: (bytes) => this.#tell(utf8.decode(bytes)),
        failed: (problem) => {
          assert(problem !== '', 'a failure says no problem');
          this.#tell('failed');
        },
      },
    );
  }

  /** Writes a message, or the first of its bytes. */
  write(n: number, isEnd = true, to?: number): void {
    assertSilent(() => this.inflater.write(this.frames[n]?.slice(0, to) ?? new Uint8Array(), isEnd), 'write');
  }

  async expect(...expected: readonly string[]): Promise<void> {
    if (this.told.length < expected.length) {
      const enough = new Promise<void>((resolve) => {
        this.#waiting = { count: expected.length, resolve };
      });
      await within(enough, `${expected.length} calls, of which there were ${this.told.length},`);
    }
    await pause(20); // for what should not come
    assertEqual(this.told, expected, 'what was told');
    this.inflater.close();
  }

  #tell(text: string): void {
    this.told.push(text);
    if (this.told.length === this.#waiting?.count) this.#waiting.resolve();
  }
}

const NONSENSE = new Uint8Array(16).fill(0xff);

const CLAIMS: Claims<InflateContractOptions> = {
  async 'supports what it is made for'({ port, compression }) {
    assertEqual(port.supports(compression), true, `supports('${compression}')`);
  },

  async 'gives each message once, in order'(options) {
    const subject = new Subject(options);
    for (const n of MESSAGES.keys()) subject.write(n);
    await subject.expect(...MESSAGES);
  },

  async 'gives a message before the next is written'(options) {
    const subject = new Subject(options);
    subject.write(0);
    await subject.expect(MESSAGES[0] ?? '');
  },

  async 'gives a message that comes in parts as one, wherever it is cut'(options) {
    if (options.compression !== 'zlib-stream') return; // the others have no parts
    const length = bytesOf(COMPRESSED['zlib-stream'][0] ?? '').length;
    const subjects = Array.from({ length }, () => new Subject(options));
    for (const [cut, subject] of subjects.entries()) {
      subject.write(0, false, cut);
      subject.inflater.write(subject.frames[0]?.slice(cut) ?? NONSENSE, true);
      subject.write(1);
    }
    await Promise.all(subjects.map((subject) => subject.expect(...MESSAGES.slice(0, 2))));
  },

  async 'keeps apart what belongs to different connections'(options) {
    const [one, other] = [new Subject(options), new Subject(options)];
    const isCut = options.compression === 'zlib-stream';
    for (const subject of [one, other]) subject.write(0, !isCut, isCut ? 30 : undefined);
    if (isCut)
      for (const subject of [one, other]) subject.inflater.write(subject.frames[0]?.slice(30) ?? NONSENSE, true);
    other.write(2);
    one.write(1);
    const [first = '', second = '', third = ''] = MESSAGES;
    await Promise.all([one.expect(first, second), other.expect(first, third)]);
  },

  async 'fails on corrupt data, once, and says nothing after it'(options) {
    const subject = new Subject(options);
    subject.write(0);
    assertSilent(() => subject.inflater.write(NONSENSE, true), 'write of nonsense');
    for (const n of MESSAGES.keys()) subject.write(n);
    await subject.expect(MESSAGES[0] ?? '', 'failed');
  },

  async 'fails on what needs messages that it has not seen'(options) {
    if (options.compression === 'payload') return;
    const subject = new Subject(options);
    subject.write(1);
    await subject.expect('failed');
  },

  async 'fails on a payload that is cut short'(options) {
    if (options.compression !== 'payload') return;
    const subject = new Subject(options);
    subject.write(0, true, 40);
    await subject.expect('failed');
  },

  async 'fails on a message that is too large'(options) {
    const subject = new Subject(options, 19_999);
    for (const n of MESSAGES.keys()) subject.write(n);
    await subject.expect(...MESSAGES.slice(0, 2), 'failed');
  },

  async 'says nothing after close, which may come twice and at any time'(options) {
    const subject = new Subject(options);
    subject.write(0);
    const told = [...subject.told];
    for (const _ of [1, 2]) assertSilent(() => subject.inflater.close(), 'close');
    subject.write(1);
    await subject.expect(...told);
  },
};

/** What every implementation of `InflatePort` must do. */
export function inflateContract(make: () => InflateContractOptions | Promise<InflateContractOptions>): ContractCase[] {
  return cases(make, CLAIMS);
}
