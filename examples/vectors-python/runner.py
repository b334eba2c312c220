"""Replays vectors on a client without I/O, and names each step that is not as it should be.

    python3 runner.py client:Client --without backlog
    python3 runner.py client:Client --subset lifecycle --vectors ../../vectors/shard.json

The client is a class, made with the policy of the vectors, with one method, `handle(stimulus) -> list of effects`, both
as in the vectors. It is copied with `copy.deepcopy`, so that what two ways begin with is played once; where that is not
enough, it has a `__deepcopy__`. `Client.WAIVES` may name effects that it does not show, and `chance`, if the lengths of its
timers are fixed for the test. Needs nothing but Python 3.9.
"""

import argparse
import copy
import importlib
import json
import sys
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "vectors"
VECTORS = [FOLDER / "shard.json", FOLDER / "shard-other-policy.json"]
FORMAT = 2


class Step:
    """A vector: what happens, after which other step, what has to come of it, and by which clauses."""

    def __init__(self, id, row, file, steps):
        after, on, response, to = row
        self.id = id
        self.after = None if after is None else steps[after]
        self.on = file["stimuli"][on]
        self.expect, self.may = file["responses"][response]["expect"], file["responses"][response]["may"]
        self.because = [file["clauses"][name] for name in file["responses"][response]["because"]]
        self.state = file["states"][0 if after is None else file["steps"][after][3]]
        self.labels = {*self.own_labels(), *(self.after.labels if self.after else ())}

    def own_labels(self):
        """What a step can be left out by: the kind of its stimulus, its timer, and its clauses."""
        yield self.on["kind"]
        if "timer" in self.on:
            yield f"timer:{self.on['timer']}"
        for clause in self.because:
            yield f"clause:{clause['spec']}"

    def way(self):
        """The steps from the beginning to this one."""
        return [*(self.after.way() if self.after else ()), self]


def steps_of(file):
    """The vectors of a file; each comes behind the one that it comes after."""
    steps = []
    for id, row in enumerate(file["steps"]):
        steps.append(Step(id, row, file, steps))
    return steps


class Failure(Exception):
    """A step that is not as the vectors have it."""

    def __init__(self, step, expected, actual):
        super().__init__(step.id)
        self.step, self.expected, self.actual = step, expected, actual


def fits(expected, actual):
    """A timer may take any time within its span; everything else has to be equal."""
    if expected["do"] != "arm" or actual.get("do") != "arm":
        return expected == actual
    least, most = expected["ms"]
    return actual["timer"] == expected["timer"] and least <= actual["ms"] <= most


def settled(effects):
    """Without what is said of a timer before the last that is said of it."""
    last = {effect.get("timer"): i for i, effect in enumerate(effects) if effect["do"] in ("arm", "disarm")}
    return [effect for i, effect in enumerate(effects) if effect["do"] not in ("arm", "disarm") or last[effect["timer"]] == i]


def is_right(expected, may, actual, in_order):
    """All that is expected, and nothing else but what may be done; the order counts of what is `in_order`."""
    rest = list(actual)
    for effect in expected:
        found = next((each for each in rest if fits(effect, each)), None)
        if found is None:
            return False
        rest.remove(found)
    if any(effect not in may for effect in rest):
        return False
    names = [[each["do"] for each in effects if each["do"] in in_order] for effects in (expected, actual)]
    return names[0] == names[1]


class Draws:
    """Where within their spans timers were drawn. What is to be left to chance must not always take the same time."""

    ENOUGH = 20

    def __init__(self):
        self.places = {}

    def note(self, expected, actual):
        """Notes what was drawn for the timers of a step that passed."""
        spans = {effect["timer"]: effect["ms"] for effect in expected if effect["do"] == "arm"}
        for effect in actual:
            least, most = spans.get(effect.get("timer"), (0, 0)) if effect["do"] == "arm" else (0, 0)
            if least < most:
                self.places.setdefault(effect["timer"], []).append((effect["ms"] - least) / (most - least))

    def not_drawn(self):
        """The timers that took the same place within their spans each time."""
        return [
            timer for timer, places in self.places.items() if len(places) >= self.ENOUGH and max(places) - min(places) < 0.1
        ]


def take(step, client, waived, in_order, draws):
    """Takes a step. Raises a Failure if it is not as it should be."""
    expected = [effect for effect in step.expect if effect["do"] not in waived]
    try:
        actual = settled([effect for effect in client.handle(step.on) if effect["do"] not in waived])
    except Exception as error:  # a client that breaks has failed, and the others still have to be tried
        raise Failure(step, expected, f"{type(error).__name__}: {error}") from error
    if actual != expected and not is_right(expected, step.may, actual, in_order):
        raise Failure(step, expected, actual)
    draws.note(expected, actual)


def run(make, file, steps, draws):
    """Takes these steps, each behind the one before it. Yields with each its Failure, None if it passed, or "not reached"
    if a step on the way to it was wrong."""
    waived, in_order = {*getattr(make, "WAIVES", ())}, {*file["inOrder"]}
    begin = make(file["policy"])
    followed = {step.after.id for step in steps if step.after}
    reached = {}
    for step in steps:
        before = reached.get(step.after.id) if step.after else begin
        if before is None:
            yield step, "not reached"
            continue
        client = copy.deepcopy(before)
        try:
            take(step, client, waived, in_order, draws)
        except Failure as failure:
            yield step, failure
            continue
        if step.id in followed:
            reached[step.id] = client
        yield step, None


