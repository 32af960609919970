"""How much of every room its own tests run, statements and branches: ``make coverage``."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from coverage_gate.coverage_table import objections, table
from coverage_gate.measuring import FailingTests, measure
from coverage_gate.rooms import Room, rooms

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the rooms asked for, print what is known of all, and say which are below their bound: 1 then."""
    asked = _asked(arguments)
    known = {room.name: room for room in rooms(ROOT)}
    if unknown := sorted(set(asked.rooms) - set(known)):
        print(f"No room with tests: {', '.join(unknown)}. Rooms: {', '.join(known)}.", file=sys.stderr)  # noqa: T201
        return 2
    measured = [known[name] for name in asked.rooms or known]
    asked.out.mkdir(parents=True, exist_ok=True)
    said = [line for room in measured for line in _measured(room, asked.out)]
    print("\n".join([*table(dict(_known(known, asked.out))), *said]))  # noqa: T201
    return int(bool(said))


def _measured(room: Room, folder: Path) -> Iterator[str]:
    """Keep a room's figures, and say what is wrong with it."""
    file = folder / f"{room.name}.json"
    file.unlink(missing_ok=True)
    try:
        document = measure(room, ROOT)
    except FailingTests as failed:
        yield str(failed)
        return
    file.write_text(json.dumps(document), encoding="utf-8")
    yield from objections(room.name, document, room.bound)


def _known(known: dict[str, Room], folder: Path) -> Iterator[tuple[str, tuple[dict[str, Any], float]]]:
    """Figures of rooms that were measured, now or before, with their bounds."""
    for name, room in known.items():
        if (file := folder / f"{name}.json").is_file():
            yield name, (json.loads(file.read_text(encoding="utf-8")), room.bound)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", help="names of rooms; all where none is named")
    parser.add_argument("--out", type=Path, default=ROOT / "build/coverage", help="folder of figures (%(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
