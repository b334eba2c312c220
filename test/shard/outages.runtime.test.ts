/** Mistakes that look like outages, with real sockets: each is told in words, once, and in the causes. */
import { Agent, createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ws } from '../../adapters/ws.js';
import { createShard, type ShardOptions } from '../../src/index.js';
import { startSimulator } from '../../src/simulator/index.js';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** What a shard is told, until its connection has failed twice. */
async function told(options: Partial<ShardOptions>): Promise<{ warnings: string[]; causes: object[] }> {
  const [warnings, causes]: [string[], object[]] = [[], []];
  const shard = createShard({
    token: 'token',
    intents: [],
    policy: { waits: { quick: [0, 1], backoff: { base: 1, cap: 1 } } },
    ...options,
  } as ShardOptions<[], []>);
  shard.on('warning', ({ problem }) => warnings.push(problem));
  shard.on('transition', ({ cause }) => {
    if (/^(closedFor|locateFailed)/.test(cause.name)) causes.push(cause);
  });
  shard.start().catch(() => {});
  await expect.poll(() => causes.length).toBeGreaterThan(1);
  await shard.stop();
  return { warnings, causes };
}

describe('a mistake that looks like an outage', () => {
  it('is told of a certificate that nobody vouches for', async () => {
    const simulator = await startSimulator({ tls: true });
    stops.push(() => simulator.close());
    const { warnings, causes } = await told({ url: simulator.url });
    expect(warnings).toEqual([
      expect.stringMatching(/^the Gateway cannot be reached: nobody whom this machine trusts .*\(\w+\)$/),
    ]);
    expect(causes[0]).toMatchObject({ systemCode: expect.stringMatching(/^(UNABLE|DEPTH|SELF)_/) });
  });

  it('is told of an agent that does not fit', async () => {
    const { warnings, causes } = await told({ url: 'wss://127.0.0.1:1', socket: ws({ agent: new Agent() }) });
    expect(warnings).toEqual([expect.stringContaining('does not fit the URL (ERR_INVALID_PROTOCOL)')]);
    expect(causes[0]).toMatchObject({ closeCode: 1006, systemCode: 'ERR_INVALID_PROTOCOL' });
  });

  it.each([
    [200, 'something else answers in its place'],
    [401, 'Of the token this says nothing'],
    [404, 'nothing there speaks the protocol'],
  ])('is told of a WebSocket that is answered with HTTP %s', async (status, says) => {
    const port = await listening(createServer((_, response) => response.writeHead(status).end('<html>')));
    const { warnings, causes } = await told({ url: `ws://127.0.0.1:${port}` });
    expect(warnings).toEqual([expect.stringContaining(says)]);
    expect(causes[0]).toMatchObject({ httpStatus: status });
  });

  it('is told of a server that speaks no TLS', async () => {
    const port = await listening(
      createTcpServer((socket) => {
        socket.on('error', () => {}).write('HTTP/1.1 400 Bad Request\r\n\r\n', () => socket.destroySoon());
      }),
    );
    const { warnings } = await told({ url: `wss://127.0.0.1:${port}` });
    expect(warnings).toEqual([expect.stringContaining('it does not speak TLS as we do')]);
  });

  it.each([
    [200, 'something else answers in its place'],
    [302, 'something else answers in its place'],
    [403, 'it does not let us in'],
  ])('is told of Get Gateway Bot, where HTTP %s answers', async (status, says) => {
    const port = await listening(createServer((_, response) => response.writeHead(status).end('<html>')));
    const { warnings, causes } = await told({ restUrl: `http://127.0.0.1:${port}` });
    expect(warnings).toEqual([expect.stringMatching(`^Get Gateway Bot cannot be asked: .*${says}`)]);
    expect(causes[0]).toMatchObject({ name: 'locateFailed', httpStatus: status });
  });

  it('is none where nobody listens, or the server has a bad day', async () => {
    const port = await listening(createServer((_, response) => response.writeHead(503).end()));
    expect((await told({ url: `ws://127.0.0.1:${port}` })).warnings).toEqual([]);
    const { warnings, causes } = await told({ url: 'ws://127.0.0.1:1' });
    expect(warnings).toEqual([]);
    expect(causes[0]).toMatchObject({ systemCode: 'ECONNREFUSED' });
  });
});
