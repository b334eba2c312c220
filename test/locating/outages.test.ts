import { describe, expect, it } from 'vitest';
import { systemCodeOf, whatWillNotPass } from '../../src/locating/outages.js';

describe('the code of the system', () => {
  const longest = `E${'X'.repeat(60)}`;
  it.each(['ECONNRESET', 'E2', 'ERR_TLS_CERT_ALTNAME_INVALID', longest])('is one: %s', (code) =>
    expect(systemCodeOf(code)).toBe(code),
  );
  it.each([
    'E',
    `${longest}X`,
    'at ECONNRESET',
    'ECONNRESET at',
    'eCONNRESET',
    '_E',
    '2E',
    ['ECONNRESET'],
    7,
    null,
    undefined,
  ])('is none: %s', (code) => expect(systemCodeOf(code)).toBeUndefined());
});

describe('an outage that will not pass', () => {
  it.each([
    ['ENOTFOUND', /^its host has no address: .* \(ENOTFOUND\)$/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /NODE_EXTRA_CA_CERTS \(UNABLE_TO_GET_ISSUER_CERT_LOCALLY\)$/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /^nobody whom this machine trusts/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /^nobody whom this machine trusts/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /^nobody whom this machine trusts/],
    ['CERT_HAS_EXPIRED', /^its certificate has expired/],
    ['CERT_NOT_YET_VALID', /^its certificate is not valid yet/],
    ['CERT_SIGNATURE_FAILURE', /^its certificate is not valid \(/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /^its certificate is for another host/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /^it does not speak TLS/],
    ['EPROTO', /^it does not speak TLS/],
    ['ERR_INVALID_PROTOCOL', /^an agent .* does not fit the URL \(ERR_INVALID_PROTOCOL\)$/],
    ['EACCES', /^this machine does not let us connect/],
  ])('is told in words: %s', (code, says) => {
    expect(whatWillNotPass({ systemCode: code })).toMatch(says);
    expect(whatWillNotPass({ systemCode: code })).not.toMatch(/\burl\b|[a-z][A-Z]/); // no option of the library: the command prints it
  });

  it.each([
    [200, /^something else answers in its place, as captive portals and proxies do \(HTTP 200\)$/],
    [302, /^something else answers/],
    [400, /^nothing there speaks the protocol/],
    [401, /^it does not let us in: .* Of the token this says nothing \(HTTP 401\)$/],
    [403, /^it does not let us in/],
    [404, /^nothing there speaks the protocol/],
    [407, /^a proxy wants to know who we are/],
    [418, /^it refuses us \(HTTP 418\)$/],
  ])('is told in words: HTTP %s', (httpStatus, says) => expect(whatWillNotPass({ httpStatus })).toMatch(says));

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', 'ENETUNREACH', 'EPIPE', 'ENOTFOUND2'])(
    'is none of the network: %s',
    (code) => expect(whatWillNotPass({ systemCode: code })).toBeNull(),
  );
  it.each([408, 425, 429, 500, 502, 503, 504, 521, 101])('is none that passes: HTTP %s', (httpStatus) =>
    expect(whatWillNotPass({ httpStatus })).toBeNull(),
  );
  it('is nothing where nothing is known', () => expect(whatWillNotPass({})).toBeNull());

  it('goes by the code where there is a status too', () => {
    expect(whatWillNotPass({ systemCode: 'CERT_HAS_EXPIRED', httpStatus: 404 })).toContain('(CERT_HAS_EXPIRED)');
  });
});
