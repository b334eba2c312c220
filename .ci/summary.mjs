/** Prints the result of a test run, from vitest's JSON reports; fails unless everything passed and nothing was skipped. */
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const files = reports.flatMap(({ testResults }) => testResults);
const tests = files.flatMap(({ assertionResults }) => assertionResults);
const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
// A file that cannot be loaded has no tests of its own, and must not count as nothing.
const broken = files.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.length);
const passed = count('passed');
const failed = count('failed') + broken.length;
const skipped = tests.length - passed - count('failed');

for (const { name } of broken) console.log(`could not run ${name}`);
for (const { status, fullName } of tests) if (status !== 'passed') console.log(`${status}: ${fullName}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
const succeeded = reports.length > 0 && reports.every(({ success }) => success);
process.exitCode = succeeded && passed > 0 && failed + skipped === 0 ? 0 : 1;
