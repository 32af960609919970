"""The manifest of a run as checked, immutable values (schema ``entropice-run/1``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .fields import Fields
from .manifest_file import read_manifest_file
from .safe_names import is_plain_name

SCHEMA = "entropice-run/1"
CRS = "EPSG:3413"
GEOPACKAGE_NAME = "run.gpkg"
KINDS = ("cells", "drivers", "attributes")
PURPOSES = ("model", "plumbing check")
_IDENTIFIER = r"[a-z][a-z0-9_]{0,62}"
_IDENTIFIER_RULE = "a lower-case name of letters, digits and _"


@dataclass(frozen=True)
class Table:
    """One table of the GeoPackage; `year` is None for a table without geometry."""

    table: str
    kind: str
    year: int | None
    title: str
    abstract: str
    styles: tuple[str, ...]
    n_rows: int


@dataclass(frozen=True)
class Overview:
    """One overview raster: a quantity (`what`) of one year."""

    file: str
    what: str
    year: int
    title: str


@dataclass(frozen=True)
class FileEntry:
    """What a file of the run must be, byte for byte."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything the plugin needs to know about a run before it opens any other file."""

    run_id: str
    title: str
    purpose: str
    notice: str
    grid_key: str
    years: tuple[int, ...]
    year_names: Mapping[int, str]
    class_names: tuple[str, ...]
    tables: tuple[Table, ...]
    overviews: tuple[Overview, ...]
    feature_titles: Mapping[str, str]
    files: tuple[FileEntry, ...]
    attributions: tuple[str, ...]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the run in `folder`; unknown keys are ignored.

    Raises
    ------
    RunFolderError
        The file or one of its values is not as the schema says.
    """
    fields = read_manifest_file(folder)
    _require_schema(fields)
    fields.one_of("crs", (CRS,))
    years = _years(fields)
    files = tuple(_file(entry) for entry in fields.objects("files"))
    _require_unique(fields, "files", [entry.name for entry in files])
    return Manifest(
        run_id=fields.matching("run_id", r"[0-9a-f]{16}", "16 hexadecimal digits"),
        title=fields.text("title"),
        purpose=fields.one_of("purpose", PURPOSES),
        notice=fields.text("notice"),
        grid_key=fields.object("grid").matching("key", r"(h3|healpix)_\d{1,2}", "a grid key such as h3_4"),
        years=years,
        year_names={year: fields.object("year_names").text(str(year)) for year in years},
        class_names=_class_names(fields.object("classes")),
        tables=_tables(fields, years),
        overviews=_overviews(fields, years, files),
        feature_titles={entry.text("name"): entry.text("long_name") for entry in fields.objects("features")},
        files=_with_geopackage(fields, files),
        attributions=fields.texts("attributions"),
    )


def _require_schema(fields: Fields) -> None:
    schema = fields.text("schema")
    if schema != SCHEMA:
        fix = "Update the plugin if the run is newer than it, else make the run again with a current Entropice."
        raise fields.wrong("schema", repr(schema), SCHEMA, fix)


def _years(fields: Fields) -> tuple[int, ...]:
    years = fields.whole_numbers("years")
    if not years or list(years) != sorted(set(years)):
        raise fields.wrong("years", years, "at least one year, ascending")
    return years


def _class_names(fields: Fields) -> tuple[str, ...]:
    names = fields.texts("names", _IDENTIFIER, "lower-case names")
    if len(names) < 2 or len(set(names)) != len(names):
        raise fields.wrong("names", names, "at least two different class names")
    return names


def _tables(fields: Fields, years: tuple[int, ...]) -> tuple[Table, ...]:
    tables = tuple(_table(entry, years) for entry in fields.objects("layers"))
    _require_unique(fields, "layers", [table.table for table in tables])
    with_cells = {table.year for table in tables if table.kind == "cells"}
    if with_cells != set(years):
        raise fields.wrong("layers", sorted(map(str, with_cells)), "a table of kind cells for every year")
    return tables


def _table(fields: Fields, years: tuple[int, ...]) -> Table:
    kind = fields.one_of("kind", KINDS)
    year = fields.optional_whole_number("year")
    if (year is None) != (kind == "attributes") or (year is not None and year not in years):
        raise fields.wrong("year", year, "null for attributes, else one of the run's years")
    styles = fields.texts("styles", _IDENTIFIER, "style names")
    if kind == "cells" and "probability" not in styles:
        raise fields.wrong("styles", styles, "a list with probability")
    return Table(
        table=fields.matching("table", _IDENTIFIER, _IDENTIFIER_RULE),
        kind=kind,
        year=year,
        title=fields.text("title"),
        abstract=fields.text("abstract"),
        styles=styles,
        n_rows=fields.whole_number("n_rows"),
    )


def _overviews(fields: Fields, years: tuple[int, ...], files: tuple[FileEntry, ...]) -> tuple[Overview, ...]:
    known = {entry.name for entry in files}
    overviews = []
    for entry in fields.objects("overviews"):
        overview = Overview(entry.text("file"), entry.text("what"), entry.whole_number("year"), entry.text("title"))
        if overview.file not in known or not overview.file.endswith(".tif"):
            raise entry.wrong("file", repr(overview.file), "a .tif listed under files")
        if overview.year not in years:
            raise entry.wrong("year", overview.year, "one of the run's years")
        overviews.append(overview)
    return tuple(overviews)


def _file(fields: Fields) -> FileEntry:
    name = fields.text("name")
    if not is_plain_name(name):
        raise fields.wrong("name", repr(name), "a plain file name ending in .gpkg, .tif, .html or .json")
    sha256 = fields.matching("sha256", r"[0-9a-f]{64}", "64 lower-case hexadecimal digits")
    return FileEntry(name, fields.whole_number("bytes"), sha256)


def _with_geopackage(fields: Fields, files: tuple[FileEntry, ...]) -> tuple[FileEntry, ...]:
    if GEOPACKAGE_NAME not in {entry.name for entry in files}:
        raise fields.wrong("files", [entry.name for entry in files], f"a list with {GEOPACKAGE_NAME}")
    return files


def _require_unique(fields: Fields, key: str, names: list[str]) -> None:
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise fields.wrong(key, twice, "every name once")
