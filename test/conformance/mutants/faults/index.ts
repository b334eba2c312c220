import type { Fault } from '../fault.js';
import { CHART } from './chart.js';
import { HOST } from './host.js';
import { LIMITS } from './limits.js';
import { WIRE } from './wire.js';

/** All of them. */
export const FAULTS: readonly Fault[] = [...CHART, ...HOST, ...WIRE, ...LIMITS];
