/** Without a server: requests and responses as far as this side of the simulator looks at them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import { Gateway } from '../../src/simulator/gateway.js';
import { answer, isLocal, urlOf } from '../../src/simulator/http.js';
import type { GatewayOptions } from '../../src/simulator/options.js';

const requestFrom = (headers: object, url?: string) => ({ headers, url }) as IncomingMessage;

describe('isLocal', () => {
  it.each(['localhost', 'localhost:4747', 'LOCALHOST', '127.0.0.1', '127.0.0.1:80', '[::1]:4747'])(
    'takes the host %s',
    (host) => {
      expect(isLocal(requestFrom({ host }))).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'example.org',
    'localhost.example.org',
    'example.org:4747',
    '127.0.0.1.example.org',
    '128.0.0.1',
    '0.0.0.0',
    '[::2]',
    '[',
  ])('refuses the host %o', (host) => {
    expect(isLocal(requestFrom({ host }))).toBe(false);
  });

  it.each([
    ['http://localhost:5173', true],
    ['https://127.0.0.1', true],
    ['http://[::1]', true],
    ['https://evil.example', false],
    ['https://localhost.evil.example', false],
    ['null', false],
    ['', false],
  ])('looks at the origin of a page too: %o', (origin, expected) => {
    expect(isLocal(requestFrom({ host: 'localhost', origin }))).toBe(expected);
  });

  it('refuses another host whatever the origin', () => {
    expect(isLocal(requestFrom({ host: 'rebound.example', origin: 'http://localhost' }))).toBe(false);
  });
});

describe('urlOf', () => {
  it('reads path and query', () => {
    const url = urlOf(requestFrom({}, '/resume?v=10'));
    expect([url?.pathname, url?.search]).toEqual(['/resume', '?v=10']);
    expect(urlOf(requestFrom({}))?.pathname).toBe('/');
  });

  it.each(['//[', 'http://', '//:99999'])('is null for %s', (url) => {
    expect(urlOf(requestFrom({}, url))).toBeNull();
  });
});

interface Asked {
  readonly method?: string;
  readonly headers?: object;
  readonly body?: readonly (string | Uint8Array)[];
  /** What the response already is. */
  readonly already?: { readonly headersSent?: boolean; readonly destroyed?: boolean };
}

/** A Gateway, and what it answers. */
function asking(options: GatewayOptions = {}) {
  const gateway = new Gateway({ token: 'T', guilds: 0, ...options }, simulatedClock());
  const ask = async (url: string, { method = 'GET', headers = {}, body = [], already = {} }: Asked = {}) => {
    const request = {
      url,
      method,
      headers: { host: 'localhost', ...headers },
      async *[Symbol.asyncIterator]() {
        for (const chunk of body) yield Buffer.from(chunk as string);
      },
    };
    const written: { status?: number; headers?: unknown; text?: string } = {};
    const response = {
      headersSent: false,
      destroyed: false,
      ...already,
      once: () => {},
      writeHead: (status: number, sent: unknown) => Object.assign(written, { status, headers: sent }),
      end: (text: string) => Object.assign(written, { text }),
    };
    const [asked, answered] = [request as unknown as IncomingMessage, response as unknown as ServerResponse];
    await answer(gateway, 'ws://127.0.0.1:4747', asked, answered);
    return written;
  };
  const post = async (order: string, ...body: (string | Uint8Array)[]) => {
    const headers = { 'content-type': 'application/json' };
    const { status, text = '' } = await ask(`/_control/${order}`, { method: 'POST', headers, body });
    return [status, JSON.parse(text)];
  };
  return { gateway, ask, post };
}

