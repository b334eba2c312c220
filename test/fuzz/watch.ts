/** Looks for secrets in everything that a shard writes and tells, and replays what it wrote. */
import { shardMachine } from '../../machines/index.js';
import { inspectorFor } from '../../src/inspect/index.js';
import { wordsOf } from '../../src/redact/vocabulary.js';
import type { Shard } from '../../src/shard/index.js';
import { differenceInWords, firstDifference, readTrace } from '../../src/trace/index.js';
import { MARK } from './corpus.js';

export const TOKEN = 'TOKENMARK.of-the-fuzz';
/** What the query of the configured URL holds. */
export const KEY = 'KEYMARK-of-the-fuzz';

const UNPRINTABLE = /[\p{Cc}\p{Cf}]/u;

/** One shard that is watched. */
export class Watch {
  readonly #trace: string[] = [];
  /** What was told on this connection. */
  #told: string[] = [];
  #shard: Shard | undefined;
  #isHonest = false;

  /** Options of the shard. */
  readonly options = {
    record: {
      to: (line: string) => {
        this.#trace.push(line);
        this.#told.push(line);
      },
      contents: true,
    },
    inspect: inspectorFor({ send: (message) => this.#told.push(JSON.stringify(message)) }, { payloads: true }),
  };

  see(shard: Shard): void {
    this.#shard = shard;
    for (const name of ['transition', 'notice', 'warning', 'health'] as const) {
      shard.on(name, (news: object) => {
        this.#told.push(JSON.stringify(news, (_, value) => (value instanceof Error ? `${value.stack}` : value)));
        const { cause } = news as { cause?: { reason?: string } };
        if (UNPRINTABLE.test(cause?.reason ?? '')) throw new Error(`a reason that a terminal obeys in ${name}`);
      });
    }
  }

  /** A connection begins; an honest one changes no frame, so that what stands in fields named as secrets is known. */
  begin(isHonest: boolean): void {
    this.check();
    this.#isHonest = isHonest;
  }

  /** A reason for a close that quotes all there is to quote. */
  reason(): string {
    return `${this.#shard?.session?.id ?? 'none'} ${TOKEN} \u001b[31m\n\u202e ${KEY}`;
  }

  /** Throws if something that was told on this connection holds a secret. */
  check(): void {
    const id = this.#shard?.session?.id ?? '';
    const isSought = id.length >= 6 && !wordsOf(shardMachine).includes(id) && !/^<.*>$/.test(id);
    const secrets = [
      TOKEN,
      KEY,
      ...(isSought ? [JSON.stringify(id).slice(1, -1)] : []),
      ...(this.#isHonest ? [MARK] : []),
    ];
    for (const line of this.#told) {
      const found = secrets.find((secret) => line.includes(secret));
      if (found !== undefined) throw new Error(`${found} in ${line.slice(0, 2_000)}`);
    }
    this.#told = [];
  }

  /** Throws if the trace does not replay. */
  end(): void {
    const difference = firstDifference(readTrace(`${this.#trace.join('\n')}\n`).lines);
    if (difference !== null) throw new Error(differenceInWords(difference).join('\n'));
    this.#trace.length = 0;
  }
}
