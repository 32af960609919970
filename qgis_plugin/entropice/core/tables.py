"""The tables of a run's GeoPackage, as its manifest describes them."""

from __future__ import annotations

from dataclasses import dataclass

from .fields import Fields

CELLS = "cells"
CELL_ID = "cell_id"
IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]{0,119}"
IDENTIFIER_RULE = "a name of letters, digits and _"
_GEOMETRY = "MultiPolygon"
_ROLES = (CELLS, "context", "attributes")


@dataclass(frozen=True)
class Table:
    """One table; `columns` has no primary key and no geometry.

    `role` is ``cells``, ``context`` or ``attributes``; a table with geometry holds MultiPolygons.
    """

    table: str
    title: str
    has_geometry: bool
    role: str
    n_rows: int
    columns: frozenset[str]


def read_table(fields: Fields) -> Table:
    """One entry of ``tables``.

    Names begin with a letter or underscore, followed by up to 119 letters, digits and underscores; ``geometry`` is null
    or ``MultiPolygon``.

    Read are ``table title geometry role n_rows``, and of each of ``columns`` its ``name``.

    Raises
    ------
    RunFolderError
        A value is not as the schema says.
    """
    return Table(
        table=fields.matching("table", IDENTIFIER, IDENTIFIER_RULE),
        title=fields.label("title"),
        has_geometry=not fields.is_null("geometry") and fields.one_of("geometry", (_GEOMETRY,)) == _GEOMETRY,
        role=fields.one_of("role", _ROLES),
        n_rows=fields.whole_number("n_rows"),
        columns=frozenset(column.text("name") for column in fields.objects("columns")),
    )


def table_of_cells(fields: Fields, tables: tuple[Table, ...]) -> Table:
    """The one table that holds the cells.

    It is the table of the role ``cells``; `fields` is the manifest, which errors name.

    Raises
    ------
    RunFolderError
        There is none or there are several, it has no geometry, no column ``cell_id`` or no rows.
    """
    found = [table for table in tables if table.role == CELLS]
    if len(found) != 1 or not found[0].has_geometry or CELL_ID not in found[0].columns:
        got = [table.table for table in found]
        raise fields.wrong("tables", got, f"one table of role {CELLS}, with geometry and a column {CELL_ID}")
    if not found[0].n_rows:
        raise fields.wrong("tables", f"0 rows in {found[0].table}", "at least one cell")
    return found[0]
