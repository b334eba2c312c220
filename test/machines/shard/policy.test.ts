import { describe, expect, it } from 'vitest';
import { CLOSE_CODES } from '../../../machines/protocol/close-codes.js';
import { DEFAULT_POLICY, LONGEST_TIMER, policyFrom } from '../../../machines/shard/policy.js';

describe('the default policy', () => {
  it('is what comes of no options', () => {
    expect(policyFrom()).toBe(DEFAULT_POLICY);
    expect(policyFrom({})).toEqual(DEFAULT_POLICY);
  });

  it('passes its own checks', () => {
    expect(policyFrom(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(DEFAULT_POLICY))).toEqual(DEFAULT_POLICY);
  });

  it('waits 1 to 5 s after Invalid Session, as Discord asked for', () => {
    expect(DEFAULT_POLICY.waits.invalidSession).toEqual([1_000, 5_000]);
  });

  it('closes with a code that keeps the session and that Discord does not use', () => {
    expect(DEFAULT_POLICY.closeCode).toBe(4900);
    expect(Object.keys(CLOSE_CODES)).not.toContain('4900');
  });

  it('gives up a session after three resumes in vain', () => {
    expect(DEFAULT_POLICY.resumeBudget).toBe(3);
  });

  it.each([4000, 4006, 4014, 4015, 4016, 1000, 2999, 5000, 3000.5])(
    'does not take %d for the code to close with',
    (closeCode) => {
      expect(() => policyFrom({ closeCode })).toThrow("but none of Discord's 4000-4016");
    },
  );

  it('resumes at the URL of the session, as documented', () => {
    expect(DEFAULT_POLICY.resumeAt).toBe('session');
  });

  it('gives the buffer 5 s at most to be read, once an ACK is missing', () => {
    expect(DEFAULT_POLICY.deadlines).toMatchObject({ silence: 250, overdue: 5_000 });
  });

  it('takes heartbeat intervals of half a second to an hour', () => {
    expect(DEFAULT_POLICY.heartbeatInterval).toEqual([500, 3_600_000]);
  });

  it('goes by the ACK alone, as documented', () => {
    expect(DEFAULT_POLICY.zombieTest).toBe('ack');
  });

  it('has no timer that JavaScript could not hold', () => {
    expect(LONGEST_TIMER).toBe(2_147_483_647);
  });
});

