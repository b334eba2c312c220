/** The documented tables of the voice Gateway, the server that a call runs on: data alone, there is no chart for them. */
export * from './close-codes.js';
export * from './opcodes.js';
export * from './versions.js';
