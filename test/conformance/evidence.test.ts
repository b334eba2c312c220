import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../../src/conformance/fields.js';
import { Scenario } from './scenario.js';

describe('evidence', () => {
  it('knows when it began and ended', () => {
    expect(new Scenario().evidence).toMatchObject({ began: 0, ended: 0 });
    expect(new Scenario().at(5).open().at(9).drop().evidence).toMatchObject({ began: 5, ended: 9 });
  });

  it('tells handshakes from connections', () => {
    const { evidence } = new Scenario().refused().live().refused();
    expect(evidence.opens).toHaveLength(1);
    expect(evidence.handshakes).toHaveLength(3);
  });

  it('finds messages by direction, opcode and name', () => {
    const { evidence } = new Scenario().live().message('1').beat(2).drop().back();
    expect(evidence.identifies).toHaveLength(1);
    expect(evidence.resumes).toHaveLength(1);
    expect(evidence.readies.map(({ connection }) => connection)).toEqual([1]);
    expect(evidence.resumeds.map(({ connection }) => connection)).toEqual([2]);
    expect(evidence.messages('client', 'Heartbeat')).toHaveLength(1);
    expect(evidence.messages('gateway', 'HeartbeatAck')).toHaveLength(1);
    expect(evidence.messages('gateway', 'Heartbeat')).toHaveLength(0);
  });

  it('groups what crossed by connections, also as more comes', () => {
    const scenario = new Scenario().live();
    expect(scenario.evidence.of(1)).toHaveLength(4);
    expect(scenario.evidence.of(2)).toEqual([]);
    scenario.close('gateway', 4000).open();
    expect(scenario.evidence.endsOf(1).map(({ code }) => code)).toEqual([4000]);
    expect(scenario.evidence.of(2)).toHaveLength(1);
  });

  it('takes lines MSG on standard output for deliveries, and no others', () => {
    const { evidence } = new Scenario()
      .deliver('1')
      .line('MSG 2', 'stderr')
      .line('a MSG 3')
      .line('MSG 4 more')
      .line('MSG');
    expect(evidence.deliveries.map(({ id }) => id)).toEqual(['1', '4']);
  });

  it('knows the messages that were sent, with their sequences', () => {
    const { evidence } = new Scenario().live().message('1').gateway({ op: 0, t: 'MESSAGE_CREATE', s: null, d: {} });
    expect(evidence.sentMessages).toEqual([{ at: 0, connection: 1, id: '1', sequence: 2 }]);
  });

  it('counts an end of the process only where it was not ordered', () => {
    expect(new Scenario().exit('ends with exit code 1').evidence.exit?.says).toBe('ends with exit code 1');
    expect(new Scenario().exit('ends with exit code 0', true).evidence.exit).toBeNull();
    expect(new Scenario().live().evidence.exit).toBeNull();
  });
});

describe('fieldsOf', () => {
  it.each([null, 1, 'text', [1], undefined])('has none of %j', (value) => {
    expect(fieldsOf(value)).toEqual({});
  });

  it('has those of an object', () => {
    expect(fieldsOf({ op: 1 })).toEqual({ op: 1 });
  });
});
