/** Prints what came of a test run, from vitest's JSON report; fails unless everything passed and nothing was left out. */
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
// A file that cannot be loaded has no tests of its own, and must not count as nothing.
const broken = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.length,
);
const passed = count('passed');
const failed = count('failed') + broken.length;
const skipped = tests.length - passed - count('failed');

for (const { name } of broken) console.log(`could not run ${name}`);
for (const { status, fullName } of tests) if (status !== 'passed') console.log(`${status}: ${fullName}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = report.success && passed > 0 && failed + skipped === 0 ? 0 : 1;
