from pathlib import PurePosixPath

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from entropice.errors import InputFileError, SchemaError
from entropice.sources.alphaearth.index import find_index, read_index

STORE = "gs://alphaearth_foundations/satellite_embedding/v1/annual"


def rows(**changes):
    """Two files of zone 33 and one of the southern hemisphere."""
    table = pd.DataFrame(
        {
            "fid": [1, 2, 3],
            "path": [f"{STORE}/{place}" for place in ("2020/33N/a.tiff", "2021/33N/a.tiff", "2021/33S/b.tiff")],
            "year": [2020, 2021, 2021],
            "utm_zone": ["33N", "33N", "33S"],
            "crs": ["EPSG:32633", "EPSG:32633", "EPSG:32733"],
            "utm_west": [500_000.0, 500_000.0, 500_000.0],
            "utm_south": [8_000_000.0, 8_000_000.0, 0.0],
            "utm_east": [581_920.0, 581_920.0, 581_920.0],
            "utm_north": [8_081_920.0, 8_081_920.0, 81_920.0],
            "wgs84_west": [15.0, 15.0, 15.0],
            "wgs84_south": [72.1, 72.1, -80.0],
            "wgs84_east": [17.5, 17.5, 17.5],
            "wgs84_north": [72.9, 72.9, -79.0],
        }
    )
    for column, value in changes.items():
        table.loc[1, column] = value
    return table


def write(folder, table, name):
    path = folder / name
    if name.endswith("csv"):
        table.to_csv(path, index=False)
    elif name.endswith("parquet"):
        table.to_parquet(path)
    else:
        gpd.GeoDataFrame(table, geometry=[box(0, 0, 1, 1)] * len(table), crs="EPSG:4326").to_file(path)
    return path


@pytest.mark.parametrize("name", ["aef_index.parquet", "aef_index.gpkg", "aef_index.csv"])
def test_every_published_format_says_the_same(tmp_path, name):
    index = read_index(write(tmp_path, rows(), name))

    assert set(index) == {PurePosixPath("2020/33N/a.tiff"), PurePosixPath("2021/33N/a.tiff")}
    row = index[PurePosixPath("2021/33N/a.tiff")]
    assert (row.year, row.zone) == (2021, 33)
    assert row.lon_deg == (15.0, 17.5)
    assert row.bounds_m == (500_000.0, 8_000_000.0, 581_920.0, 8_081_920.0)


def test_a_folder_may_have_no_index_or_several(tmp_path):
    assert find_index(tmp_path) is None

    write(tmp_path, rows(), "aef_index.csv")
    assert find_index(tmp_path).name == "aef_index.csv"
    write(tmp_path, rows(), "aef_index.parquet")
    assert find_index(tmp_path).name == "aef_index.parquet"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"utm_zone": "61N"}, "utm_zone"),
        ({"utm_zone": "XN"}, "utm_zone"),
        ({"wgs84_west": float("nan")}, "wgs84_west"),
        ({"utm_north": float("nan")}, "utm_north"),
        ({"year": float("nan")}, "year"),
        ({"path": f"{STORE}/2020/33N/a.tiff"}, "path"),
    ],
    ids=["no such zone", "no number", "longitude unknown", "edge unknown", "year unknown", "twice"],
)
def test_an_index_that_cannot_be_is_refused(tmp_path, changes, field):
    path = write(tmp_path, rows(**changes), "aef_index.parquet")

    with pytest.raises(SchemaError) as caught:
        read_index(path)

    assert caught.value.field == field
    assert caught.value.path == str(path)


@pytest.mark.parametrize("name", ["aef_index.parquet", "aef_index.gpkg", "aef_index.csv"])
def test_a_damaged_index_is_refused_by_name(tmp_path, name):
    path = write(tmp_path, rows(), name)
    path.write_bytes(path.read_bytes()[:280])

    with pytest.raises((InputFileError, SchemaError), match=name):
        read_index(path)
