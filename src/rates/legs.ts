/**
 * The legs of a run: from one mark to the next, where a mark is a connection that begins, a request for a permit, or an
 * Identify. Where a leg ends, few timers run; so the marks are few, each with the least time that is left of its timers,
 * and the run of months is put together from legs.
 */
import type { Class, Classes, Move } from './classes.js';
import { after, afterAnyTime, Frontier, isAsEarly, type Moment, timeless } from './times.js';

/** Where a leg begins and ends. */
export interface Mark {
  /** Unique, of its class and of what is left. */
  readonly name: string;
  readonly state: Class;
  /** What is left of the timers that run, in ms. */
  readonly left: readonly number[];
  /** Those from here; made when they are asked for. */
  readonly legs: readonly Leg[];
}

/** The quickest way from one mark to the next. */
export interface Leg {
  readonly to: Mark;
  /** How long it takes at least, in ms. */
  readonly ms: number;
  /** What happens at its end. */
  readonly opens: boolean;
  readonly asks: boolean;
  readonly identifies: boolean;
  /** Whether failures are forgiven on it. */
  readonly forgives: boolean;
  readonly moves: readonly Move[];
}

interface Label extends Moment {
  readonly state: Class;
  readonly forgives: boolean;
  readonly via: { readonly from: Label; readonly move: Move } | null;
}

/** The marks and legs of a chart. */
export class Legs {
  readonly #marks = new Map<string, Mark>();
  /** The beginning. */
  readonly root: Mark;
  /** Every Identify that can be sent, at a moment before which there was time enough for anything. */
  readonly identifies: readonly Mark[];
  /** Classes with times that were looked at. */
  situations = 0;

  constructor({ root, all }: Classes) {
    this.root = this.#markOf(root, timeless(root));
    const moves = all.flatMap((each) => each.moves).filter(({ marks }) => marks.identifies);
    this.identifies = [...new Set(moves.map((move) => this.#markOf(move.to, afterAnyTime(move))))];
  }

  /** Every mark that is known. */
  get marks(): readonly Mark[] {
    return [...this.#marks.values()];
  }

  /** Finds all marks and their legs; yields how many marks are known. */
  *find(): Generator<number, void> {
    for (const mark of this.#marks.values()) {
      if (mark.legs.length >= 0) yield this.#marks.size; // made as they are read
    }
  }

  #markOf(state: Class, { at, ready }: Moment): Mark {
    const left = ready.map((time) => Math.max(0, time - at));
    const name = `${state.id} ${left.join()}`;
    const known = this.#marks.get(name);
    if (known !== undefined) return known;
    let legs: readonly Leg[] | undefined;
    const mark: Mark = {
      name,
      state,
      left,
      get legs() {
        legs ??= find();
        return legs;
      },
    };
    const find = () => this.#legsFrom(mark);
    this.#marks.set(name, mark);
    return mark;
  }

  #legsFrom({ state, left }: Mark): readonly Leg[] {
    const first: Label = { state, at: 0, ready: left, forgives: false, via: null };
    const frontier = new Frontier<Label>();
    const ends: { label: Label; move: Move }[] = [];
    const queue = [first];
    frontier.add(nameOf(first), first);
    for (const label of queue) {
      if (!frontier.has(nameOf(label), label)) continue;
      for (const move of label.state.moves) {
        const forgives = label.forgives || move.forgives;
        const next: Label = { ...after(label, move), state: move.to, forgives, via: { from: label, move } };
        const { opens, asks, identifies } = move.marks;
        if (opens || asks || identifies) ends.push({ label: next, move });
        else if (frontier.add(nameOf(next), next)) queue.push(next);
      }
    }
    this.situations += frontier.size;
    return earliest(ends).map(({ label, move: { marks } }) => ({
      to: this.#markOf(label.state, label),
      ms: label.at,
      opens: marks.opens,
      asks: marks.asks,
      identifies: marks.identifies,
      forgives: label.forgives,
      moves: movesTo(label),
    }));
  }
}

const nameOf = ({ state, forgives }: Label): string => `${state.id} ${forgives}`;

/** Without ends that are no earlier in anything than others. */
function earliest(ends: readonly { label: Label; move: Move }[]): readonly { label: Label; move: Move }[] {
  return [...grouped(ends).values()].flatMap((kind) =>
    kind.filter(
      ({ label }, i) =>
        !kind.some((other, j) => j !== i && isAsEarly(other.label, label) && (j < i || !isAsEarly(label, other.label))),
    ),
  );
}

function grouped(ends: readonly { label: Label; move: Move }[]) {
  const kinds = new Map<string, { label: Label; move: Move }[]>();
  for (const end of ends) {
    const { opens, asks, identifies } = end.move.marks;
    const name = `${nameOf(end.label)} ${opens} ${asks} ${identifies}`;
    kinds.set(name, [...(kinds.get(name) ?? []), end]);
  }
  return kinds;
}

function movesTo(label: Label): Move[] {
  const moves = [];
  for (let { via } = label; via !== null; { via } = via.from) moves.unshift(via.move);
  return moves;
}
