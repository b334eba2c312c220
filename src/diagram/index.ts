/** Pictures of charts. */
export { type Area, type Elk, type Layout, layoutOf, type PlacedEdge, type PlacedState } from './layout.js';
export { GATEWAY_LAYOUTS } from './layouts/gateway.js';
export { SHARD_LAYOUTS } from './layouts/shard.js';
export { mermaid } from './mermaid.js';
export type { View } from './scene.js';
export { type SvgOptions, svg } from './svg.js';
export { COLOURS, type Theme } from './theme.js';
export { GATEWAY_VIEWS, SHARD_VIEWS } from './views.js';
