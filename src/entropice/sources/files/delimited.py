"""Tables of text (CSV) with the coordinates of points in two columns."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from entropice.crs import LON_LAT_CRS
from entropice.errors import ConfigError, InputFileError, SchemaError
from entropice.sources.files.formats import DELIMITERS
from entropice.sources.files.geometry_column import with_geometry
from entropice.types import FloatArray, GeoDataFrame, Series

LONGITUDE_NAMES: Final = ("lon", "long", "longitude", "lon_deg", "longitude_deg", "centroidlon")
LATITUDE_NAMES: Final = ("lat", "latitude", "lat_deg", "latitude_deg", "centroidlat")


@dataclass(frozen=True)
class PointColumns:
    """Which columns of a table hold coordinates, and their CRS.

    Attributes
    ----------
    x, y
        Column of longitudes or eastings, and of latitudes or northings.
    crs
        Anything PROJ knows, such as ``EPSG:32608``.
    """

    x: str
    y: str
    crs: str = LON_LAT_CRS


def read_points(path: Path, encoding: str, columns: Mapping[str, str] | None) -> GeoDataFrame:
    """Read a table of text: one point a row, every value as it is written, empty ones as null.

    The delimiter is the comma, semicolon or tab that divides the header into most names; blanks around names are left
    out. `columns` names those of a `PointColumns`. Without it, the one column called longitude (``lon long longitude
    lon_deg longitude_deg centroidlon``) and the one called latitude (``lat latitude lat_deg latitude_deg
    centroidlat``), in any case, hold WGS 84 coordinates. A row without one of its coordinates has no geometry. Of
    delimiters that divide into equally many names the comma goes first, then the semicolon. Columns are those of the
    file, of text, and ``geometry``; rows are in its order, empty lines left out.

    Raises
    ------
    InputFileError
        The text is in another encoding, or quoted wrongly.
    SchemaError
        Rows that are longer or shorter than the header, two columns of one name, coordinates that are not numbers.
    ConfigError
        No column, or several, of longitudes or latitudes; a CRS that is not known.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "slumps.csv"
    ...     _ = path.write_text("name;Lon;lat\\n007;-134.25;68.5\\nlost;;\\n")
    ...     table = read_points(path, "utf-8", None)
    >>> table["name"].tolist(), [point and point.wkt for point in table.geometry]
    (['007', 'lost'], ['POINT (-134.25 68.5)', None])
    """
    header, rows = _table(path, encoding)
    _refuse_repeats(header, path)
    _refuse_other_lengths(header, rows, path)
    table = pd.DataFrame(rows, columns=header, dtype=object).replace("", None)
    chosen = _by_name(header, path) if columns is None else _given(columns, header, path)
    x, y = _coordinates(table[chosen.x], path), _coordinates(table[chosen.y], path)
    points = np.asarray(shapely.points(x, y), dtype=object)
    points[np.isnan(x) | np.isnan(y)] = None
    return with_geometry(table, points, _crs(chosen, path))


def _table(path: Path, encoding: str) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_bytes().decode(encoding).removeprefix("\ufeff").replace("\r\n", "\n").lstrip("\n")
        delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except UnicodeDecodeError as error:
        raise _unreadable(path, "encoding", str(error), encoding, "name it: encoding: cp1252, for example") from error
    except csv.Error as error:
        raise _unreadable(path, "quotes", str(error), "quotes that close", "save the table as CSV again") from error
    return [name.strip() for name in header], [row for row in rows if row]


def _unreadable(path: Path, field: str, got: str, expected: str, fix: str) -> InputFileError:
    return InputFileError(
        "The table of text cannot be read.", path=path, field=field, got=got, expected=expected, fix=fix
    )


def _refuse_repeats(header: Sequence[str], path: Path) -> None:
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        raise SchemaError(
            "Two columns have one name.",
            path=path,
            field=", ".join(repeated),
            got=", ".join(header),
            expected="one column of each name",
            fix="rename or remove the others",
        )


def _refuse_other_lengths(header: Sequence[str], rows: Sequence[Sequence[str]], path: Path) -> None:
    wrong = [number for number, row in enumerate(rows, start=2) if len(row) != len(header)]
    if wrong:
        raise SchemaError(
            "Rows have more or fewer values than the header has names, so columns would shift.",
            path=path,
            field="header",
            got=f"{len(header)} names; {len(wrong)} rows differ, the first has {len(rows[wrong[0] - 2])} values",
            expected="as many values as names in every row",
            sample=(f"row {number}" for number in wrong),
            fix="name every column; put values with commas in quotes",
        )


def _by_name(header: Sequence[str], path: Path) -> PointColumns:
    return PointColumns(
        _only(header, LONGITUDE_NAMES, "points.x", path), _only(header, LATITUDE_NAMES, "points.y", path)
    )


def _only(header: Sequence[str], names: Sequence[str], parameter: str, path: Path) -> str:
    found = [name for name in header if name.lower() in names]
    if len(found) != 1:
        raise ConfigError(
            "The table does not say where its coordinates are.",
            path=path,
            field=parameter,
            got=", ".join(header),
            expected=f"one column called {' or '.join(names)}",
            fix="name them in the catalog entry, points: {x: …, y: …, crs: EPSG:…}; turn WKT into a GeoPackage "
            "(`ogr2ogr -oo GEOM_POSSIBLE_NAMES=WKT -a_srs EPSG:… out.gpkg in.csv`)",
        )
    return found[0]


def _given(columns: Mapping[str, str], header: Sequence[str], path: Path) -> PointColumns:
    is_complete = {"x", "y"} <= set(columns) <= {"x", "y", "crs"}
    if not is_complete or not {columns["x"], columns["y"]} <= set(header):
        raise ConfigError(
            "The columns of coordinates are named wrongly.",
            path=path,
            field="points",
            got=", ".join(f"{key}: {value}" for key, value in columns.items()),
            expected=f"x and y out of {', '.join(header)}, and a crs",
            fix="correct points in the catalog entry",
        )
    return PointColumns(**columns)


def _coordinates(values: Series, path: Path) -> FloatArray:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
    wrong = values[values.notna().to_numpy() & ~np.isfinite(numbers)]
    if len(wrong):
        raise SchemaError(
            "Coordinates are not numbers.",
            path=path,
            field=str(values.name),
            got=f"{len(wrong)} of {len(values)} rows",
            expected="decimal numbers with a point, such as -134.25",
            sample=wrong,
            fix="write decimals with a point, degrees without minutes, and nothing where a location is not known",
        )
    return numbers


def _crs(columns: PointColumns, path: Path) -> CRS:
    try:
        return CRS.from_user_input(columns.crs)
    except CRSError as error:
        raise ConfigError(
            "There is no such CRS.",
            path=path,
            field="points.crs",
            got=columns.crs,
            expected="a CRS such as EPSG:4326",
            fix="correct it in the catalog entry",
        ) from error
