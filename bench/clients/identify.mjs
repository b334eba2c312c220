import { meter } from '../meter.mjs';

/** What bare clients answer to Hello. */
export const IDENTIFY = JSON.stringify({
  op: 2,
  d: { token: meter.token, intents: 513, properties: { os: 'linux', browser: 'bench', device: 'bench' } },
});
