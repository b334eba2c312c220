/**
 * Prints line and branch coverage for each room, from a coverage-summary.json; with two of them, before and after.
 * `npx vitest run --coverage --coverage.reporter=json-summary`, then `node .ci/rooms.mjs coverage/coverage-summary.json`.
 */
import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

const reports = process.argv.slice(2).map((file) => roomsIn(JSON.parse(readFileSync(file, 'utf8'))));
for (const room of [...new Set(reports.flatMap((report) => [...report.keys()]))].sort()) {
  const shown = (kind) => reports.map((report) => percent(report.get(room)?.[kind])).join(' -> ');
  console.log(`${room.padEnd(28)} lines ${shown('lines').padEnd(20)} branches ${shown('branches')}`);
}

/** What is covered of each room: a folder, or what stands two levels below the root. */
function roomsIn(summary) {
  const files = Object.keys(summary).filter((file) => file !== 'total');
  const root = files.map(dirname).reduce(commonFolder);
  const rooms = new Map();
  for (const file of files) {
    const room = relative(root, dirname(file)).split('/').slice(0, 2).join('/');
    const sums = rooms.get(room) ?? { lines: { covered: 0, total: 0 }, branches: { covered: 0, total: 0 } };
    for (const kind of ['lines', 'branches']) {
      sums[kind].covered += summary[file][kind].covered;
      sums[kind].total += summary[file][kind].total;
    }
    rooms.set(room, sums);
  }
  return rooms;
}

/** The folder that holds both. */
function commonFolder(a, b) {
  const [left, right] = [a.split('/'), b.split('/')];
  const length = left.findIndex((part, i) => part !== right[i]);
  return left.slice(0, length === -1 ? left.length : length).join('/');
}

function percent(sum) {
  return sum === undefined || sum.total === 0 ? '-' : `${((100 * sum.covered) / sum.total).toFixed(1)} %`;
}
