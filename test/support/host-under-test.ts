import { type PolicyOptions, type ShardEvent, shardAbstraction } from '../../machines/index.js';
import type { SystemUnderTest } from '../../src/exploring/model.js';
import { armedBy } from '../../src/exploring/timers.js';
import { Puppet } from './puppet.js';

/** The effects that show at the ports; cancelling a question shows in what is not told any more. */
export const AT_THE_PORTS = [
  'locateGateway',
  'openSocket',
  'sendHeartbeat',
  'requestPermit',
  'sendIdentify',
  'sendResume',
  'closeSocket',
  'dropSocket',
];

/** Our own host as a system under test. */
export function hostUnderTest(policy: PolicyOptions = {}): SystemUnderTest<ShardEvent> {
  const puppet = new Puppet(policy);
  const snapshot = () => puppet.actor.getSnapshot();
  return {
    send: (event) => puppet.pull(event),
    observe: () => puppet.calls.splice(0),
    state: () => shardAbstraction.key(snapshot()),
    armed: () => runningIn(puppet),
    dispose: () => puppet.stop(),
  };

  /** The puppet knows delays, the chart names: the names, if they come to just the delays that run. */
  function runningIn({ running }: Puppet): Iterable<string> {
    const armed = armedBy(snapshot());
    const delays = [...armed].map((timer) => puppet.delayOf(timer as never)).sort();
    return delays.every((ms, i) => ms === running[i]) && delays.length === running.length
      ? armed
      : running.map((ms) => `one of ${ms} ms`);
  }
}
