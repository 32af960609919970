"""The inventory of a task of images: outlines of what was found, each of a year, and tables of their areas."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from .fields import LAST_YEAR, Fields
from .scales import Single, read_scale
from .tables import IDENTIFIER, IDENTIFIER_RULE, Table, read_table


@dataclass(frozen=True)
class ImageInventory:
    """A GeoPackage: `outlines` is its table on the map; `begins` and `ends` are columns of when an outline holds.

    `file` is the name of the GeoPackage in the run folder, `years` are those of outlines, ascending and each once.
    """

    file: str
    tables: tuple[Table, ...]
    outlines: Table
    begins: str
    ends: str
    style: Single
    years: tuple[int, ...]

    @property
    def held(self) -> tuple[tuple[date, date], ...]:
        """For each year its first day, and that of the next year, on which its outlines do not hold any more."""
        return tuple((date(year, 1, 1), date(year + 1, 1, 1)) for year in self.years)


def read_image_inventory(fields: Fields) -> ImageInventory:
    """The inventory of an entry of the manifest.

    `fields` is ``inventory`` of a task. The table of outlines is the one that ``layer`` names; it needs the columns
    that ``begins`` and ``ends`` name, and its ``style`` has to be the same everywhere.

    Read are ``file tables layer begins ends style years``; ``years`` ascend, each once and below 9999, and may be none;
    the ``kind`` of ``style`` is ``single``.

    Raises
    ------
    RunFolderError
        A value is not as the schema says, or the table of outlines is not described.
    """
    fields.one_of("layer", tuple(entry.text("table") for entry in fields.objects("tables")))
    tables = tuple(read_table(entry) for entry in fields.objects("tables"))
    outlines = next(table for table in tables if table.table == fields.text("layer"))
    if not outlines.has_geometry:
        raise fields.wrong("layer", f"{outlines.table}, without geometry", "a table with outlines")
    return ImageInventory(
        file=fields.text("file"),
        tables=tables,
        outlines=outlines,
        begins=_column(fields, "begins", outlines.columns),
        ends=_column(fields, "ends", outlines.columns),
        style=_style(fields.object("style")),
        years=_years(fields),
    )


def _column(fields: Fields, key: str, columns: Collection[str]) -> str:
    name = fields.matching(key, IDENTIFIER, IDENTIFIER_RULE)
    if name not in columns:
        raise fields.wrong(key, name, "one of " + ", ".join(sorted(columns)))
    return name


def _style(fields: Fields) -> Single:
    style = read_scale(fields)
    if not isinstance(style, Single):
        raise fields.wrong("kind", fields.text("kind"), "single")
    return style


def _years(fields: Fields) -> tuple[int, ...]:
    years = fields.years("years")
    if list(years) != sorted(set(years)) or LAST_YEAR in years:
        raise fields.wrong("years", years, f"years below {LAST_YEAR}, ascending")
    return years
