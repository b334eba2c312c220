/** Pictures of charts. */
export { type MermaidOptions, mermaid } from './mermaid.js';
