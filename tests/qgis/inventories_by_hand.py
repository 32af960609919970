"""An inventory for a run of images made by hand: squares that were found in some years."""

import sqlite3
from contextlib import closing
from pathlib import Path

from images_by_hand import describe_inventory
from osgeo import ogr, osr
from run_edits import describe_again

ogr.UseExceptions()
FILE = "layers/ice_types_inventory.gpkg"
TITLE = "Ice types: outlines"
YEARS = (2017, 2021)
OUTLINE = "#0b4f9c"
WIDTH_M = 200_000
SEEN = {0: (2017, 2021), 1: (2021,)}
"""Years by object."""

_TYPES = {
    "object_id": ogr.OFTInteger64, "region": ogr.OFTString, "year": ogr.OFTInteger64, "p": ogr.OFTReal,
    "area_m2": ogr.OFTReal, "is_cut": ogr.OFTInteger64, "begins": ogr.OFTDateTime, "ends": ogr.OFTDateTime,
}  # fmt: skip


def add_inventory(folder: Path) -> None:
    """Add outlines and growth to the second task of a run of `images_by_hand.make_images`."""
    path = folder / FILE
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    polar = osr.SpatialReference()
    polar.ImportFromEPSG(3413)
    objects = dataset.CreateLayer("objects", polar, ogr.wkbMultiPolygon, ["GEOMETRY_NAME=geom"])
    for name, kind in _TYPES.items():
        objects.CreateField(ogr.FieldDefn(name, kind))
    for one, years in SEEN.items():
        for year in years:
            _add(objects, one, year)
    growth = dataset.CreateLayer("growth", None, ogr.wkbNone)
    growth.CreateField(ogr.FieldDefn("object_id", ogr.OFTInteger64))
    growth.CreateField(ogr.FieldDefn("change_m2", ogr.OFTReal))
    row = ogr.Feature(growth.GetLayerDefn())
    row.SetField("object_id", 0)
    growth.CreateFeature(row)
    del row, objects, growth, dataset  # closes the file
    n_rows = sum(map(len, SEEN.values()))
    tables = [("objects", TITLE, n_rows, list(_TYPES)), ("growth", "Growth", 1, ["object_id", "change_m2"])]
    describe_inventory(folder, FILE, tables, YEARS, OUTLINE)


def _add(objects: ogr.Layer, one: int, year: int) -> None:
    row = ogr.Feature(objects.GetLayerDefn())
    values = {"object_id": one, "region": "East & <b>West</b>", "year": year, "p": 0.9, "area_m2": 4e10, "is_cut": 0}
    days = {"begins": f"{year}/01/01 00:00:00", "ends": f"{year + 1}/01/01 00:00:00"}
    for name, value in {**values, **days}.items():
        row.SetField(name, value)
    left, right = one * 3 * WIDTH_M, (one * 3 + 1) * WIDTH_M
    ring = f"{left} 0, {right} 0, {right} {WIDTH_M}, {left} {WIDTH_M}, {left} 0"
    row.SetGeometry(ogr.CreateGeometryFromWkt(f"MULTIPOLYGON ((({ring})))"))
    objects.CreateFeature(row)


def change_inventory(folder: Path, statement: str) -> None:
    """Run SQL on the GeoPackage, which the manifest then describes."""
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        connection.execute(statement)
    describe_again(folder)
