import { describe, expect, it } from 'vitest';
import { DISPATCH_EVENTS, explainIntents } from '../../../machines/index.js';
import { run } from '../../support/cli.js';

describe('gatechart intents', () => {
  it('tells which intents events need, and which are privileged', async () => {
    const { code, out } = await run(['intents', 'MESSAGE_CREATE', 'GUILD_MEMBER_ADD', 'INTERACTION_CREATE']);
    expect(code).toBe(0);
    expect(out).toMatch(/MESSAGE_CREATE +GUILD_MESSAGES +DIRECT_MESSAGES +yes\n/);
    expect(out).toMatch(/INTERACTION_CREATE +- +- +always\n/);
    expect(out).toContain("intents: ['GUILD_MEMBERS', 'GUILD_MESSAGES', 'DIRECT_MESSAGES'], in bits 4610");
    expect(out).toMatch(/Privileged, .*: GUILD_MEMBERS\./);
  });

  it('fails when an event that was named never comes under the intents given, and says what would bring it', async () => {
    const events = ['MESSAGE_CREATE', 'TYPING_START', 'GUILD_MEMBER_UPDATE'];
    const { code, out } = await run(['intents', ...events, '--intents', 'GUILDS,GUILD_MESSAGES']);
    expect(code).toBe(1);
    expect(out).toMatch(/TYPING_START .* never\n/);
    expect(out).toMatch(/MESSAGE_CREATE .* from guilds only\n/);
    expect(out).toMatch(/GUILD_MEMBER_UPDATE .* about the bot only\n/);
    expect(out).toContain('Not needed for these events: GUILDS.');
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'More would come with: GUILD_MEMBERS (privileged), GUILD_MESSAGE_TYPING, DIRECT_MESSAGES, DIRECT_MESSAGE_TYPING.',
    );
  });

  it('says all of it as JSON', async () => {
    const { out } = await run(['intents', 'TYPING_START', '--intents', 'DIRECT_MESSAGE_TYPING', '--json']);
    expect(JSON.parse(out)).toEqual(explainIntents(['TYPING_START'], ['DIRECT_MESSAGE_TYPING']));
  });

  it('tells of all events when none is named', async () => {
    const { code, out } = await run(['intents', '--intents', 'GUILDS', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(explainIntents(DISPATCH_EVENTS, ['GUILDS']));
  });
});
