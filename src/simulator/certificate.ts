/** A certificate for this machine alone, made on the spot. */
import { loadInstalled } from '../installed.js';

type Selfsigned = typeof import('selfsigned');

/** What a TLS server needs, and what its clients have to trust. All PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** Makes a certification authority and a certificate of it for localhost. Needs the package `selfsigned`; rejects with what to do without it. */
export async function createCertificate(load = loadInstalled<Selfsigned>): Promise<Certificate> {
  const { generate } = packageBy(load);
  const authority = await generate([{ name: 'commonName', value: 'gatechart simulator' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: server.private, cert: server.cert, ca: authority.cert };
}

function packageBy(load: (name: string) => Selfsigned): Selfsigned {
  try {
    return load('selfsigned');
  } catch (cause) {
    throw new Error('TLS in the simulator needs the package selfsigned: npm install selfsigned', { cause });
  }
}
