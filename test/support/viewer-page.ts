/** Commands that show something on a page, and what such a page receives. */
import { expect } from 'vitest';
import WebSocket from 'ws';
import { eventually, jsonLines, type Running } from './cli.js';

/** Stands for the viewer's page, for `vi.mock` of `src/viewer/built.ts`: nothing is built where tests run. */
export const VIEWER = {
  viewerPage: async () => '<!doctype html><title>the viewer</title>',
  viewerFile: () => '/somewhere/viewer.html',
};

/** A line of JSON that a command has printed. */
export async function printed(command: Running, type: string): Promise<Record<string, unknown>> {
  await eventually(() => command.out().includes(`"type":"${type}"`));
  return jsonLines(command.out()).find((line) => line.type === type) ?? {};
}

/** Connects as the page does, and keeps what it receives. */
export async function listen(url: unknown) {
  const { host, hash } = new URL(String(url));
  const received: Record<string, unknown>[] = [];
  const socket = new WebSocket(`ws://${host}/live`, { headers: { origin: `http://${host}` } });
  socket.on('open', () => socket.send(JSON.stringify({ key: hash.slice('#key='.length) })));
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  await eventually(() => received.length > 0);
  return { received, types: () => received.map(({ type }) => type) };
}

/** Interrupts a command, which has to end with the code that says so. */
export async function interrupted(command: Running): Promise<void> {
  command.interrupt();
  expect((await command.ended).code).toBe(130);
}
