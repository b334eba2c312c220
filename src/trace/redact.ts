/**
 * The one place where secrets become placeholders, before anything leaves: the token, session ids and resume URLs.
 * Each secret has one placeholder, `<session 2>` the second session id, so that what is read still makes sense, and a
 * chart replayed with placeholders does the same as with the secrets.
 *
 * A secret is found in two ways: where it stands (`session_id`, `session.url`, ...), from which on it is known, and,
 * once it is known, anywhere in any text.
 */

/** The kinds of secrets, as their placeholders name them. */
export type SecretKind = 'token' | 'session' | 'resume url';

/** Replaces secrets. What it has seen once it knows from then on. */
export interface Redactor {
  /** Makes a secret known; returns its placeholder. A URL that was published before is no secret. */
  learn(kind: SecretKind, secret: string): string;
  /** Makes a URL known that is no secret, such as the main Gateway URL; without effect on one that was learnt before. */
  publish(url: string): void;
  /** A text without secrets. */
  text(text: string): string;
  /** A copy of plain data without secrets, in keys and values; what JSON leaves out is left out, circles are cut. */
  value<T>(value: T): T;
  /** An error without secrets: the same one if it holds none, else a plain copy with its name, code and stack. */
  error(error: unknown): unknown;
}

/** Fields that hold a secret wherever they stand. */
const FIELDS: Readonly<Record<string, SecretKind>> = {
  token: 'token',
  session_id: 'session',
  sessionId: 'session',
  offered: 'session',
  resume_gateway_url: 'resume url',
  resumeUrl: 'resume url',
};

/** Fields of an object under `session`. */
const SESSION_FIELDS: Readonly<Record<string, SecretKind>> = { ...FIELDS, id: 'session', url: 'resume url' };

/** Secrets shorter than this are replaced where they stand, but not looked for within other texts. */
const LEAST_LENGTH = 6;

/** So many texts are remembered; a session older than these ended long ago. */
const MOST_SECRETS = 1000;

/** Nothing that leaves is deeper. */
const DEEPEST = 100;

/** A redactor that knows a token, and URLs that are no secrets. */
export function redactor({
  token,
  publicUrls = [],
}: {
  readonly token?: string;
  readonly publicUrls?: readonly string[];
} = {}): Redactor {
  return new KnownSecrets(token, publicUrls);
}

/** There is one for each shard, so it holds little. */
class KnownSecrets implements Redactor {
  /** Placeholders by secret, the oldest first. */
  readonly #known = new Map<string, string>();
  readonly #counts: Record<SecretKind, number> = { token: 0, session: 0, 'resume url': 0 };
  #published: readonly string[] = [];
  /** Finds every secret that is long enough, the longest first; null until one is needed. */
  #pattern: RegExp | null = null;

  constructor(token: string | undefined, publicUrls: readonly string[]) {
    this.#published = publicUrls.map(normal);
    if (token !== undefined) this.learn('token', token);
  }

  learn(kind: SecretKind, given: string): string {
    if (isPlaceholder(given)) return given;
    const secret = kind === 'resume url' ? normal(given) : given;
    const before = this.#known.get(secret);
    if (before !== undefined) return before;
    if (kind === 'resume url' && this.#published.includes(secret)) return given;
    this.#counts[kind] += 1;
    const count = this.#counts[kind];
    const placeholder = kind === 'token' && count === 1 ? '<token>' : `<${kind} ${count}>`;
    this.#add(secret, placeholder);
    if (kind === 'resume url') {
      this.#add(`${secret}/`, placeholder);
      // Whoever could not reach it names the host alone.
      const host = hostOf(secret);
      if (!this.#known.has(host) && !this.#published.some((url) => hostOf(url) === host)) this.#add(host, placeholder);
    }
    return placeholder;
  }

  publish(url: string): void {
    const plain = normal(url);
    if (!this.#known.has(url) && !this.#published.includes(plain)) this.#published = [...this.#published, plain];
  }

  text(given: string): string {
    if (this.#known.size === 0) return given;
    const whole = this.#known.get(given);
    if (whole !== undefined) return whole;
    if (given.length < LEAST_LENGTH) return given;
    this.#pattern ??= patternFor([...this.#known.keys()]);
    const clean = given.replace(this.#pattern, (secret) => this.#known.get(secret) ?? secret);
    return clean !== given && this.#published.includes(normal(given)) ? given : clean;
  }

  value<T>(value: T): T {
    return this.#copy(value, FIELDS, []) as T;
  }

  error(given: unknown): unknown {
    if (typeof given === 'string') return this.text(given);
    if (!(given instanceof Error)) return this.value(given);
    const told = tellsOf(given).join('\n');
    return this.text(told) === told ? given : withoutSecrets(given, (text) => this.text(text));
  }

  #add(secret: string, placeholder: string): void {
    this.#known.set(secret, placeholder);
    this.#pattern = null;
    if (this.#known.size <= MOST_SECRETS) return;
    for (const [oldest, its] of this.#known) {
      if (its.startsWith('<token')) continue;
      this.#known.delete(oldest);
      return;
    }
  }

  #copy(value: unknown, fields: Readonly<Record<string, SecretKind>>, above: readonly object[]): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (above.includes(value) || above.length > DEEPEST) return '<left out>';
    const inner = [...above, value];
    if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
    if (Array.isArray(value)) return value.map((each) => this.#copy(each, fields, inner));
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
      return this.#copy((value as { toJSON(): unknown }).toJSON(), fields, inner);
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        const kind = fields[name];
        if (kind !== undefined && typeof each === 'string' && each !== '') return [name, this.learn(kind, each)];
        return [this.text(name), this.#copy(each, name === 'session' ? SESSION_FIELDS : FIELDS, inner)];
      }),
    );
  }
}

function isPlaceholder(text: string): boolean {
  return /^<(token|session|resume url)( \d+)?>$/.test(text);
}

/** The same URL with and without the slash at its end. */
function normal(url: string): string {
  return url.replace(/\/$/, '');
}

function hostOf(url: string): string {
  return /^\w+:\/\/([^/?#]+)/.exec(url)?.[1] ?? url;
}

function patternFor(secrets: readonly string[]): RegExp {
  const long = secrets.filter(({ length }) => length >= LEAST_LENGTH).sort((a, b) => b.length - a.length);
  const escaped = long.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return escaped.length === 0 ? /(?!)/g : new RegExp(escaped.join('|'), 'g');
}

/** Everything that an error says of itself, its causes included. */
function tellsOf(error: Error, depth = 0): readonly string[] {
  const { cause } = error;
  const fields = Object.values(error).map((value) => {
    try {
      return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    } catch {
      return ''; // a circle
    }
  });
  const below = cause instanceof Error && depth < 10 ? tellsOf(cause, depth + 1) : [String(cause)];
  return [error.name, error.message, error.stack ?? '', ...fields, ...below];
}

function withoutSecrets(error: Error, text: (text: string) => string, depth = 0): Error {
  const { cause } = error;
  const code: unknown = (error as { code?: unknown }).code;
  const below = cause instanceof Error ? depth < 10 && { cause: withoutSecrets(cause, text, depth + 1) } : {};
  const copy = new Error(text(error.message), below || {});
  copy.name = text(error.name);
  copy.stack = text(error.stack ?? '');
  return typeof code === 'string' ? Object.assign(copy, { code: text(code) }) : copy;
}
