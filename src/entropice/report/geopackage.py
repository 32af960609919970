"""A GeoPackage that carries its styles, and is the same byte for byte when written again."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from entropice.crs import POLAR_CRS
from entropice.report.content import RunContent
from entropice.report.layers import CELLS, Layer
from entropice.report.qml import style_qml, tip_of
from entropice.report.table import Table
from entropice.types import DataFrame, Geometries

FIXED_TIME: Final = "2000-01-01T00:00:00.000Z"
"""Stands wherever the format demands a time: a run is dated by its inputs, not by the clock."""

PAGE_BYTES: Final = 32_768
"""A row of cells has a thousand bytes or so, and what is left of a page holds none: small pages waste a fifth."""

ROWS_AT_ONCE: Final = 16_384
"""Rows that are copied for GDAL together."""

_GEOMETRY: Final = "geometry"
_LIBRARY_VERSION: Final = range(96, 100)
"""Bytes of the header that no reader needs (https://www.sqlite.org/fileformat.html#the_database_header)."""

_STYLES_TABLE: Final = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""
_STYLES_CONTENT: Final = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', 'QGIS styles', ?, 0)"""
_ADD_STYLE: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
    styleSLD, useAsDefault, description, owner, ui, update_time)
VALUES ('', '', ?, 'geom', ?, ?, '', ?, ?, '', NULL, ?)"""


def write_geopackage(content: RunContent, path: Path) -> None:
    """Write every table, indices, and the styles of all layers of cells to a new GeoPackage 1.2.

    The same content gives the same bytes. Polygons are in EPSG:3413; titles and the run's notice become the tables'
    identifiers and descriptions.
    """
    write_tables(list(content.tables.values()), path, content.about.marked, content.about.notice, content.layers)


def write_tables(
    tables: Sequence[Table],
    path: Path,
    titled: Callable[[str], str] = str,
    description: str = "",
    layers: Sequence[Layer] = (),
) -> None:
    """Write tables, indices and the styles of some layers to a new GeoPackage 1.2; the same tables, the same bytes.

    Missing values are NULL; categories, and columns that are all missing, become text. Polygons become multipolygons,
    column ``geom``, EPSG:3413. Numbers are written as the frames hold them, packed ones as whole numbers. Styles stand
    in the table ``layer_styles``, where QGIS finds them; of ``cells`` the style of the default layer is the default, of
    any other table every one. There is none without ``layers``. The file must not exist yet. Nothing checks that: in a
    file that is there, tables of these names are replaced, and others stay.

    Parameters
    ----------
    tables
        At least one; written in this order.
    titled
        What a table is called, from its title.
    description
        Of every table.
    layers
        Of these tables; those that are drawn get a style.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> table = Table("scores", "Scores", "attributes", pd.DataFrame({"value": [0.5, None]}), ())
    >>> with TemporaryDirectory() as folder:
    ...     write_tables([table], Path(folder, "run.gpkg"))
    ...     with closing(sqlite3.connect(Path(folder, "run.gpkg"))) as connection:
    ...         connection.execute("SELECT fid, value FROM scores").fetchall()
    [(1, 0.5), (2, None)]
    """
    with _configured({"OGR_CURRENT_DATE": FIXED_TIME, "OGR_SQLITE_PRAGMA": f"page_size={PAGE_BYTES}"}):
        for table in tables:
            texts = {"IDENTIFIER": titled(table.title), "DESCRIPTION": description}
            _write_table(table, path, texts, is_first=table is tables[0])
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in tables:
            _index(connection, table)
        if layers:
            _write_styles(connection, layers)
    _blank_library_version(path)


def write_style(path: Path, table: str, qml: str, title: str) -> None:
    """Add the style that a table is drawn in to a GeoPackage of `write_tables` that has none.

    The table ``layer_styles`` is made, so it works once a file.

    Parameters
    ----------
    qml
        The style as QGIS reads it.
    title
        Description of the style.

    Raises
    ------
    sqlite3.OperationalError
        The file has styles already.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        _add_styles(connection, [(table, table, qml, True, title, FIXED_TIME)])
    _blank_library_version(path)


