"""Faults planted in every room, and how many of them its tests notice: ``make mutate``."""

import argparse
import hashlib
import json
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coverage_gate.rooms import BESIDE
from mutation.mutants import Mutant, mutated, sample
from mutation.reached import Suite, graph_of, module_name
from mutation.scores import scores, table
from mutation.trial import copy_tree, run_tests, written

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = "plugin_core"
UNNOTICED = ("survived", "untested")
LONGER, GRACE_S = 2.0, 20.0  # what a fault may cost in time, loops compiled anew among it
UNHARMED_LIMIT_S = 1800.0


@dataclass(frozen=True)
class Room:
    """Modules that one folder of tests mirrors."""

    name: str
    root: str
    package: str
    folder: str

    def modules(self, project: Path) -> list[Path]:
        """Its modules, or the one module that it is."""
        place = project / self.root / self.folder
        return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def rooms(project: Path) -> list[Room]:
    """Every room of the package, each module beside them, and the plugin's core."""
    package = project / "src/entropice"
    names = sorted(path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())
    inner = [Room(name, "src", "entropice", f"entropice/{name}") for name in names if name != "__init__"]
    return [*inner, Room(PLUGIN, ".", "qgis_plugin.entropice", "qgis_plugin/entropice/core")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the faults of the rooms asked for that have not been tried, and print what is known of all."""
    asked = _asked(arguments)
    known = {room.name: room for room in rooms(ROOT)}
    if unknown := sorted(set(asked.rooms) - set(known)):
        print(f"No room: {', '.join(unknown)}. Rooms: {', '.join(known)}.", file=sys.stderr)  # noqa: T201
        return 2
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    results = Results(asked.out)
    with tempfile.TemporaryDirectory() as scratch:
        tree = copy_tree(ROOT, Path(scratch) / "tree")
        for name in asked.rooms or known:
            for line in campaign(known[name], tree, results, asked.mutants, asked.seed, asked.again):
                print(line, flush=True)  # noqa: T201
    print("\n".join(table(scores(results.outcomes(ROOT)))))  # noqa: T201
    return 0


@dataclass(frozen=True)
class Results:
    """Outcomes kept as lines of JSON; of several of one fault the last one counts."""

    file: Path

    def lines(self) -> list[dict[str, Any]]:
        """What is known, a dictionary a fault."""
        if not self.file.exists():
            return []
        read = map(json.loads, self.file.read_text(encoding="utf-8").splitlines())
        return list({_key(line): line for line in read}.values())

    def outcomes(self, project: Path) -> Iterator[tuple[str, str]]:
        """Pairs of room and outcome, of the faults whose module is as it was when they were tried."""
        for line in self.lines():
            path = project / line["module"]
            if path.exists() and _sha256(path.read_text(encoding="utf-8")) == line["sha256"]:
                yield line["room"], line["word"]

    def add(self, line: Mapping[str, Any]) -> None:
        """Write one more, at once."""
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def campaign(room: Room, tree: Path, results: Results, n: int, seed: int, again: bool) -> Iterator[str]:
    """Try `n` faults of a room in a copy of the project; yields a line for each that no test notices.

    Known ones are passed over; with `again`, those that no test noticed are tried once more.
    """
    suite = Suite(tree / "tests", graph_of(room.package, tree / room.root), BESIDE)
    drawn = sample(room.modules(tree), tree, n, zlib.crc32(f"{seed} {room.name}".encode()))
    passed_over = {_key(line) for line in results.lines() if not (again and line["word"] in UNNOTICED)}
    pending = [(mutant, line) for mutant in drawn if _key(line := _line(room, tree, mutant)) not in passed_over]
    files = {mutant: _asked_of(suite, room, tree, mutant) for mutant, _ in pending}
    limit_s = GRACE_S + LONGER * _unharmed_s(tree, sorted({file for reached in files.values() for file in reached}))
    for mutant, line in pending:
        with written(tree / mutant.module, mutated((tree / mutant.module).read_text(encoding="utf-8"), mutant)):
            outcome = run_tests(tree, files[mutant], limit_s)
        results.add(line | asdict(outcome))
        if outcome.word in UNNOTICED:
            yield f"{outcome.word}: {mutant.module}:{mutant.line}: {line['before']}  ->  {line['after']}"


def _asked_of(suite: Suite, room: Room, tree: Path, mutant: Mutant) -> list[Path]:
    """The module itself where its docstrings hold examples, then the files of tests that reach it."""
    path = tree / mutant.module
    examples = [path] if ">>>" in path.read_text(encoding="utf-8") else []
    return examples + suite.reaching(module_name(path, tree / room.root), room.name)


def _unharmed_s(tree: Path, files: Sequence[Path]) -> float:
    """Seconds of computing that tests take where no fault is planted; they must pass."""
    outcome = run_tests(tree, files, UNHARMED_LIMIT_S)
    if outcome.word in ("killed", "timeout"):
        raise RuntimeError(f"Without any fault, {outcome.noticed_by or files} fails in a copy of the project. Mend it.")
    return outcome.cpu_s


def _line(room: Room, tree: Path, mutant: Mutant) -> dict[str, Any]:
    source = (tree / mutant.module).read_text(encoding="utf-8")
    before, after = (text.splitlines()[mutant.line - 1 :] for text in (source, mutated(source, mutant)))
    return {
        "room": room.name,
        **asdict(mutant),
        "sha256": _sha256(source),
        "before": before[0].strip(),
        "after": after[0].strip(),
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _key(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(line[name] for name in ("module", "operator", "occurrence", "sha256"))


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", help="names of rooms; all where none is named")
    parser.add_argument("--mutants", type=int, default=40, help="faults a room (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="which faults are drawn (%(default)s)")
    parser.add_argument("--again", action="store_true", help="try those once more that no test noticed")
    parser.add_argument("--out", type=Path, default=ROOT / "build/mutation.jsonl", help="outcomes (%(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
