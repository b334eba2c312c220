/** The ports that gatechart ships, for any platform. */
export * from './clock.js';
export * from './fixed-locator.js';
export * from './memory-permits.js';
export * from './memory-store.js';
export * from './random.js';
export * from './rest-locator.js';
