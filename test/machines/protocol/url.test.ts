import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  API_VERSIONS,
  COMPRESSIONS,
  checkAllowHosts,
  ENCODINGS,
  gatewayUrl,
  InvalidGatewayUrlError,
  isTrustedHost,
  parseGatewayUrl,
  trustedResumeUrl,
} from '../../../machines/client.js';
import documented from './documented.json' with { type: 'json' };

const failure = (act: () => unknown): InvalidGatewayUrlError => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidGatewayUrlError);
    expect(error).toMatchObject({ code: 'ERR_GATEWAY_URL', name: 'InvalidGatewayUrlError' });
    return error as InvalidGatewayUrlError;
  }
  throw new Error('nothing was thrown');
};

// Against documented.json, a transcription of Discord's documentation made apart from our table, in both directions.
describe('Gateway URL', () => {
  it('knows the documented versions, encodings and compressions, and no other', () => {
    expect(Object.entries(API_VERSIONS)).toEqual(
      documented.versions.map(([v, status]) => [`${v}`, status]).sort(([a], [b]) => Number(a) - Number(b)),
    );
    const available = Object.entries(API_VERSIONS).filter(([, status]) => status === 'available');
    expect(available.map(([v]) => v).sort()).toEqual([...documented.url.v].sort());
    expect(ENCODINGS).toEqual(documented.url.encoding);
    expect(COMPRESSIONS).toEqual(documented.url.compress);
  });
});

describe('gatewayUrl', () => {
  it.each(['wss://gateway.discord.gg', 'wss://gateway.discord.gg/', 'wss://GATEWAY.discord.gg:443/#x'])(
    'makes the same URL of %s',
    (base) => {
      expect(gatewayUrl(base)).toBe('wss://gateway.discord.gg/?v=10&encoding=json');
    },
  );

  it('carries version, encoding and compression', () => {
    expect(gatewayUrl('wss://gateway.discord.gg', { version: 9, encoding: 'etf', compress: 'zstd-stream' })).toBe(
      'wss://gateway.discord.gg/?v=9&encoding=etf&compress=zstd-stream',
    );
  });

  it('overrides what the base says and keeps what it does not know', () => {
    expect(gatewayUrl('wss://gw.example/path?v=6&compress=zlib-stream&proxy=a&v=7')).toBe(
      'wss://gw.example/path?proxy=a&v=10&encoding=json',
    );
  });

  it('changes nothing when applied twice', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 3 });
    const name = fc.constantFrom('v', 'encoding', 'compress', 'key', 'V', '');
    const pairs = fc.array(fc.tuple(name, fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 5 });
    fc.assert(
      // Not fc.webUrl, which may take seconds.
      fc.property(fc.webAuthority({ withPort: true }), texts, pairs, texts, (host, path, query, fragment) => {
        const said = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
        const once = gatewayUrl(`wss://${host}/${path.map(encodeURIComponent).join('/')}?${said}#${fragment.join()}`);
        expect(gatewayUrl(once)).toBe(once);
      }),
    );
  });

  it('refuses a query that Discord would refuse', () => {
    expect(failure(() => gatewayUrl('wss://x', { version: 8 as 10 })).part).toBe('version');
    expect(failure(() => gatewayUrl('wss://x', { encoding: 'xml' as 'json' })).part).toBe('encoding');
    expect(failure(() => gatewayUrl('wss://x', { compress: 'gzip' as 'zlib-stream' })).part).toBe('compress');
  });
});

