import { simulatedClock } from '../../src/ports/clock.js';
import { createMemoryGateway, type MemoryGatewayOptions } from '../../src/simulator/index.js';
import { type Client, connect, MAIN, RESUME, sessionIdOf } from './client.js';

/** A Gateway without guilds on a simulated clock, so that only what a test does gets sequence numbers. */
export function inMemory(options: Partial<MemoryGatewayOptions> = {}) {
  const clock = simulatedClock();
  const gateway = createMemoryGateway({ clock, token: 'T', guilds: 0, recordDispatches: true, ...options });
  const pass = (ms = 10) => clock.increment(ms);
  const open = (url = MAIN) => {
    const client = connect(gateway.socketPort, url);
    pass();
    return client;
  };
  const live = (url = MAIN) => {
    const client = open(url);
    client.identify();
    pass();
    client.news();
    return client;
  };
  /** Another connection that resumes what `client` had. */
  const resume = (client: Client, seq: number) => {
    const next = open(RESUME);
    next.resume(sessionIdOf(client.payloads), seq);
    pass();
    return next;
  };
  return { clock, gateway, control: gateway.control, pass, open, live, resume };
}
