/**
 * How the libraries of a language are installed, started, and told whom to trust over TLS.
 * Commands run in a folder of the cache that holds a copy of the library's folder here.
 */
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const MINUTES = 60_000;

/** What a machine needs, as commands that print a version, with the least that will do. */
const tool = (name, least, args = ['--version']) => ({ name, command: [name, ...args], least });

const node = {
  language: 'JavaScript',
  manifest: 'package.json',
  tools: [tool('npm', '9')],
  install: [['npm', 'ci', '--no-audit', '--no-fund']],
  installMs: 5 * MINUTES,
  command: () => [process.execPath, 'client.js'],
  trust: (ca) => ({ env: { NODE_EXTRA_CA_CERTS: ca } }),
};

const go = {
  language: 'Go',
  manifest: 'go.mod',
  tools: [tool('go', '1.21', ['version'])],
  install: [['go', 'build', '-mod=readonly', '-o', 'client', '.']],
  installMs: 10 * MINUTES,
  command: (folder) => [join(folder, 'client')],
  trust: (ca) => ({ env: { SSL_CERT_FILE: ca } }),
};

const python = {
  language: 'Python',
  manifest: 'requirements.txt',
  tools: [
    tool('python3', '3.11'),
    {
      name: 'ensurepip for python3 (Debian: python3-venv)',
      command: ['python3', '-c', 'import ensurepip; print(ensurepip.version())'],
      least: '1',
    },
  ],
  install: [
    ['python3', '-m', 'venv', 'venv'],
    ['venv/bin/python', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
  ],
  installMs: 10 * MINUTES,
  command: (folder) => [join(folder, 'venv/bin/python'), '-O', 'client.py'],
  trust: (ca) => ({ env: { SSL_CERT_FILE: ca } }),
};

const java = {
  language: 'Java',
  manifest: 'pom.xml',
  tools: [tool('javac', '11'), tool('mvn', '3.6')],
  install: [
    ['mvn', '--quiet', '--batch-mode', 'dependency:copy-dependencies', '-DoutputDirectory=jars'],
    ['javac', '-d', 'classes', '-cp', 'jars/*', 'Client.java'],
  ],
  installMs: 10 * MINUTES,
  command: (_, properties = []) => [
    'java',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    ...properties,
    '-cp',
    ['classes', 'jars/*'].join(delimiter),
    'Client',
  ],
  trust: (ca) => ({
    steps: [
      ['rm', '-f', 'trust.p12'],
      [
        'keytool',
        '-importcert',
        '-noprompt',
        '-file',
        ca,
        '-keystore',
        'trust.p12',
        '-storetype',
        'PKCS12',
        '-storepass',
        'changeit',
      ],
    ],
    args: ['-Djavax.net.ssl.trustStore=trust.p12', '-Djavax.net.ssl.trustStorePassword=changeit'],
  }),
};

const rust = {
  language: 'Rust',
  manifest: 'Cargo.toml',
  tools: [tool('cargo', '1.89'), tool('cc', '1')],
  install: [['cargo', 'build', '--quiet', '--locked']],
  installMs: 20 * MINUTES,
  command: (folder) => [join(folder, 'target/debug/gatechart-example')],
  trust: (ca) => ({ env: { SSL_CERT_FILE: ca } }),
};

/**
 * The libraries, each in the folder of its name.
 * `expected`: what one logs, on warnings and worse, about the connection that was lost or for reasons of its own.
 */
export const LIBRARIES = [
  { name: 'discord.js', package: 'discord.js', ...node },
  { name: '@discordjs/ws', package: '@discordjs/ws', ...node },
  { name: 'discordeno', package: '@discordeno/bot', ...node },
  { name: 'eris', package: 'eris', ...node, isTlsOnly: true, expected: [/^Connection reset by peer$/] },
  { name: 'oceanic.js', package: 'oceanic.js', ...node },
  // It needs a newer Node.js than we do, which comes as a package.
  { name: 'cloudstorm', package: 'cloudstorm', ...node, command: () => ['node_modules/.bin/node', 'client.js'] },
  {
    name: 'discordgo',
    package: 'discordgo',
    ...go,
    expected: [
      /listen\(\) error reading from gateway \S+ websocket, websocket: close 1006/,
      // It expects RESUMED first, while what is replayed comes before it ("Resuming").
      /Open\(\) Expected READY\/RESUMED, instead got:$/,
      /^&discordgo\.Event\{Operation:0, .* Type:"MESSAGE_CREATE"/,
    ],
  },
  { name: 'disgo', package: 'disgo', ...go },
  { name: 'discord.py', package: 'discord.py', ...python },
  {
    name: 'hikari',
    package: 'hikari',
    ...python,
    expected: [/hikari\.gateway\.0: failed to communicate with server, reason was: 'Socket has closed'/],
  },
  { name: 'JDA', package: 'JDA', ...java },
  { name: 'twilight-gateway', package: 'twilight-gateway', ...rust },
];

/** The version of a library that its manifest names. */
export function pinnedVersion(library, manifest) {
  const name = library.package.replace(/[.@/]/g, '\\$&');
  return new RegExp(`${name}\\D*?(\\d+(?:\\.\\d+)+)`).exec(manifest)?.[1] ?? null;
}

/** Whether a version, wherever it stands in what a tool prints, is at least another. */
export function isAtLeast(printed, least) {
  const [found] = /\d+(?:\.\d+)*/.exec(stripVTControlCharacters(printed)) ?? ['0'];
  const [have, need] = [found, least].map((version) => version.split('.').map(Number));
  const differs = need.findIndex((part, i) => part !== (have[i] ?? 0));
  return differs === -1 || (have[differs] ?? 0) > need[differs];
}
