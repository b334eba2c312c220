import { clauseUrl } from '../../../machines/protocol/clauses.js';
import { inScript } from '../../telling/printable.js';
import { GRADES } from '../case.js';
import type { ConformanceReport } from '../report.js';

/**
 * One page that holds all it needs: clients against cases, filters, evidence on click. What reports say is data in it and
 * gets onto the page as text alone.
 */
export function html(reports: readonly ConformanceReport[]): string {
  const specs = new Set(reports.flatMap(({ results }) => results.map(({ spec }) => spec)));
  const links = Object.fromEntries([...specs].map((spec) => [spec, clauseUrl(spec)]));
  const data = inScript({ reports, grades: GRADES, links });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Discord Gateway conformance</title>
<style>${STYLE}</style>
<header>
  <h1>Discord Gateway conformance</h1>
  <p id="about"></p>
  <form id="filters" aria-label="Filters">
    <label>Find <input name="text" type="search" placeholder="close-4009"></label>
    <label>Verdict <select name="verdict"></select></label>
    <label>Grade <select name="grade"></select></label>
    <label>Section <select name="spec"></select></label>
    <label>Level <select name="level"></select></label>
    <output id="shown"></output>
  </form>
</header>
<main><table><thead></thead><tbody></tbody></table></main>
<dialog aria-labelledby="case"><form method="dialog"><button autofocus>Close</button></form>
  <h2 id="case"></h2><p id="says"></p><ul id="findings"></ul><pre id="timeline" tabindex="0"></pre></dialog>
<script type="application/json" id="data">${data}</script>
<script>${SCRIPT}</script>
</html>
`;
}

const STYLE = `
:root { --ink: #1c1e24; --soft: #5c6270; --paper: #fff; --line: #dcdfe6; --good: #1a7f37; --fine: #7a6300; --bad: #b3261e; --none: #6b7280; --hover: #f1f3f8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #a2a9b8; --paper: #14161b; --line: #333844; --good: #57d177; --fine: #e3c04a; --bad: #ff8a80; --none: #9aa2b1; --hover: #1f232c } }
* { box-sizing: border-box }
body { margin: 0; padding: 1.5rem; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
h1 { margin: 0; font-size: 1.4rem } h2 { margin: 0 0 .5rem; font-size: 1.1rem }
p { margin: .3rem 0 1rem; color: var(--soft); max-width: 75ch }
form#filters { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin-bottom: 1rem }
label { display: grid; font-size: .8rem; color: var(--soft) }
input, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .5rem }
main { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
thead th { position: sticky; top: 0; background: var(--paper); font-size: .85rem }
thead small { display: block; font-weight: 400; color: var(--soft) }
tbody th { font-weight: 500; min-width: 18rem } tbody th small { display: block; color: var(--soft); font-weight: 400 }
td button { border: 0; padding: .1rem .4rem; text-align: left; cursor: pointer }
td button:hover, td button:focus-visible { background: var(--hover) }
.passed { color: var(--good) } .tolerated { color: var(--fine) } .failed { color: var(--bad) } .not { color: var(--none) }
dialog { width: min(62rem, 94vw); max-height: 90vh; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 10px }
dialog form { float: right } dialog::backdrop { background: #0008 }
pre { overflow: auto; max-height: 55vh; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; font: 12.5px/1.5 ui-monospace, monospace }
`;

const SCRIPT = `
const { reports, grades, links } = JSON.parse(document.getElementById('data').textContent);
const make = (tag, text = '', className = '') => Object.assign(document.createElement(tag), { textContent: text, className });
const cases = new Map();
for (const report of reports) for (const result of report.results) if (!cases.has(result.id)) cases.set(result.id, result);
const of = (report, id) => report.results.find((result) => result.id === id);
const form = document.getElementById('filters');
const fill = (name, values) => form.elements[name].append(new Option('any', ''), ...values.map((value) => new Option(value, value)));
const all = [...cases.values()];
fill('verdict', ['passed', 'tolerated', 'failed', 'not reached', 'not tested']);
fill('grade', Object.keys(grades));
fill('spec', [...new Set(all.map(({ spec }) => spec))].sort());
fill('level', [...new Set(all.map(({ level }) => level))]);
document.getElementById('about').textContent =
  reports.length + ' client' + (reports.length === 1 ? '' : 's') + ', ' + cases.size + ' cases. A verdict says what crossed the wire; click one for the evidence.';
const head = document.querySelector('thead');
const row = make('tr');
row.append(make('th', 'Case'));
for (const { client, counts, began, profile } of reports) {
  const cell = make('th', client);
  cell.append(make('small', counts.failed + ' failed, ' + counts.passed + ' passed, ' + counts.tolerated + ' tolerated, ' + counts['not reached'] + ' not reached, ' + (counts['not tested'] ?? 0) + ' not tested'), make('small', profile + ', ' + began.slice(0, 10)));
  row.append(cell);
}
head.append(row);
const dialog = document.querySelector('dialog');
function show(result, client) {
  document.getElementById('case').textContent = client + ': ' + result.id;
  const clause = links[result.spec] ? Object.assign(make('a', result.spec), { href: links[result.spec] }) : result.spec;
  document.getElementById('says').replaceChildren(result.says + '. (', clause, ', ' + result.level + '; heartbeat interval ' + result.interval + ' ms)');
  document.getElementById('findings').replaceChildren(
    ...(result.why ? [make('li', result.verdict + ': ' + result.why)] : []),
    ...(result.varies ? [make('li', 'varies: it was ' + result.varies.verdict + (result.varies.grade ? ': ' + result.varies.grade : '') + ' when it was played first')] : []),
    ...result.findings.map(({ grade, says, tolerated }) => make('li', tolerated ? 'tolerated: ' + says + ': ' + tolerated : grade + ' (' + grades[grade] + '): ' + says)),
  );
  const timeline = document.getElementById('timeline');
  timeline.textContent = result.timeline.join('\\n');
  timeline.hidden = result.timeline.length === 0;
  dialog.showModal();
}
function draw() {
  const { text, verdict, grade, spec, level } = Object.fromEntries(new FormData(form));
  const fits = (result) => (!verdict || result.verdict === verdict) && (!grade || result.grade === grade);
  const chosen = all.filter((one) =>
    (!text || (one.id + ' ' + one.says).toLowerCase().includes(text.toLowerCase())) && (!spec || one.spec === spec) &&
    (!level || one.level === level) && reports.some((report) => { const result = of(report, one.id); return result && fits(result); }));
  document.querySelector('tbody').replaceChildren(...chosen.map((one) => {
    const line = make('tr');
    const name = make('th', one.id);
    name.scope = 'row';
    name.append(make('small', one.says));
    line.append(name);
    for (const report of reports) {
      const result = of(report, one.id);
      const cell = make('td', result ? '' : '–');
      if (result) {
        const button = make('button', (result.verdict === 'failed' ? 'failed: ' + result.grade : result.verdict) + (result.varies ? ', varies' : ''), result.verdict.split(' ')[0]);
        button.type = 'button';
        button.addEventListener('click', () => show(result, report.client));
        cell.append(button);
      }
      line.append(cell);
    }
    return line;
  }));
  document.getElementById('shown').textContent = chosen.length + ' of ' + all.length;
}
form.addEventListener('input', draw);
form.addEventListener('submit', (event) => event.preventDefault());
draw();
`;
