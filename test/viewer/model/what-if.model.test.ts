import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, closeCode } from '../../../machines/index.js';
import { QUESTIONS } from '../../../src/telling/consequences.js';
import { whatIf } from '../../../src/viewer/model/what-if.js';

describe('what follows', () => {
  const ask = (id: string) => {
    const question = QUESTIONS.find((each) => each.id === id);
    if (question === undefined) throw new Error(`there is no question ${id}`);
    return whatIf(question).found;
  };
  const last = (states: readonly { readonly key: string }[]) => states.map(({ key }) => key);

  it('from close 4009 is a new session, wherever a connection is', () => {
    const all = ask('4009');
    const open = all.filter(({ answers }) => answers.some(({ to }) => to === 'waiting'));
    expect(open.flatMap(({ states }) => last(states))).toEqual([
      'opening',
      'awaitingHello',
      'queuedForIdentify',
      'identifying',
      'resuming',
      'ready',
      'reconnecting',
    ]);
    for (const { answers } of open) {
      expect(answers).toMatchObject([{ outcome: expect.stringContaining('Identify: a new session') }]);
    }
  });

  it('from a missed ACK is a look into the buffer, a close that keeps the session, and a wait, each with its time', () => {
    const all = ask('no-ack');
    expect(all.flatMap(({ states }) => last(states))).toEqual([
      'queuedForIdentify',
      'identifying',
      'resuming',
      'ready',
    ]);
    const kept = all.find(({ states }) => last(states).includes('ready'))?.answers;
    const withSession = kept?.find(({ when }) => when === 'if it may still be resumed');
    expect(withSession?.steps.map(({ time, deeds }) => [time, deeds])).toEqual([
      ['0', ['sends a heartbeat']],
      ['250 ms', ['closes with 4900']],
      ['by 750 ms', []],
    ]);
    expect(withSession).toMatchObject({ to: 'waiting', outcome: expect.stringContaining('Resume') });
    const queued = all.find(({ states }) => last(states).includes('queuedForIdentify'));
    expect(queued?.answers).toMatchObject([{ outcome: expect.stringContaining('Identify') }]);
  });

  it('says how long it waits: shortly only where a connection may have held', () => {
    const outcomes = new Map(
      ask('4009').flatMap(({ states, answers }) => states.map(({ key }) => [key, answers[0]?.outcome])),
    );
    const grows = '500 ms to 1 s (doubled with each failure in a row, at most 1 min)';
    expect(outcomes.get('ready')).toContain(
      `after 0 to 500 ms if the connection had held for one heartbeat interval, else ${grows}`,
    );
    expect(outcomes.get('opening')).toContain(`after ${grows}`);
    const interrupted = ask('op9-true').find(({ states }) => last(states).includes('ready'));
    expect(interrupted?.answers.find(({ when }) => when === 'if it may still be resumed')?.outcome).toContain(
      'after 1 to 5 s (longer with failures in a row, at most 1 min)',
    );
    expect(interrupted?.answers.map(({ when }) => when)).toContain('without a session that READY named and numbered');
  });

  it('resumes no session whose resumes are used up', () => {
    const resuming = ask('4000').find(({ states }) => last(states).includes('resuming'))?.answers;
    const spent = resuming?.find(({ when }) => when === 'if its resumes are used up');
    expect(spent?.outcome).toContain('Identify');
    expect(resuming?.find((each) => each !== spent)?.outcome).toContain('Resume');
  });

  it('names the states in which nothing follows', () => {
    const [question] = QUESTIONS.filter(({ id }) => id === '4009');
    const { found, elsewhere } = whatIf(question as (typeof QUESTIONS)[number]);
    expect(last(elsewhere)).toEqual(['stopped', 'resting', 'full', 'drained', 'locating', 'waiting', 'failed']);
    expect(found.flatMap(({ states }) => last(states))).not.toContain('stopped');
  });

  it('from op 9 depends on d, and on whether there is a session', () => {
    const gone = ask('op9-false').find(({ states }) => last(states).includes('ready'));
    expect(gone?.answers).toHaveLength(1);
    expect(gone?.answers[0]?.outcome).toContain('Identify');
    const interrupted = ask('op9-true').find(({ states }) => last(states).includes('resuming'));
    expect(interrupted?.answers[0]?.outcome).toContain('Resume');
  });

  it.each(Object.keys(CLOSE_CODES).map(Number))('from close %d is what its row of the table says', (code) => {
    const [first] = ask(`${code}`);
    const { recovery } = closeCode(code);
    const answers = first?.answers ?? [];
    expect(new Set(answers.map(({ to }) => to))).toEqual(new Set([recovery === 'stop' ? 'failed' : 'waiting']));
    const outcomes = answers.map(({ outcome }) => /Identify|Resume/.exec(outcome)?.[0]);
    const sent = { stop: [undefined], identify: ['Identify'], resume: ['Resume', 'Identify'] }[recovery];
    expect(new Set(outcomes)).toEqual(new Set(sent));
  });

  it('is known for everything that may be asked', () => {
    for (const question of QUESTIONS) expect(whatIf(question).found, question.title).not.toEqual([]);
  });
});
