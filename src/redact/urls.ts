/** URLs as they may be shown. */

/** A URL within a text, in parts: scheme, user and password, host and path, query and fragment. Placeholders may stand in all. */
const URLS =
  /\b(wss?|https?):\/\/((?:<[\w ]+>|[^\s"'/?#<])*@)?((?:<[\w ]+>|[^\s"'?#<])*)([?#](?:<[\w ]+>|[^\s"'<])*)?/gi;

/** The text, with the scheme, host and path of each URL in it and no more: the rest may hold passwords. */
export function withBareUrls(text: string): string {
  const bare = text.includes('://') ? text.replace(URLS, '$1://$3') : text;
  return bare.includes('<resume url ') ? bare.replace(RESUME_URLS, '$1') : bare;
}

/** The same of a URL whose beginning is a placeholder. */
const RESUME_URLS = /(<resume url \d+>[^\s"'?#<]*)[?#](?:<[\w ]+>|[^\s"'<])*/g;

/** A URL with and without the slash at its end is the same. */
export function normal(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}

/** All that may be a secret of a URL that is configured: user, password and what its query holds. */
export function secretsOf(url: string): readonly string[] {
  const parsed = parsedOrNull(url);
  if (parsed === null) return [];
  const { username, password, search, searchParams } = parsed;
  const held = [...searchParams].flatMap(([name, value]) => (OURS.has(name) ? [] : [value]));
  const written = search
    .slice(1)
    .split('&')
    .flatMap((pair) => {
      const [name = '', ...value] = pair.split('=');
      return OURS.has(name) ? [] : [value.join('=')];
    });
  return [...new Set([password, username, ...held, ...written, ...[username, password].map(decoded)])];
}

/** What "Gateway URL Query String Params" has. */
const OURS: ReadonlySet<string> = new Set(['v', 'encoding', 'compress']);

/** The forms in which a URL may be quoted, the longest first; `host` is its host alone, as whoever cannot reach it says. */
export function formsOf(url: string): { readonly whole: readonly string[]; readonly hosts: readonly string[] } {
  const parsed = parsedOrNull(url);
  const forms = [url, ...(parsed === null ? [] : [parsed.href])].map(normal);
  const hosts = [...forms.flatMap(hostIn), ...(parsed === null ? [] : [parsed.hostname])];
  return { whole: [...new Set(forms.flatMap((form) => [`${form}/`, form]))], hosts: [...new Set(hosts)] };
}

function hostIn(url: string): readonly string[] {
  const [, host] = /^\w+:\/\/(?:[^/?#]*@)?([^/?#]+)/.exec(url) ?? [];
  return host === undefined ? [] : [host];
}

function parsedOrNull(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
