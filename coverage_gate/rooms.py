"""Which rooms are measured, by which tests, and how much of each room the tests must run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

BOUND: Final = 90.0
"""Percent of statements and branches together, in any room."""

BOUND_OF_CORE: Final = 95.0
"""The same, in rooms that a paper's numbers rest on, and in those that decide what is written and what made anew."""

CORE: Final = frozenset({"espa", "zonal", "learning", "dggs", "io", "incremental"})

UNCOMPILED: Final = frozenset({"zonal"})
"""Rooms whose loops are run by Python, which tells which of their lines are run. Elsewhere loops are compiled, and left
out of the count: the tests of espa fit many models, and its products are written in the processor's instructions, which
Python has not."""

WHOLE_RUNS: Final = frozenset({"app"})
"""Rooms whose tests count with the whole runs that some of them begin from: what prepares, guards and ends a run has no
other use. Elsewhere such tests are left out: many minutes under a tracer, and of no room alone."""

TOP: Final = "top"
"""The modules that lie in no room, with the tests called after them."""

BESIDE: Final = {
    "app": (
        "cases/test_before_a_run.py",
        "cases/test_what_was_used.py",
        "cases/test_words_of_a_run.py",
        "project/test_audit.py",
        "project/test_catalog.py",
        "project/test_parameters.py",
        "project/test_staleness.py",
        "project/test_wrong_files.py",
        "project/test_wrong_use.py",
    ),
    "dashboard": ("report/dashboard",),
    "figures": ("report/figures",),
    "io": (
        "acquisition/test_download_dataset.py",
        "cases/test_what_was_used.py",
        "pipelines/test_audit.py",
        "report/image_run/test_image_run_folder.py",
        "sources/imagery/test_class_tiles.py",
        "sources/imagery/test_distance_files.py",
        "sources/imagery/test_tile_pairs.py",
    ),
}
"""Tests of a room that lie in another room's folder."""


@dataclass(frozen=True)
class Room:
    """A folder of modules with the tests that mirror it.

    Attributes
    ----------
    name
        That of its folder.
    source
        The folder, relative to the project.
    tests
        Folders and files of tests, relative to the project.
    """

    name: str
    source: str
    tests: tuple[str, ...]

    @property
    def bound(self) -> float:
        """Percent of statements and branches that its tests must run."""
        return BOUND_OF_CORE if self.name in CORE else BOUND

    @property
    def package(self) -> tuple[str, ...]:
        """Its name for an import, by which modules in copies of the project are known; none outside `src`."""
        inside = self.source.removeprefix("src/")
        return () if inside == self.source else (inside.replace("/", "."),)

    @property
    def omitted(self) -> str:
        """What lies below its folder and is not its own, as a pattern of coverage.py's; empty where all is."""
        return f"*/{self.source}/*/*" if self.name == TOP else ""

    @property
    def counts_whole_runs(self) -> bool:
        """Whether tests that need a finished run are among its own."""
        return self.name in WHOLE_RUNS

    @property
    def is_uncompiled(self) -> bool:
        """Whether its loops are run by Python."""
        return self.name in UNCOMPILED


def rooms(project: Path) -> list[Room]:
    """Every room that has tests of its own, the modules above them, and the plugin's core, by name."""
    package = project / "src/entropice"
    found = {path.parent.name: f"src/entropice/{path.parent.name}" for path in package.glob("*/__init__.py")}
    found |= {"plugin_core": "qgis_plugin/entropice/core", TOP: "src/entropice"}
    beside = BESIDE | {TOP: tuple(f"test_{module.stem}.py" for module in sorted(package.glob("*.py")))}
    tests = {name: [f"tests/{one}" for one in (name, *beside.get(name, ()))] for name in sorted(found)}
    there = {name: tuple(one for one in paths if (project / one).exists()) for name, paths in tests.items()}
    return [Room(name, found[name], paths) for name, paths in there.items() if paths]
