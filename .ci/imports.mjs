/** Who may import whom: the layers of docs/architecture.md, held by `npm run check:imports`. */

const MACHINES = '^machines/';
const XSTATE = '(^|/)node_modules/(xstate|discord-api-types)/'; // of the latter only types, see below
const NODE = '^(node:|[a-z0-9_/]+$)'; // what comes with Node has no path
const NPM = '(^|/)node_modules/';
const folder = (name) => `^src/${name}/`;

/** A folder may import itself and what is listed here. */
const MAY_IMPORT = {
  [MACHINES]: [XSTATE],
  [folder('guard')]: [],
  [folder('wire')]: [MACHINES, XSTATE],
  [folder('telling')]: [],
  [folder('limits')]: [MACHINES, XSTATE],
  [folder('trace')]: [folder('guard'), folder('telling'), MACHINES, XSTATE],
  [folder('host')]: [
    folder('guard'),
    folder('limits'),
    folder('telling'),
    folder('wire'),
    folder('trace'),
    MACHINES,
    XSTATE,
  ],
  [folder('shard')]: [
    folder('host'),
    folder('limits'),
    folder('guard'),
    folder('wire'),
    folder('trace'),
    MACHINES,
    XSTATE,
  ],
  [folder('diagram')]: [folder('telling'), MACHINES, XSTATE],
  [folder('inspect')]: [folder('telling'), folder('trace'), MACHINES, XSTATE, NPM, NODE],
  [folder('viewer')]: [
    '^src/(diagram|host|inspect|shard|simulator|telling|trace|wire)/',
    '^src/testing/graph\\.ts$',
    MACHINES,
    XSTATE,
    NODE,
  ],
  [folder('testing')]: [folder('host'), folder('telling'), MACHINES, XSTATE, NODE],
  [folder('simulator')]: [folder('host'), folder('wire'), folder('trace'), '^src/installed\\.ts$', MACHINES, NPM, NODE],
  [folder('cli')]: ['^src/', '^adapters/', MACHINES, NPM, NODE],
  '^src/installed\\.ts$': [NODE],
  '^src/index\\.ts$': ['^src/(?!cli/)', '^adapters/', MACHINES, NPM, NODE],
  '^src/browser\\.ts$': ['^src/(?!cli/)', '^adapters/', MACHINES, NPM],
};

/** What has to run in a browser: nothing of Node, and no package but xstate. */
const EVERYWHERE = [
  '^machines/',
  '^src/(guard|limits|telling|wire|trace|host|shard|diagram)/',
  '^src/inspect/(?!(index|relay)\\.ts$)',
  '^src/viewer/(?!built\\.ts$)',
  '^src/simulator/(?!(index|server|http|certificate|zlib-compression)\\.ts$)',
  '^src/browser\\.ts$',
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
      name: 'every folder in src has a row in .ci/imports.mjs',
      severity: 'error',
      from: { path: '^src/', pathNot: Object.keys(MAY_IMPORT) },
      to: {},
    },
    {
      name: 'an adapter knows the ports and nothing else of ours, but for what a record is and how to join bytes',
      severity: 'error',
      from: { path: '^adapters/' },
      to: {
        path: '^(machines|src|adapters)/',
        pathNot:
          '^(src/(host/(ports|errors|resume-record)|wire/bytes)|machines/shape|adapters/(agent-fetch|quiet))\\.ts$',
      },
    },
    {
      name: "a bot loads the client's half of the specification alone",
      severity: 'error',
      from: { path: '^src/(index|browser)\\.ts$' },
      to: {
        path: '^machines/(index|abstraction|invariants|ignored|shard-(ignored|observer|invariants/.*)|gateway.*|voice/.*)\\.ts$',
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
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        dependencyTypesNot: ['npm', 'npm-peer'],
      },
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
