from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from entropice.errors import ConfigError, InputFileError, SchemaError
from entropice.sources.ice.chart_masks import IceRule, ice_mask
from entropice.sources.ice.charts import read_chart
from entropice.sources.ice.sigrid import CONCENTRATIONS
from entropice.sources.imagery.placing import RasterPlace

TOP_M = -1_000_000.0
PLACE = RasterPlace("EPSG:3413", 0.0, TOP_M, 1_000.0, 10, 70)
RULE = IceRule(0.1, 0.8)
ROWS = [
    {"CT": "92", "CA": "", "SA": "95", "POLY_TYPE": "I"},
    {"CT": "81", "CA": "30", "SA": "97", "CB": "60", "SB": "83", "POLY_TYPE": "I"},
    {"CT": "46", "CA": "20", "SA": "87", "CB": "20", "SB": "81", "CC": "10", "SC": "82", "POLY_TYPE": "I"},
    {"CT": "01", "POLY_TYPE": "I"},
    {"POLY_TYPE": "W"},
    {"POLY_TYPE": "L"},
    {"CT": "99", "SA": "99", "POLY_TYPE": "N"},
]
WriteChart = Callable[..., Path]


@pytest.fixture
def chart(tmp_path: Path) -> WriteChart:
    """Writes a shapefile of squares of 10 km from west to east."""

    def write(rows: list[dict[str, Any]] = ROWS, *, crs: str = "EPSG:3413", drop: tuple[str, ...] = ()) -> Path:
        squares = [
            shapely.box(10_000 * column, TOP_M - 10_000, 10_000 * (column + 1), TOP_M) for column in range(len(rows))
        ]
        frame = gpd.GeoDataFrame(rows, geometry=squares, crs="EPSG:3413")
        frame.drop(columns=list(drop)).to_crs(crs).to_file(tmp_path / "arctic220915.shp", engine="pyogrio")
        return tmp_path / "arctic220915.shp"

    return write


def test_ranges_and_stages_by_hand(chart: WriteChart) -> None:
    read = read_chart(chart())

    assert "".join(read["surface"]) == "IIIIWLN"
    assert np.array_equal(
        read[["lowest", "highest"]].to_numpy(),
        [[1, 1], [0.8, 1], [0.4, 0.6], [0, 0.1], [0, 0], [np.nan] * 2, [np.nan] * 2],
        equal_nan=True,
    )
    assert list(read["stage"][:3]) == ["old ice", "young ice", "thin first-year ice"]


def test_the_mask_scores_only_what_the_chart_is_sure_of(chart: WriteChart) -> None:
    mask = ice_mask(read_chart(chart()), PLACE, RULE)

    assert [np.unique(mask[:, column : column + 10]).tolist() for column in range(0, 70, 10)] == [
        [1],
        [1],
        [255],
        [0],
        [0],
        [255],
        [255],
    ]


def test_the_image_may_reach_beyond_the_chart(chart: WriteChart) -> None:
    beyond = RasterPlace("EPSG:3413", -5_000.0, TOP_M, 1_000.0, 10, 10)

    mask = ice_mask(read_chart(chart()), beyond, RULE)

    assert np.unique(mask[:, :5]).tolist() == [255]
    assert np.unique(mask[:, 5:]).tolist() == [1]


def test_a_chart_in_degrees_lies_at_the_same_place(chart: WriteChart) -> None:
    metres = ice_mask(read_chart(chart()), PLACE, RULE)

    assert np.array_equal(ice_mask(read_chart(chart(crs="EPSG:4326")), PLACE, RULE)[1:-1], metres[1:-1])


def test_an_image_of_another_zone_gets_the_same_ice(chart: WriteChart) -> None:
    place = RasterPlace("EPSG:32623", 500_000.0, 8_999_000.0, 1_000.0, 40, 40)

    mask = ice_mask(read_chart(chart()), place, RULE)

    x, y = np.meshgrid(500_500 + 1_000.0 * np.arange(40), 8_998_500 - 1_000.0 * np.arange(40))
    x, y = Transformer.from_crs(place.crs, "EPSG:3413", always_xy=True).transform(x, y)
    is_there = (y < TOP_M) & (y > TOP_M - 10_000)
    assert np.array_equal(mask == 1, is_there & (x > 0) & (x < 20_000))
    assert 50 < (mask == 1).sum() < 400


@pytest.mark.parametrize("typed", [int, float, str])
def test_codes_are_read_however_their_column_is_typed(typed: type, chart: WriteChart) -> None:
    rows = [{"CT": typed(1), "CA": typed(-9), "SA": typed(83), "POLY_TYPE": "I"}] * 2

    read = read_chart(chart(rows))

    assert read[["lowest", "highest"]].to_numpy().tolist() == [[0, 0.1]] * 2
    assert read["stage"].tolist() == ["young ice"] * 2


@pytest.mark.parametrize(("column", "code"), [("CT", "21x"), ("CT", "93"), ("SA", "71"), ("POLY_TYPE", "X")])
def test_an_unknown_code_is_refused_by_name(column: str, code: str, chart: WriteChart) -> None:
    path = chart([ROWS[0], ROWS[1] | {column: code}])

    with pytest.raises(InputFileError, match="none of SIGRID-3") as caught:
        read_chart(path)

    assert (caught.value.path, caught.value.field, caught.value.got) == (str(path), column, repr(code))


def test_a_file_without_the_columns_of_a_chart_is_refused(chart: WriteChart) -> None:
    with pytest.raises(InputFileError, match="no ice chart") as caught:
        read_chart(chart(drop=("CT",)))

    assert caught.value.field == "CT"


def test_a_chart_without_crs_is_refused(chart: WriteChart) -> None:
    path = chart()
    path.with_suffix(".prj").unlink()

    with pytest.raises(SchemaError, match="CRS") as caught:
        read_chart(path)

    assert caught.value.path == str(path)


@pytest.mark.parametrize(("water_to", "ice_from"), [(0.5, 0.5), (-0.1, 0.5), (0.1, 1.1)])
def test_ice_must_begin_above_water(water_to: float, ice_from: float) -> None:
    with pytest.raises(ConfigError, match="begin above"):
        IceRule(water_to, ice_from)


@given(st.sampled_from(sorted(CONCENTRATIONS)))
def test_every_code_is_a_range_of_shares_or_unknown(code: str) -> None:
    share = CONCENTRATIONS[code]

    assert 0 <= share.lowest <= share.highest <= 1 or np.isnan([share.lowest, share.highest]).all()
