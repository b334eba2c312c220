import { describe, expect, it } from 'vitest';
import { ClientProcess, commandFor, type Surroundings } from '../../src/conformance/client-process.js';
import { eventually } from '../support/cli.js';
import { smallClient } from './small-client.js';

const SURROUNDINGS: Surroundings = { token: 'the.token', rest: 'http://127.0.0.1:1/api', gateway: 'ws://127.0.0.1:1' };

function start(command: readonly string[], surroundings = SURROUNDINGS) {
  const lines: string[] = [];
  const ends: (readonly [string, boolean])[] = [];
  const client = new ClientProcess(command, surroundings, {
    line: (stream, text) => lines.push(`${stream}: ${text}`),
    ended: (says, isMissing) => ends.push([says, isMissing]),
  });
  return { client, lines, ends };
}
const node = (script: string) => [process.execPath, '-e', script];
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('commandFor', () => {
  it('fills placeholders in', () => {
    expect(commandFor(['bot', '--at={gateway}/{rest}', '{token}', '{ca}'], SURROUNDINGS)).toEqual([
      'bot',
      '--at=ws://127.0.0.1:1/http://127.0.0.1:1/api',
      'the.token',
      '',
    ]);
  });

  it('refuses a placeholder that there is not, and leaves other braces', () => {
    expect(() => commandFor(['{gate}'], SURROUNDINGS)).toThrow(
      'there is no placeholder {gate}: there are {token}, {rest}, {gateway}, {ca}',
    );
    expect(commandFor(['{"a":1}', '{A}'], SURROUNDINGS)).toEqual(['{"a":1}', '{A}']);
  });
});

describe('a client process', () => {
  it('tells what it prints, and how it ends', async () => {
    const { client, lines, ends } = start(
      node('console.log("a\\nb"); console.error("c".repeat(9000)); process.exitCode = 3'),
    );
    await eventually(() => ends.length > 0 && lines.length === 3);
    expect(lines.map((line) => line.slice(0, 12)).sort()).toEqual(['stderr: cccc', 'stdout: a', 'stdout: b']);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(2_100);
    expect(ends).toEqual([['ends with exit code 3', false]]);
    await client.end();
  });

  it('gets the token of the simulator, whatever is set here', async () => {
    process.env['DISCORD_TOKEN'] = 'a real one';
    try {
      const { client, lines } = start(smallClient('print', 'exit', '{rest}'));
      await eventually(() => lines.length > 0);
      expect(JSON.parse(lines[0]?.slice(8) ?? '')).toMatchObject({
        token: 'the.token',
        args: ['exit', 'http://127.0.0.1:1/api'],
      });
      await client.end();
    } finally {
      delete process.env['DISCORD_TOKEN'];
    }
  });

  it('knows a file with the authority to trust only with TLS', async () => {
    const { client, lines } = start(smallClient('print', 'exit'), { ...SURROUNDINGS, ca: '/tmp/ca.pem' });
    await eventually(() => lines.length > 0);
    expect(lines.join()).toContain('"ca":"/tmp/ca.pem"');
    await client.end();
  });

  it('ends with whatever it started', async () => {
    const child =
      'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); console.log(c.pid); setInterval(() => {}, 1000)';
    const { client, lines, ends } = start(node(child));
    await eventually(() => lines.length > 0);
    const pid = Number(lines[0]?.slice(8));
    expect(isAlive(pid)).toBe(true);
    await client.end();
    expect(ends).toEqual([['is ended by SIGTERM', false]]);
    await eventually(() => !isAlive(pid));
  });

  it('is killed where it does not listen', async () => {
    const { client, lines, ends } = start(smallClient('deaf', 'print'));
    await eventually(() => lines.length > 0);
    await client.end();
    expect(ends).toEqual([['is ended by SIGKILL', false]]);
  });

  it.each([
    ['no-such-program', 'no-such-program was not found: name a program that is on the PATH, or its path'],
    [
      import.meta.filename,
      `${import.meta.filename} may not be executed: is it a program, as in node ${import.meta.filename}?`,
    ],
  ])('that cannot be started says why: %s', async (program, says) => {
    const { client, ends } = start([program]);
    await client.end();
    expect(ends).toEqual([[says, true]]);
  });
});
