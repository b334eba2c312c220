/** `gatechart serve` as a process of its own, and its control over HTTP (docs/simulator.md). */
import { readFile } from 'node:fs/promises';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { fileURLToPath } from 'node:url';
import { Running } from './processes.mjs';

const BIN = fileURLToPath(new URL('../../dist/src/cli/bin.js', import.meta.url));

/** Starts a simulator; over TLS if there is a file for the authority that clients have to trust. */
export async function startSimulator({ caFile, signal }) {
  let listening;
  const said = [];
  const told = new Promise((resolve) => {
    listening = resolve;
  });
  const tls = caFile === undefined ? [] : ['--ca', caFile];
  const running = new Running([process.execPath, BIN, 'serve', '--json', ...tls], {
    signal,
    onLine(line) {
      if (said.push(line) === 1) listening(line);
    },
  });
  const first = await Promise.race([told, running.ended.then((end) => `the simulator ${end}: ${said.join(' ')}`)]);
  if (!first.startsWith('{')) throw new Error(`${first} (it is built with npm run build)`);
  const { url, restUrl, controlUrl, exampleToken } = JSON.parse(first);
  const control = new Control(controlUrl, caFile === undefined ? undefined : await readFile(caFile));
  return { url, restUrl, token: exampleToken, control, end: () => running.end() };
}

/** Orders and questions to a simulator. */
export class Control {
  #url;
  #ca;

  constructor(url, ca) {
    this.#url = url;
    this.#ca = ca;
  }

  /** Resolves with the number of connections or sessions that were reached. */
  async order(name, fields = {}) {
    const { reached } = await this.#ask('POST', `/${name}`, fields);
    return reached;
  }

  /** What crossed the wire since the entry `after`, the first 10,000 of it; `what` says which entries. */
  async log(after, what = {}) {
    return await this.#ask('GET', `/log?${new URLSearchParams({ after, limit: 10_000, ...what })}`);
  }

  /** The first entry after `after` that is `what`; null if none comes in `ms`. */
  async wait(after, what, ms) {
    const query = new URLSearchParams({ after, timeout: ms, ...what });
    const { entries } = await this.#ask('GET', `/wait?${query}`);
    return entries[0] ?? null;
  }

  async #ask(method, path, body) {
    const { status, text } = await send(method, this.#url + path, this.#ca, body);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
    return JSON.parse(text);
  }
}

function send(method, url, ca, body) {
  const request = url.startsWith('https:') ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const asked = request(url, { method, ca, headers }, async (response) => {
      try {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString('utf8') });
      } catch (error) {
        reject(error);
      }
    });
    asked.once('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
