import random
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from entropice.errors import InputFileError
from entropice.sources.files.geopackage import check_geopackage
from entropice.sources.files.vector import read_vector

N_ROWS = 40


def _written(path: Path, geometries: list[shapely.Geometry]) -> Path:
    gpd.GeoDataFrame({"name": [f"n{row}" for row in range(len(geometries))]}, geometry=geometries, crs=4326).to_file(
        path, layer="slumps", engine="pyogrio"
    )
    return path


def _discs(radius_deg: float = 0.3) -> list[shapely.Geometry]:
    return [shapely.Point(100 + row, 70).buffer(radius_deg) for row in range(N_ROWS)]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return _written(tmp_path / "a.gpkg", _discs())


def _edit(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as database:
        for name in [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(statement)


@pytest.mark.parametrize(
    "geometries",
    [_discs(), [shapely.Point(100 + row / 7, 70) for row in range(9)], [shapely.box(0, 0, 1, 1), None]],
    ids=["polygons", "points", "a null"],
)
def test_whole_files_pass(geometries: list[shapely.Geometry], tmp_path: Path) -> None:
    check_geopackage(_written(tmp_path / "a b?#.gpkg", geometries))


def test_geometries_of_spatialite_are_left_to_gdal(package: Path) -> None:
    _edit(package, "UPDATE slumps SET geom = CAST(x'0001E6100000' || substr(geom, 7) AS BLOB)")

    check_geopackage(package)


def test_curves_are_left_to_gdal(package: Path) -> None:
    arc = struct.pack("<2sBBi", b"GP", 0, 1, 4326) + struct.pack("<BII6d", 1, 8, 3, 0, 0, 1, 1, 2, 0)
    _edit(package, f"UPDATE slumps SET geom = x'{arc.hex()}' WHERE fid = 3")  # noqa: S608

    check_geopackage(package)


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("DELETE FROM slumps WHERE fid = 3", "rows of slumps"),
        ("UPDATE slumps SET geom = CAST(x'00' || substr(geom, 2) AS BLOB) WHERE fid = 3", "geometry of slumps"),
        ("UPDATE slumps SET geom = substr(geom, 1, 60) WHERE fid = 3", "geometry of slumps"),
        ("UPDATE slumps SET geom = (SELECT geom FROM slumps WHERE fid = 4) WHERE fid = 3", "spatial index of slumps"),
        ("DELETE FROM rtree_slumps_geom WHERE id = 3", "spatial index of slumps"),
    ],
)
def test_what_is_said_twice_has_to_agree(package: Path, statement: str, field: str) -> None:
    _edit(package, statement)

    with pytest.raises(InputFileError, match="GeoPackage is damaged") as caught:
        read_vector(package)

    assert field in str(caught.value.field)


def _north(vertices: np.ndarray) -> int:
    return int(vertices[:, 1].argmax())


def _inside(vertices: np.ndarray) -> int:
    """A vertex that touches no side of the bounding box."""
    return 3


@pytest.mark.parametrize(("vertex", "is_seen"), [(_north, True), (_inside, False)])
def test_a_vertex_that_bounds_its_polygon_is_checked_and_others_cannot_be(
    package: Path, vertex: Callable[[np.ndarray], int], is_seen: bool
) -> None:
    disc = read_vector(package).geometry[5]
    vertices = shapely.get_coordinates(disc)
    moved = vertices[vertex(vertices)]
    content = package.read_bytes()
    assert content.count(moved.tobytes()) == 1
    package.write_bytes(content.replace(moved.tobytes(), (moved - [0, 0.001]).tobytes()))

    if is_seen:
        with pytest.raises(InputFileError, match="damaged"):
            read_vector(package)
    else:
        assert not read_vector(package).geometry[5].equals_exact(disc, 0)


def test_flips_in_the_heads_of_pages_are_seen_or_lose_no_row(package: Path) -> None:
    random_, content = random.Random(20261128), package.read_bytes()
    page = int.from_bytes(content[16:18], "big")
    for _ in range(20):
        damaged = bytearray(content)
        at = random_.randrange(page, len(content) - page) // page * page + random_.randrange(8)
        damaged[at] ^= 1 << random_.randrange(8)
        package.write_bytes(damaged)
        try:
            frame = read_vector(package)
        except InputFileError:
            continue
        assert len(frame) == N_ROWS
