"""Replays vectors on a client without I/O, and names the first step of each path that is not as it should be.

    python3 runner.py client:Client --subset lifecycle --vectors ../../vectors/shard.json
    python3 runner.py client:Client --without backlog --without timer:heartbeat

The client is a class with one method, `handle(stimulus) -> list of effects`, both as in the vectors. `Client.WAIVES`
may name effects that it does not show. Needs nothing but Python 3.9.
"""

import argparse
import importlib
import json
import sys
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "shard.json"


class Failure(Exception):
    """A step that is not as the vectors have it."""

    def __init__(self, step, expected, actual):
        super().__init__(step["id"])
        self.step, self.expected, self.actual = step, expected, actual


def way_to(step, steps):
    """The steps from the beginning to this one."""
    way = [step]
    while way[0]["after"] is not None:
        way.insert(0, steps[way[0]["after"]])
    return way


def labels(step, clauses):
    """What a step can be left out by: the kind of its stimulus, its timer, and its clauses."""
    on = step["on"]
    yield on["kind"]
    if "timer" in on:
        yield f"timer:{on['timer']}"
    for name in step["because"]:
        yield f"clause:{clauses[name]['spec']}"


def happens(label, step, file):
    """Whether a step with this label is part of the way to a step."""
    return any(label in labels(each, file["clauses"]) for each in way_to(step, file["steps"]))


def fits(expected, actual):
    """A timer may take any time within its span; everything else has to be equal."""
    if expected["do"] != "arm" or actual.get("do") != "arm":
        return expected == actual
    least, most = expected["ms"]
    return actual["timer"] == expected["timer"] and least <= actual["ms"] <= most


def play(way, client, waived):
    """Plays a way on a fresh client. Raises a Failure at the first step that differs."""
    for step in way:
        expected = [effect for effect in step["expect"] if effect["do"] not in waived]
        try:
            actual = [effect for effect in client.handle(step["on"]) if effect["do"] not in waived]
        except Exception as error:  # a client that breaks has failed, and the others still have to be tried
            raise Failure(step, expected, f"{type(error).__name__}: {error}") from error
        if len(actual) != len(expected) or not all(map(fits, expected, actual)):
            raise Failure(step, expected, actual)


def describe(failure, file):
    """What is wrong, where, by which clause, and how to get there."""
    step, steps = failure.step, file["steps"]
    state = file["states"][0 if step["after"] is None else steps[step["after"]]["to"]]
    clauses = (file["clauses"][name] for name in step["because"])
    return "\n".join(
        [
            f"vector {step['id']}: {json.dumps(step['on'])} in {state}",
            *(f"  clause    {clause['spec']}: {clause['says']}" for clause in clauses),
            f"  expected  {json.dumps(failure.expected)}",
            f"  actual    {json.dumps(failure.actual)}",
            f"  path      {' > '.join(name_of(each['on']) for each in way_to(step, steps))}",
        ]
    )


def name_of(on):
    """A stimulus in a few words."""
    if on["kind"] == "frame":
        payload = on.get("payload")
        if payload is None:
            return "no JSON" if "text" in on else "corrupt bytes"
        return f"op {payload['op']} {payload.get('t', '')}".strip()
    if on["kind"] == "event":
        return on["event"]["type"]
    name = on.get("order") or on.get("timer") or on.get("answer") or on.get("event")
    return f"{on['kind']} {name}" + (f" {on['code']}" if "code" in on else "")


def run(make, file, ids):
    """Plays the vectors with these ids. Returns how many passed, how many were not reached since an earlier step on
    their way was wrong, and the failures, one for each step that was wrong."""
    waived = set(getattr(make, "WAIVES", ()))
    passed, failures = 0, {}
    for i in ids:
        try:
            play(way_to(file["steps"][i], file["steps"]), make(), waived)
            passed += 1
        except Failure as failure:
            failures.setdefault(failure.step["id"], failure)
    wrong = sum(1 for i in ids if file["steps"][i]["id"] in failures)
    return passed, len(ids) - passed - wrong, list(failures.values())


def vectors_in(path):
    """The vectors in a file; ends the program if it holds none."""
    try:
        file = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        sys.exit(f"There is no file {path}: name one with --vectors. `gatechart vectors` writes it.")
    except ValueError:
        sys.exit(f"{path} is not JSON.")
    if not isinstance(file, dict) or "format" not in file or "steps" not in file:
        sys.exit(f"{path} holds no vectors.")
    if file["format"] != 1:
        sys.exit(f"This runner reads format 1, and {path} is {file['format']}.")
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


def main():
    parser = argparse.ArgumentParser(description="Replays vectors on a client.")
    parser.add_argument("client", help="module:class")
    parser.add_argument("--vectors", type=Path, default=VECTORS)
    parser.add_argument("--subset", help="only these vectors; all unless told")
    parser.add_argument("--without", action="append", default=[], metavar="WHAT",
                        help="leave out every vector on whose way this happens: a kind of stimulus such as backlog, for a "
                        "client without backpressure, a timer as in timer:heartbeat, or a clause as in clause:gateway#resuming")
    options = parser.parse_args()
    file = vectors_in(options.vectors)
    if options.subset is not None and options.subset not in file["subsets"]:
        sys.exit(f"There is no subset {options.subset}, but: {', '.join(file['subsets'])}.")
    ids = range(len(file["steps"])) if options.subset is None else file["subsets"][options.subset]
    known = sorted({label for step in file["steps"] for label in labels(step, file["clauses"])})
    for label in options.without:
        if label not in known:
            sys.exit(f"Nothing is {label} in these vectors, but: {', '.join(known)}.")
        ids = [i for i in ids if not happens(label, file["steps"][i], file)]
    if not ids:
        sys.exit("No vector is left.")
    passed, unreached, failures = run(client_named(options.client), file, ids)
    for failure in failures:
        print(describe(failure, file))
    print(f"{len(ids)} vectors: {passed} passed, {len(failures)} wrong, {unreached} not reached")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