describe('parseGatewayUrl', () => {
  it('tells what the query says, and null for what it does not say', () => {
    expect(parseGatewayUrl('wss://gateway.discord.gg/?v=10&encoding=etf&compress=zlib-stream')).toEqual({
      href: 'wss://gateway.discord.gg/?v=10&encoding=etf&compress=zlib-stream',
      host: 'gateway.discord.gg',
      loopback: false,
      version: 10,
      encoding: 'etf',
      compress: 'zlib-stream',
    });
    expect(parseGatewayUrl('wss://gateway.discord.gg')).toMatchObject({
      version: null,
      encoding: null,
      compress: null,
    });
  });

  it.each([
    'ws://localhost',
    'ws://localhost.:80',
    'ws://127.0.0.1:8080',
    'ws://127.8.9.1',
    'ws://127.1',
    'ws://[::1]:1',
  ])('takes plain %s, which is loopback', (url) => {
    expect(parseGatewayUrl(url).loopback).toBe(true);
  });

  it.each(['ws://localhost.example', 'ws://127.0.0.1.example', 'ws://10.0.0.1', 'ws://[::2]', 'ws://evil.localhost'])(
    'takes plain %s, which is not loopback, on request only',
    (url) => {
      expect(failure(() => parseGatewayUrl(url)).message).toContain('use wss://, or set allowInsecure');
      expect(parseGatewayUrl(url, { allowInsecure: true }).loopback).toBe(false);
    },
  );

  it.each([
    ['', 'url', 'the Gateway URL is not a URL: use one such as wss://gateway.discord.gg'],
    ['gateway.discord.gg', 'url', 'the Gateway URL is not a URL: use one such as wss://gateway.discord.gg'],
    ['https://gateway.discord.gg', 'scheme', 'the Gateway URL is not a WebSocket URL: use wss://'],
    [
      'wss://gw.example/?v=8',
      'version',
      'the Gateway URL wss://gw.example asks for version 8, which is deprecated: use v=10',
    ],
    [
      'wss://gw.example/?v=5',
      'version',
      'the Gateway URL wss://gw.example asks for version 5, which is discontinued: use v=10',
    ],
    [
      'wss://gw.example/?v=11',
      'version',
      'the Gateway URL wss://gw.example asks for version 11, which does not exist: use v=10',
    ],
    [
      'wss://gw.example/?v=1e1',
      'version',
      'the Gateway URL wss://gw.example asks for version 1e1, which does not exist: use v=10',
    ],
    [
      'wss://gw.example/?v=',
      'version',
      'the Gateway URL wss://gw.example asks for version something else, which does not exist: use v=10',
    ],
    [
      'wss://gw.example/?encoding=xml',
      'encoding',
      'the Gateway URL wss://gw.example asks for encoding xml, which does not exist: use encoding=json or encoding=etf',
    ],
    [
      'wss://gw.example/?compress=gzip',
      'compress',
      'the Gateway URL wss://gw.example asks for compress gzip, which does not exist: use compress=zlib-stream or compress=zstd-stream, or leave it out',
    ],
  ])('refuses "%s" for its %s', (url, part, message) => {
    expect(failure(() => parseGatewayUrl(url))).toMatchObject({ part, message });
  });

  it('never shows user, password, path or query', () => {
    const secrets = ['hunter2', 'someone', 'hidden'];
    const urls = [
      'ws://someone:hunter2@gw.example/hidden?key=hidden',
      'https://someone:hunter2@gw.example',
      'wss://someone:hunter2@gw.example/hidden?v=7&key=hidden',
      'wss://someone:hunter2@gw.example:port',
      'someone:hunter2@hidden',
      'wss://someone:hunter2@gw.example/?encoding=hunter2%20hidden',
    ];
    for (const url of urls) {
      const { message, stack, ...rest } = failure(() => parseGatewayUrl(url));
      const text = [message, stack, JSON.stringify(rest)].join();
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});

const MAIN = 'wss://gateway.discord.gg';
const trusted = (url: string, gateway = MAIN, allowHosts: string[] = []) =>
  trustedResumeUrl(url, { gatewayUrl: gateway, allowHosts }) !== null;

describe('trustedResumeUrl', () => {
  it.each([
    'wss://gateway.discord.gg',
    'wss://gateway-us-east1-b.discord.gg',
    'wss://GATEWAY-US-EAST1-B.DISCORD.GG',
    'wss://gateway.discord.gg.',
    'wss://gateway.discord.gg:443/',
    'wss://discord.gg/',
  ])('trusts %s', (url) => {
    expect(trusted(url)).toBe(true);
  });

  it.each([
    'ws://gateway.discord.gg',
    'wss://gateway.discord.gg:8443',
    'wss://discord.gg:80',
    'https://gateway.discord.gg',
    'wss://discord.gg.evil.com',
    'wss://evildiscord.gg',
    'wss://evil-discord.gg',
    'wss://gateway.discord.gg@evil.com',
    'wss://gateway.discord.gg:443@evil.com',
    'wss://token@gateway.discord.gg',
    'wss://evil.com/gateway.discord.gg',
    'wss://evil.com?.discord.gg',
    'wss://evil.com#.discord.gg',
    'wss://evil.com\\.discord.gg',
    'wss://gateway.discord.gg..',
    'wss://discord.gq',
    'wss://discоrd.gg', // a Cyrillic letter
    'wss://127.0.0.1',
    'ws://localhost',
    'gateway.discord.gg',
    '//gateway.discord.gg',
    '',
  ])('does not trust %s', (url) => {
    expect(trusted(url)).toBe(false);
  });

  it('trusts the host and port of the configured Gateway, never with less than its TLS', () => {
    expect(trusted('wss://gw.example:8443/resume', 'wss://gw.example:8443')).toBe(true);
    expect(trusted('wss://gw.example:9443', 'wss://gw.example:8443')).toBe(false);
    expect(trusted('wss://a.gw.example:8443', 'wss://gw.example:8443')).toBe(false);
    expect(trusted('ws://gw.example', 'wss://gw.example')).toBe(false);
    expect(trusted('ws://gw.example', 'ws://gw.example')).toBe(true);
    expect(trusted('wss://gw.example', 'ws://gw.example')).toBe(true);
    expect(trusted('http://gw.example', 'http://gw.example')).toBe(false);
  });

  it('trusts other hosts of Discord on the port of the configured Gateway too', () => {
    expect(trusted('wss://resume.discord.gg:8443', 'wss://gateway.discord.gg:8443')).toBe(true);
    expect(trusted('wss://resume.discord.gg', 'wss://gateway.discord.gg:8443')).toBe(true);
    expect(trusted('wss://resume.discord.gg:9443', 'wss://gateway.discord.gg:8443')).toBe(false);
    expect(trusted('ws://resume.discord.gg:8443', 'wss://gateway.discord.gg:8443')).toBe(false);
  });

  it('trusts loopback, on its port or 443 and without TLS, if the configured Gateway is there too', () => {
    expect(trusted('ws://127.0.0.1:4000', 'ws://localhost:4000')).toBe(true);
    expect(trusted('ws://[::1]:4000', 'wss://127.0.0.1:4000')).toBe(true);
    expect(trusted('wss://localhost', 'ws://127.0.0.1:4000')).toBe(true);
    expect(trusted('ws://127.0.0.1', 'ws://localhost')).toBe(true);
    expect(trusted('ws://127.0.0.1:5000', 'ws://localhost:4000')).toBe(false);
    expect(trusted('ws://localhost', 'ws://127.0.0.1:4000')).toBe(false);
    expect(trusted('http://127.0.0.1:4000', 'ws://localhost:4000')).toBe(false);
    expect(trusted('ws://10.0.0.1:4000', 'ws://localhost:4000')).toBe(false);
    expect(trusted('ws://localhost:4000', 'ws://10.0.0.1:4000')).toBe(false);
  });

  it('trusts what allowHosts lists', () => {
    expect(trusted('wss://gw.example:99', MAIN, ['GW.example'])).toBe(true);
    expect(trusted('wss://gw.example:99', MAIN, ['gw.example:99'])).toBe(true);
    expect(trusted('wss://gw.example:98', MAIN, ['gw.example:99'])).toBe(false);
    expect(trusted('wss://gw.example', MAIN, ['gw.example:443'])).toBe(true);
    expect(trusted('wss://a.gw.example', MAIN, ['gw.example'])).toBe(false);
    expect(trusted('wss://a.gw.example:99', MAIN, ['*.gw.example'])).toBe(true);
    expect(trusted('wss://gw.example', MAIN, ['*.gw.example'])).toBe(false);
    expect(trusted('wss://[fe80::1]', MAIN, ['[fe80::1]'])).toBe(true);
    expect(trusted('ws://gw.example', MAIN, ['gw.example'])).toBe(false);
  });

  it('gives the URL as it will be opened, or null', () => {
    expect(trustedResumeUrl('WSS://Gateway.discord.gg#x', { gatewayUrl: MAIN })).toBe('wss://gateway.discord.gg/');
    expect(trustedResumeUrl('wss://evil.com', { gatewayUrl: MAIN })).toBeNull();
  });

  it('never throws, and trusts no host that does not end in .discord.gg', () => {
    const near = fc.tuple(
      fc.constantFrom('', 'a.', 'a', '.', '.', '@', '/', '\\', '?', '#', ':'),
      fc.domain(),
      fc.oneof(fc.constant(''), fc.string({ maxLength: 4 })),
    );
    let trustedOnes = 0;
    fc.assert(
      fc.property(
        near,
        fc.constantFrom('discord.gg', 'gateway.discord.gg', ''),
        fc.boolean(),
        ([mark, domain, tail], name, after) => {
          const url = `wss://${after ? `${domain}${mark}${name}` : `${name}${mark}${domain}`}${tail}`;
          if (!trusted(url)) return;
          trustedOnes += 1;
          expect(new URL(url).hostname.replace(/\.$/, '')).toMatch(/(^|\.)discord\.gg$/);
          expect(new URL(url).username).toBe('');
        },
      ),
      { numRuns: 1000 },
    );
    expect(trustedOnes).toBeGreaterThan(3);
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (url, gateway) => void trusted(url as string, gateway as string)),
    );
  });
});

describe('a Gateway URL without encryption', () => {
  it('is refused for its scheme', () => {
    expect(failure(() => parseGatewayUrl('ws://gw.example')).part).toBe('scheme');
  });
});

describe('trustedResumeUrl, of a Gateway URL that is none', () => {
  it('trusts nothing, and does not throw', () => {
    expect(trustedResumeUrl('wss://gateway.discord.gg', { gatewayUrl: 'nonsense' })).toBeNull();
  });
});

describe('isTrustedHost', () => {
  it('takes Discord and the list given, over TLS only', () => {
    expect(isTrustedHost('wss://gateway.discord.gg')).toBe(true);
    expect(isTrustedHost(new URL('wss://gw.example'), ['gw.example'])).toBe(true);
    expect(isTrustedHost('wss://gw.example')).toBe(false);
    expect(isTrustedHost('ws://gateway.discord.gg')).toBe(false);
    expect(isTrustedHost('wss://gateway.discord.gg:8443')).toBe(false);
    expect(isTrustedHost('wss://gateway.discord.gg:8443', ['gateway.discord.gg'])).toBe(true);
    expect(isTrustedHost('nonsense')).toBe(false);
  });

  it('takes no URL with a user or a password: they would be sent along', () => {
    for (const userinfo of ['user:password@', 'user@', ':password@'])
      expect(isTrustedHost(`wss://${userinfo}gateway.discord.gg`)).toBe(false);
  });

  it('takes the end of an address for no port', () => {
    expect(isTrustedHost('wss://[::1]:8443', ['[::1]'])).toBe(true);
    expect(isTrustedHost('wss://[::1]:8443', ['[::1]:8443'])).toBe(true);
    expect(isTrustedHost('wss://[::1]:8443', ['[::1]:1'])).toBe(false);
  });
});

describe('checkAllowHosts', () => {
  it.each(['gw.example', 'gw.example:8443', '*.gw.example', 'localhost', '127.0.0.1:1', '[::1]:1'])(
    'takes %s',
    (entry) => {
      expect(checkAllowHosts([entry])).toEqual([entry]);
    },
  );

  it.each([
    '',
    '*',
    '*.',
    'wss://gw.example',
    'gw.example/',
    'a@gw.example',
    '*.gw.example:1',
    'a.*.example',
    'a b',
    'gw:port',
  ])('refuses "%s", which would trust nothing or not what it seems', (entry) => {
    const { part, message } = failure(() => checkAllowHosts([entry]));
    expect([part, message]).toEqual([
      'host',
      'an entry of allowHosts is not a host: write host, host:port or *.domain, without scheme and path',
    ]);
    expect(isTrustedHost('wss://gw.example', [entry])).toBe(false);
  });
});

describe('options', () => {
  it.each<[() => unknown, string]>([
    [
      () => gatewayUrl('wss://gw.example', { v: 9 } as never),
      'there is no option v; there are version, encoding, compress',
    ],
    [() => gatewayUrl('wss://gw.example', null as never), 'the argument is null; it must be an object'],
    [() => parseGatewayUrl('ws://gw.example', true as never), 'the argument is true; it must be an object'],
    [() => parseGatewayUrl('ws://gw.example', null as never), 'the argument is null; it must be an object'],
    [
      () => parseGatewayUrl('ws://gw.example', { insecure: true } as never),
      'there is no option insecure; there are allowInsecure',
    ],
    [
      () => parseGatewayUrl('ws://gw.example', { allowInsecure: 'false' } as never),
      "allowInsecure is 'false'; it must be true or false",
    ],
  ])('that are none are refused: %s', (make, says) => {
    expect(make).toThrow(new TypeError(says));
  });
});
