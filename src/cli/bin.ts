#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { main } from './program.js';
import { Interruption } from './terminal/io.js';

/** After a signal everything is to end by itself within this time; then it is ended. */
const GRACE_MS = 900;

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
const interrupted = new AbortController();

function interrupt(name: 'SIGINT' | 'SIGTERM' | 'SIGPIPE'): void {
  const interruption = new Interruption(name);
  if (interrupted.signal.aborted) process.exit(interruption.exitCode);
  interrupted.abort(interruption);
  setTimeout(() => process.exit(interruption.exitCode), GRACE_MS).unref();
}

process.on('SIGINT', () => interrupt('SIGINT'));
process.on('SIGTERM', () => interrupt('SIGTERM'));
for (const stream of [process.stdout, process.stderr]) {
  // Whoever read this has gone, as in `gatechart paths --list | head`.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!interrupted.signal.aborted) interrupt('SIGPIPE');
  });
}

process.exitCode = await main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  signal: interrupted.signal,
  version,
});
