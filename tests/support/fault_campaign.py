"""Kills and mutated files in any number, and a table of what came of them: ``make faults``."""

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from boundaries import Run, contents, kill_at_boundaries
from project_copy import copy_project, steps_run
from random_kills import kill_at_random

PROJECT = Path(__file__).parents[2]

GOOD = {"as unbroken", "made again", "refused", "the same"}
"""What may come of a fault."""

SEED = 20261128
N_GEOMETRY_FLIPS = 182


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        project = _finished(Path(folder))
        _kill_at_boundaries(project, options.steps, options.hidden)
        _kill_at_random(project, options.kills)
        _mutate(project, options.mutations)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=75, help="at random moments")
    parser.add_argument("--mutations", type=int, default=1000, help="half of outputs, half of given files")
    parser.add_argument("--hidden", type=int, default=10, help="boundaries a step inside temporary folders")
    parser.add_argument("--steps", nargs="*", help="whose boundaries are tried; all where none is named")
    return parser.parse_args()


def _finished(folder: Path) -> Path:
    project = copy_project(PROJECT, folder / "project")
    run = Run(project)
    _require(run.complete() == 0, run.output)
    _require(run.complete() == 0, run.output)
    return project


def _kill_at_boundaries(project: Path, steps: list[str] | None, n_hidden: int) -> None:
    unbroken = contents(project)
    if steps is None:
        forced = Run(project, is_forced=True)
        _require(forced.complete() == 0, forced.output)
        steps = steps_run(forced.output)
    for step in steps:
        _tell(
            step,
            ((_place(path), outcome, path) for path, outcome in kill_at_boundaries(project, step, n_hidden, unbroken)),
        )


def _place(path: str) -> str:
    return "after its end" if path == "after its end" else "boundaries"


def _kill_at_random(project: Path, n_kills: int) -> None:
    kills = kill_at_random(project, n_kills, SEED, contents(project))
    _tell("random moments", ((what.partition(" after")[0], outcome, what) for what, outcome in kills))


def _mutate(project: Path, n_mutations: int) -> None:
    from mutated_inputs import flip_geometries, given_files, mutate_inputs
    from mutated_outputs import mutate_outputs, opened

    with opened(project) as found:
        outputs = mutate_outputs(found, n_mutations // 2, SEED)
        _tell("recorded outputs", ((kind, outcome, mutation) for kind, mutation, outcome in outputs))
        files = given_files(found.work_root, project.parent / "given")
    inputs = mutate_inputs(files, n_mutations - n_mutations // 2, SEED)
    _tell("given files", ((kind, outcome, mutation) for kind, mutation, outcome in inputs))
    flips = flip_geometries(files["GeoPackage, slumps"], min(N_GEOMETRY_FLIPS, n_mutations), SEED)
    _tell("flipped geometries", (("GeoPackage, slumps", outcome, "flip") for outcome in flips))


def _tell(title: str, faults: Iterable[tuple[str, str, str]]) -> None:
    """Print a row for each kind of fault; whatever is not good at once, with what it was."""
    begun_s, counts = time.monotonic(), defaultdict[str, Counter[str]](Counter)
    for kind, outcome, what in faults:
        counts[kind][outcome.partition(":")[0]] += 1
        if outcome not in GOOD:
            sys.stderr.write(f"! {title}, {kind}: {what}: {outcome}\n")
    for kind, outcomes in counts.items():
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        sys.stdout.write(f"| {title} | {kind} | {outcomes.total()} | {told} |\n")
    sys.stdout.flush()
    sys.stderr.write(f"{title}: {time.monotonic() - begun_s:.0f} s\n")


def _require(holds: bool, otherwise: str) -> None:
    return None if holds else sys.exit(otherwise)


if __name__ == "__main__":
    main()
