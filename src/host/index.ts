/** The ports that gatechart ships, for any platform. */

export * from '../limits/memory-permits.js';
export * from '../locating/rest-locator.js';
export * from '../ports/clock.js';
export * from '../ports/fixed-locator.js';
export * from '../ports/memory-store.js';
export * from '../ports/random.js';
