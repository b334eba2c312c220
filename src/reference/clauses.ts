/** Clauses as the pages show them. */
import { clauseUrl } from '../../machines/protocol/clauses.js';
import { code } from './markdown.js';

/** A clause as a link, or what else a cause comes from. */
export function clause(spec: string | undefined): string {
  if (spec === undefined) return '';
  const [page, section = ''] = spec.split('#');
  if (page === 'user') return 'an order';
  if (page === 'fault') return 'a fault, by order';
  if (page === 'policy') return `[policy, ${code(section)}](policy.md)`;
  const url = clauseUrl(spec);
  if (url === null) throw new Error(`machines/protocol/clauses.ts does not know where ${spec} stands`);
  return `[${titleOf(section)}](${url})`;
}

/** The same without links. */
export function clauseName(spec: string): string {
  const [page = '', section] = spec.split('#');
  if (page === 'user') return 'an order';
  if (section === undefined) return page;
  return page === 'gateway' ? titleOf(section) : `${page}, ${code(section)}`;
}

const titleOf = (section: string): string => section.replace(/-/g, ' ');
