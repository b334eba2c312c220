/** How clients of other libraries are judged: what they print, what they did, and which versions and tools they take. */
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script, which has no types
import { Client } from '../../examples/clients/client.mjs';
// @ts-expect-error: a script, which has no types
import { isAtLeast, LIBRARIES, pinnedVersion } from '../../examples/clients/ecosystems.mjs';
// @ts-expect-error: a script, which has no types
import { Report } from '../../examples/clients/scenario.mjs';

const report = (sent: number, received: readonly number[], rest: object = {}) =>
  Object.assign(new Report(), { sent, received, ...rest });

describe('a report', () => {
  it('has no problem where each message arrived once, in whatever order', () => {
    expect(report(3, [0, 1, 2]).problems).toEqual([]);
    expect(report(3, [0, 2, 1])).toMatchObject({ problems: [], inOrder: false });
  });

  it.each([
    ['a lost message', report(3, [0, 2]), '1 of 3 messages did not arrive'],
    ['a doubled one', report(3, [0, 1, 1, 2]), '1 messages arrived more than once'],
    ['a lost and a doubled one', report(2, [0, 0]), '1 of 2 messages did not arrive'],
    ['a complaint', report(1, [0], { complaints: ['KeyError: colors'] }), 'it says: KeyError: colors'],
    ['a refusal', report(1, [0], { refusals: ['GET /x: 404'] }), 'the simulator refused GET /x: 404'],
    ['an early end', report(1, [0], { stopped: 'it does not resume' }), 'it does not resume'],
  ])('tells of %s', (_, { problems }, problem) => {
    expect(problems).toContain(problem);
  });
});

describe('a client', () => {
  it('is known by what it prints; what it does not expect is a complaint', () => {
    const client = new Client([/^connection lost/]);
    for (const line of ['READY', 'MSG 0', '', 'connection lost: 1006', 'RESUMED', 'MSG 1', 'MSG x', 'Error: no d']) {
      client.line(line);
    }
    expect(client.received).toEqual(['0', '1']);
    expect([client.said('READY'), client.said('RESUMED')]).toEqual([1, 1]);
    expect(client.complaints).toEqual(['MSG x', 'Error: no d']);
  });

  it('is waited for until it does it, or is over, or too late', async () => {
    const client = new Client();
    const ready = client.until('becomes ready', () => client.said('READY') > 0, 60_000);
    client.line('READY');
    await ready;
    await expect(client.until('gets one', () => false, 1)).rejects.toThrow('not seen within 0.001 s that it gets one');
    const never = client.until('gets one', () => false, 60_000);
    client.end('ended with 3');
    await expect(never).rejects.toThrow('it ended with 3 before it gets one');
  });
});

describe('versions', () => {
  it.each([
    ['discord.js', '"dependencies": {\n "discord.js": "14.28.1" }', '14.28.1'],
    ['@discordeno/bot', '"@discordeno/bot": "21.0.0"', '21.0.0'],
    ['disgo', 'require github.com/disgoorg/disgo v0.18.15', '0.18.15'],
    ['JDA', '<artifactId>JDA</artifactId>\n <version>6.5.0</version>', '6.5.0'],
    ['twilight-gateway', 'tokio = "1"\ntwilight-gateway = "=0.18.0"', '0.18.0'],
    ['hikari', 'discord.py==2.7.1', null],
  ])('of %s are found in a manifest', (name, manifest, version) => {
    expect(pinnedVersion({ package: name }, manifest)).toBe(version);
  });

  it.each([
    ['go version go1.26.8 linux/amd64', '1.21', true],
    ['cargo 1.75.0 (1d8b05cdd 2023-11-20)', '1.89', false],
    ['\u001B[1mApache Maven 3.8.7\u001B[m', '3.6', true],
    ['9', '9', true],
    ['javac 8', '11', false],
    ['2', '1.9', true],
    ['', '1', false],
  ])('are compared by their parts: %j is %s or newer: %s', (printed, least, holds) => {
    expect(isAtLeast(printed, least)).toBe(holds);
  });

  it('are pinned by ten libraries or more, each with a name of its own', () => {
    expect(new Set(LIBRARIES.map(({ name }: { name: string }) => name)).size).toBe(LIBRARIES.length);
    expect(LIBRARIES.length).toBeGreaterThanOrEqual(10);
  });
});
