/** What is said of arguments that functions of the charts and tables cannot use. */
import { describe, expect } from 'vitest';
import { createActor } from 'xstate';
import * as machines from '../../machines/index.js';
import { type Check, failureOf, testEach } from '../support/checks.js';

const { gatewayMachine, policyFrom, pure, shardMachine } = machines;

/** As JavaScript calls them. */
const functions = machines as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
const snapshot = createActor(shardMachine).getSnapshot();

type Call = readonly [name: string, args: readonly unknown[], says: string];

const CALLS: readonly Call[] = [
  ['pure', [{}], 'TypeError: the chart is an object; it must be a chart, such as shardMachine'],
  ['gated', [null], 'TypeError: the chart is null; it must be a chart'],
  ['stateNodesOf', ['shard'], "TypeError: the chart is 'shard'; it must be a chart"],
  ['stateName', [snapshot], 'TypeError: stateName takes the value of a snapshot: stateName(snapshot.value)'],
  ['stateName', [null], 'TypeError: stateName takes the value of a snapshot'],
  ['sentence', ['opened'], "TypeError: the cause is 'opened'; it must be a cause, such as that of a transition"],
  ['sentence', [{ name: 'openned' }], 'TypeError: the cause is an object; it must be a cause'],
  ['spanInWords', ['5 s'], "TypeError: the time is '5 s'; it must be milliseconds, or two numbers of them"],
  ['spanInWords', [[1]], 'RangeError: the time is [1]; it must be milliseconds'],
  ['intentsFor', ['MESSAGE_CREATE'], "TypeError: events is 'MESSAGE_CREATE'; it must be a list of names, such as"],
  ['explainIntents', [undefined, 0], 'TypeError: events is null; it must be a list of names'],
  ['undeliverable', [{}, 0], 'TypeError: events is an object; it must be a list of names'],
  ['intentNames', ['GUILDS'], "TypeError: bits is 'GUILDS'; it must be a number"],
  ['gatewayUrl', ['https://gateway.discord.gg'], 'the Gateway URL is not a WebSocket URL: use wss://'],
  ['gatewayUrl', ['https://'], 'the Gateway URL is not a URL: use one such as wss://gateway.discord.gg'],
  ['checkAllowHosts', ['discord.gg'], 'TypeError: allowHosts is a string; it must be a list, each entry a string'],
  ['trustedResumeUrl', ['wss://x.discord.gg'], 'TypeError: the argument is null; it must be an object'],
  ['trustedResumeUrl', ['wss://x', { gatewayURL: '' }], 'there is no option gatewayURL: write'],
  ['shardContext', [{ policy: { resumeBudget: 1 } }], 'policy is an object; it must be a whole policy, as policyFrom'],
  ['shardContext', [{ gatewayURL: 'wss://x' }], 'TypeError: there is no option input.gatewayURL: write gatewayUrl'],
  ['shardContext', [null], 'TypeError: input is null; it must be an object'],
  ['gatewayContext', [{ settings: { retain: 5 } }], 'TypeError: there is no option input.settings.retain'],
  ['gatewayContext', [{ setting: {} }], 'TypeError: there is no option input.setting: write settings'],
  ['drawDelays', [0.5], 'RangeError: random is 0.5; it must be a function'],
];

describe('a function that is called wrongly says so', () =>
  testEach([
    ...CALLS.map(
      ([name, args, says], row): Check => [
        `${row}: ${name}: ${says}`,
        () => failureOf(() => functions[name]?.(...args)),
        expect.stringContaining(says),
      ],
    ),
    [
      'an opcode that there is not',
      () => functions['problemOfCommand']?.(12, {}),
      expect.stringContaining('opcode 12'),
    ],
    ['the same of what arrived', () => functions['problemOfArrived']?.(12, {}), expect.stringContaining('opcode 12')],
    ['a whole policy is taken', () => pure(shardMachine).initial({ policy: policyFrom({}) }).snapshot.value, 'stopped'],
    [
      'settings are taken',
      () => pure(gatewayMachine).initial({ settings: { helloDelay: 5 } }).snapshot.context.settings.helloDelay,
      5,
    ],
  ]));
