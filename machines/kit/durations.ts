/** Spans of time in words. */
import { demandGiven, isNumber, listOf, type Rule } from './shape.js';

const [SECOND, MINUTE] = [1_000, 60_000];

const SPAN: Rule = {
  says: 'milliseconds, or two numbers of them',
  holds: (value) => isNumber.holds(value) || (listOf(isNumber).holds(value) && (value as unknown[]).length === 2),
};

/** A time or a span in milliseconds as people say it, such as `250 ms`, `1 to 5 s`. */
export function spanInWords(span: number | readonly [least: number, most: number]): string {
  demandGiven('the time', span, SPAN);
  const [least, most] = typeof span === 'number' ? [span, span] : span;
  if (least === most) return timeInWords(most);
  const [from, to] = [timeInWords(least), timeInWords(most)];
  const unit = to.slice(to.indexOf(' '));
  return least === 0 || from.endsWith(unit) ? `${from.slice(0, from.indexOf(' '))} to ${to}` : `${from} to ${to}`;
}

function timeInWords(ms: number): string {
  if (ms >= MINUTE && ms % MINUTE === 0) return `${ms / MINUTE} min`;
  return ms >= SECOND && ms % SECOND === 0 ? `${ms / SECOND} s` : `${ms} ms`;
}

/** A time in milliseconds that was measured or drawn, rounded to what is of interest in it: `1.5 s`, `12 s`, `1 min 15 s`. */
export function roughly(ms: number): string {
  if (ms < 0) return `−${roughly(-ms)}`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(ms < 10 * SECOND ? 1 : 0)} s`;
  return `${Math.floor(ms / MINUTE)} min ${Math.round((ms % MINUTE) / SECOND)} s`;
}
