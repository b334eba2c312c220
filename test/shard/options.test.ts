/** The options of a shard: what is made of them, and what is said of those that cannot be. Expected values by hand. */
import { describe, expect } from 'vitest';
import { zlibInflate } from '../../adapters/zlib.js';
import { UNLIMITED } from '../../src/limits/send-limiter.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { GatewayInfo, ResumeRecord } from '../../src/ports/index.js';
import { shardsOn } from '../../src/shard/index.js';
import { checkLogicOptions, type Platform, type ShardOptions, shardSettings } from '../../src/shard/options.js';
import { type Check, failureOf, testEach } from '../support/checks.js';

const PLATFORM: Platform = { socket: () => ({ open: () => Promise.reject() as never }), inflate: zlibInflate };

/** What is made of options laid over the least there may be. */
const settingsOf = (options: object = {}, platform: Partial<Platform> = {}) =>
  shardSettings({ token: 'bots-token', intents: 1, ...options } as ShardOptions, { ...PLATFORM, ...platform });
const wrong = (options: object, platform?: Partial<Platform>) => failureOf(() => settingsOf(options, platform));

const PROPERTIES = { os: process.platform, browser: 'gatechart', device: 'gatechart' };
const identify = (options?: object) => settingsOf(options).identify;
const LEAST = { intents: 1, shard: [0, 1], properties: PROPERTIES };

const RECORD: ResumeRecord = {
  version: 1,
  sessionId: 'a-session-id',
  resumeUrl: 'wss://resume.discord.gg',
  sequence: 7,
  shard: [0, 1],
  intents: 1,
  wire: { version: 10, encoding: 'json', compress: false },
  savedAt: 0,
};

const DEFAULTS: readonly Check[] = [
  [
    'what is not told',
    () => {
      const { token, wire, home, url, allowInsecure, allowHosts, maxPayload, buffer, bufferBytes, overflow, resume } =
        settingsOf();
      return { token, wire, home, url, allowInsecure, allowHosts, maxPayload, buffer, bufferBytes, overflow, resume };
    },
    {
      token: 'bots-token',
      wire: { version: 10, encoding: 'json', compress: false },
      home: 'wss://gateway.discord.gg/',
      url: null,
      allowInsecure: false,
      allowHosts: [],
      maxPayload: 33_554_432,
      buffer: 10_000,
      bufferBytes: 67_108_864,
      overflow: 'fail',
      resume: null,
    },
  ],
  [
    'nor asked for',
    () => {
      const { signal, everyDispatch, record, events, remarks } = settingsOf();
      return [signal === undefined, everyDispatch, record, events, remarks];
    },
    [true, false, null, null, []],
  ],
  [
    'a limiter, or false for one that counts nothing',
    () => [settingsOf({ limiter: false }).limiter === UNLIMITED, settingsOf().limiter === UNLIMITED],
    [true, false],
  ],
  [
    'what is told',
    () => {
      const { maxPayload, buffer, overflow, everyDispatch, url, home, allowHosts } = settingsOf({
        maxPayload: 5,
        buffer: 1,
        overflow: { drop: ['A'] },
        inspect: () => {},
        url: 'wss://own.example',
        allowHosts: ['allowed.example'],
      });
      return { maxPayload, buffer, overflow, everyDispatch, url, home, allowHosts };
    },
    {
      maxPayload: 5,
      buffer: 1,
      overflow: { drop: ['A'] },
      everyDispatch: true,
      url: 'wss://own.example/',
      home: 'wss://own.example/',
      allowHosts: ['allowed.example'],
    },
  ],
];