describe('answer', () => {
  it.each(['/api/gateway', '/api/v10/gateway', '/api/v9/gateway', '/api/v10/gateway?x=1'])(
    'gives the URL of the Gateway at %s',
    async (path) => {
      expect(await asking().ask(path)).toEqual({
        status: 200,
        headers: { 'content-type': 'application/json' },
        text: '{"url":"ws://127.0.0.1:4747"}',
      });
    },
  );

  it.each([
    ['/', '/'],
    ['/api', '/api'],
    ['/api/v10', '/v10'],
    ['/api/v10/nowhere', '/nowhere'],
    ['/api/vX/gateway', '/vX/gateway'],
    ['//[', ''],
  ])('answers %s with 404, and says that it has no such route', async (path, shown) => {
    const { status, text = '' } = await asking().ask(path);
    const message = `404: Not Found: the simulator has no route GET ${shown}`;
    expect([status, JSON.parse(text)]).toEqual([404, { message, code: 0 }]);
  });

  it('logs every request to the API with its answer, and none to its control', async () => {
    const { ask, gateway } = asking();
    await ask('/api/v10/gateway?x=1');
    await ask('/api/v10/users/@me');
    await ask('/api/v10/webhooks/1/very-secret', { method: 'POST' });
    await ask('/_control');
    await ask('/_control/log');
    const request = { connection: 0, at: 0, direction: 'client', kind: 'request', method: 'GET' };
    expect(gateway.log.entries).toEqual([
      { ...request, number: 1, path: '/api/v10/gateway', status: 200 },
      { ...request, number: 2, path: '/api/v10/users/@me', status: 401, error: '401: Unauthorized' },
      {
        ...request,
        number: 3,
        method: 'POST',
        path: '/api/v10/webhooks/1/[token]',
        status: 404,
        error: '404: Not Found: the simulator has no route POST /webhooks/1/[token]',
      },
    ]);
  });

  it.each(['dispatch', 'explode', 'log/x'])('has no question %s, and says which there are', async (name) => {
    expect(await asking().ask(`/_control/${name}`)).toMatchObject({
      status: 404,
      text: `{"message":"There is no GET ${name}: GET log and wait, and POST orders"}`,
    });
  });

  it('takes the body of a request to the API', async () => {
    const { ask } = asking();
    const path = '/api/v10/applications/80351110224678912/commands';
    const headers = { authorization: 'Bot T' };
    const put = (text: string) => ask(path, { method: 'PUT', headers, body: [text] });
    expect(await put('[{"name":"ping"}]')).toMatchObject({ status: 200, text: expect.stringContaining('"ping"') });
    for (const text of ['[', '['.repeat(300) + ']'.repeat(300)]) expect((await put(text)).status).toBe(400);
  });

  it('answers other methods with 404', async () => {
    const { ask } = asking();
    const asked = await Promise.all(['HEAD', 'PUT', 'POST'].map((method) => ask('/api/v10/gateway', { method })));
    expect(asked.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('lets pages of this machine read the answer, whatever it is', async () => {
    const origin = 'http://localhost:5173';
    const { ask } = asking();
    for (const path of ['/api/v10/gateway', '/nowhere']) {
      expect((await ask(path, { headers: { origin } })).headers).toEqual({
        'content-type': 'application/json',
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'authorization, content-type, user-agent',
        vary: 'origin',
      });
    }
    expect(await ask('/api/v10/gateway/bot', { method: 'OPTIONS', headers: { origin } })).toMatchObject({
      status: 204,
      text: '',
    });
  });

  it.each(['GET', 'OPTIONS'])('is controlled by no page on another port: %s', async (method) => {
    const { ask } = asking();
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1', 'https://localhost:4748']) {
      for (const path of ['/_control', '/_control/dropTcp']) {
        expect(await ask(path, { method, headers: { origin } })).toEqual({
          status: 403,
          headers: { 'content-type': 'application/json' },
          text: '{"message":"no other page may control the simulator"}',
        });
      }
    }
    const origin = 'http://localhost:4747';
    expect(await ask('/_control', { headers: { origin } })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': origin },
    });
    expect((await ask('/_controls', { headers: { origin: 'http://localhost:1' } })).status).toBe(404);
  });

  it('refuses everyone else before it looks at what is asked, and names no origin', async () => {
    const { ask } = asking();
    for (const headers of [{ host: 'rebound.example' }, { origin: 'https://evil.example' }]) {
      expect(await ask('/_control', { headers })).toEqual({
        status: 403,
        headers: { 'content-type': 'application/json' },
        text: '{"message":"only this machine may use the simulator"}',
      });
    }
  });

  it.each([
    ['whose headers are sent', { headersSent: true }],
    ['that is gone', { destroyed: true }],
  ])('writes nothing to a response %s', async (_, already) => {
    expect(await asking().ask('/api/v10/gateway', { already })).toEqual({});
  });
});

describe('Get Gateway Bot', () => {
  it.each([
    ['any token with Bot before it', 'Bot anything', 200],
    ['no token after Bot', 'Bot ', 401],
    ['no Bot before it', 'anything', 401],
  ])('asks for a token where any is right: %s', async (_, authorization, status) => {
    const gateway = new Gateway({}, simulatedClock());
    const written: number[] = [];
    const request = requestFrom({ host: 'localhost', authorization }, '/api/v10/gateway/bot');
    request.method = 'GET';
    const response = {
      once() {},
      writeHead: (code: number) => written.push(code),
      end() {},
    } as unknown as ServerResponse;
    await answer(gateway, 'ws://127.0.0.1:4747', request, response);
    expect(written).toEqual([status]);
  });

  it('fails as ordered before it looks at the token, and Get Gateway with it', async () => {
    const { gateway, ask } = asking();
    gateway.control.injectFault('refuseGetGateway', { status: 429, retryAfter: 1.5 });
    for (const path of ['/api/v10/gateway', '/api/v10/gateway/bot']) {
      expect(await ask(path)).toEqual({
        status: 429,
        headers: { 'content-type': 'application/json', 'retry-after': '1.5' },
        text: '{"message":"429: ordered to fail","retry_after":1.5}',
      });
    }
    gateway.control.injectFault('refuseGetGateway');
    expect(await ask('/api/v10/gateway')).toMatchObject({ status: 503, text: '{"message":"503: ordered to fail"}' });
  });
});

describe('orders', () => {
  it('take their arguments from the body, in as many parts as it comes', async () => {
    const { gateway, post } = asking();
    expect(await post('injectFault', '{"name":"closeWith","at":"live",', '"code":4009}')).toEqual([
      200,
      { reached: 0 },
    ]);
    expect(gateway.control.state().faults).toEqual([{ name: 'closeWith', at: 'live', code: 4009, times: 1 }]);
  });

  it('are read whole where a character is split between two parts', async () => {
    const { gateway, post } = asking({ token: 'é' });
    const body = Buffer.from('{"token":"é"}');
    expect(await post('configure', body.subarray(0, 11), body.subarray(11))).toEqual([200, { reached: null }]);
    expect(gateway.isRightToken('é')).toBe(true);
  });

  it('need no body', async () => {
    expect(await asking().post('clearFaults')).toEqual([200, { reached: null }]);
  });

  it('are refused with a body that would end the process where it is written', async () => {
    const { gateway, post } = asking();
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const refused = [400, { message: 'the JSON is more than 200 deep' }];
    expect(await post('dispatch', `{"name":"A","data":${deep}}`)).toEqual(refused);
    expect(await post('injectFault', `{"name":"goSilent","x":${deep}}`)).toEqual(refused);
    expect(gateway.control.state().faults).toEqual([]);
  });

  it.each([
    ['{', /JSON/],
    ['[]', /^the body must be a JSON object$/],
    ['null', /^the body must be a JSON object$/],
    ['"dropTcp"', /^the body must be a JSON object$/],
  ])('are refused with the body %s', async (body, message) => {
    expect(await asking().post('dropTcp', body)).toEqual([400, { message: expect.stringMatching(message) }]);
  });

  it('are refused with what is wrong with their arguments', async () => {
    const { post } = asking();
    expect(await post('dispatch', '{"data":{}}')).toEqual([
      400,
      { message: 'dispatch needs name: a text that is not empty' },
    ]);
    expect(await post('configure', '{"shards":0}')).toEqual([
      400,
      { message: 'shards is 0; it must be a number of at least 1' },
    ]);
  });

  it.each([
    ['of 1 MiB are taken', 1 << 20, [200, { reached: 0 }]],
    ['longer than that are refused', (1 << 20) + 1, [400, { message: 'the body is too large' }]],
  ])('%s', async (_, length, reply) => {
    const { post } = asking();
    const text = `{"name":"A"}`;
    expect(await post('dispatch', text, ' '.repeat(length - text.length))).toEqual(reply);
  });

  it('that do not exist are refused with those that do', async () => {
    expect(await asking().post('explode')).toEqual([
      404,
      {
        message:
          'There is no explode; there are dispatch, requestHeartbeat, requestReconnect, invalidateSession, closeWith, ' +
          'dropTcp, injectFault, clearFaults, configure, reset',
      },
    ]);
  });

  it.each([
    [{}, 415],
    [{ 'content-type': 'text/plain' }, 415],
    [{ 'content-type': 'application/jsonp' }, 415],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415],
    [{ 'content-type': 'application/json; charset=utf-8' }, 200],
  ])('are refused where a form could have sent them: %o is answered with %i', async (headers, status) => {
    expect((await asking().ask('/_control/clearFaults', { method: 'POST', headers })).status).toBe(status);
  });
});
