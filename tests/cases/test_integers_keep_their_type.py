"""Identities of 64 bits are those of the file in every format; where a file cannot hold them exactly it is refused."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from entropice.errors import SchemaError
from entropice.sources.files.vector import read_vector
from entropice.sources.periods import Period
from entropice.sources.slumps.columns import OutlineFormat
from entropice.sources.slumps.outlines import normalise_outlines

NUMBERED = OutlineFormat.model_validate({"columns": {"id": "sid"}})
FIRST = 7205759406317978101
"""Above 2⁵³, where float64 holds every 1,024th whole number alone."""


def slumps(ids):
    """Squares 700 m apart, west to east."""
    squares = [shapely.box(-120 + 0.02 * n, 72, -119.998 + 0.02 * n, 72.0007) for n in range(len(ids))]
    return gpd.GeoDataFrame({"year": 2021, "sid": ids}, geometry=squares, crs="EPSG:4326")


def ids_of(path):
    return normalise_outlines(read_vector(path), NUMBERED, [Period(2021, 2021)], 0.1, "x")[0]["rts_id"].tolist()


def written(frame, path):
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".geojson", ".fgb"])
@pytest.mark.parametrize("ids", [[FIRST, FIRST + 1, FIRST + 2], [1, FIRST, 2**63 - 2]], ids=["near", "ends"])
def test_identities_above_2_to_the_53_are_three_slumps(tmp_path, suffix, ids):
    assert ids_of(written(slumps(ids), tmp_path / f"slumps{suffix}")) == ids


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".geojson"])
def test_a_null_in_a_row_without_geometry_does_not_blur_the_others(tmp_path, suffix):
    frame = slumps(pd.array([FIRST, FIRST + 1, None], dtype="Int64"))
    frame.loc[2, "geometry"] = None
    assert ids_of(written(frame, tmp_path / f"slumps{suffix}")) == [FIRST, FIRST + 1]


def test_unsigned_identities_that_fit_are_those_of_the_file(tmp_path):
    ids = np.array([FIRST, FIRST + 1, 2**63 - 1], dtype=np.uint64)
    assert ids_of(written(slumps(ids), tmp_path / "slumps.parquet")) == ids.tolist()


def test_whole_numbers_as_text_are_those_of_the_file():
    frame = slumps([str(FIRST), str(FIRST + 1), "-3"])
    rts, _ = normalise_outlines(frame, NUMBERED, [Period(2021, 2021)], 0.1, "x")
    assert rts["rts_id"].tolist() == [-3, FIRST, FIRST + 1]


@pytest.mark.parametrize("ids", [["7", "07", "8"], ["9" * 20, "9" * 20 + "1", "1"], ["1", "1.0", "2"]])
def test_other_text_names_slumps_and_is_numbered(ids):
    rts, _ = normalise_outlines(slumps(ids), NUMBERED, [Period(2021, 2021)], 0.1, "x")
    assert rts["rts_id"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "ids",
    [
        np.array([2**63 + 5, 2**63 + 6, 2**63 + 7], dtype=np.uint64),
        np.array([FIRST, FIRST + 1, FIRST + 2], dtype=np.float64),
        np.array([2.0**53 + 2, 1, 2]),
    ],
    ids=["unsigned", "floats", "one float"],
)
def test_what_int64_or_a_float_cannot_hold_is_refused(tmp_path, ids):
    with pytest.raises(SchemaError, match=r"field: sid[\s\S]*below 2⁶³, or below 2⁵³ in a column of decimals"):
        ids_of(written(slumps(ids), tmp_path / "slumps.parquet"))


def test_a_shapefile_that_holds_twenty_digits_as_decimals_is_refused(tmp_path):
    with pytest.raises(SchemaError, match="below 2⁵³"):
        ids_of(written(slumps([FIRST, FIRST + 1, FIRST + 2]).astype({"sid": float}), tmp_path / "slumps.shp"))


def test_geojson_with_a_number_beyond_64_bits_is_refused(tmp_path):
    collection = json.loads(slumps([1, 2]).to_json())
    collection["features"][0]["properties"]["sid"] = 2**64 + 1
    (tmp_path / "slumps.geojson").write_text(json.dumps(collection))
    with pytest.raises(Exception, match=r"18446744073709551617|below 2⁵³"):
        ids_of(tmp_path / "slumps.geojson")


@pytest.mark.parametrize("year", [0, 9999, 20210718, -1])
def test_numbers_that_are_no_calendar_year_are_refused(year):
    with pytest.raises(SchemaError, match=r"calendar years, 1900 to 2100[\s\S]*for example"):
        normalise_outlines(slumps([1, 2]).assign(year=[2021, year]), NUMBERED, [Period(2021, 2021)], 0.1, "x")