const BIG = { since: null, activities: [], status: 'idle', afk: false, broadcast: 2n };
const IDENTIFIES: readonly Check[] = [
  ['the least', () => identify(), LEAST],
  ['no field for what is not told', () => Object.keys(identify()), ['intents', 'shard', 'properties']],
  ['a shard', () => identify({ shard: [3, 4] }).shard, [3, 4]],
  ['properties', () => identify({ properties: { os: 'mine' } }).properties, { ...PROPERTIES, os: 'mine' }],
  [
    'a presence',
    () => identify({ presence: { since: null, activities: [], status: 'idle', afk: false } }).presence,
    { since: null, activities: [], status: 'idle', afk: false },
  ],
  ...[50, 250].map(
    (largeThreshold): Check => [
      `largeThreshold ${largeThreshold}`,
      () => identify({ largeThreshold }),
      { ...LEAST, large_threshold: largeThreshold },
    ],
  ),
  ['capabilities', () => identify({ capabilities: 1 << 15 }), { ...LEAST, capabilities: 32_768 }],
  ['no capability', () => identify({ capabilities: 0 }), { ...LEAST, capabilities: 0 }],
  ['payload compression', () => identify({ compress: 'payload' }), { ...LEAST, compress: true }],
  ['another compression', () => identify({ compress: 'zlib-stream' }), LEAST],
  ['a compression', () => settingsOf({ compress: 'zlib-stream' }).wire.compress, 'zlib-stream'],
  ['ETF', () => settingsOf({ encoding: 'etf', compress: 'zlib-stream' }).wire.encoding, 'etf'],
  ['JSON by name', () => settingsOf({ encoding: 'json', compress: 'payload' }).wire.compress, 'payload'],
  ['no compression by name', () => settingsOf({ compress: false }).wire.compress, false],
  ['a bigint, which ETF has', () => identify({ encoding: 'etf', properties: undefined, presence: BIG }).presence, BIG],
  ['an older version', () => settingsOf({ query: { version: 9 } }).wire.version, 9],
];

const range = (name: string, value: unknown) => `RangeError: ${name} is ${value}; it must be a whole number above 0`;
const threshold = (value: number) =>
  `RangeError: largeThreshold is ${value}; it must be a whole number within 50 to 250`;
const shard = (id: number, count: number) =>
  `RangeError: shard is [${id}, ${count}]; it must be [id, count], with ids from 0 up to count - 1`;
const NO_TOKEN = 'TypeError: token is missing: set it to the bot token, for example process.env.DISCORD_TOKEN';
const EMPTY_TOKEN =
  'TypeError: token is empty: is DISCORD_TOKEN set? If not, set it to the bot token, for example process.env.DISCORD_TOKEN';
const noOverflow = (shown: string) =>
  `${/\d/.test(shown) ? 'Range' : 'Type'}Error: overflow is ${shown}; it must be 'fail', 'drop', 'resume' or { drop: [names of dispatches] }`;
const NO_COMPRESSION = "it must be false or one of 'zlib-stream', 'zstd-stream', 'payload'";
const NOTHING = { supports: () => false, open: () => Promise.reject() as never };

const TOKENS: readonly Check[] = [
  ['a token with its word and spaces', () => settingsOf({ token: ' Bot bots-token ' }).token, 'bots-token'],
  ['a token with several spaces after its word', () => settingsOf({ token: 'bot \t bots-token' }).token, 'bots-token'],
  ['a token that holds the word', () => settingsOf({ token: 'aBotb', url: 'wss://own.example' }).token, 'aBotb'],
  ...[undefined, null, 7].map((token): Check => [`token ${token}`, () => wrong({ token }), NO_TOKEN]),
  ...['', '  ', 'Bot', 'Bot '].map((token): Check => [`token '${token}'`, () => wrong({ token }), EMPTY_TOKEN]),
  [
    'the token is a secret',
    () => settingsOf({ resume: RECORD }).secrets.text('bots-token of a-session-id at wss://resume.discord.gg'),
    '<token> of <session 1> at <resume url 1>',
  ],
  [
    'the URL of the Gateway is no secret, even where a record names it',
    () => {
      const resume = { ...RECORD, resumeUrl: 'wss://own.example' };
      return settingsOf({ url: 'wss://own.example', resume }).secrets.text('a-session-id at wss://own.example');
    },
    '<session 1> at wss://own.example',
  ],
];

