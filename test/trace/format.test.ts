/** The format as the compiler knows it and as vectors/trace.schema.json says it: every line of one is a line of the other. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  type CheckpointLine,
  type EndLine,
  type FrameLine,
  type HeaderLine,
  type StepLine,
  TRACE_FORMAT,
  type TraceLine,
  type WarningLine,
} from '../../src/trace/format.js';
import schema from '../../vectors/trace.schema.json' with { type: 'json' };

const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);

/** All keys of a line, the optional ones too: the compiler refuses a line here that lacks one. */
type Whole<L extends TraceLine> = { readonly [K in keyof Required<L>]-?: L[K] };

const HEADER = {
  type: 'header',
  at: 0,
  actor: 'shard 2',
  format: 1,
  gatechart: '0.1.0',
  chart: 'shard',
  definition: '19df20bc3f80ec',
  began: 1_700_000_000_000.25,
  file: 2,
  lost: 20,
  input: { policy: {} },
  shard: [0, 1],
  intents: 513,
} satisfies Whole<HeaderLine>;

const CHECKPOINT = {
  type: 'checkpoint',
  at: 0,
  actor: 'shard 2',
  state: 'stopped',
  snapshot: { value: 'stopped', context: { session: null }, status: 'active' },
  timers: { reconnect: 412.5 },
} satisfies Whole<CheckpointLine>;

const STEP = {
  type: 'step',
  at: 1.234,
  actor: 'shard 2',
  event: { type: 'dispatched', connection: 1, sequence: 3 },
  from: 'stopped',
  to: 'running.waiting',
  causes: [{ name: 'closedForResume', closeCode: 1006 }],
  do: [
    { type: 'arm', params: { timer: 'reconnect', delay: 412 }, draws: [0] },
    { type: 'disarm', params: { timer: 'heartbeat' } },
    { type: 'sendResume', params: {} },
  ],
  dispatches: { first: 2, last: 3, count: 2, bytes: 0, names: { MESSAGE_CREATE: 2 }, payloads: [null, { id: '1' }] },
} satisfies Whole<StepLine>;

const FRAME = {
  type: 'frame',
  at: 2,
  actor: 'shard 2',
  direction: 'in',
  connection: 1,
  op: 0,
  name: 'READY',
  sequence: 1,
  bytes: 500,
  payload: { session_id: '<session 1>' },
} satisfies Whole<FrameLine>;

const WARNING = {
  type: 'warning',
  at: 3,
  actor: 'shard 2',
  problem: 'a listener threw',
  error: 'no',
} satisfies Whole<WarningLine>;

const END = {
  type: 'end',
  at: 4,
  actor: 'shard 2',
  state: 'stopped',
  because: 'broken',
  error: 'no',
} satisfies Whole<EndLine>;

/** Each type of line with all it may have, and what every line of that type has to have. */
const TYPES: readonly (readonly [line: TraceLine, required: readonly string[]])[] = [
  [HEADER, ['type', 'at', 'format', 'gatechart', 'chart', 'definition', 'began', 'file', 'input']],
  [CHECKPOINT, ['type', 'at', 'state', 'snapshot', 'timers']],
  [STEP, ['type', 'at', 'event', 'from']],
  [FRAME, ['type', 'at', 'direction', 'connection', 'op', 'bytes']],
  [WARNING, ['type', 'at', 'problem']],
  [END, ['type', 'at', 'state', 'because']],
];

const without = (line: object, ...keys: readonly string[]) =>
  Object.fromEntries(Object.entries(line).filter(([key]) => !keys.includes(key)));

describe('the format of a trace', () => {
  it('has the highest number that the schema allows', () => {
    expect(Math.max(...schema.$defs.header.properties.format.enum)).toBe(TRACE_FORMAT);
  });

  describe.each(TYPES)('in a $type', (line, required) => {
    it('takes everything that may be there, and nothing else', () => {
      expect(validate(line), JSON.stringify(validate.errors)).toBe(true);
      expect(validate({ ...line, other: 1 })).toBe(false);
    });

    it('takes what has to be there alone, and demands each of it', () => {
      const optional = Object.keys(line).filter((key) => !required.includes(key));
      expect(validate(without(line, ...optional)), JSON.stringify(validate.errors)).toBe(true);
      for (const key of required) expect(validate(without(line, key)), key).toBe(false);
    });
  });

  it.each<[what: string, line: object]>([
    ['an unknown type', { ...END, type: 'weather' }],
    ['another format', { ...HEADER, format: 3 }],
    ['a file 0', { ...HEADER, file: 0 }],
    ['no lost lines, which are left out', { ...HEADER, lost: 0 }],
    ['a shard of none', { ...HEADER, shard: [0, 0] }],
    ['a shard without its count', { ...HEADER, shard: [0] }],
    ['a state without a name', { ...CHECKPOINT, state: '' }],
    ['a snapshot without a context', { ...CHECKPOINT, snapshot: { value: 'stopped' } }],
    ['a timer without a time', { ...CHECKPOINT, timers: { hello: null } }],
    ['an event without a type', { ...STEP, event: {} }],
    ['an empty list of causes, which is left out', { ...STEP, causes: [] }],
    ['an empty list of instructions, which is left out', { ...STEP, do: [] }],
    ['a cause without a name', { ...STEP, causes: [{}] }],
    ['a timer that is armed without a delay', { ...STEP, do: [{ type: 'arm', params: { timer: 'hello' } }] }],
    ['a draw of 1', { ...STEP, do: [{ type: 'arm', params: { timer: 'hello', delay: 1 }, draws: [1] }] }],
    ['draws of what is not armed', { ...STEP, do: [{ type: 'sendResume', params: {}, draws: [0.5] }] }],
    ['a burst of no dispatches', { ...STEP, dispatches: { ...STEP.dispatches, count: 0 } }],
    ['a direction of its own', { ...FRAME, direction: 'up' }],
    ['a connection 0', { ...FRAME, connection: 0 }],
    ['an end for another reason', { ...END, because: 'tired' }],
  ])('refuses %s', (_, line) => {
    expect(validate(line)).toBe(false);
  });

  it('has no opcode for a frame that could not be understood', () => {
    expect(validate({ ...FRAME, op: null })).toBe(true);
  });
});
