"""What a run has looked for in images: each task with its gate, its years and its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .fields import Fields
from .tables import IDENTIFIER, IDENTIFIER_RULE, Table

OUTLINES, TILES = "outlines", "tiles"
YEAR = "year"
NEEDED: Mapping[str, frozenset[str]] = {
    OUTLINES: frozenset({YEAR}),
    TILES: frozenset({"cell_id", YEAR, "n_found", "expected_found", "seen_area_m2"}),
}
"""Columns that are read, by table without the name of the task."""


@dataclass(frozen=True)
class Gate:
    """Which cells were looked at: those with an expected density of the threshold or more, all where it is None.

    `bound` is what the expected missed share was to stay below, `missed_share` what it was in `n_blocks` blocks of
    ground, None where it is unknown.

    Thresholds are in objects per km² of land; the missed share of objects and its bound lie in 0..1.
    """

    bound: float
    threshold_per_km2: float | None
    missed_share: float | None
    n_blocks: int


@dataclass(frozen=True)
class ImageryTask:
    """A task: `years` are those of its images, ascending; names of its tables and quantities begin with its own."""

    name: str
    title: str
    years: tuple[int, ...]
    gate: Gate
    outlines: Table
    tiles: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """Those that lie on the map: outlines, then tiles."""
        return (self.outlines, self.tiles)

    def called(self, own: str) -> str:
        """The name of one of its quantities in the run.

        It is ``<task>_<own>``.

        Examples
        --------
        >>> ImageryTask("slumps", "Slumps", (2021,), Gate(0.1, None, None, 0), *[None] * 2).called("gate")
        'slumps_gate'
        """
        return _called(self.name, own)

    def year_up_to(self, year: int) -> int:
        """The latest year of its images that is not after a year; the first where all are.

        Examples
        --------
        >>> task = ImageryTask("slumps", "Slumps", (2019, 2022), Gate(0.1, None, None, 0), *[None] * 2)
        >>> [task.year_up_to(year) for year in (2018, 2021, 2022)]
        [2019, 2019, 2022]
        """
        return max((own for own in self.years if own <= year), default=self.years[0])


def read_tasks(fields: Fields, tables: tuple[Table, ...]) -> tuple[ImageryTask, ...]:
    """The ``tasks`` of a manifest; none where it has no such key. `tables` are the run's.

    They stand in the manifest's order. A task ``<name>`` needs the tables ``<name>_outlines`` and ``<name>_tiles``,
    with geometry and the columns of `NEEDED`, and at least one year.

    Of each are read ``name title years`` and ``gate``: ``bound`` (0 to 1), ``threshold_per_km2``, ``missed_share``
    (either may be null) and ``n_blocks``.

    Raises
    ------
    RunFolderError
        A value is not as the schema says, a name is there twice, or a task lacks a table or a column of it.
    """
    tasks = tuple(_read_tasks(fields, {table.table: table for table in tables}))
    names = [task.name for task in tasks]
    if len(set(names)) != len(names):
        raise fields.wrong("tasks", names, "every name once")
    return tasks


def task_of(tasks: Iterable[ImageryTask], table: Table) -> ImageryTask | None:
    """The task that a table on the map is of; None where it is of none.

    Of tasks that share a table the first counts.
    """
    return next((task for task in tasks if table in task.tables), None)


def _read_tasks(fields: Fields, tables: Mapping[str, Table]) -> Iterator[ImageryTask]:
    for entry in fields.objects("tasks") if fields.has("tasks") else ():
        name = entry.matching("name", IDENTIFIER, IDENTIFIER_RULE)
        yield ImageryTask(
            name=name,
            title=entry.label("title"),
            years=_years(entry),
            gate=_gate(entry.object("gate")),
            outlines=_table(entry, name, OUTLINES, tables),
            tiles=_table(entry, name, TILES, tables),
        )


def _years(fields: Fields) -> tuple[int, ...]:
    years = fields.years("years")
    if not years or list(years) != sorted(set(years)):
        raise fields.wrong("years", years, "at least one year, ascending")
    return years


def _gate(fields: Fields) -> Gate:
    return Gate(
        bound=fields.number("bound", 0, 1),
        threshold_per_km2=_optional_number(fields, "threshold_per_km2"),
        missed_share=_optional_number(fields, "missed_share"),
        n_blocks=fields.whole_number("n_blocks"),
    )


def _optional_number(fields: Fields, key: str) -> float | None:
    return None if fields.is_null(key) else fields.number(key)


def _table(fields: Fields, task: str, own: str, tables: Mapping[str, Table]) -> Table:
    name = _called(task, own)
    table = tables.get(name)
    if table is None or not table.has_geometry:
        got = "no such table" if table is None else "a table without geometry"
        raise fields.wrong("name", f"{name}: {got}", f"a task whose table {name} stands under tables, with geometry")
    missing = NEEDED[own] - table.columns
    if missing:
        raise fields.wrong("name", f"{name}: no {', '.join(sorted(missing))}", f"a table {name} with these columns")
    return table


def _called(task: str, own: str) -> str:
    return f"{task}_{own}"
