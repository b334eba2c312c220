import { loadInstalled } from '../installed.js';
import type { PayloadsSchema } from './schema.js';

/** The payloads of dispatches, as they are shipped. For Node. */
export const payloads = (): PayloadsSchema => loadInstalled('gatechart/vectors/payloads.schema.json');
