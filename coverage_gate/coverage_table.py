"""Rooms by the share of their statements and branches that tests run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_NAMED = 5


@dataclass(frozen=True)
class Covered:
    """What of a module or a room is run."""

    name: str
    statements: int
    statements_run: int
    branches: int
    branches_run: int

    @property
    def missed(self) -> int:
        """Statements and branches that no test runs."""
        return self.statements + self.branches - self.statements_run - self.branches_run

    @property
    def percent(self) -> float:
        """Share of statements and branches together that is run, as coverage.py reckons it; 100 of nothing."""
        n = self.statements + self.branches
        return 100.0 * (n - self.missed) / n if n else 100.0


def covered(name: str, summary: Mapping[str, int]) -> Covered:
    """Of one summary in a document of ``coverage json``."""
    keys = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    return Covered(name, *(summary[key] for key in keys))


def modules(document: Mapping[str, Any]) -> list[tuple[Covered, list[int]]]:
    """Modules of which something is missed, with the lines, the worst first."""
    found = [
        (covered(name, one["summary"]), sorted({*one["missing_lines"], *(line for line, _ in one["missing_branches"])}))
        for name, one in document["files"].items()
    ]
    return sorted((one for one in found if one[0].missed), key=lambda one: (-one[0].missed, one[0].name))


def table(rooms: Mapping[str, tuple[Mapping[str, Any], float]]) -> Iterator[str]:
    """Lines of a Markdown table of rooms, each a document of ``coverage json`` and a bound in percent."""
    yield "| room | statements | branches | run | bound |"
    yield "|---|---|---|---|---|"
    for name, (document, bound) in rooms.items():
        one = covered(name, document["totals"])
        yield f"| {name} | {one.statements} | {one.branches} | {one.percent:.1f} % | {bound:.0f} % |"


def objections(name: str, document: Mapping[str, Any], bound: float) -> Iterator[str]:
    """What is to be said of a room below its bound: nothing of any other."""
    total = covered(name, document["totals"])
    if total.percent >= bound:
        return
    yield f"{name}: {total.percent:.1f} % of statements and branches are run, {bound:.0f} % must be. Most are missed in"
    for one, lines in modules(document)[:MOST_NAMED]:
        yield f"  {one.name}: {one.missed}, lines {', '.join(map(str, lines))}"