describe('policyFrom', () => {
  it('lays options over the defaults, deadlines and waits one by one', () => {
    expect(
      policyFrom({
        deadlines: { hello: 1 },
        waits: { quick: [0, 0], backoff: { base: 0, factor: 1, cap: 0 } },
        resumeBudget: 0,
        closeCodes: { 4000: { wait: 'backoff' } },
      }),
    ).toEqual({
      ...DEFAULT_POLICY,
      deadlines: { ...DEFAULT_POLICY.deadlines, hello: 1 },
      waits: { ...DEFAULT_POLICY.waits, quick: [0, 0], backoff: { base: 0, factor: 1, cap: 0 } },
      resumeBudget: 0,
      closeCodes: { 4000: { wait: 'backoff' } },
    });
  });

  it('leaves the defaults as they are', () => {
    const before = JSON.stringify(DEFAULT_POLICY);
    policyFrom({ deadlines: { hello: 1 }, waits: { quick: [1, 1] } });
    expect(JSON.stringify(DEFAULT_POLICY)).toBe(before);
  });

  it.each([
    { deadlines: { hello: 1 } },
    { deadlines: { ready: LONGEST_TIMER } },
    { waits: { quick: [0, 0] } },
    { waits: { cooldown: [5, LONGEST_TIMER] } },
    { waits: { backoff: { base: 0, factor: 1, cap: LONGEST_TIMER } } },
    { resumeBudget: 0 },
    { stability: 0.5 },
    { deadlines: { overdue: 1 } },
    { resumeAt: 'main' },
    { resumeAt: 'session' },
    { closeCode: 3000 },
    { closeCode: 4999 },
    { heartbeatInterval: [1, 1] },
    ...['client', 'gateway', 'network', 'nobody'].map((fault) => ({ closeCodes: { 4000: { fault } } })),
    ...['backoff', 'cooldown'].map((wait) => ({ closeCodes: { 4000: { wait } } })),
    { closeCodes: { 4000: { attempts: 0 } } },
  ] as const)('takes %j, at the limit', (options) => {
    expect(policyFrom(options as never)).toMatchObject(options);
  });

  const TIME = 'it must be a time above 0 ms that a timer can hold';
  const SPAN = 'it must be two times in milliseconds, the smaller first';
  it.each<[unknown, string]>([
    [{ deadlines: { hello: 0 } }, `policy.deadlines.hello is 0; ${TIME}`],
    [{ deadlines: { overdue: 0 } }, `policy.deadlines.overdue is 0; ${TIME}`],
    [{ deadlines: { open: -1 } }, `policy.deadlines.open is -1; ${TIME}`],
    [{ deadlines: { ready: LONGEST_TIMER + 1 } }, `policy.deadlines.ready is 2147483648; ${TIME}`],
    [{ deadlines: { silence: '250' } }, `policy.deadlines.silence is '250'; ${TIME}`],
    [{ waits: { quick: [500, 0] } }, `policy.waits.quick is [500, 0]; ${SPAN}`],
    [{ waits: { quick: 500 } }, `policy.waits.quick is 500; ${SPAN}`],
    [{ waits: { cooldown: [5] } }, `policy.waits.cooldown is [5]; ${SPAN}`],
    [{ waits: { cooldown: [1, 2, 3] } }, `policy.waits.cooldown is [1, 2, 3]; ${SPAN}`],
    [{ waits: { invalidSession: [-1, 5] } }, `policy.waits.invalidSession is [-1, 5]; ${SPAN}`],
    [{ waits: { cooldown: [0, LONGEST_TIMER + 1] } }, `policy.waits.cooldown is [0, 2147483648]; ${SPAN}`],
    [
      { waits: { backoff: { base: -1, factor: 2, cap: 9 } } },
      'policy.waits.backoff.base is -1; it must be a time in milliseconds',
    ],
    [
      { waits: { backoff: { base: 1, factor: 2, cap: 2 ** 31 } } },
      'policy.waits.backoff.cap is 2147483648; it must be a time in milliseconds',
    ],
    [
      { waits: { backoff: { base: 1, factor: 0.9, cap: 9 } } },
      'policy.waits.backoff.factor is 0.9; it must be a number of at least 1',
    ],
    [{ resumeBudget: -1 }, 'policy.resumeBudget is -1; it must be a whole number of at least 0'],
    [{ resumeBudget: 0.5 }, 'policy.resumeBudget is 0.5; it must be a whole number of at least 0'],
    [{ stability: 0 }, 'policy.stability is 0; it must be a number of heartbeat intervals above 0'],
    [{ closeCode: 1000 }, /^policy\.closeCode is 1000; it must be a code within 3000-4999/],
    [{ closeCode: 1001 }, /^policy\.closeCode is 1001; /],
    [{ closeCode: 2999 }, /^policy\.closeCode is 2999; /],
    [{ closeCode: 14_900 }, /^policy\.closeCode is 14900; /],
    [{ closeCode: 49_000 }, /^policy\.closeCode is 49000; /],
    [{ closeCode: 5000 }, /^policy\.closeCode is 5000; /],
    [
      { heartbeatInterval: [0, 5] },
      'policy.heartbeatInterval is [0, 5]; it must be two times above 0 ms, the smaller first',
    ],
    [
      { heartbeatInterval: [9, 5] },
      'policy.heartbeatInterval is [9, 5]; it must be two times above 0 ms, the smaller first',
    ],
  ] as [unknown, string][])('refuses %j and names the value', (options, message) => {
    expect(() => policyFrom(options as never)).toThrow(message);
    expect(() => policyFrom(options as never)).toThrow(message.toString().includes("'250'") ? TypeError : RangeError);
  });

  it.each<[unknown, string]>([
    [{ resumeBugdet: 3 }, 'there is no option policy.resumeBugdet: write resumeBudget'],
    [{ deadline: {} }, 'there is no option policy.deadline: write deadlines'],
    [{ deadlines: { helo: 1 } }, 'there is no option policy.deadlines.helo: write hello'],
    [{ deadlines: { identify: 1 } }, 'there is no option policy.deadlines.identify; there are locate, open, hello,'],
    [{ waits: { backoff: { max: 1 } } }, 'there is no option policy.waits.backoff.max; there are base, factor, cap'],
    [{ deadlines: null }, 'policy.deadlines is null; it must be an object'],
    [{ deadlines: [1] }, 'policy.deadlines is [1]; it must be an object'],
    ['gentle', "policy is 'gentle'; it must be an object"],
    [null, 'policy is null; it must be an object'],
    [{ zombieTest: 'nonsense' }, "policy.zombieTest is 'nonsense'; it must be one of 'ack', 'anyTraffic'"],
    [{ resumeAt: 'proxy' }, "policy.resumeAt is 'proxy'; it must be one of 'session', 'main'"],
    [{ identifyBudget: 5 }, 'there is no option policy.identifyBudget'],
    [{ waits: { identifiesSpent: [1, 2] } }, 'there is no option policy.waits.identifiesSpent'],
    [{ invalidSession: 'nonsense' }, "policy.invalidSession is 'nonsense'; it must be one of 'resume', 'identify'"],
    [{ closeCode: 4000.5 }, 'policy.closeCode is 4000.5; it must be a code within 3000-4999'],
    [{ closeCode: '4900' }, "policy.closeCode is '4900'; it must be a code within 3000-4999"],
    [{ waits: { quick: null } }, 'policy.waits.quick is null; it must be two times in milliseconds'],
    [{ waits: { backoff: { factor: '2' } } }, "policy.waits.backoff.factor is '2'; it must be a number of at least 1"],
    [{ closeCodes: { 14_000: {} } }, 'policy.closeCodes.14000 is not named after a close code'],
    [{ closeCodes: { 40_001: {} } }, 'policy.closeCodes.40001 is not named after a close code'],
    [{ closeCodes: [] }, 'policy.closeCodes is []; it must be an object'],
    [{ closeCodes: { 999: {} } }, 'policy.closeCodes.999 is not named after a close code'],
    [{ closeCodes: { 4000: null } }, 'policy.closeCodes.4000 is null; it must be an object'],
    [
      { closeCodes: { 4000: { recover: 'stop' } } },
      'there is no option policy.closeCodes.4000.recover: write recovery',
    ],
    [
      { closeCodes: { 4000: { recovery: 'x' } } },
      "policy.closeCodes.4000.recovery is 'x'; it must be one of 'resume',",
    ],
    [{ closeCodes: { 4000: { attempts: -1 } } }, 'policy.closeCodes.4000.attempts is -1; it must be a whole number'],
  ])('refuses %j and says what to write', (options, message) => {
    expect(() => policyFrom(options as never)).toThrow(message);
  });

  it('takes what is left out explicitly for left out, in depth', () => {
    expect(
      policyFrom({
        deadlines: { open: undefined },
        waits: { backoff: { base: undefined, cap: 5 } },
        closeCodes: undefined,
      } as never),
    ).toEqual({
      ...DEFAULT_POLICY,
      waits: { ...DEFAULT_POLICY.waits, backoff: { ...DEFAULT_POLICY.waits.backoff, cap: 5 } },
    });
  });

  it.each([
    ['deadlines.close', { deadlines: { close: Number.NaN } }],
    ['deadlines.permit', { deadlines: { permit: Number.POSITIVE_INFINITY } }],
    ['waits.quick', { waits: { quick: [0, Number.NaN] } }],
    ['waits.backoff.factor', { waits: { backoff: { base: 1, factor: Number.NaN, cap: 9 } } }],
    ['resumeBudget', { resumeBudget: Number.POSITIVE_INFINITY }],
    ['stability', { stability: Number.POSITIVE_INFINITY }],
    ['closeCode', { closeCode: Number.NaN }],
  ])('refuses a %s that is no finite number', (name, options) => {
    expect(() => policyFrom(options as never)).toThrow(new RegExp(`^policy\\.${name} is `));
  });
});
