/** Who may import whom: the layers of docs/architecture.md, held by `npm run check:imports`. */

const MACHINES = '^machines/';
const XSTATE = '(^|/)node_modules/(xstate|discord-api-types)/'; // of the latter only types, see below
const NODE = '^(node:|[a-z0-9_/]+$)'; // what comes with Node has no path
const NPM = '(^|/)node_modules/';
const VENDORED = '(^|/)node_modules/(commander|open)/'; // .ci/inline.mjs puts them into dist/vendor
const folder = (name) => `^src/${name}/`;

/** A room may import itself and what is listed here. Above stands who is imported, below who imports. */
const MAY_IMPORT = {
  '^machines/kit/': [XSTATE],
  '^machines/protocol/(?!laws/)': ['^machines/kit/', XSTATE],
  '^machines/protocol/laws/': [],
  '^machines/voice/': ['^machines/(kit|protocol)/', XSTATE],
  '^machines/shard/(?!laws/)': ['^machines/(kit|protocol)/', XSTATE],
  '^machines/gateway/(?!laws/)': ['^machines/(kit|protocol)/', XSTATE],
  '^machines/shard/laws/': ['^machines/(kit|protocol|shard)/', XSTATE],
  '^machines/gateway/laws/': ['^machines/(kit|protocol|gateway)/', XSTATE],
  '^machines/client\\.ts$': ['^machines/(kit|protocol|shard/(?!laws/))', XSTATE],
  '^machines/index\\.ts$': [MACHINES, XSTATE],
  [folder('guard')]: [],
  [folder('telling')]: [MACHINES, XSTATE],
  '^src/conformance/rules\\.ts$': [],
  '^src/conformance/(?!rules\\.ts$)': [
    '^src/conformance/',
    ...['telling', 'simulator'].map(folder),
    '^machines/(kit|protocol/(?!laws/))', // names and patterns; no chart
    NODE,
  ],
  [folder('redact')]: [folder('telling'), MACHINES, XSTATE],
  [folder('ports')]: [folder('redact'), MACHINES, XSTATE],
  [folder('wire')]: [folder('ports'), MACHINES, XSTATE],
  [folder('limits')]: [folder('guard'), folder('ports'), MACHINES, XSTATE],
  [folder('locating')]: [...['guard', 'telling', 'redact', 'ports'].map(folder), MACHINES, XSTATE],
  [folder('trace')]: [...['guard', 'telling', 'redact', 'ports'].map(folder), MACHINES, XSTATE],
  [folder('host')]: [
    ...['guard', 'telling', 'redact', 'ports', 'wire', 'limits', 'locating', 'trace'].map(folder),
    MACHINES,
    XSTATE,
  ],
  [folder('shard')]: [
    ...['guard', 'redact', 'ports', 'wire', 'limits', 'locating', 'trace', 'host'].map(folder),
    MACHINES,
    XSTATE,
  ],
  [folder('simulator')]: [
    ...['telling', 'redact', 'ports', 'wire', 'trace'].map(folder),
    '^src/installed\\.ts$',
    MACHINES,
    NPM,
    NODE,
  ],
  [folder('exploring')]: [folder('telling'), MACHINES, XSTATE],
  [folder('product')]: [folder('telling'), folder('exploring'), MACHINES, XSTATE],
  [folder('rates')]: [...['telling', 'exploring', 'ports', 'limits'].map(folder), MACHINES, XSTATE],
  [folder('spec')]: ['^src/installed\\.ts$', MACHINES],
  [folder('contracts')]: [folder('ports'), MACHINES, XSTATE, NODE],
  [folder('diagram')]: [folder('telling'), MACHINES, XSTATE],
  [folder('inspect')]: [folder('telling'), folder('redact'), folder('trace'), MACHINES, XSTATE, NPM, NODE],
  [folder('viewer')]: [
    ...['telling', 'redact', 'ports', 'wire', 'limits', 'trace', 'shard', 'simulator', 'diagram', 'inspect'].map(
      folder,
    ),
    '^src/exploring/graph\\.ts$',
    MACHINES,
    XSTATE,
    NODE,
  ],
  [folder('reference')]: [
    '^src/conformance/rules\\.ts$',
    ...['telling', 'exploring', 'rates', 'diagram', 'cli'].map(folder),
    MACHINES,
    NPM,
  ],
  [folder('cli')]: ['^src/(?!reference/)', '^adapters/', MACHINES, NPM, NODE],
  '^src/installed\\.ts$': [NODE],
  '^src/testing\\.ts$': ['^src/(exploring|product|rates|contracts)/'],
  '^src/public\\.ts$': [...['ports', 'wire', 'limits', 'locating', 'host', 'shard'].map(folder), MACHINES],
  '^src/index\\.ts$': ['^src/(?!cli/|reference/)', '^adapters/', MACHINES, NPM, NODE],
  '^src/browser\\.ts$': ['^src/(?!cli/|reference/)', '^adapters/', MACHINES, NPM],
};

