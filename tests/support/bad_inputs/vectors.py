"""Slump inventories, footprints, land and regions that must be refused."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import label_steps
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pyarrow import parquet

from bad_inputs import BadInput
from entropice.crs import POLAR_CRS
from entropice.pipelines.grids import nodes as grids
from entropice.pipelines.grids.parameters import RegionParameters
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.sources.files.vector import read_vector

CELLS = gpd.GeoDataFrame(
    {"cell_id": np.array([1], dtype=np.uint64)}, geometry=[shapely.box(-2e6, -1e6, -1e6, 1e6)], crs=POLAR_CRS
)
PLACES = [shapely.box(-120 + 0.05 * n, 72, -119.998 + 0.05 * n, 72.0007) for n in range(3)]
Geometry = Any
Provoke = Callable[[Path], object]


def squares(geometry: list[Geometry] = PLACES, crs: str | None = "EPSG:4326", **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"year": 2021, **columns}, geometry=geometry, index=range(len(geometry)), crs=crs)


def written(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


def reads(content: bytes | str, name: str = "slumps.gpkg", **options: Any) -> Provoke:
    """A file of some bytes, read."""

    def provoke(folder: Path) -> object:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return read_vector(folder / name, **options)

    return provoke


def reads_frame(name: str = "slumps.gpkg", frame: gpd.GeoDataFrame | None = None, **options: Any) -> Provoke:
    """A vector file of some rows, read."""
    return lambda folder: read_vector(written(squares() if frame is None else frame, folder / name), **options)


def cut_short(name: str, n_bytes: int) -> Provoke:
    def provoke(folder: Path) -> object:
        path = written(squares(), folder / name)
        path.write_bytes(path.read_bytes()[:-n_bytes])
        return read_vector(path)

    return provoke


def without(suffix: str) -> Provoke:
    """A Shapefile that lacks a companion."""

    def provoke(folder: Path) -> object:
        path = written(squares(), folder / "slumps.shp")
        path.with_suffix(suffix).unlink()
        return read_vector(path)

    return provoke


def inventory(source: str = "polygons", rules: dict[str, Any] | None = None, **columns: Any) -> Provoke:
    """Slumps with these columns, read and normalised by these rules; `geometry` and `crs` are taken as such."""
    parameters = LabelParameters.model_validate({"years": [2021], **(rules or {})})

    def provoke(folder: Path) -> object:
        raw = read_vector(written(squares(**columns), folder / "slumps.parquet"))
        return label_steps.normalise_rts(raw, CELLS, parameters, source)

    return provoke


def polygons(columns: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"polygons": {"columns": columns, **fields}}


CLASSED = polygons({"label_class": "kind"}, slump_classes=["slump"], empty_classes=["nothing"])
TYPED = polygons({"label_type": "drawn"}, outline_types=["Polygon"])
DATED = polygons({"year": None, "date": "seen"})
RANGED = polygons({"year": None, "date": ["a", "b"]})
NUMBERED = polygons({"label_class": "kind"}, slump_classes=[1])
POOLED = {"years": [2021], "pooled_from": 2019}


def located(area: object) -> Provoke:
    return inventory(rules=polygons({"area": "a"}), geometry=[shapely.Point(-120, 72)], a=[area])


def footprints(rules: dict[str, Any], **columns: Any) -> Provoke:
    parameters = LabelParameters.model_validate({"years": [2021], **rules})

    def provoke(folder: Path) -> object:
        raw = read_vector(written(squares(**columns), folder / "coverage.parquet"))
        return label_steps.normalise_coverage(raw, CELLS, parameters)

    return provoke


def land(*geometry: Geometry) -> Provoke:
    return lambda folder: grids.normalise_land(read_vector(written(squares(list(geometry)), folder / "land.gpkg")))


def region(*geometry: Geometry) -> Provoke:
    return lambda folder: grids.region_from(
        RegionParameters(file=str(written(squares(list(geometry)), folder / "region.gpkg")))
    )


def survey(areas: dict[str, list[str]]) -> Provoke:
    parameters = LabelParameters.model_validate({**POOLED, "arts": {"survey_areas": areas}})
    columns = {"RegionName": "West", "BaseMapDate": "2020", "TrainClass": "Positive", "LabelType": "Polygon"}

    def provoke(folder: Path) -> object:
        raw = read_vector(written(squares(UID=["a", "b", "c"], **columns), folder / "arts.gpkg"))
        seen = squares([shapely.box(-121, 71, -119, 73)])
        return label_steps.correct_coverage(seen, raw, CELLS, parameters, "arts")

    return provoke


def two_layers(layer: str | None) -> Provoke:
    def provoke(folder: Path) -> object:
        for name in ("first", "second"):
            squares().to_file(folder / "slumps.gpkg", layer=name)
        return read_vector(folder / "slumps.gpkg", layer)

    return provoke


def table_alone(folder: Path) -> object:
    pyogrio.write_dataframe(pd.DataFrame({"year": [2021]}), folder / "slumps.gpkg")
    return read_vector(folder / "slumps.gpkg")


def archive(folder: Path) -> object:
    with zipfile.ZipFile(folder / "slumps.zip", "w") as zipped:
        zipped.write(written(squares(), folder / "slumps.gpkg"))
    return read_vector(folder / "slumps.zip")


def dbf_as_utf_8(folder: Path) -> object:
    path = folder / "slumps.shp"
    pyogrio.write_dataframe(squares(name="Größe"), path, encoding="cp1252")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    return read_vector(path, encoding="utf-8")


def plain_wkb(folder: Path) -> object:
    pd.DataFrame({"year": 2021, "geometry": shapely.to_wkb(PLACES)}).to_parquet(folder / "slumps.parquet")
    return read_vector(folder / "slumps.parquet")


def repeated_columns(folder: Path) -> object:
    path = written(squares(jahr=2021), folder / "slumps.parquet")
    table = parquet.read_table(path)
    names = ["year" if name == "jahr" else name for name in table.column_names]
    parquet.write_table(pa.Table.from_arrays(table.columns, names, metadata=table.schema.metadata), path)
    return read_vector(path)


def other_name(folder: Path) -> object:
    path = written(squares(), folder / "slumps.gpkg")
    return read_vector(path.rename(folder / b"slumps\xfc.gpkg".decode(errors="surrogateescape")))


def number_beyond_64_bits(folder: Path) -> object:
    collection = json.loads(squares(sid=1).to_json())
    collection["features"][0]["properties"]["sid"] = 2**63 + 5
    (folder / "slumps.geojson").write_text(json.dumps(collection))
    return read_vector(folder / "slumps.geojson")


def overwritten_pages(folder: Path) -> object:
    path = written(squares(), folder / "slumps.gpkg")
    content = bytearray(path.read_bytes())
    content[100:20000] = b"\x7f" * 19900
    path.write_bytes(content)
    return read_vector(path)


def geometry_removed(folder: Path) -> object:
    path = written(squares(), folder / "slumps.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM gpkg_geometry_columns")
    return read_vector(path)


CSV = "lon,lat,year\n"

FILES = (
    BadInput("no such vector file", lambda folder: read_vector(folder / "slumps.gpkg")),
    BadInput("a folder for a vector file", read_vector),
    BadInput("an empty vector file", reads(b"")),
    BadInput("a Git-LFS pointer", reads("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n")),
    BadInput("a ZIP archive", archive),
    BadInput("a spreadsheet", reads(b"PK\x03\x04" + bytes(60), "slumps.xlsx")),
    BadInput("a raster for outlines", reads(b"II\x2a\x00" + bytes(60), "slumps.tif")),
    BadInput("a NetCDF file for outlines", reads(b"CDF\x01" + bytes(60), "slumps.nc")),
    BadInput("an error page of a server", reads("<html><body>404, not found</body></html>")),
    BadInput("a VRT that opens another file", reads("<OGRVRTDataSource></OGRVRTDataSource>", "slumps.vrt")),
    BadInput("bytes of no known format", reads(bytes(range(1, 200)), "slumps.bin")),
    BadInput("a path that is not UTF-8", other_name),
    BadInput("a truncated GeoPackage", cut_short("slumps.gpkg", 4096)),
    BadInput("a truncated GeoParquet", cut_short("slumps.parquet", 50)),
    BadInput("a truncated Shapefile", cut_short("slumps.shp", 50)),
    BadInput("a truncated GeoJSON", cut_short("slumps.geojson", 50)),
    BadInput("a GeoPackage with overwritten pages", overwritten_pages),
    BadInput("a Shapefile without .shx", without(".shx")),
    BadInput("a Shapefile without .prj", without(".prj")),
    BadInput("a GeoParquet of null CRS", reads_frame("slumps.parquet", squares(crs=None))),
    BadInput("WKB in a plain Parquet", plain_wkb),
    BadInput("two columns of one name", repeated_columns),
    BadInput("a file without rows", reads_frame(frame=squares([]))),
    BadInput("a table without geometry", table_alone),
    BadInput("a GeoPackage whose geometry is not registered", geometry_removed),
    BadInput("several layers and none named", two_layers(None)),
    BadInput("a layer that is not there", two_layers("third")),
    BadInput("a layer of GeoParquet", reads_frame("slumps.parquet", layer="slumps")),
    BadInput("an encoding of GeoPackage", reads_frame(encoding="cp1252")),
    BadInput("columns of coordinates of GeoPackage", reads_frame(points={"x": "lon", "y": "lat"})),
    BadInput("an encoding that does not exist", reads_frame("slumps.shp", encoding="cp-1252-2")),
    BadInput("a DBF in another encoding than said", dbf_as_utf_8),
    BadInput("a GeoJSON number beyond 64 bits", number_beyond_64_bits),
    BadInput("a CSV header with a name too few", reads(CSV + "-130,72,2021,x\n", "slumps.csv")),
    BadInput("a CSV row that is cut short", reads(CSV + "-130,72,2021\n-131,7", "slumps.csv")),
    BadInput("a CSV with two columns of one name", reads("lon,lat,lat\n-130,72,72\n", "slumps.csv")),
    BadInput("a CSV without coordinates", reads("name,year\nA,2021\n", "slumps.csv")),
    BadInput("a CSV with coordinates in WKT", reads('WKT,year\n"POINT (-130 72)",2021\n', "slumps.csv")),
    BadInput("a CSV with two columns of longitudes", reads("lon,longitude,lat\n1,1,72\n", "slumps.csv")),
    BadInput("a CSV with decimal commas", reads("lon;lat;year\n-130,5;72,1;2021\n", "slumps.csv")),
    BadInput("a CSV with degrees and minutes", reads(CSV + "130°30'W,72°N,2021\n", "slumps.csv")),
    BadInput("a CSV in another encoding", reads("lon,lat,name\n1,72,Größe\n".encode("cp1252"), "slumps.csv")),
    BadInput("a CSV with an open quote", reads(CSV + '-130,72,"2021\n', "slumps.csv")),
    BadInput("a CSV without rows", reads(CSV, "slumps.csv")),
    BadInput("a CSV column that is not there", reads(CSV + "1,2,3\n", "slumps.csv", points={"x": "e", "y": "n"})),
    BadInput(
        "a CSV in a CRS that does not exist",
        reads("x,y\n1,2\n", "slumps.csv", points={"x": "x", "y": "y", "crs": "EPSG:999999"}),
    ),
)

COLUMNS = (
    BadInput("a column of years that is not there", inventory(rules=polygons({"year": "jahr"}))),
    BadInput("years in words", inventory(year="this year")),
    BadInput("a year that is missing", inventory(year=[2021, None, 2021])),
    BadInput("years with fractions", inventory(year=[2021.5, 2021, 2021])),
    BadInput("years that are truth values", inventory(year=True)),
    BadInput("a year of 0 for none", inventory(year=[2021, 0, 2021])),
    BadInput("a year in a far future", inventory(year=[2021, 9999, 2021])),
    BadInput("dates in the column of years", inventory(year=20210718)),
    BadInput("a date that does not exist", inventory(rules=DATED, seen="2021-02-30")),
    BadInput("a date of an impossible year", inventory(rules=DATED, seen="0021-07-18")),
    BadInput("a date that is missing", inventory(rules=DATED, seen=["2021", None, "2021"])),
    BadInput("a range of dates backwards", inventory(rules=DATED, seen="2022-01-01,2021-01-01")),
    BadInput("a list of dates for a range", inventory(rules=DATED, seen="2019,2020,2021")),
    BadInput(
        "a range backwards in two columns",
        inventory(rules=RANGED, a=2021, b=2020),
    ),
    BadInput("ranges of years for single label years", inventory(rules=DATED, seen="2020-01-01,2021-12-31")),
    BadInput("no row of a label year", inventory(year=2015)),
    BadInput("an identity that is missing", inventory(rules=polygons({"id": "sid"}), sid=["a", None, "b"])),
    BadInput(
        "unsigned identities beyond 64 bits",
        inventory(rules=polygons({"id": "sid"}), sid=np.array([2**63, 2**63 + 1, 2**63 + 2], dtype=np.uint64)),
    ),
    BadInput("identities of 64 bits as decimals", inventory(rules=polygons({"id": "sid"}), sid=[2.0**60, 1.0, 2.0])),
    BadInput("identities that restart in every image", inventory(rules=polygons({"id": "sid"}), sid=[1, 2, 1])),
    BadInput(
        "identities that restart in every year",
        inventory(rules={"years": [2021, 2022], **polygons({"id": "sid"})}, year=[2021, 2021, 2022], sid=[1, 2, 1]),
    ),
    BadInput("probabilities in percent", inventory(rules=polygons({"probability": "p"}), p=80)),
    BadInput("probabilities in words", inventory(rules=polygons({"probability": "p"}), p="high")),
    BadInput("a class in no list", inventory(rules=CLASSED, kind=["slump", "Slump", "slump"])),
    BadInput("a class that is missing", inventory(rules=CLASSED, kind=["slump", None, "slump"])),
    BadInput(
        "truth values for classes of numbers",
        inventory(rules=NUMBERED, kind=True),
    ),
    BadInput("no row of a class that is a slump", inventory(rules=CLASSED, kind="nothing")),
    BadInput("a label type in no list", inventory(rules=TYPED, drawn="Box")),
    BadInput("an area of zero", located(0.0)),
    BadInput("an area in words", located("small")),
    BadInput("a survey area of a region that the file lacks", survey({"west": ["Wset"]})),
    BadInput("no survey area of ARTS", survey({})),
)

GEOMETRIES = (
    BadInput("lines for outlines", inventory(geometry=[shapely.LineString([(-120, 72), (-119, 72)])])),
    BadInput("lines among polygons", inventory(geometry=[*PLACES, shapely.LineString([(-120, 72), (-119, 72)])])),
    BadInput(
        "collections of a polygon and a line",
        inventory(geometry=[shapely.GeometryCollection([PLACES[0], shapely.LineString([(-120, 72), (-119, 72)])])]),
    ),
    BadInput("several points in a row", inventory(geometry=[shapely.MultiPoint([(-120, 72), (-110, 72)])])),
    BadInput("metres under a CRS of degrees", inventory(geometry=[shapely.box(5e5, 8e6, 5.01e5, 8.01e6)])),
    BadInput("degrees under a CRS of metres", inventory(crs="EPSG:3413")),
    BadInput("degrees as UTM", inventory(crs="EPSG:32608")),
    BadInput("a geocentric CRS", inventory(geometry=[shapely.box(1e6, 1e6, 2e6, 2e6)], crs="EPSG:4978")),
    BadInput("points of metres as degrees", inventory(geometry=[shapely.Point(5e5, 8e6)])),
    BadInput("longitude and latitude swapped, beyond 90", inventory(geometry=[shapely.box(72, -120, 72.1, -119.9)])),
    BadInput("longitude and latitude swapped, in the south", inventory(geometry=[shapely.box(70, -20, 70.1, -19.9)])),
    BadInput("longitude and latitude swapped, in the north", inventory(geometry=[shapely.box(78, 15, 78.1, 15.1)])),
    BadInput("slumps of another region of the world", inventory(geometry=[*PLACES, shapely.box(92, 34, 92.1, 34.1)])),
    BadInput("points of slumps in the south", inventory(geometry=[shapely.Point(15, -40)])),
    BadInput("outlines with edges longer than 180°", inventory(geometry=[shapely.box(-170, 65, 170, 80)])),
    BadInput("coordinates that are infinite", inventory(geometry=[shapely.Polygon([(0, 72), (1, 72), (1, np.inf)])])),
    BadInput("footprints with edges longer than 180°", footprints({}, geometry=[shapely.box(-179.9, 65, 179.9, 80)])),
    BadInput("footprints that are points", footprints({}, geometry=[shapely.Point(-120, 72)])),
    BadInput("footprints without a column of years", footprints({"coverage": {"every_year": "jahre"}})),
    BadInput("footprints with years in words", footprints({}, year="each")),
    BadInput("footprints of other years", footprints({}, year=2015)),
    BadInput("footprints of metres as degrees", footprints({}, geometry=[shapely.box(5e5, 8e6, 6e5, 9e6)])),
    BadInput(
        "a union of more years than are pooled",
        footprints({**POOLED, "coverage": {"every_year": None, "any_year": "years"}}, years="2018,2021"),
    ),
    BadInput(
        "a range of more years than are pooled",
        footprints({**POOLED, "coverage": {"every_year": None, "any_year": ["a", "b"]}}, a=2018, b=2021),
    ),
    BadInput("land drawn as lines", land(shapely.LineString([(0, 60), (10, 70)]))),
    BadInput("land in the south alone", land(shapely.box(0, -60, 10, -50))),
    BadInput("land with edges longer than 180°", land(shapely.box(-170, 60, 170, 80))),
    BadInput("land with edges longer than 180° across 45° N", land(shapely.box(-170, 30, 170, 80))),
    BadInput("a region drawn as points", region(shapely.Point(0, 80))),
    BadInput("a region with edges longer than 180°", region(shapely.box(-170, 65, 170, 80))),
    BadInput("a region in the southern hemisphere", region(shapely.box(0, -80, 10, -70))),
)

BAD_INPUTS = (*FILES, *COLUMNS, *GEOMETRIES)
