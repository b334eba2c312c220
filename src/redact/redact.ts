/**
 * The one place where secrets become placeholders, before anything leaves. Nothing here throws: what cannot be looked
 * into is `<left out>`.
 *
 * A shard's own secrets are known: the token, what is secret in URLs that are configured, session ids and resume URLs.
 * They are few, and found in any text. Each has one placeholder, `<session 2>` the second session id, so that what is
 * read still makes sense, and a chart replayed with placeholders does the same as with the secrets.
 *
 * What messages hold may be secret too, such as the token of an interaction. That is replaced where it stands, as its
 * field tells, and not remembered.
 */

import { shardMachine } from '../../machines/client.js';
import { demandGiven, isText, listOf } from '../../machines/kit/shape.js';
import { errorWithoutSecrets } from './errors.js';
import { FIELDS, type Fields, isPlaceholder, LEFT_OUT, SESSION_FIELDS, type SecretKind } from './fields.js';
import { formsOf, normal, secretsOf, withBareUrls } from './urls.js';
import { wordsOf } from './vocabulary.js';

export type { SecretKind } from './fields.js';

/** Replaces secrets. None of its methods throws. */
export interface Redactor {
  /** Makes a secret known; returns its placeholder. A URL that was published before is no secret. */
  learn(kind: SecretKind, secret: string): string;
  /** Learns the session that is open, if one is: it is not forgotten, however many are learnt after it. */
  hold(session: { readonly id: string; readonly url: string | null } | null): void;
  /** Makes a URL known that is no secret but for user, password and query, such as the main Gateway URL. */
  publish(url: string): void;
  /** Words of a chart: a secret that is one of them is replaced where it stands, and not looked for in texts. */
  spare(words: string): void;
  /** A text without secrets, its URLs with scheme, host and path alone. */
  text(text: string): string;
  /**
   * A copy of plain data without secrets, in keys and values, which learns those of its fields that are named like one.
   * What JSON leaves out is left out, circles are cut.
   */
  value<T>(value: T): T;
  /** The same of what a message held, of which nothing is learnt. */
  payload<T>(payload: T): T;
  /** An error without secrets: the same one if it holds none, else a plain copy with its name, code, stack and causes. */
  error(error: unknown): unknown;
}

/** Secrets shorter than this are replaced where they stand, but not looked for within other texts. */
const LEAST_LENGTH = 6;

/** No session id and no resume URL is longer, in characters: what is cannot be used. */
export const LONGEST: Readonly<Record<SecretKind, number>> = { token: 1024, session: 1024, 'resume url': 2048 };

/** So many are remembered besides those held; a session older than these ended long ago. */
const MOST_REMEMBERED = 1000;
/** So many of them are looked for within texts. */
const MOST_SOUGHT = 32;
/** So many URLs that were located are remembered. */
const MOST_PUBLISHED = 8;

/** Nothing that leaves is deeper, or has more values. */
const DEEPEST = 100;
const MOST_VALUES = 1_000_000;

const SECRETS = { fields: { token: isText, publicUrls: listOf(isText) } };

/** A redactor that knows a token, and URLs that are no secrets. */
export function redactor(options: { readonly token?: string; readonly publicUrls?: readonly string[] } = {}): Redactor {
  demandGiven('', options, SECRETS);
  const { token, publicUrls = [] } = options;
  return new KnownSecrets(token, publicUrls);
}

/** A copy in the making. */
interface Copying {
  /** Of what a chart remembers, from which secrets are learnt; of what a message held; of what is in an error. */
  readonly of: 'chart' | 'message' | 'error';
  /** So many values may follow. */
  left: number;
}

/** There is one for each shard, so it holds little. */
class KnownSecrets implements Redactor {
  /** Placeholders of what is configured, which is never forgotten. */
  readonly #own = new Map<string, string>();
  /** Placeholders of what was learnt since, the oldest first. */
  readonly #learnt = new Map<string, string>();
  readonly #counts: Record<SecretKind, number> = { token: 0, session: 0, 'resume url': 0 };
  #published: readonly string[] = [];
  #held: readonly string[] = [];
  #words: string | null = null;
  /** What is looked for within texts, the longest first; null until it is needed. */
  #sought: readonly (readonly [secret: string, placeholder: string])[] | null = null;