/** What has to run in a browser: nothing of Node, and no package but xstate. */
const EVERYWHERE = [
  '^machines/',
  '^src/(guard|telling|redact|ports|wire|limits|locating|trace|host|shard|diagram)/',
  '^src/conformance/rules\\.ts$',
  '^src/inspect/(?!(index|relay)\\.ts$)',
  '^src/viewer/(?!built\\.ts$)',
  '^src/simulator/(?!(index|server|http|certificate|zlib-compression)\\.ts$)',
  '^src/(browser|public)\\.ts$',
  '^adapters/(web|web-inflate|fzstd)\\.ts$',
];

const layers = Object.entries(MAY_IMPORT).map(([from, to]) => ({
  name: `${from} imports only what is below it`,
  severity: 'error',
  from: { path: from },
  to: { pathNot: [from, ...to] },
}));

export default {
  forbidden: [
    ...layers,
    {
      name: 'every folder in src and machines has a row in .ci/imports.mjs',
      severity: 'error',
      from: { path: '^(src|machines)/', pathNot: Object.keys(MAY_IMPORT) },
      to: {},
    },
    {
      name: 'an adapter knows the ports and nothing else of ours, but for what a record is and how to join bytes',
      severity: 'error',
      from: { path: '^adapters/' },
      to: {
        path: '^(machines|src|adapters)/',
        pathNot: '^(src/(ports/[^/]+|wire/bytes)|machines/kit/shape|adapters/(agent-fetch|quiet))\\.ts$',
      },
    },
    {
      name: "a bot loads the client's half of the specification alone",
      severity: 'error',
      from: { path: '^src/(index|browser)\\.ts$' },
      to: {
        path: '^machines/(index\\.ts$|[^/]+/laws/|gateway/|voice/|[^/]+/words\\.ts$|protocol/clauses\\.ts$)',
        reachable: true,
      },
    },
    {
      name: 'only the entries and the command choose adapters',
      severity: 'error',
      from: { path: '^(src|machines)/', pathNot: '^src/(index\\.ts$|browser\\.ts$|cli/)' },
      to: { path: '^adapters/' },
    },
    {
      name: 'what runs in a browser uses nothing of Node',
      severity: 'error',
      from: { path: EVERYWHERE },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'discord-api-types gives types, no code',
      severity: 'error',
      from: { path: '^(machines|src|adapters)/' },
      to: { path: 'node_modules/discord-api-types/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the product imports no test, example or development tool',
      severity: 'error',
      from: { path: '^(machines|src|adapters)/' },
      to: { path: '^(test|examples|bench|docs|\\.ci)/' },
    },
    {
      name: 'the product imports only its own dependencies',
      severity: 'error',
      from: { path: '^(machines|src|adapters)/' },
      to: {
        pathNot: VENDORED,
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        dependencyTypesNot: ['npm', 'npm-peer'],
      },
    },
    {
      name: 'what is shipped within the command line is for that alone',
      severity: 'error',
      from: { path: '^(machines|src|adapters)/', pathNot: '^src/cli/' },
      to: { path: VENDORED },
    },
    { name: 'imports can be resolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no import cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true, // type imports count too
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