def _blank_library_version(path: Path) -> None:
    """SQLite notes the version of the library that wrote last; which one a process has depends on what it imported."""
    with path.open("r+b") as file:
        file.seek(_LIBRARY_VERSION.start)
        file.write(bytes(len(_LIBRARY_VERSION)))


@contextmanager
def _configured(options: dict[str, str]) -> Iterator[None]:
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def _write_table(table: Table, path: Path, texts: dict[str, str], *, is_first: bool) -> None:
    shape = (
        {"geometry_name": _GEOMETRY, "geometry_type": "MultiPolygon", "crs": POLAR_CRS} if table.has_geometry else {}
    )
    names = ({"GEOMETRY_NAME": "geom"} if table.has_geometry else {}) | ({"FID": table.key} if table.key else {})
    pyogrio.write_arrow(
        _rows(table.frame),
        path,
        layer=table.name,
        driver="GPKG",
        layer_options=texts | names,
        **({"dataset_options": {"VERSION": "1.2"}} if is_first else {}),
        **shape,
    )


def _rows(frame: DataFrame) -> pa.RecordBatchReader:
    """The rows as a stream of Arrow, polygons as WKB: few are copied at a time."""
    schema = pa.schema(list(_fields(frame)))
    return pa.RecordBatchReader.from_batches(schema, _batches(frame, schema))


def _fields(frame: DataFrame) -> Iterator[pa.Field]:
    """Columns as GDAL takes them: categories, and what is all null, are texts."""
    for name in frame.columns.drop(_GEOMETRY, errors="ignore"):
        # One column at a time: what type it has is found by a copy of all its rows.
        field = pa.Schema.from_pandas(frame[[name]], preserve_index=False).field(0)
        is_text = pa.types.is_dictionary(field.type) or pa.types.is_null(field.type)
        yield field.with_type(pa.string()) if is_text else field
    if _GEOMETRY in frame:
        yield pa.field(_GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})


def _batches(frame: DataFrame, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(frame), ROWS_AT_ONCE):
        rows = pd.DataFrame(frame.iloc[start : start + ROWS_AT_ONCE])
        if _GEOMETRY in rows:
            rows[_GEOMETRY] = shapely.to_wkb(_multipolygons(rows[_GEOMETRY].to_numpy()))
        yield from pa.Table.from_pandas(rows, schema, preserve_index=False).to_batches()


def _multipolygons(polygons: Geometries) -> Geometries:
    """Polygons (n,) as such of a single part: a layer has one type."""
    is_single = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    promoted = polygons.copy()
    promoted[is_single] = shapely.multipolygons(polygons[is_single], indices=np.arange(is_single.sum()))
    return promoted


def _index(connection: sqlite3.Connection, table: Table) -> None:
    if table.indexed is not None:
        kind = "UNIQUE INDEX" if table.is_unique else "INDEX"
        name = f"{table.name}_{table.indexed}"
        connection.execute(f'CREATE {kind} "{name}" ON "{table.name}" ("{table.indexed}")')


def _write_styles(connection: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    _add_styles(connection, list(_styles(layers)))


def _add_styles(connection: sqlite3.Connection, styles: Sequence[tuple[str, str, str, bool, str, str]]) -> None:
    connection.execute(_STYLES_TABLE)
    connection.execute(_STYLES_CONTENT, (FIXED_TIME,))
    connection.executemany(_ADD_STYLE, styles)


def _styles(layers: Sequence[Layer]) -> Iterator[tuple[str, str, str, bool, str, str]]:
    """Table, name, QML, whether it is the default, description and time of each style, those of cells first."""
    for table, of_table in groupby(sorted(layers, key=_comes_after_cells), key=lambda layer: layer.table):
        drawn = {layer.column: layer for layer in of_table if layer.column is not None}
        for column, layer in drawn.items():
            tip = tip_of({name: other for name, other in drawn.items() if other.on_map and other.year == layer.year})
            qml = style_qml(column, layer, tip)
            if qml is not None:
                yield table, layer.name, qml, layer.is_default or table != CELLS, layer.title, FIXED_TIME


def _comes_after_cells(layer: Layer) -> tuple[bool, str]:
    return layer.table != CELLS, layer.table
