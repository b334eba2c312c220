/** Tools that explore charts and make tests of them. */
import type { ContractError } from './contracts/index.js';
import type { StateLimitError, StepError } from './exploring/graph.js';
import type { DivergenceError } from './exploring/model.js';
import type { AbstractionError } from './exploring/play.js';

// All states of a chart, and what must hold in them.

export { type BatchReport, batchEquivalence } from './exploring/batch.js';
export {
  type AnyInvariant,
  type CheckOptions,
  type Counterexample,
  check,
  counterexampleText,
  type Report,
  type Verdict,
} from './exploring/check.js';
export {
  type AbstractionOf,
  activeStates,
  type Edge,
  type ExplorationProgress,
  explore,
  type Graph,
  graphOf,
  type Node,
  type Path,
  rowsOf,
  StateLimitError,
  StepError,
  statesOf,
} from './exploring/graph.js';
export { AbstractionError } from './exploring/play.js';
export { armedBy } from './exploring/timers.js';
export { type WalkOptions, walk } from './exploring/walk.js';

// Paths through it.

export { pathTo } from './exploring/criteria.js';
export { pathDiagram } from './exploring/path-diagram.js';
export {
  type Coverage,
  CRITERIA,
  type Criterion,
  coverageOf,
  type Paths,
  pathName,
  pathsOf,
  type Share,
} from './exploring/paths.js';

// Tests of any implementation along them, and as data.

export {
  type Comparison,
  DivergenceError,
  type Effect,
  type Model,
  only,
  type SystemUnderTest,
  testModel,
} from './exploring/model.js';
export { describePaths, type PathsReport, type PathsToRun, runPaths } from './exploring/run-paths.js';
export { type FramePayload, type Stimulus, stimulusOf } from './exploring/stimuli.js';
export {
  type ExpectedEffect,
  type ExpectedResponse,
  printVectors,
  type StepRow,
  stepsOf,
  VECTOR_FORMAT,
  type VectorFile,
  type VectorStep,
} from './exploring/vectors/file.js';
export { gatewayVectors, type VectorOptions, vectorsOf } from './exploring/vectors/make.js';
export { otherShardVectors, shardVectors } from './exploring/vectors/shard.js';
export type { VectorWords } from './exploring/vectors/tree.js';

// Charts that differ from a given one.

export { MUTATIONS, type Mutant, type Mutation, mutantsOf } from './exploring/mutants.js';
export {
  type EditableRow,
  type EditableState,
  editableConfig,
  type StateFinder,
  variant,
} from './exploring/variant.js';

// Both charts and the messages between them.

export {
  explorationOf,
  exploreProduct,
  mermaidDiagram,
  PROPERTIES,
  type ProductCharts,
  type ProductCounterexample,
  type ProductOptions,
  type ProductProgress,
  type ProductReport,
  type Property,
  type ReplayedMove,
  type ReplayedMoves,
  replayMoves,
  type SliceName,
  textDiagram,
} from './product/product.js';

// How often a shard can connect and identify.

export type { Bound, BoundName } from './rates/bounds.js';
export {
  type BrokenBound,
  checkRates,
  type RateOptions,
  type RateProgress,
  type RateReport,
  type RateVerdict,
  ratesOf,
} from './rates/rates.js';

// A suite for each port: what every implementation must do. They need no test framework and run in browsers.

export {
  type ClockContractOptions,
  type ContractCase,
  ContractError,
  clockContract,
  type InflateContractOptions,
  inflateContract,
  type LocatorSituation,
  limiterContract,
  locatorContract,
  type MakeLocator,
  type MakePermits,
  type PeerConnection,
  type PeerFrame,
  type PeerMessage,
  type PeerRecord,
  type PeerStep,
  type PermitContractOptions,
  permitContract,
  randomContract,
  type SessionsContractOptions,
  type SocketContractOptions,
  type SocketPeer,
  type StoreContractOptions,
  sessionsContract,
  socketContract,
  storeContract,
  type TraceSinkContractOptions,
  traceSinkContract,
} from './contracts/index.js';

/** Every error class of this entry: a `switch` over `code` narrows to one of them. */
export type AnyTestingError = StateLimitError | StepError | AbstractionError | DivergenceError | ContractError;