const WRONG: readonly Check[] = [
  ...(
    [
      [0, 0],
      [1, 1],
      [-1, 1],
      [0.5, 1],
      [0, 1.5],
    ] as [number, number][]
  ).map((pair): Check => [`shard ${pair}`, () => wrong({ shard: pair }), shard(...pair)]),
  ['the last shard', () => wrong({ shard: [3, 4] }), null],
  ...[49, 251, 50.5].map(
    (largeThreshold): Check => [
      `largeThreshold ${largeThreshold}`,
      () => wrong({ largeThreshold }),
      threshold(largeThreshold),
    ],
  ),
  ...[-1, 1.5].map(
    (capabilities): Check => [
      `capabilities ${capabilities}`,
      () => wrong({ capabilities }),
      `RangeError: capabilities is ${capabilities}; it must be a bit field, a whole number from 0 on`,
    ],
  ),
  ...['maxPayload', 'buffer', 'bufferBytes'].flatMap((name) => [
    ...[0, -1, 1.5, Number.POSITIVE_INFINITY].map(
      (value): Check => [`${name} ${value}`, () => wrong({ [name]: value }), range(name, value)],
    ),
    [`${name} 1`, () => wrong({ [name]: 1 }), null] as Check,
  ]),
  ...['fail', 'drop', { drop: [] }, { drop: ['A'] }].map(
    (overflow): Check => [`overflow ${JSON.stringify(overflow)}`, () => wrong({ overflow }), null],
  ),
  ...(
    [
      ['maybe', "'maybe'"],
      [null, 'null'],
      [7, '7'],
      [{}, 'an object'],
      [{ drop: 'A' }, 'an object'],
      [{ drop: [1] }, 'an object'],
      [{ drop: ['A', 1] }, 'an object'],
    ] as const
  ).map(
    ([overflow, shown]): Check => [
      `overflow ${JSON.stringify(overflow)}`,
      () => wrong({ overflow }),
      noOverflow(shown),
    ],
  ),
  [
    'sessions that keep none',
    () => wrong({ sessions: 'file' }),
    "TypeError: sessions is 'file'; it must be where sessions are kept, such as fileSessions(path)",
  ],
  ['an unknown compression', () => wrong({ compress: 'gzip' }), `TypeError: compress is 'gzip'; ${NO_COMPRESSION}`],
  ['no compression', () => wrong({ compress: 7 }), `RangeError: compress is 7; ${NO_COMPRESSION}`],
  ['any compression', () => wrong({ compress: true }), `TypeError: compress is true; ${NO_COMPRESSION}`],
  ['a list of one', () => wrong({ compress: ['payload'] }), `TypeError: compress is ['payload']; ${NO_COMPRESSION}`],
  [
    'payload compression of ETF',
    () => wrong({ compress: 'payload', encoding: 'etf' }),
    "TypeError: compress is 'payload', which Discord has for JSON alone: use 'zlib-stream' with ETF",
  ],
  ...[
    ['zlib-stream', 'leave compress out, or give a port for it as inflate'],
    ['zstd-stream', 'Node can from 22.15 on; elsewhere install fzstd (docs/compression.md), or use zlib-stream'],
    ['payload', 'leave compress out, or use zlib-stream'],
  ].map(
    ([compress, instead]): Check => [
      `a compression that cannot be undone: ${compress}`,
      () => wrong({ compress }, { inflate: () => NOTHING }),
      `TypeError: compress is '${compress}', which cannot be decompressed here: ${instead}`,
    ],
  ),
  ['no compression where none can be undone', () => wrong({}, { inflate: () => NOTHING }), null],
  [
    'a record that is none',
    () => wrong({ resume: 'x' }),
    'LocalProtocolError: The resume record cannot be used: it is text: read it with JSON.parse. Leave it out to start a new session',
  ],
  ['ws beyond loopback', () => wrong({ url: 'ws://own.example' }) !== null, true],
  ['ws where it is allowed', () => wrong({ url: 'ws://own.example', allowInsecure: true }), null],
  ['a version that is none', () => wrong({ query: { version: 1.5 } }) !== null, true],
  ['a host that is none', () => wrong({ allowHosts: ['https://x'] }) !== null, true],
  [
    'neither intents nor events',
    () => wrong({ intents: undefined }),
    'TypeError: intents is missing: set it, or set events to the dispatches that you want',
  ],
];

const METHODS = {
  socket: 'open()',
  inflate: 'supports(), open()',
  locator: 'locate()',
  permits: 'request(), update()',
  clock: 'setTimeout(), clearTimeout(), now()',
};

