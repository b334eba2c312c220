import type { IdentifyFacts } from '../vocabulary.js';

/** An Identify that passes every check. */
export const FAULTLESS: IdentifyFacts = {
  tokenMatches: true,
  shardValid: true,
  shardingRequired: false,
  versionValid: true,
  intentsValid: true,
  intentsAllowed: true,
  permitted: true,
};
