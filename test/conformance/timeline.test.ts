import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../src/conformance/timeline.js';
import { Scenario } from './scenario.js';

const linesOf = (scenario: Scenario) => timelineOf(scenario.evidence).map((line) => line.trim());

describe('a timeline', () => {
  it('tells what happened, in seconds since the beginning', () => {
    const scenario = new Scenario()
      .at(1_000)
      .request()
      .after(50)
      .refused()
      .after(50)
      .live()
      .after(900)
      .beat()
      .order('closeWith', 1)
      .close('gateway', 4009)
      .after(500)
      .open(true)
      .resume()
      .gateway({ op: 9, d: false })
      .gateway({ op: 99 })
      .gateway('no json')
      .wire('gateway', { kind: 'binary', bytes: 12 })
      .drop()
      .line('it hurts', 'stderr')
      .exit('ends with exit code 1');
    expect(linesOf(scenario)).toEqual([
      '0.00 s  -> GET /api/v10/gateway/bot: 200',
      '0.05 s  <- a handshake is refused: 503',
      '0.10 s  -> 1 opens /?v=10&encoding=json',
      '0.10 s  <- 1 Hello {"heartbeat_interval":3000}',
      '0.10 s  -> 1 Identify',
      '0.10 s  <- 1 Dispatch READY s 1',
      '1.00 s  -> 1 Heartbeat 1',
      '1.00 s  <- 1 Heartbeat ACK',
      '1.00 s  ** closeWith (reached 1)',
      '1.00 s  <- 1 close 4009',
      '1.50 s  -> 2 opens the resume URL /?v=10&encoding=json',
      '1.50 s  -> 2 Resume {"token":"[token]","session_id":"session","seq":1}',
      '1.50 s  <- 2 Invalid Session false',
      '1.50 s  <- 2 op 99',
      '1.50 s  <- 2 "no json"',
      '1.50 s  <- 2 12 bytes',
      '1.50 s  <- 2 TCP ends',
      '1.50 s  client complains: it hurts',
      '1.50 s  client ends with exit code 1',
    ]);
  });

  it('counts dispatches and messages that come in a row', () => {
    const scenario = new Scenario().live();
    for (const id of ['1', '2', '3']) scenario.after(10).message(id).deliver(id);
    scenario.dispatch('GUILD_CREATE', {}).exit('ends with exit code 0', true);
    expect(linesOf(scenario).slice(4)).toEqual([
      '0.01 s  <- 1 Dispatch MESSAGE_CREATE (3), client prints: MSG … (3), <- 1 Dispatch GUILD_CREATE',
      '0.03 s  client ends with exit code 0, as ordered',
    ]);
  });

  it('shows the beginning of what is said in a row, without the lines that say nothing', () => {
    const scenario = new Scenario().live();
    for (const text of ['file.js:3', '  d.id', '    ^', '', 'TypeError: d', '    at f (file.js:3:1)', ...'12345678'])
      scenario.line(text, 'stderr');
    scenario.exit('ends with exit code 1');
    expect(linesOf(scenario).slice(4)).toEqual([
      ...['file.js:3', '  d.id', 'TypeError: d', '1', '2'].map((text) => `0.00 s  client complains: ${text}`),
      'client: … (6 lines more)',
      '0.00 s  client ends with exit code 1',
    ]);
  });

  it('shows no token', () => {
    const lines = linesOf(new Scenario().line('I am secret.token')).join();
    expect(lines).toContain('I am');
    expect(lines).not.toContain('secret.token');
  });

  it('has a bound: the first lines and the last, none of them long', () => {
    const scenario = new Scenario();
    for (let i = 0; i < 250; i += 1)
      scenario
        .at(i)
        .refused()
        .line(`${i} ${'x'.repeat(1_000)}`);
    const lines = linesOf(scenario);
    expect(lines).toHaveLength(121);
    expect(lines[60]).toBe('… 380 lines …');
    expect(lines.at(-1)).toContain('prints: 249 x');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(180);
  });
});
