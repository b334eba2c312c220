/** The own-host example against a simulator on loopback. */
import { Intents, type ShardEvent } from 'gatechart/machines';
import { type Simulator, startSimulator } from 'gatechart/simulator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startShard } from '../../examples/own-host/host.js';
import { atMost } from '../support/slowness.js';

const SOON = { timeout: atMost(3_000), interval: 1 };

let simulator: Simulator;
let order: (event: ShardEvent) => void;
let got: { readonly name: string; readonly data: unknown }[];
const names = () => got.map(({ name }) => name);
const sent = (connection: number) =>
  simulator.log
    .of(connection)
    .flatMap(({ direction, payload }) => (direction === 'client' && payload ? [payload] : []));

beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  simulator = await startSimulator({ token: 'token', heartbeatInterval: 1_000 });
  got = [];
  order = startShard({
    token: 'token',
    intents: Intents.GUILDS | Intents.GUILD_MESSAGES,
    url: simulator.url,
    onDispatch: (name, data) => got.push({ name, data }),
  });
  await vi.waitFor(() => expect(names()).toEqual(['READY', 'GUILD_CREATE', 'GUILD_CREATE', 'GUILD_CREATE']), SOON);
});
afterEach(async () => {
  order({ type: 'stop' });
  await vi.waitFor(() => expect(simulator.control.state().connections).toEqual([]), SOON);
  await simulator.close();
  vi.restoreAllMocks();
});

describe('a host of one’s own', () => {
  it('identifies, beats, and hands on dispatches', async () => {
    simulator.control.dispatch('MESSAGE_CREATE', { content: 'hello' });
    await vi.waitFor(() => expect(got.at(-1)).toEqual({ name: 'MESSAGE_CREATE', data: { content: 'hello' } }), SOON);
    await vi.waitFor(() => expect(sent(1).at(-1)).toEqual({ op: 1, d: 5 }), SOON);
    expect(sent(1)).toContainEqual(expect.objectContaining({ op: 2 }));
  });

  it('resumes after op 7, and gets what it missed', async () => {
    simulator.control.requestReconnect();
    await vi.waitFor(() => expect(simulator.control.state().connections).toEqual([]), SOON);
    simulator.control.dispatch('MESSAGE_CREATE', { content: 'missed' });
    await vi.waitFor(() => expect(names().slice(4)).toEqual(['MESSAGE_CREATE', 'RESUMED']), SOON);
    expect(sent(2)[0]).toMatchObject({ op: 6, d: { seq: 4 } });
    expect(simulator.log.of(2)[0]).toMatchObject({ kind: 'open', resumeHost: true });
  });

  it('notices a zombie and resumes', async () => {
    simulator.control.injectFault('goSilent');
    await vi.waitFor(() => expect(names().at(-1)).toBe('RESUMED'), SOON);
    expect(sent(2)).toContainEqual(expect.objectContaining({ op: 6 }));
  });
});
