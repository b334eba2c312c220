import { describe, expect, it } from 'vitest';
import { CURATED, storm } from '../../../src/conformance/cases/curated.js';
import { Scenario } from '../scenario.js';

const named = (id: string) => {
  const found = CURATED.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return found;
};
const findings = (id: string, { evidence }: Scenario) =>
  named(id)
    .checks.flatMap((check) => check(evidence))
    .map(({ grade, says, tolerated }) => `${tolerated === undefined ? grade : 'tolerated'}: ${says}`);
const live = () => new Scenario().request().live().message('1').deliver('1');

describe('curated cases', () => {
  it('find nothing in a life without faults', () => {
    expect(findings('life/connects', live().struck().after(1_000).order('over'))).toEqual([]);
  });

  it('tolerate that the URL of the Gateway was given to a client', () => {
    const given = new Scenario().live().message('1').deliver('1').struck();
    expect(findings('life/connects', given)).toEqual(['tolerated: it does not ask for the URL of the Gateway']);
  });

  it('find that heartbeats are missing', () => {
    const scenario = live().struck().after(2_000).beat().after(1_000).order('over');
    expect(findings('life/heartbeats', scenario)).toEqual(['letter: 1 heartbeats were sent, where 3 are due']);
  });

  it('find that a silent connection is left late', () => {
    const scenario = live().struck().after(12_000).close('client', 4900).close('gateway', 4900).after(500).back();
    expect(findings('silent/zombie', scenario)).toContain(
      'stuck: the connection is left after 12 s, where 11 s would do',
    );
  });

  it('find an Identify too soon after the one before', () => {
    const soon = live().after(1_000).close('gateway', 4009).struck().after(500).live('other');
    expect(findings('session/second-identify-waits', soon)).toEqual([
      'budget: an Identify follows 1500 ms after the one before',
    ]);
    const late = live().after(1_000).close('gateway', 4009).struck().after(4_500).live('other');
    expect(findings('session/second-identify-waits', late)).toEqual([]);
  });

  it('find messages in another order', () => {
    const scenario = new Scenario().live().message('1').message('2').deliver('2', '1').struck();
    expect(findings('session/replay', scenario)).toEqual([
      'letter: messages reach the user in another order than they were sent in',
    ]);
  });

  it('find that the URL is asked for without an end', () => {
    const scenario = new Scenario().struck();
    for (let i = 0; i < 31; i += 1) scenario.request();
    expect(findings('refused/get-gateway', scenario.live())).toEqual([
      'sockets: the URL is asked for 31 times, where 30 would do',
    ]);
  });

  it('watch loops for a minute, from the beginning or once a session was live', () => {
    const loops = CURATED.filter(({ id }) => id.startsWith('loop/'));
    expect(loops.length).toBe(9);
    for (const { script } of loops) expect(script.at(-1)).toEqual({ wait: 60_000 });
    expect(named('loop/closed-after-hello').before).toHaveLength(1);
    expect(named('loop/resume-is-dropped').script.slice(0, 2)).toEqual([{ until: 'live' }, { until: 'message' }]);
  });

  it('find a heartbeat and a Resume that are one sequence behind, once nothing more is sent', () => {
    const quiet = () => live().struck().after(4_000);
    expect(findings('session/last-sequence', quiet().beat().drop().back())).toEqual([]);
    expect(findings('session/last-sequence', quiet().beat(1).drop().back())).toEqual([
      expect.stringMatching(/^letter: a heartbeat carries the last sequence received.*"d":1} instead of 2$/),
    ]);
    const behind = quiet().beat().drop().open(true).hello().resume('session', 1).resumed();
    expect(findings('session/last-sequence', behind)).toEqual([
      expect.stringMatching(/^letter: Resume carries the token.*but the session is session at 2$/),
    ]);
  });

  it('have intervals as long as those of Discord where a missing ACK is not to be waited for', () => {
    for (const how of ['lost', 'closed']) {
      const { gateway, script } = named(`session/${how}-in-a-long-interval`);
      expect(gateway?.heartbeatInterval).toBe(41_250);
      expect(script.at(-1)).toEqual({ until: 'live', within: 25_000 });
    }
    const deaf = new Scenario({ interval: 41_250 }).request().live().message('1').deliver('1').struck().drop();
    expect(findings('session/lost-in-a-long-interval', deaf.after(25_000).order('over'))).toContain(
      'stuck: no session is live 25 s after it happened',
    );
  });

  it('find that a session is given up at last, or never', () => {
    const refused = (scenario: Scenario) => scenario.open(true).hello().resume().gateway({ op: 9, d: true }).drop();
    const tried = () => refused(refused(live().struck().drop()).after(5_000)).after(10_000);
    expect(findings('session/resume-never-succeeds', tried().live('other'))).toEqual([]);
    expect(findings('session/resume-never-succeeds', refused(tried()).order('over'))).toEqual([
      'stuck: no session is live 15 s after it happened',
    ]);
  });

  it('find identifies that are spent while READY does not come, and heartbeats that are not sent', () => {
    const waiting = (scenario: Scenario) => scenario.open().hello().identify();
    const patient = () => waiting(new Scenario().struck()).after(2_000).beat(null).after(3_000).beat(null);
    expect(findings('silent/ready-for-long', patient().after(1_000).order('over'))).toEqual([]);
    const deaf = waiting(new Scenario().struck()).after(6_000).order('over');
    expect(findings('silent/ready-for-long', deaf)).toEqual(['letter: no heartbeat for more than 3.8 s']);
    const hasty = new Scenario().struck();
    for (let i = 0; i < 5; i += 1) waiting(hasty).drop('client').after(5_000);
    expect(findings('silent/ready-for-long', hasty)).toEqual([
      'budget: 5 identifies within a minute, where 4 would do',
    ]);
  });

  it('find that a connection is given up for a large event', () => {
    const large = () => live().struck().dispatch('GUILD_CREATE', { id: '1' }).after(1_000);
    expect(findings('transport/large-event', large().message('2').deliver('2'))).toEqual([]);
    expect(findings('transport/large-event', large().drop('client').back())).toContain(
      'letter: it gives up a connection that is good',
    );
  });

  it('storm for so many minutes', () => {
    expect(storm(15).script.at(-1)).toMatchObject({ during: 900_000 });
  });
});
