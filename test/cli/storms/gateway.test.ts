/** The Gateway that follows a script, beside a client that says what it is told to say. */
import { describe, expect, it } from 'vitest';
import { StormGateway } from '../../../src/cli/storms/gateway.js';
import type { Script } from '../../../src/cli/storms/scenarios.js';
import { simulatedClock } from '../../../src/ports/clock.js';

const HELLO = '10 {"heartbeat_interval":41250}';
const READY = 'READY 1 {"session_id":"session-1","resume_gateway_url":"wss://gateway.discord.gg"}';

/** A client without a mind of its own. */
function bench(...scripts: Script[]) {
  const clock = simulatedClock();
  const gateway = new StormGateway({ says: '', scripts }, clock, () => 0);
  const lines: string[] = [];
  const open = () =>
    gateway.open(
      'wss://gateway.discord.gg/?v=10',
      {},
      {
        opened: () => lines.push(`${clock.now()} opened`),
        message: (data) => lines.push(`${clock.now()} ${textOf(String(data))}`),
        closed: ({ code, wasClean }) => lines.push(`${clock.now()} closed ${code}${wasClean ? '' : ' uncleanly'}`),
      },
    );
  const say = (socket: ReturnType<typeof open>, op: number, ms = 100) => {
    socket.send(JSON.stringify({ op, d: null }));
    clock.increment(ms);
    return lines.splice(0);
  };
  return { clock, gateway, lines, open, say };
}

function textOf(message: string): string {
  const { op, s, t, d } = JSON.parse(message);
  if (op === 0) return `${t} ${s}${t === 'READY' ? ` ${JSON.stringify(d)}` : ''}`;
  return op === 11 ? '11' : `${op} ${JSON.stringify(d)}`;
}

describe('a Gateway that follows a script', () => {
  it('does as documented where the script says nothing', () => {
    const { clock, gateway, lines, open, say } = bench({});
    const socket = open();
    clock.increment(100);
    expect(lines.splice(0)).toEqual(['20 opened', `40 ${HELLO}`]);
    expect(say(socket, 2)).toEqual([`140 ${READY}`]);
    expect(say(socket, 1)).toEqual(['240 11']);
    expect(say(socket, 6)).toEqual(['340 RESUMED 2']);
    socket.close(4900);
    expect(socket.isOpen).toBe(false);
    clock.increment(100);
    expect(lines).toEqual(['440 closed 4900']);
    expect(gateway.log).toEqual({ connections: [0], identifies: [120], resumes: [320] });
  });

  it('refuses, greets otherwise, and is deaf', () => {
    const answers = (script: Script) => {
      const { clock, lines, open, say } = bench(script);
      const socket = open();
      clock.increment(100);
      return [...lines.splice(0), ...say(socket, 1)];
    };
    expect(answers({ refuses: true })).toEqual(['20 closed 1006 uncleanly']);
    expect(answers({ greet: [] })).toEqual(['20 opened', '140 11']);
    expect(answers({ greet: ['reconnect'] })).toEqual(['20 opened', '40 7 null', '140 11']);
    expect(answers({ greet: ['hello', 1000] })).toEqual(['20 opened', `40 ${HELLO}`, '40 closed 1000']);
    expect(answers({ deaf: true })).toEqual(['20 opened', `40 ${HELLO}`]);
    expect(answers({ interval: 500 })).toEqual(['20 opened', '40 10 {"heartbeat_interval":500}', '140 11']);
  });

  it('answers Identify and Resume with what the script has, in order', () => {
    const answers = (script: Script, op: number) => {
      const { clock, lines, open, say } = bench(script);
      const socket = open();
      clock.increment(100);
      lines.length = 0;
      return say(socket, op, 2_000);
    };
    expect(answers({ identify: ['ready', 'drop'] }, 2)).toEqual([`140 ${READY}`, '140 closed 1006 uncleanly']);
    expect(answers({ identify: ['invalid'] }, 2)).toEqual(['140 9 false']);
    expect(answers({ resume: ['dispatch', 'resumed', 'resumable'] }, 6)).toEqual([
      '140 TYPING_START 1',
      '140 RESUMED 2',
      '140 9 true',
    ]);
    expect(answers({ resume: ['resumed', { after: 1_000, deed: 4008 }] }, 6)).toEqual([
      '140 RESUMED 1',
      '1140 closed 4008',
    ]);
  });

  it('lets dispatches flow once the session is ready', () => {
    const { clock, lines, open, say } = bench({ dispatchEvery: 1_000 });
    const socket = open();
    clock.increment(2_000);
    expect(lines.splice(0)).toHaveLength(2);
    expect(say(socket, 2, 2_500).slice(1)).toEqual(['3040 TYPING_START 2', '4040 TYPING_START 3']);
  });

  it('goes wrong after the first ACK at which the connection has held, once', () => {
    const { clock, lines, open, say } = bench({ interval: 500, held: ['reconnect'] });
    const socket = open();
    clock.increment(100);
    lines.length = 0;
    say(socket, 2, 420);
    expect(say(socket, 1)).toEqual(['560 11']);
    expect(say(socket, 1)).toEqual(['660 11', '660 7 null']);
    expect(say(socket, 1)).toEqual(['760 11']);
  });

  it('says nothing any more once it is dropped', () => {
    const { clock, lines, open } = bench({});
    open().drop();
    const second = open();
    clock.increment(30);
    second.drop();
    clock.increment(1_000);
    expect(lines).toEqual(['20 opened']);
    expect(clock.next).toBeUndefined();
  });

  it('gives up what it was about to do when it turns good, on every connection', () => {
    const { clock, gateway, lines, open, say } = bench({
      deaf: true,
      identify: ['ready', { after: 1_000, deed: 4009 }],
    });
    const socket = open();
    clock.increment(100);
    lines.length = 0;
    expect(say(socket, 2)).toHaveLength(1);
    gateway.turnGood();
    expect(say(socket, 1, 5_000)).toEqual(['240 11']);
  });

  it('gives each connection a script of its own', () => {
    const clock = simulatedClock();
    const draws = [0.1, 0.9, 0.4];
    const scripts = [{ refuses: true }, {}];
    const gateway = new StormGateway({ says: '', scripts }, clock, () => draws.shift() ?? 0);
    const ends: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      const closed = () => void ends.push(name);
      gateway.open('wss://gateway.discord.gg/', {}, { opened() {}, message() {}, closed });
    }
    clock.increment(100);
    expect(ends).toEqual(['first', 'third']);
  });
});
