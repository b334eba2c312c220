/** Pictures of charts. */
import type { PathError } from './path.js';
import type { ViewError } from './scene.js';

export { chartFromJson, json } from './json.js';
export { type Elk, layoutOf } from './layout.js';
export { GATEWAY_LAYOUTS } from './layouts/gateway.js';
export { SHARD_LAYOUTS } from './layouts/shard.js';
export { type MermaidOptions, mermaid } from './mermaid.js';
export { PathError, type PathStep, type PlayedPath, playEvents, playPath } from './path.js';
export type { Area, Layout, PlacedEdge, PlacedState } from './placed.js';
export { type View, ViewError } from './scene.js';
export { type SvgOptions, svg } from './svg.js';
export { COLOURS, type Theme } from './theme.js';
export { GATEWAY_VIEWS, SHARD_VIEWS } from './views.js';

/** Every error class of this entry: a `switch` over `code` narrows to one of them. */
export type AnyDiagramError = PathError | ViewError;
