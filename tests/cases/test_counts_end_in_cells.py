"""Slumps and searched ground that lie in no cell are counted, and swapped axes never go silently."""

import logging

import geopandas as gpd
import label_steps
import numpy as np
import pytest
import shapely

from entropice.crs import POLAR_CRS
from entropice.errors import SchemaError
from entropice.pipelines.labels.parameters import LabelParameters

CELL = shapely.box(-1.95e6, -0.55e6, -1.85e6, -0.45e6)
CELLS = gpd.GeoDataFrame({"cell_id": np.array([1], dtype=np.uint64)}, geometry=[CELL], crs=POLAR_CRS)
OUTSIDE = "slumps and label years outside all cells"


def parameters(**rules):
    return LabelParameters.model_validate({"years": [2021], **rules})


def squares(eastings_m, northing_m=-0.5e6):
    places = [shapely.box(x, northing_m, x + 100, northing_m + 100) for x in eastings_m]
    return gpd.GeoDataFrame({"year": 2021}, geometry=places, index=range(len(places)), crs=POLAR_CRS)


def counts_of(raw, source="polygons", **rules):
    rts, counts = label_steps.normalise_rts(raw, CELLS, parameters(**rules), source)
    return len(rts), counts.set_index("what")["n"][OUTSIDE]


def test_a_slump_60_km_beyond_the_cells_is_counted_and_named(caplog):
    assert counts_of(squares([-1.9e6, -1.79e6])) == (2, 1)
    assert "1 of 2 slumps and label years (50.0 %)" in caplog.text
    assert "outline of land ends before the coast" in caplog.text
    assert "are swapped" in caplog.text


@pytest.mark.parametrize(("n_outside", "share", "warns"), [(1, 0.01, False), (2, 0.01, True), (2, 0.02, False)])
def test_the_warning_comes_above_a_share_of_the_slumps(caplog, n_outside, share, warns):
    inside = np.linspace(-1.94e6, -1.86e6, 100 - n_outside)
    far = np.linspace(-1.7e6, -1.6e6, n_outside)
    assert counts_of(squares([*inside, *far]), max_outside_share=share) == (100, n_outside)
    assert ("in no cell" in caplog.text) == warns


@pytest.mark.parametrize("source", ["darts", "polygons"])
def test_no_slump_outside_is_counted_as_none(caplog, source):
    assert counts_of(squares([-1.9e6]), source) == (1, 0)
    assert "in no cell" not in caplog.text


def test_easting_and_northing_swapped_are_named(caplog):
    swapped = squares([-1.9e6, -1.88e6])
    swapped.geometry = shapely.transform(swapped.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    assert counts_of(swapped) == (2, 2)
    assert "easting and northing, are swapped" in caplog.text


def test_ground_is_counted_where_it_touches_no_cell(caplog):
    footprints = squares([-1.9e6, -1.88e6, -1.7e6]).dissolve()
    footprints["year"] = 2021
    _, counts = label_steps.normalise_coverage(footprints, CELLS, parameters())
    assert counts.set_index("what")["n"]["patches of ground seen in 2021 outside all cells"] == 1
    assert "touches no cell" not in caplog.text


def test_ground_that_touches_no_cell_at_all_is_named(caplog):
    with caplog.at_level(logging.WARNING):
        label_steps.normalise_coverage(squares([-1.7e6]), CELLS, parameters())
    assert "Ground searched in 2021 touches no cell" in caplog.text


@pytest.mark.parametrize(("lat_of_lon", "lon_of_lat"), [(15.0, 78.0), (33.0, 89.0), (-20.0, 70.0)])
def test_slumps_whose_axes_are_swapped_are_refused(lat_of_lon, lon_of_lat):
    """Svalbard as 15° N 78° E, Finnmark's neighbours likewise; −20 is Iceland."""
    swapped = shapely.box(lon_of_lat, lat_of_lon, lon_of_lat + 0.01, lat_of_lon + 0.02)
    raw = gpd.GeoDataFrame({"year": [2021]}, geometry=[swapped], crs="EPSG:4326")
    with pytest.raises(SchemaError, match=r"longitude and latitude are swapped"):
        label_steps.normalise_rts(raw, CELLS, parameters(), "polygons")
