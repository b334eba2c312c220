import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ServeSummary } from '../../src/cli/serve/summary.js';
import { simulatedClock } from '../../src/ports/clock.js';
import { logReply, obey } from '../../src/simulator/control-http.js';
import { Gateway } from '../../src/simulator/gateway.js';
import {
  FAULT_DETAILS,
  FAULTS,
  type FaultName,
  faultTakes,
  LOG_KINDS,
  MALFORMED,
  PLACES,
} from '../../src/simulator/index.js';
import { profileFrom } from '../../src/simulator/options.js';
import { inMemory } from '../simulator/in-memory.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/simulator.md'), 'utf8');
const gateway = new Gateway({}, simulatedClock());
const messageOf = ({ body }: { readonly body?: unknown }) => (body as { message: string }).message;
const namesAfter = (colon: string, message: string) => message.slice(message.indexOf(colon) + colon.length).split(', ');

/** Every field of an object and of those within, sorted. */
function fieldsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...new Set([...own, ...Object.values(value).flatMap(fieldsOf)])].sort();
}

describe('docs/simulator.md', () => {
  it.each(Object.entries(FAULTS))('has the fault %s with what it does and takes', (name, says) => {
    const { lasts, detail } = faultTakes(name as FaultName);
    const takes = detail === undefined ? '' : `\`${detail}\` (${FAULT_DETAILS[detail].default})`;
    expect(page).toContain(`| \`${name}\` | ${says} | ${lasts} | ${takes} |`);
  });

  it.each(Object.entries(MALFORMED))('has the kind %s of malformed frames', (name, { says }) => {
    expect(page).toContain(`| \`${name}\` | ${says} |`);
  });

  it('has every setting and limit with its default', () => {
    const { settings, limits } = profileFrom({});
    for (const [name, value] of [...Object.entries(settings), ...Object.entries(limits)]) {
      const shown = typeof value === 'object' ? JSON.stringify(value).replace(/([:,])/g, '$1 ') : `${value}`;
      const row = page.split('\n').find((line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${name}\``));
      expect(row?.split('|')[2]?.replaceAll('`', '').trim(), name).toBe(shown);
    }
  });

  it('shows a state with the fields that it has, and says what those are that do not speak for themselves', () => {
    const { control, live } = inMemory();
    live();
    control.injectFault('closeWith', { code: 4009, at: 'live', times: 1 });
    const [, shown = ''] = /is the state:\n\n```json\n([\s\S]*?)```/.exec(page) ?? [];
    const state = control.state();
    expect(fieldsOf(JSON.parse(shown))).toEqual(fieldsOf(state));
    for (const field of fieldsOf([state.connections, state.sessions])) expect(page).toContain(`\`${field}\``);
  });

  it('has every field of the summary of `serve --json`', () => {
    for (const count of Object.keys(new ServeSummary().counts)) expect(page).toContain(`\`${count}\``);
  });

  it('has every order with its fields, every kind of entry, every filter and every place', () => {
    const orders = namesAfter('there are ', messageOf(obey(gateway, 'explode', {})));
    const fields = orders.flatMap((order) => {
      if (order === 'injectFault') return ['name'];
      return namesAfter('it takes ', messageOf(obey(gateway, order, { explode: 1 }))).filter(
        (field) => field !== 'nothing',
      );
    });
    const filters = namesAfter('it takes ', messageOf(logReply(gateway, new URLSearchParams('explode=1'))));
    const names = [...orders, ...fields, ...filters, ...LOG_KINDS, ...PLACES].filter((name) => name !== 'after');
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
