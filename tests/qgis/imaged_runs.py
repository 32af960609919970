"""A copied run folder to which a task adds what it has found in images: quantities of cells, outlines and tiles.

The cells of every class of finds are there: imaged in two years, in one, imaged with nothing found, let pass and not
imaged, left out.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from osgeo import ogr, osr
from run_edits import describe_again, edit_manifest

ogr.UseExceptions()
NAME = "slumps_seen"
TITLE = "Slumps seen from above"
YEARS = (2021, 2023)
TILE_M = 5_000
OUTLINE_M = 400
GATE = {"bound": 0.05, "threshold_per_km2": 0.004, "missed_share": 0.031, "n_blocks": 40}
CHANCES = (0.04, 0.2, 0.4, 0.6, 0.8, 0.97)
RAMP = ["#fff7d1", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404"]
CHANGE = ["#542788", "#998ec3", "#ededed", "#f1a340", "#b35806"]


class Finds(NamedTuple):
    """What a task knows of a cell."""

    expected_per_km2: float | None
    gate: str | None
    imaged_fraction: float | None
    found_per_km2: float | None
    found_low_90: float | None
    found_high_90: float | None
    growth_m2_per_year: float | None
    growth_low_90: float | None
    growth_high_90: float | None
    look_next_rank: int | None


GROWING = Finds(0.02, "looked_at", 0.02, 0.12, 0.08, 0.19, 350.0, 120.0, 610.0, None)
SHRINKING = Finds(0.015, "looked_at", 0.02, 0.05, 0.01, 0.11, -90.0, -200.0, 30.0, None)
SEEN_ONCE = Finds(0.01, "looked_at", 0.01, 0.03, 0.01, 0.06, None, None, None, None)
NOTHING_FOUND = Finds(0.005, "looked_at", 0.01, 0.0, 0.0, 0.01, 0.0, -5.0, 5.0, None)
NEXT = Finds(0.009, "looked_at", 0.0, None, None, None, None, None, None, 3)
LEFT_OUT = Finds(0.001, "left_out", 0.0, None, None, None, None, None, None, None)
UNKNOWN = Finds(None, None, None, None, None, None, None, None, None, None)
KINDS = (GROWING, SHRINKING, SEEN_ONCE, NOTHING_FOUND, NEXT, LEFT_OUT, UNKNOWN)
N_TILES = {GROWING: (2, 2), SHRINKING: (1, 1), SEEN_ONCE: (0, 1), NOTHING_FOUND: (1, 1)}
"""Tiles by kind of cell, in each year."""

N_OUTLINES_PER_TILE = {GROWING: 3, SHRINKING: 2, SEEN_ONCE: 1, NOTHING_FOUND: 0}
SCALES: dict[str, dict[str, Any]] = {
    "expected_per_km2": {"kind": "graduated", "breaks": [0.0, 0.004, 0.01, 0.03], "colours": RAMP[::2]},
    "gate": {
        "kind": "categorical",
        "categories": [
            {"value": "looked_at", "label": "looked at", "colour": "#a6cee3"},
            {"value": "left_out", "label": "left out", "colour": "#8a8a8a"},
        ],
        "other": None,
    },
    "imaged_fraction": {"kind": "graduated", "breaks": [0.0, 0.005, 0.05], "colours": ["#d5dee6", "#d95f0e"]},
    "found_per_km2": {"kind": "graduated", "breaks": [0.0, 0.04, 0.2], "colours": RAMP[1::3]},
    "growth_m2_per_year": {
        "kind": "graduated",
        "breaks": [-700.0, -200.0, -50.0, 50.0, 200.0, 700.0],
        "colours": CHANGE,
    },
    "look_next_rank": {"kind": "graduated", "breaks": [0.5, 1.5, 4.5], "colours": ["#993404", "#fee391"]},
}
UNITS = {"gate": None, "imaged_fraction": "1", "look_next_rank": "1"}
TITLES = {"gate": "Slumps: looked at or left out", "growth_m2_per_year": "Slumps: growth of their area"}
OUTLINE_COLUMNS = {
    "outline_id": ogr.OFTInteger64,
    "year": ogr.OFTInteger64,
    "tile": ogr.OFTString,
    "area_m2": ogr.OFTReal,
    "area_sd_m2": ogr.OFTReal,
    "p": ogr.OFTReal,
    "p_pixels": ogr.OFTReal,
}
TILE_COLUMNS = {
    "tile": ogr.OFTString,
    "year": ogr.OFTInteger64,
    "cell_id": ogr.OFTInteger64,
    "is_best": ogr.OFTInteger64,
    "chosen": ogr.OFTString,
    "inclusion": ogr.OFTReal,
    "expected": ogr.OFTReal,
    "n_found": ogr.OFTInteger64,
    "expected_found": ogr.OFTReal,
    "seen_area_m2": ogr.OFTReal,
}


class Tile(NamedTuple):
    """A tile in a year, with the chances of what was found on it."""

    name: str
    year: int
    cell_id: int
    x_m: float
    y_m: float
    chances: tuple[float, ...]


def add_task(folder: Path) -> dict[int, Finds]:
    """Let a task add to a run folder all that it has; returns what it knows of each cell."""
    places = _places(folder / "run.gpkg")
    finds = {cell_id: KINDS[index % len(KINDS)] for index, cell_id in enumerate(places)}
    tiles = list(_tiles(places, finds))
    _write_cells(folder / "run.gpkg", finds)
    _write_polygons(folder / "run.gpkg", tiles)
    edit_manifest(folder, lambda manifest: _declare(manifest, tiles))
    describe_again(folder)
    return finds


def outline_rows(tiles: list[Tile]) -> Iterator[tuple[dict[str, Any], tuple[float, float, float]]]:
    """Values of the outlines, each with its middle and half its width."""
    for number, tile in enumerate(tiles):
        for index, chance in enumerate(tile.chances):
            values = {
                "outline_id": 100 * number + index,
                "year": tile.year,
                "tile": tile.name,
                "area_m2": 1234.5 + index,
                "area_sd_m2": 80.0,
                "p": chance,
                "p_pixels": chance / 2,
            }
            yield values, (tile.x_m + (index - 1) * 3 * OUTLINE_M, tile.y_m, OUTLINE_M)


def _places(geopackage: Path) -> dict[int, tuple[float, float]]:
    """A point inside every cell."""
    dataset = ogr.Open(str(geopackage))
    cells = dataset.GetLayerByName("cells")
    points = {cell.GetField("cell_id"): cell.GetGeometryRef().PointOnSurface() for cell in cells}
    return {cell_id: (point.GetX(), point.GetY()) for cell_id, point in points.items()}


def _tiles(places: dict[int, tuple[float, float]], finds: dict[int, Finds]) -> Iterator[Tile]:
    for cell_id, (x_m, y_m) in places.items():
        known = finds[cell_id]
        for year, n_tiles in zip(YEARS, N_TILES.get(known, (0, 0)), strict=True):
            for index in range(n_tiles):
                chances = tuple(
                    CHANCES[(cell_id + index + i) % len(CHANCES)] for i in range(N_OUTLINES_PER_TILE[known])
                )
                yield Tile(f"{cell_id}_{index}", year, cell_id, x_m + index * 1.5 * TILE_M, y_m, chances)


def _write_cells(geopackage: Path, finds: dict[int, Finds]) -> None:
    with closing(sqlite3.connect(geopackage)) as connection, connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cells'"
        ).fetchall()  # they call functions of GDAL
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        for own in Finds._fields:
            kind = {"gate": "TEXT", "look_next_rank": "INTEGER"}.get(own, "REAL")
            connection.execute(f'ALTER TABLE cells ADD COLUMN "{NAME}_{own}" {kind}')
        columns = ", ".join(f'"{NAME}_{own}" = ?' for own in Finds._fields)
        rows = [(*known, cell_id) for cell_id, known in finds.items()]
        connection.executemany(f"UPDATE cells SET {columns} WHERE cell_id = ?", rows)  # noqa: S608
        for _, sql in triggers:
            connection.execute(sql)


def _write_polygons(geopackage: Path, tiles: list[Tile]) -> None:
    dataset = ogr.Open(str(geopackage), update=1)
    dataset.StartTransaction()
    outlines = _new_layer(dataset, "outlines", OUTLINE_COLUMNS)
    for values, place in outline_rows(tiles):
        _add(outlines, values, *place)
    layer = _new_layer(dataset, "tiles", TILE_COLUMNS)
    for index, tile in enumerate(tiles):
        _add(layer, _tile_values(tile, is_best=index % 3 != 0), tile.x_m, tile.y_m, TILE_M / 2)
    dataset.CommitTransaction()
    del outlines, layer, dataset  # closes the file


def _tile_values(tile: Tile, *, is_best: bool) -> dict[str, Any]:
    return {
        "tile": tile.name,
        "year": tile.year,
        "cell_id": tile.cell_id,
        "is_best": int(is_best),
        "chosen": "best" if is_best else "random",
        "inclusion": 1.0 if is_best else 0.1,
        "expected": 0.25,
        "n_found": len(tile.chances),
        "expected_found": sum(tile.chances),
        "seen_area_m2": 0.9 * TILE_M**2,
    }


def _new_layer(dataset: ogr.DataSource, own: str, columns: dict[str, int]) -> ogr.Layer:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(3413)
    layer = dataset.CreateLayer(f"{NAME}_{own}", crs, ogr.wkbMultiPolygon)
    for name, kind in columns.items():
        layer.CreateField(ogr.FieldDefn(name, kind))
    return layer


def _add(layer: ogr.Layer, values: dict[str, Any], x_m: float, y_m: float, half_m: float) -> None:
    feature = ogr.Feature(layer.GetLayerDefn())
    for name, value in values.items():
        feature.SetField(name, value)
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    ring = ", ".join(f"{x_m + dx * half_m} {y_m + dy * half_m}" for dx, dy in corners)
    feature.SetGeometry(ogr.CreateGeometryFromWkt(f"MULTIPOLYGON ((({ring})))"))
    layer.CreateFeature(feature)


def _declare(manifest: dict[str, Any], tiles: list[Tile]) -> None:
    n_outlines = sum(len(tile.chances) for tile in tiles)
    cells = next(table for table in manifest["tables"] if table["role"] == "cells")
    cells["columns"] += [_column(f"{NAME}_{own}") for own in Finds._fields]
    manifest["tables"] += [
        _table("outlines", "Slumps outlined in images", n_outlines, OUTLINE_COLUMNS),
        _table("tiles", "Slumps: tiles that were imaged", len(tiles), TILE_COLUMNS),
    ]
    chance = {"kind": "graduated", "breaks": [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0], "colours": RAMP}
    chosen = {
        "kind": "categorical",
        "categories": [
            {"value": "best", "label": "chosen as best", "colour": "#0b5c8f"},
            {"value": "random", "label": "drawn at random", "colour": "#d01c8b"},
        ],
        "other": None,
        "outline_width_mm": 0.5,
    }
    around = [_around("outlines", "p", chance, "percent"), _around("tiles", "chosen", chosen, "text")]
    manifest["layers"] = [*around, *manifest["layers"], *map(_quantity, Finds._fields)]
    manifest.setdefault("tasks", []).append(
        {
            "name": NAME,
            "kind": "segmentation",
            "title": TITLE,
            "nouns": "slumps",
            "years": list(YEARS),
            "gate": GATE,
            "n_tiles": len({tile.name for tile in tiles}),
            "n_outlines": n_outlines,
            "tables": [f"{NAME}_outlines", f"{NAME}_tiles"],
            "quantities": [f"{NAME}_{own}" for own in Finds._fields],
        }
    )


def _quantity(own: str) -> dict[str, Any]:
    name, unit = f"{NAME}_{own}", UNITS.get(own, "m2 a-1" if own.startswith("growth") else "km-2")
    form = {"gate": "text", "imaged_fraction": "percent"}.get(own, "number")
    title = TITLES.get(own, f"Slumps: {own.replace('_', ' ')}")
    return _layer(name, "cells", name, title, unit=unit, format=form, scale=SCALES.get(own), group="observation")


def _around(own: str, column: str, scale: dict[str, Any], form: str) -> dict[str, Any]:
    title = {"outlines": "Slumps outlined in images", "tiles": "Slumps: tiles that were imaged"}[own]
    return _layer(f"{NAME}_{own}", f"{NAME}_{own}", column, title, scale=scale, format=form, group="context", unit=None)


def _layer(name: str, table: str, column: str, title: str, **changes: object) -> dict[str, Any]:
    return {
        "name": name,
        "table": table,
        "column": column,
        "quantity": name,
        "year": None,
        "title": title,
        "description": f"{title}.",
        "on_map": changes["scale"] is not None,
        "is_default": False,
        "overview": None,
        **changes,
    }


def _table(own: str, title: str, n_rows: int, columns: dict[str, int]) -> dict[str, Any]:
    return {
        "table": f"{NAME}_{own}",
        "title": title,
        "geometry": "MultiPolygon",
        "role": "context",
        "n_rows": n_rows,
        "columns": list(map(_column, columns)),
    }


def _column(name: str) -> dict[str, Any]:
    return {"name": name, "type": "real", "unit": None, "description": "A column."}