  constructor(token: string | undefined, publicUrls: readonly string[]) {
    for (const url of publicUrls) {
      this.publish(url);
      for (const secret of secretsOf(url)) if (secret !== '') this.#own.set(secret, LEFT_OUT);
    }
    if (token === undefined || token === '') return;
    this.#counts.token = 1;
    this.#own.set(token, '<token>');
  }

  learn(kind: SecretKind, given: string): string {
    if (typeof given !== 'string') return LEFT_OUT;
    if (isPlaceholder(given)) return given;
    const secret = kind === 'resume url' ? normal(given) : given;
    const before = this.#own.get(secret) ?? this.#learnt.get(secret);
    if (before !== undefined) this.#touch(secret, before);
    if (before !== undefined || this.#isPublic(kind, secret)) return before ?? withBareUrls(given);
    if (secret.length > LONGEST[kind]) return another(kind);
    this.#counts[kind] += 1;
    const count = this.#counts[kind];
    const placeholder = kind === 'token' && count === 1 ? '<token>' : `<${kind} ${count}>`;
    for (const form of this.#formsOf(kind, secret)) this.#touch(form, placeholder);
    return placeholder;
  }

  hold(session: { readonly id: string; readonly url: string | null } | null): void {
    if (session !== null) this.learn('session', session.id);
    if (session?.url) this.learn('resume url', session.url);
    const { whole, hosts } = formsOf(session?.url ?? '');
    this.#held = session === null ? [] : [session.id, ...whole, ...hosts];
    this.#sought = null;
  }

  publish(url: string): void {
    const plain = normal(withBareUrls(url));
    if (this.#learnt.has(url) || this.#published.includes(plain)) return;
    this.#published = [...this.#published.slice(0, 1), ...this.#published.slice(1).slice(1 - MOST_PUBLISHED), plain];
  }

  spare(words: string): void {
    const before = this.#words ?? wordsOf(shardMachine);
    this.#words = before.includes(words) ? before : `${before}\n${words}`;
    this.#sought = null;
  }

  text(given: string): string {
    if (typeof given !== 'string') return LEFT_OUT;
    const clean = withBareUrls(this.#withoutSecrets(given));
    return clean !== given && this.#published.includes(normal(given)) ? given : clean;
  }

  value<T>(value: T): T {
    return this.#copyOf(value, 'chart') as T;
  }

  payload<T>(payload: T): T {
    return this.#copyOf(payload, 'message') as T;
  }

  error(given: unknown): unknown {
    const text = (text: string) => this.text(text);
    return errorWithoutSecrets(given, { text, plain: (value) => this.#copyOf(value, 'error') });
  }

  /** Remembers a secret as the newest, and forgets the oldest if there are too many. */
  #touch(secret: string, placeholder: string): void {
    if (this.#own.has(secret)) return;
    this.#learnt.delete(secret);
    this.#learnt.set(secret, placeholder);
    this.#sought = null;
    if (this.#learnt.size <= MOST_REMEMBERED + this.#held.length) return;
    for (const oldest of this.#learnt.keys()) {
      if (this.#held.includes(oldest)) continue;
      this.#learnt.delete(oldest);
      return;
    }
  }

  #isPublic(kind: SecretKind, secret: string): boolean {
    return kind === 'resume url' && this.#published.includes(normal(withBareUrls(secret)));
  }

  /** The texts that give a secret away. A host that is public as well does not. */
  #formsOf(kind: SecretKind, secret: string): readonly string[] {
    if (kind !== 'resume url') return [secret];
    const { whole, hosts } = formsOf(secret);
    const known = this.#published.flatMap((url) => formsOf(url).hosts);
    const quoted = hosts.filter((host) => !known.includes(host) && !this.#own.has(host) && !this.#learnt.has(host));
    return [...quoted, ...whole];
  }

  #withoutSecrets(given: string): string {
    const whole = this.#own.get(given) ?? this.#learnt.get(given);
    if (whole !== undefined && !this.#isWord(given)) return whole;
    if (given.length < LEAST_LENGTH) return given;
    this.#sought ??= this.#whatIsSought();
    let parts: readonly Part[] | null = null;
    for (const [secret, placeholder] of this.#sought) {
      if (given.length >= secret.length && given.includes(secret))
        parts = replaced(parts ?? [{ text: given }], secret, placeholder);
    }
    return parts === null ? given : parts.map(({ text }) => text).join('');
  }

  #whatIsSought(): readonly (readonly [secret: string, placeholder: string])[] {
    const learnt = [...this.#learnt];
    const held = learnt.filter(([secret]) => this.#held.includes(secret));
    const sought = new Map([...this.#own, ...held, ...learnt.slice(-MOST_SOUGHT)]);
    const isSought = ([secret]: readonly [string, string]) => secret.length >= LEAST_LENGTH && !this.#isWord(secret);
    return [...sought].filter(isSought).sort(([a], [b]) => b.length - a.length);
  }

  /** Whether a secret is part of what every trace says. Most are not made like words, and so the words are not needed. */
  #isWord(secret: string): boolean {
    if (!/^[A-Za-z.]+$/.test(secret)) return false;
    this.#words ??= wordsOf(shardMachine);
    return this.#words.includes(secret);
  }

  #copyOf(value: unknown, of: Copying['of']): unknown {
    return this.#copy(value, FIELDS, [], { of, left: MOST_VALUES });
  }

  /** A text of it. Links in messages are as people wrote them. */
  #clean(text: string, { of }: Copying): string {
    return of === 'message' ? this.#withoutSecrets(text) : this.text(text);
  }

  #copy(value: unknown, fields: Fields, above: readonly object[], copying: Copying): unknown {
    if (typeof value === 'string') return this.#clean(value, copying);
    if (typeof value === 'bigint') return `${value}`;
    if (typeof value === 'function' || typeof value === 'symbol') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    copying.left -= 1;
    if (copying.left < 0 || above.length > DEEPEST || above.includes(value)) return LEFT_OUT;
    try {
      return this.#copyObject(value, fields, [...above, value], copying);
    } catch {
      return LEFT_OUT;
    }
  }

  #copyObject(value: object, fields: Fields, above: readonly object[], copying: Copying): unknown {
    if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
    if (Array.isArray(value)) return value.map((each) => this.#copy(each, fields, above, copying));
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.#copy(toJSON.call(value), fields, above, copying);
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        const kind = fields.get(name);
        if (kind !== undefined && isSecret(each, copying)) return [name, this.#secret(kind, each, copying)];
        const inner = name === 'session' ? SESSION_FIELDS : FIELDS;
        const key = copying.of === 'chart' && isName(name) ? name : this.#clean(name, copying);
        return [key, this.#copy(each, inner, above, copying)];
      }),
    );
  }

  /** What stands for the content of a field that holds a secret. */
  #secret(kind: SecretKind, content: unknown, { of }: Copying): string {
    if (typeof content !== 'string') return LEFT_OUT;
    if (of === 'chart') return this.learn(kind, content);
    if (isPlaceholder(content)) return content;
    const secret = kind === 'resume url' ? normal(content) : content;
    if (this.#isPublic(kind, secret)) return withBareUrls(content);
    return this.#own.get(secret) ?? this.#learnt.get(secret) ?? another(kind);
  }
}

/** Whether a field of such a name holds a secret. A chart may keep more than texts in it. */
function isSecret(content: unknown, { of }: Copying): boolean {
  if (typeof content === 'string') return content !== '';
  return of !== 'chart' && content !== null && (typeof content === 'object' || typeof content === 'number');
}

/** Whether a field is named as programs name theirs: such a name is no secret in what a chart remembers. */
const isName = (name: string): boolean => /^[A-Za-z]+$/.test(name);

/** What stands for a secret that is not known. */
const another = (kind: SecretKind): string => `<another ${kind}>`;

/** A part of a text; a placeholder is not looked into again. */
interface Part {
  readonly text: string;
  readonly isPlaceholder?: boolean;
}

function replaced(parts: readonly Part[], secret: string, placeholder: string): readonly Part[] {
  return parts.flatMap((part) => {
    if (part.isPlaceholder) return [part];
    return part.text
      .split(secret)
      .flatMap((text, i): Part[] => [...(i === 0 ? [] : [{ text: placeholder, isPlaceholder: true }]), { text }]);
  });
}

/** Learns what READY gives a shard. */
export function learnSession(secrets: Redactor, ready: unknown): void {
  const { session_id: id, resume_gateway_url: url } = (ready ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id === 'string' && id !== '') secrets.learn('session', id);
  if (typeof url === 'string' && url !== '') secrets.learn('resume url', url);
}
