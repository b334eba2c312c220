import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../src/redact/errors.js';
import { redactor } from '../../src/redact/redact.js';

const TOKEN = 'TOKENMARK.abcdef-1';
const secrets = redactor({ token: TOKEN });

/** All that somebody who is given a value can print of it. */
function printed(value: unknown): string {
  const tries = [
    () => String(value),
    () => `${value}`,
    () => JSON.stringify(value),
    () => inspect(value, { depth: 20, showHidden: true, getters: true }),
    () => inspect(value, { depth: 20, showHidden: true, customInspect: false }),
    () => JSON.stringify([(value as Error).message, (value as Error).stack, (value as Error).cause]),
    () => [...((value as AggregateError).errors ?? [])].map(printed).join(),
  ];
  return tries
    .map((each) => {
      try {
        return each();
      } catch {
        return '';
      }
    })
    .join('\n');
}

const withFields = (fields: object) => Object.assign(new Error('failed'), fields);
const throws = (): never => {
  throw new Error(TOKEN);
};
const cycle = new Error('first', { cause: new Error(TOKEN) });
(cycle.cause as Error).cause = cycle;
const fields: Record<string, unknown> = { says: TOKEN };
fields.itself = fields;
/** Built and named at run time. */
class OfRequest extends Error {}
Object.defineProperty(OfRequest, 'name', { value: `Of ${TOKEN}` });
class Inherits extends Error {}
Object.assign(Inherits.prototype, { says: TOKEN });
class InheritsMore extends Error {}
Object.assign(InheritsMore.prototype, { request: { says: TOKEN } });
class Discloses extends Error {
  override toString() {
    return TOKEN;
  }
}
class Computes extends Error {
  get request() {
    return TOKEN;
  }
}
class Converts extends Error {
  [Symbol.toPrimitive]() {
    return TOKEN;
  }
  toJSON() {
    return { TOKEN };
  }
}
class Inspects extends Error {
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return TOKEN;
  }
}
let chain: Error = new Error(TOKEN);
for (let i = 0; i < 5_000; i += 1) chain = new Error(`${i}`, { cause: chain });