const TARGET = 'it must be the name of a file, a function that takes lines, or an object with write()';
const MISTAKES: readonly Check[] = [
  ...(
    [
      [{ record: { to: () => {}, content: true } }, 'there is no option record.content: write contents'],
      [{ record: { to: () => {}, contents: 'yes' } }, "record.contents is 'yes'; it must be true or false"],
      [{ record: '' }, `record.to is ''; ${TARGET}`],
      [{ overflow: { drop: ['presenceUpdate'] } }, 'there is no event "presenceUpdate": write PRESENCE_UPDATE'],
      [
        { overflow: { drop: ['PRESENCE_UPDAT'] } },
        'there is no documented event "PRESENCE_UPDAT": write PRESENCE_UPDATE',
      ],
      [{ overflow: { drop: [], keep: 1 } }, 'there is no option overflow.keep; there are drop'],
      ...['shardCount', 'shardId', 'shards', 'totalShards'].map((name): [object, string] => [
        { [name]: 2 },
        `there is no option ${name}: write shard: [id, count], and make one for each id`,
      ]),
      ...['activity', 'status'].map((name): [object, string] => [
        { [name]: 'idle' },
        `there is no option ${name}: write presence: { status: 'idle' }, for example`,
      ]),
      [{ agent: {} }, 'there is no option agent: write socket: ws({ agent }), with ws from gatechart/ws'],
      [{ gateway: 'wss://x' }, 'there is no option gateway: write url'],
      [{ logger: console }, "there is no option logger: write shard.on('transition', …)"],
      [{ version: 10 }, 'there is no option version: write query: { version: 10 }'],
      [{ proxy: 'http://x' }, 'there is no option proxy: write socket: ws({ agent }), with ws from gatechart/ws'],
      [{ socket: () => {} }, 'socket is a function; it must be an object with open(), perhaps what it returns'],
      [
        { signal: { addEventListener() {} } },
        'signal is an object; it must be an AbortSignal, such as the signal of an AbortController',
      ],
      [
        { signal: new AbortController() },
        'signal is an object; it must be an AbortSignal, such as the signal of an AbortController',
      ],
      [{ presence: { statos: 'idle' } }, 'presence: there is no field statos: write status'],
      [
        { presence: { game: { name: 'x' } } },
        "presence: there is no field game: write activities: [{ name: '…', type: 0 }], where 0 is Playing",
      ],
      [
        { presence: { activity: 'x' } },
        "presence: there is no field activity: write activities: [{ name: '…', type: 0 }], where 0 is Playing",
      ],
      [
        { presence: { state: 'x' } },
        "presence: there is no field state: write activities: [{ name: 'Custom Status', type: 4, state: '…' }]",
      ],
      [
        { presence: { shardId: 0 } },
        'presence: there is no field shardId: a presence is that of the shard that sends it',
      ],
      [
        { presence: { activities: [{ name: 'x', type: 0, stat: 'y' }] } },
        'presence: there is no field activities[0].stat: write state',
      ],
      [{ presence: [] }, "presence is []; it must be an object, such as { status: 'idle' }"],
    ] as const
  ).map(([options, says]): Check => [says, () => wrong(options), `TypeError: ${says}`]),
  ...(
    [
      ['signal', new AbortController().signal, 'the actor system stops it'],
      ['sessions', {}, 'its persisted snapshot keeps the session'],
      ['buffer', 5, 'it has no iterators'],
      ['bufferBytes', 5, 'it has no iterators'],
      ['overflow', 'drop', 'it has no iterators'],
    ] as const
  ).map(
    ([name, value, why]): Check => [
      `of actor logic, ${name}`,
      () => failureOf(() => checkLogicOptions({ [name]: value })),
      `TypeError: createShardLogic has no option ${name}: ${why}`,
    ],
  ),
  [
    'options after a token',
    () => failureOf(() => shardSettings('token' as never, PLATFORM)),
    expect.stringMatching(/^TypeError: the options are one object, which holds the token too/),
  ],
  [
    'a platform without sockets',
    () => failureOf(() => shardsOn({ inflate: () => NOTHING } as never)),
    'TypeError: socket of the platform is null; it must be a function',
  ],
  [
    'a platform that is none',
    () => failureOf(() => shardsOn(undefined as never)),
    'TypeError: platform is null; it must be an object',
  ],
  [
    'a platform without an inflater',
    () => failureOf(() => shardsOn({ socket: () => NOTHING } as never)),
    'TypeError: inflate of the platform is null; it must be a function',
  ],
  [
    'a platform whose traces are no function',
    () => failureOf(() => shardsOn({ ...PLATFORM, openTrace: 'x' } as never)),
    "TypeError: platform.openTrace is 'x'; it must be a function",
  ],
  [
    'a platform with something mistyped',
    () => failureOf(() => shardsOn({ sockets: () => {} } as never)),
    'TypeError: there is no option platform.sockets: write socket',
  ],
  ['a key that nobody knows', () => wrong({ presense: {} }), 'TypeError: there is no option presense: write presence'],
  [
    'a key like none',
    () => wrong({ foo: 1 }),
    expect.stringMatching(/^TypeError: there is no option foo; there are token, intents,/),
  ],
  ['a key in depth', () => wrong({ query: { v: 9 } }), 'TypeError: there is no option query.v; there are version'],
  [
    'a key of a property',
    () => wrong({ properties: { $os: 'x' } }),
    'TypeError: there is no option properties.$os: write os',
  ],
  [
    'a policy',
    () => wrong({ policy: { resumeBugdet: 1 } }),
    'TypeError: there is no option policy.resumeBugdet: write resumeBudget',
  ],
  ['no policy', () => wrong({ policy: 'x' }), "TypeError: policy is 'x'; it must be an object"],
  [
    'intents that are null',
    () => wrong({ intents: null }),
    'InvalidIntentsError: intents must be a list of names or a bit field, not null',
  ],
  [
    'intents of which one is none',
    () => wrong({ intents: [1, 'GUILDS', 'GULID_MESSAGES'] }),
    'InvalidIntentsError: there is no intent "GULID_MESSAGES": write GUILD_MESSAGES',
  ],
  ['intents as bits in a list', () => settingsOf({ intents: [1, 512, 'GUILD_MEMBERS'] }).identify.intents, 515],
  ['a bit that is none', () => wrong({ intents: [1 << 30] }) !== null, true],
  [
    'an event that is mistyped',
    () => wrong({ events: ['MESSAGE_CRAETE'] }),
    'TypeError: events: there is no documented event "MESSAGE_CRAETE": write MESSAGE_CREATE',
  ],
  [
    'events that are null',
    () => wrong({ events: null }),
    "TypeError: events must be a list of names, such as ['MESSAGE_CREATE']",
  ],
  [
    'shard as a number',
    () => wrong({ shard: 0 }),
    'RangeError: shard is 0; it must be [id, count], with ids from 0 up to count - 1',
  ],
  [
    'shard as text',
    () => wrong({ shard: '0,1' }),
    'TypeError: shard is a string; it must be [id, count], with ids from 0 up to count - 1',
  ],
  [
    'shard as two letters',
    () => wrong({ shard: '01' }),
    "TypeError: shard is '01'; it must be [id, count], with ids from 0 up to count - 1",
  ],
  [
    'shard with a third number',
    () => wrong({ shard: [0, 1, 2] }),
    expect.stringMatching(/; it must be \[id, count\],/),
  ],
  ['an observer', () => wrong({ inspect: { next: () => {} } }), null],
  [
    'an observer that observes nothing',
    () => wrong({ inspect: { '': () => {} } }),
    'TypeError: inspect is an object; it must be a function or an observer with next()',
  ],
  [
    'inspect as a number',
    () => wrong({ inspect: 5 }),
    'RangeError: inspect is 5; it must be a function or an observer with next()',
  ],
  [
    'encoding in capitals',
    () => wrong({ encoding: 'JSON' }),
    "TypeError: encoding is 'JSON'; it must be one of 'json', 'etf'",
  ],
  [
    'hosts as text',
    () => wrong({ allowHosts: 'x' }),
    "TypeError: allowHosts is 'x'; it must be a list, each entry a string",
  ],
  [
    'a URL object',
    () => wrong({ url: new URL('wss://gateway.discord.gg') }),
    'TypeError: url is an object; it must be a string',
  ],
  [
    'a switch as text',
    () => wrong({ allowInsecure: 'yes' }),
    "TypeError: allowInsecure is 'yes'; it must be true or false",
  ],
  ['chance as a number', () => wrong({ random: 0.5 }), 'RangeError: random is 0.5; it must be a function'],
  [
    'a record that is none',
    () => wrong({ record: {} }),
    'TypeError: record is an object; it must be the name of a file, a function that takes lines, or { to, contents }',
  ],
  ...Object.entries(METHODS).map(
    ([port, methods]): Check => [
      `a port that is empty: ${port}`,
      () => wrong({ [port]: {} }),
      `TypeError: ${port} is an object; it must be an object with ${methods}`,
    ],
  ),
  [
    'a presence that is none',
    () => wrong({ presence: 'idle' }),
    "TypeError: presence is 'idle'; it must be an object, such as { status: 'idle' }",
  ],
  [
    'a status that is none',
    () => wrong({ presence: { status: 'busy' } }),
    'TypeError: presence: status is "busy"; it must be one of online, dnd, idle, invisible, offline',
  ],
  [
    'an activity without a name',
    () => wrong({ presence: { activities: [{ type: 0 }] } }),
    'TypeError: presence: activities[0].name is missing',
  ],
  [
    'a presence that cannot be encoded',
    () => wrong({ presence: { broadcast: 1n } }),
    expect.stringMatching(/^TypeError: presence or properties cannot be encoded: .*BigInt/),
  ],
  [
    'half a presence',
    () => identify({ presence: { status: 'idle' } }).presence,
    { since: null, activities: [], status: 'idle', afk: false },
  ],
  [
    'what nobody knows of a presence',
    () => identify({ presence: { broadcast: 1 } }).presence,
    { since: null, activities: [], status: 'online', afk: false, broadcast: 1 },
  ],
  [
    'options that are none',
    () => failureOf(() => shardSettings(undefined as never, PLATFORM)),
    'TypeError: token is missing: set it to the bot token, for example process.env.DISCORD_TOKEN',
  ],
];

