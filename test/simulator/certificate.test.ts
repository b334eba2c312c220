import { createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificate } from '../../src/simulator/certificate.js';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'; // RFC 5280, 4.2.1.12

describe('createCertificate', () => {
  let made: Awaited<ReturnType<typeof createCertificate>>;
  beforeAll(async () => {
    made = await createCertificate();
  });

  it('makes a certificate for TLS servers on localhost and 127.0.0.1 alone', () => {
    const cert = new X509Certificate(made.cert);
    expect({
      subject: cert.subject,
      names: cert.subjectAltName,
      isAuthority: cert.ca,
      usage: cert.keyUsage,
      localhost: cert.checkHost('localhost'),
      loopback: cert.checkIP('127.0.0.1'),
      elsewhere: [cert.checkHost('example.org'), cert.checkIP('127.0.0.2')],
    }).toEqual({
      subject: 'CN=localhost',
      names: 'DNS:localhost, IP Address:127.0.0.1',
      isAuthority: false,
      usage: [SERVER_AUTH],
      localhost: 'localhost',
      loopback: '127.0.0.1',
      elsewhere: [undefined, undefined],
    });
  });

  it('signs it with an authority of its own', () => {
    const { cert, ca } = made;
    const [server, authority] = [new X509Certificate(cert), new X509Certificate(ca)];
    expect([authority.ca, authority.subject]).toEqual([true, 'CN=gatechart simulator']);
    expect([server.checkIssued(authority), server.verify(authority.publicKey)]).toEqual([true, true]);
    expect(server.verify(server.publicKey)).toBe(false);
  });

  it('gives the private key of the certificate, not that of the authority', () => {
    const { key, cert, ca } = made;
    const matches = [cert, ca].map((pem) => new X509Certificate(pem).checkPrivateKey(createPrivateKey(key)));
    expect(matches).toEqual([true, false]);
  });

  it('is valid now', () => {
    const cert = new X509Certificate(made.cert);
    expect(Date.parse(cert.validFrom)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(cert.validTo)).toBeGreaterThan(Date.now() + 24 * 60 * 60 * 1000);
  });

  it('makes another authority and another key each time', async () => {
    const [first, second] = [made, await createCertificate()];
    expect(new X509Certificate(second.cert).verify(new X509Certificate(first.ca).publicKey)).toBe(false);
    expect(second.key).not.toBe(first.key);
  });
});

describe('createCertificate without the package selfsigned', () => {
  it('rejects with what to install', async () => {
    const missing = () => {
      throw new Error("Cannot find module 'selfsigned'");
    };
    await expect(createCertificate(missing)).rejects.toThrow(
      'TLS in the simulator needs the package selfsigned: npm install selfsigned',
    );
  });
});