describe('an error with a secret', () => {
  it.each<[string, unknown]>([
    ['in its message', new Error(TOKEN)],
    ['in its name', Object.assign(new Error('x'), { name: TOKEN })],
    ['in its code', withFields({ code: TOKEN })],
    ['in a field', withFields({ request: { headers: { authorization: `Bot ${TOKEN}` } } })],
    ['in a key', withFields({ [TOKEN]: 1 })],
    ['under a symbol', withFields({ [Symbol('request')]: TOKEN })],
    ['in a field that is not enumerable', Object.defineProperty(new Error('x'), 'request', { value: TOKEN })],
    ['in a field that JSON escapes', withFields({ says: `"${TOKEN}"\n` })],
    ['in a list of pairs', withFields({ headers: [['authorization', TOKEN]] })],
    ['in a Map', withFields({ headers: new Map([['authorization', TOKEN]]) })],
    ['in a Set', withFields({ tokens: new Set([TOKEN]) })],
    ['in Headers', withFields({ headers: new Headers({ authorization: TOKEN }) })],
    ['in URLSearchParams', withFields({ query: new URLSearchParams({ TOKEN }) })],
    ['in bytes', withFields({ body: Buffer.from(TOKEN) })],
    [
      'in an instance',
      withFields({
        request: new (class Request {
          token = TOKEN;
        })(),
      }),
    ],
    ['in a function', withFields({ retry: Object.assign(() => {}, { token: TOKEN }) })],
    ['in a boxed string', withFields({ says: new String(TOKEN) })],
    ['in a getter', Object.defineProperty(new Error('x'), 'says', { get: () => TOKEN, enumerable: true })],
    ['in a getter of its class', new Computes('x')],
    ['in a field of its class', new Inherits('x')],
    ['in an object of its class', new InheritsMore('x')],
    ['in the name of its class', new OfRequest('x')],
    ['in what its class prints', new Discloses('x')],
    ['in what its class becomes', new Converts('x')],
    ['in what its class shows', new Inspects('x')],
    ['behind a getter that throws', Object.defineProperty(new Error(TOKEN), 'cause', { get: throws })],
    ['behind a message that throws', Object.defineProperty(new Error('x'), 'message', { get: throws })],
    ['behind a message that is no text', Object.defineProperty(new Error('x'), 'message', { value: { TOKEN } })],
    ['in its cause', new Error('x', { cause: new Error(TOKEN) })],
    ['in a cause that is text', new Error('x', { cause: TOKEN })],
    ['in a cause that is an object', new Error('x', { cause: { request: { token: TOKEN } } })],
    ['in a cause that throws', new Error('x', { cause: { toString: throws, toJSON: throws, TOKEN } })],
    ['in a circle of causes', cycle],
    ['in a circle of fields', withFields({ fields })],
    ['at the end of very many causes', chain],
    ['among others', new AggregateError([new Error('a'), new Error(TOKEN), TOKEN], 'x')],
    ['deep among others', new AggregateError([new AggregateError([new Error('x', { cause: TOKEN })])])],
    ['as a proxy', new Proxy(new Error(TOKEN), { ownKeys: throws, get: throws, getPrototypeOf: throws })],
    ['as an object', { message: TOKEN }],
    ['as text', `of ${TOKEN}`],
    ['as a Map', new Map([[TOKEN, TOKEN]])],
    ['as a function', Object.assign(() => TOKEN, { TOKEN })],
    ['as a symbol', Symbol(TOKEN)],
    ['as an object that cannot be text', { toString: 1, [Symbol.toPrimitive]: throws, TOKEN }],
  ])('%s gives none away', (_, error) => {
    expect(printed(secrets.error(error))).not.toContain(TOKEN);
  });

  it('of another kind gives none away: a field named like one, and headers', () => {
    for (const field of ['token', 'session_id', 'Authorization', 'set-cookie']) {
      expect(printed(secrets.error(withFields({ request: { [field]: 'OTHERMARK' } })))).not.toContain('OTHERMARK');
    }
  });

  it('is not looked into without end: of very many fields, or errors, few stay', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => i);
    expect(printed(secrets.error(withFields({ many })))).not.toContain('99999');
    const copy = secrets.error(new AggregateError([TOKEN, ...many])) as AggregateError;
    expect(copy.errors).toHaveLength(1000);
  });

  it('is copied with what may be shown', () => {
    const cause = new RangeError(`port ${TOKEN}`);
    const copy = secrets.error(Object.assign(new TypeError(`no ${TOKEN}`, { cause }), { code: 'ERR' })) as Error;
    expect(copy).toMatchObject({ name: 'TypeError', message: 'no <token>', code: 'ERR' });
    expect(copy.cause).toMatchObject({ name: 'RangeError', message: 'port <token>' });
    expect(copy.stack).toContain('errors.test.ts');
    const several = secrets.error(new AggregateError([cause, 'x'], 'both')) as AggregateError;
    expect(several.errors).toEqual([expect.objectContaining({ message: 'port <token>' }), 'x']);
    const round = secrets.error(cycle) as Error;
    expect((round.cause as Error).cause).toBe(round);
  });
});

describe('an error without secrets', () => {
  class OfPort extends Error {
    readonly retryAfter = 5;
    override get name() {
      return 'OfPort';
    }
    isFinal() {
      return false;
    }
  }
  it.each<[string, unknown]>([
    ['an error', new TypeError('no')],
    ['of a system', withFields({ code: 'ECONNREFUSED', errno: -111, syscall: 'connect', port: 443 })],
    ['of a class', new OfPort('x')],
    ['with causes', new Error('x', { cause: new OfPort('y', { cause: { status: 500 } }) })],
    ['of several', new AggregateError([new Error('a'), new Error('b')])],
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['text', 'no'],
  ])('is handed on as it is: %s', (_, error) => {
    expect(secrets.error(error)).toBe(error);
  });
});

describe('the code of an error', () => {
  it.each<[string | undefined, unknown]>([
    ['ERR', { code: 'ERR' }],
    ...[undefined, null, 7, {}, { code: 7 }, Object.defineProperty({}, 'code', { get: throws })].map(
      (each): [undefined, unknown] => [undefined, each],
    ),
  ])('is %s', (code, error) => {
    expect(codeOf(error)).toBe(code);
  });
});
