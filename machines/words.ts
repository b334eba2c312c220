/** Causes in words, for people. */
import { CAUSES, type Cause } from './causes.js';
import { GATEWAY_CAUSES, type GatewayCause } from './gateway-causes.js';
import { closeCode } from './protocol/close-codes.js';

/** Why the shard moved, as a sentence, with what the event told. */
export function sentence({ name, closeCode: code, httpStatus, reason, frame, retryAfter }: Cause): string {
  const details = [
    code === undefined ? [] : name === 'closeAnswered' ? `${code}` : `${code} ${closeCode(code).name}`,
    httpStatus === undefined ? [] : `HTTP ${httpStatus}`,
    reason === undefined ? [] : reason,
    frame === undefined || name.startsWith('hello') || name === 'ready' || name === 'resumed' ? [] : frame,
    retryAfter === undefined ? [] : `again in ${Math.ceil(retryAfter / 1000)} s`,
  ].flat();
  return details.length === 0 ? CAUSES[name].says : `${CAUSES[name].says} (${details.join(', ')})`;
}

/** Why the Gateway's side moved, likewise. */
export function gatewaySentence({ name, closeCode: code, frame }: GatewayCause): string {
  const details = [code, frame].filter((detail) => detail !== undefined);
  return GATEWAY_CAUSES[name].says + (details.length === 0 ? '' : ` (${details.join(', ')})`);
}
