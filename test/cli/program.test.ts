import { describe, expect, it } from 'vitest';
import { run } from '../support/cli.js';

const COMMANDS = [
  'demo',
  'run',
  'serve',
  'paths',
  'vectors',
  'check',
  'explore',
  'intents',
  'soak',
  'storms',
  'replay',
];

describe('the command line', () => {
  it('lists every command, with examples and exit codes', async () => {
    const { code, out, err } = await run(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(out).toContain('Examples:');
    expect(out).toContain('Exit codes:');
  });

  it.each(COMMANDS)('explains %s with examples, within 80 columns', async (command) => {
    const { code, out } = await run([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: gatechart ${command}`);
    expect(out).toContain(`$ `);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('prints the version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  it.each([
    [['demonstrate'], "unknown command 'demonstrate'"],
    [['path'], 'Did you mean paths?'],
    [['paths', '--list-all'], "unknown option '--list-all'"],
    [['paths', '--limit', 'few'], 'Write a whole number of at least 0.'],
    [['paths', '--criterion', 'all'], 'Allowed choices are states, transitions,'],
    [['demo', 'now'], 'too many arguments'],
    [['\u001b[2J'], "unknown command '·[2J'"],
    [['serve', '--port', '70000'], 'Write a whole number from 0 to 65535.'],
    [['serve', '--fault', 'nothing'], 'gatechart serve --list-faults'],
    [['serve', '--fault', 'swallowAcks=2'], 'takes no value'],
    [['serve', '--fault', 'swallowAcks@nowhere'], 'there are greeting'],
    [['demo', '--inspect=elsewhere'], 'Allowed choices are local, stately'],
    [['run', '--intents', 'GUILD'], 'There is no intent GUILD. Write GUILDS.'],
    [['run', '--shard', '2,2'], 'ids from 0 on'],
    [['run', '--events', 'message'], 'in capitals'],
    [['run', '--detach'], '--resume FILE'],
    [['intents', 'messageCreate'], 'write MESSAGE_CREATE'],
    [['intents', 'READY', '--intents', 'CATS'], 'There is no intent CATS. There are: GUILDS,'],
    [['run', '--url', 'https://example.com'], 'use wss://'],
    [['run', '--url', 'ws://example.com'], 'use wss://'],
    [[], 'Usage: gatechart'],
  ])('refuses %j with exit code 2 and says what to do', async (args, says) => {
    const { code, out, err } = await run(args, { DISCORD_TOKEN: 'secret' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
  });

  it('runs no shard without a token in the environment', async () => {
    const { code, out, err } = await run(['run']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('DISCORD_TOKEN is not set');
  });

  it.each([['--token', 'secret'], ['--token=secret'], ['-token=secret'], ['run', '--TOKEN', 'secret']])(
    'refuses a token as an argument and does not repeat it: %s %s',
    async (...args) => {
      const { code, out, err } = await run(args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('DISCORD_TOKEN');
      expect(err).not.toContain('secret');
    },
  );
});