const sink = { write: () => {} };
const take = () => {};
const TRACES: readonly Check[] = [
  ['a function', () => settingsOf({ record: take }).record?.to === take, true],
  ['a sink', () => settingsOf({ record: sink }).record?.to === sink, true],
  [
    'a function, with contents',
    () => {
      const { to, contents } = settingsOf({ record: { to: take, contents: true } }).record ?? {};
      return [to === take, contents];
    },
    [true, true],
  ],
  [
    'files, where there are some',
    () => {
      const opened: string[] = [];
      const openTrace = (path: string) => {
        opened.push(path);
        return sink;
      };
      const records = ['one', { to: 'two', contents: true }].map(
        (record) => settingsOf({ record }, { openTrace }).record,
      );
      return [...opened, ...records.map((record) => record?.to === sink), records[1]?.contents];
    },
    ['one', 'two', true, true, true],
  ],
  [
    'a file where there are none',
    () => wrong({ record: 'one' }),
    'TypeError: record names a file, and there are no files here: set it to a function that takes lines',
  ],
];

/** A token that no other test used: what is shared is shared by token. */
const unused = () => `bot-${Math.random()}`;

/** What is asked, and with what, when the Gateway is looked for; with a socket by its `fetch`. */
async function lookedFor(options: object): Promise<unknown> {
  const asked: unknown[] = [];
  const { fetch } = globalThis;
  const token = unused();
  const stub = (by: string) =>
    (async (url: string, { headers }: { headers: { authorization: string } }) => {
      asked.push(`${by}${url}`, headers.authorization.replace(token, '<token>'));
      return new Response(JSON.stringify({ url: 'wss://gateway.discord.gg', shards: 1 }));
    }) as never;
  globalThis.fetch = stub('');
  try {
    const { signal } = new AbortController();
    const socket = { ...PLATFORM.socket(), fetch: stub('by the socket: ') };
    const given = 'socket' in options ? { ...options, socket } : options;
    const { url, shards }: GatewayInfo = await settingsOf({ token, ...given }).locator.locate({ signal });
    return [url, shards, ...asked];
  } finally {
    globalThis.fetch = fetch;
  }
}
const clock = simulatedClock();
/** Whether two shards look for the Gateway in the same place. */
const locates = (a: object, b: object) => {
  const { locator } = settingsOf(a);
  return locator === settingsOf(b).locator;
};
const same = (a: object, b: object) => {
  const { permits } = settingsOf(a);
  return typeof permits?.request === 'function' && permits === settingsOf(b).permits;
};

