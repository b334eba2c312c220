/** Options of `fetch` without which a request is as good, and that a runtime may refuse because it does not know them. */
const DISPENSABLE = ['cache'] as const;

/** Does as `fetch` does; where the runtime refuses a dispensable option by its name, it asks again without it. */
export async function lenientFetch(fetch: typeof globalThis.fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const refused = DISPENSABLE.find((name) => name in init && refuses(error, name));
    if (refused === undefined) throw error;
    const { [refused]: _, ...rest } = init;
    return lenientFetch(fetch, url, rest);
  }
}

/** Before 2024-11-11 Cloudflare Workers say "The 'cache' field on 'RequestInitializerDict' is not implemented." */
const refuses = (error: unknown, name: string) =>
  error instanceof Error && new RegExp(`\\b${name}\\b`).test(error.message);
