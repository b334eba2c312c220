/** Of this package, as in package.json: a test holds the two together. A browser cannot read that file. */
export const VERSION = '0.1.0';