const PORTS: readonly Check[] = [
  [
    'the locator unless told',
    () => lookedFor({}),
    ['wss://gateway.discord.gg', 1, 'https://discord.com/api/v10/gateway/bot', 'Bot <token>'],
  ],
  [
    'the locator asks as the socket does',
    () => lookedFor({ socket: true }),
    ['wss://gateway.discord.gg', 1, 'by the socket: https://discord.com/api/v10/gateway/bot', 'Bot <token>'],
  ],
  [
    'one locator for one fetch',
    () => {
      const token = unused();
      const [a, b] = [async () => new Response(), async () => new Response()].map((fetch) => ({
        token,
        socket: { ...PLATFORM.socket(), fetch },
      }));
      const all = [a, b, { token }].map((options) => settingsOf(options).locator);
      return [new Set(all).size, settingsOf(a).locator === all[0], settingsOf(b).locator === all[1]];
    },
    [3, true, true],
  ],
  [
    'a locator without encryption where that is allowed',
    () => [
      wrong({ restUrl: 'http://own.example' }) !== null,
      wrong({ restUrl: 'http://own.example', allowInsecure: true }),
    ],
    [true, null],
  ],
  ['one locator for one bot', () => [locates({}, {}), locates({ restUrl: 'https://a.example' }, {})], [true, false]],
  ['locators of two bots', () => locates({}, { token: 'another' }), false],
  [
    'locators beside permits or a clock of their own',
    () => {
      const permits = { request: () => new Promise<never>(() => {}), update() {} };
      return [locates({ permits }, { permits }), locates({ clock }, { clock })];
    },
    [false, false],
  ],
  [
    'the locator at another root',
    () => lookedFor({ restUrl: 'https://proxy.example' }),
    ['wss://gateway.discord.gg', 1, 'https://proxy.example/gateway/bot', 'Bot <token>'],
  ],
  ['the locator of a fixed URL', () => lookedFor({ url: 'wss://own.example' }), ['wss://own.example/', null]],
  [
    'permits of one bot',
    () => {
      const token = unused();
      return same({ token }, { token });
    },
    true,
  ],
  ['permits of another bot', () => same({}, { token: 'another' }), false],
  ['permits of another Gateway', () => same({}, { url: 'wss://own.example' }), false],
  ['permits of two other Gateways', () => same({ url: 'wss://own.example' }, { url: 'wss://third.example' }), false],
  ['permits of another root', () => same({}, { restUrl: 'https://proxy.example' }), false],
  ['permits on a clock of their own', () => same({ clock }, { clock }), false],
  [
    'ports that are given',
    () => {
      const ports = {
        clock,
        random: () => 0,
        inflate: zlibInflate(),
        socket: PLATFORM.socket(),
        locator: { locate: () => Promise.reject() },
        permits: { request: () => Promise.reject(), update() {} },
      };
      const settings = settingsOf(ports);
      return Object.entries(ports).map(([name, port]) => settings[name as 'clock'] === port);
    },
    [true, true, true, true, true, true],
  ],
  ['a signal', () => settingsOf({ signal: AbortSignal.abort() }).signal?.aborted, true],
  ['a clock for all', () => new Set([settingsOf().clock, settingsOf().clock]).size, 1],
  ['events', () => [...(settingsOf({ events: ['RESUMED'] }).events ?? [])], ['RESUMED']],
  [
    'events that nobody knows',
    () => settingsOf({ events: ['NEVER_HEARD_OF'] }).remarks,
    ['events: there is no documented event "NEVER_HEARD_OF"'],
  ],
];

describe('the settings of a shard', () => testEach(DEFAULTS));
describe('the Identify that options make', () => testEach(IDENTIFIES));
describe('the token', () => testEach(TOKENS));
describe('an option that makes no sense', () => testEach(WRONG));
describe('a mistake of the user', () => testEach(MISTAKES));
describe('the option record', () => testEach(TRACES));
describe('the ports that options make', () => testEach(PORTS));