def describe(failure):
    """What is wrong, where, by which clause, and how to get there."""
    step = failure.step
    return "\n".join(
        [
            f"vector {step.id}: {json.dumps(step.on)} in {step.state}",
            *(f"  clause    {clause['spec']}: {clause['says']}" for clause in step.because),
            f"  expected  {json.dumps(failure.expected)}",
            f"  actual    {json.dumps(failure.actual)}",
            f"  path      {' > '.join(name_of(each.on) for each in step.way())}",
        ]
    )


def name_of(on):
    """A stimulus in a few words."""
    if on["kind"] == "frame":
        payload = on.get("payload")
        if payload is None:
            return "no JSON" if "text" in on else "corrupt bytes"
        return " ".join(str(part) for part in (f"op {payload['op']}", payload["t"], payload["s"]) if part is not None)
    if on["kind"] == "event":
        return on["event"]["type"]
    name = on.get("order") or on.get("timer") or on.get("answer") or on.get("event") or on.get("backlog")
    return f"{on['kind']} {name}" + (f" {on['code']}" if "code" in on else "")


def outcome_of(result):
    """What came of a step, in a word or two."""
    return result or "passed" if isinstance(result, (str, type(None))) else "wrong"


OUTCOMES = ("passed", "wrong", "not reached")


def table(results):
    """By clause how many of the steps that obey it passed, were wrong, and were not reached."""
    counts = Counter(
        (spec, outcome) for step, outcome in results for spec in {clause["spec"] for clause in step.because}
    )
    specs = sorted({spec for spec, _ in counts})
    width = max(len(spec) for spec in specs)
    yield "".join(["clause".ljust(width), *(outcome.rjust(13) for outcome in OUTCOMES)])
    for spec in specs:
        yield "".join([spec.ljust(width), *(str(counts[spec, outcome]).rjust(13) for outcome in OUTCOMES)])


def vectors_in(path):
    """The file of vectors at a path; ends the program if it holds none for a client."""
    try:
        file = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        sys.exit(f"There is no file {path}: name one with --vectors. `gatechart vectors` writes it.")
    except ValueError:
        sys.exit(f"{path} is not JSON.")
    if not isinstance(file, dict) or "format" not in file or "steps" not in file:
        sys.exit(f"{path} holds no vectors.")
    if file["format"] != FORMAT:
        sys.exit(f"This runner reads format {FORMAT}, and {path} is {file['format']}.")
    if "policy" not in file:
        sys.exit(f"{path} holds the vectors of no client.")
    return file


def client_named(name):
    """The class that is to be tried; ends the program if there is none."""
    module, colon, attribute = name.partition(":")
    if not colon:
        sys.exit(f"Name the class too: {name}:Client.")
    sys.path.insert(0, "")
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        sys.exit(f"There is no module {module} here: the file is {module}.py, in this folder or in PYTHONPATH.")
    make = getattr(found, attribute, None)
    if not callable(make) or not hasattr(make, "handle"):
        sys.exit(f"{module} has no class {attribute} with a method handle(stimulus).")
    return make


def chosen(file, subset, without):
    """The steps that are asked for; ends the program if a name fits none."""
    if subset is not None and subset not in file["subsets"]:
        sys.exit(f"There is no subset {subset}, but: {', '.join(file['subsets'])}.")
    steps = steps_of(file)
    known = {label for step in steps for label in step.labels}
    for label in without:
        if label not in known and label != "backlog":
            sys.exit(f"Nothing is {label} in these vectors, but: {', '.join(sorted(known))}.")
    if subset is not None:
        steps = [steps[id] for id in file["subsets"][subset]]
    return [step for step in steps if step.labels.isdisjoint(without)]


def main():
    parser = argparse.ArgumentParser(description="Replays vectors on a client.")
    parser.add_argument("client", help="module:class")
    parser.add_argument("--vectors", type=Path, action="append", help="a file of vectors; those of both policies unless told")
    parser.add_argument("--subset", help="only these vectors; all unless told")
    parser.add_argument("--without", action="append", default=[], metavar="WHAT",
                        help="leave out every vector on whose way this happens: a kind of stimulus such as backlog, for a "
                        "client without backpressure, a timer as in timer:heartbeat, or a clause as in clause:gateway#resuming")
    options = parser.parse_args()
    make, results, draws = None, [], Draws()
    for path in options.vectors or VECTORS:
        file = vectors_in(path)
        steps = chosen(file, options.subset, options.without)
        make = make or client_named(options.client)
        for step, result in run(make, file, steps, draws):
            results.append((step, outcome_of(result)))
            if isinstance(result, Failure):
                print(describe(result))
    if not results:
        sys.exit("No vector is left.")
    fixed = [] if "chance" in getattr(make, "WAIVES", ()) else draws.not_drawn()
    for timer in fixed:
        print(f"timer {timer}: its length has to be drawn from its span, and is always at the same place in it")
    print(*table(results), sep="\n")
    counts = Counter(outcome for _, outcome in results)
    print(f"{len(results)} vectors: {', '.join(f'{counts[outcome]} {outcome}' for outcome in OUTCOMES)}")
    sys.exit(1 if counts["wrong"] or fixed else 0)


if __name__ == "__main__":
    main()
