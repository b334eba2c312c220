import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';

/**
 * `fetch` over Node's own requests, so that what a WebSocket goes through (an agent, such as a proxy's, or TLS options) is
 * gone through by REST as well. As much of it as a GET needs; redirects are not followed.
 */
export function agentFetch(options: RequestOptions): typeof globalThis.fetch {
  return (input, { headers, signal } = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(String(input));
      const request = url.protocol === 'https:' ? requestHttps : requestHttp;
      const asked = request(url, {
        ...options,
        headers: Object.fromEntries(new Headers(headers)),
        ...(signal ? { signal } : {}),
      });
      asked.on('response', (response) => {
        const { statusCode: status = 502 } = response;
        const fields = Object.entries(response.headers).map(
          ([name, value]) => [name, String(value)] as [string, string],
        );
        const hasBody = status !== 204 && status !== 304;
        const body = hasBody ? (Readable.toWeb(response) as ReadableStream<Uint8Array>) : null;
        if (!hasBody) response.resume();
        resolve(new Response(body, { status: status < 200 ? 502 : status, headers: fields }));
      });
      // As undici has it: the system's error stands in `cause`.
      asked.on('error', (cause) => reject(signal?.aborted ? signal.reason : new TypeError('fetch failed', { cause })));
      asked.end();
    });
}
