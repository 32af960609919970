"""A GeoPackage that carries its styles, and is the same byte for byte when written again."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pyogrio

from entropice.report.layers import Layer

FIXED_TIME: Final = "2000-01-01T00:00:00.000Z"
"""Stands wherever the format demands a time: a run is dated by its inputs, not by the clock."""

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


def write_geopackage(layers: Sequence[Layer], path: Path) -> None:
    """Write every layer, an index on ``cell_id`` and all styles to a new GeoPackage 1.2.

    The same layers give the same bytes.
    """
    with _fixed_clock():
        for layer in layers:
            _write_layer(layer, path, is_first=layer is layers[0])
    with closing(sqlite3.connect(path)) as connection, connection:
        _index_cells(connection, layers)
        _write_styles(connection, layers)
    _blank_library_version(path)


def _blank_library_version(path: Path) -> None:
    """SQLite notes the version of the library that wrote last; which one a process has depends on what it imported."""
    with path.open("r+b") as file:
        file.seek(_LIBRARY_VERSION.start)
        file.write(bytes(len(_LIBRARY_VERSION)))


@contextmanager
def _fixed_clock() -> Iterator[None]:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_layer(layer: Layer, path: Path, *, is_first: bool) -> None:
    creation = {"dataset_options": {"VERSION": "1.2"}} if is_first else {}
    texts = {"IDENTIFIER": layer.title, "DESCRIPTION": layer.abstract}
    if layer.kind == "attributes":
        pyogrio.write_dataframe(layer.frame, path, layer=layer.table, driver="GPKG", layer_options=texts, **creation)
        return
    pyogrio.write_dataframe(
        layer.frame,
        path,
        layer=layer.table,
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        layer_options={"GEOMETRY_NAME": "geom", **texts},
        **creation,
    )


def _index_cells(connection: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    for layer in layers:
        if layer.kind != "attributes":
            table = layer.table.replace('"', '""')
            connection.execute(f'CREATE UNIQUE INDEX "{table}_cell_id" ON "{table}" (cell_id)')


def _write_styles(connection: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    connection.execute(_STYLES_TABLE)
    connection.execute(_STYLES_CONTENT, (FIXED_TIME,))
    connection.executemany(
        _ADD_STYLE,
        [
            (layer.table, style.name, style.qml, style.is_default, style.description, FIXED_TIME)
            for layer in layers
            for style in layer.styles
        ],
    )
