from dataclasses import replace

import h3.api.numpy_int as h3
import numpy as np
import pandas as pd
import pytest
import xarray as xr
import xdggs
from scipy.sparse import csr_matrix

from entropice.derive.cube import DESCRIPTION, Feature, cell_cube, feature_dictionary, fields_on_cells, merge_groups
from entropice.dggs import parse_grid
from entropice.errors import FeatureError

H3_4 = {"grid_name": "h3", "level": 4}
YEARS = (2021, 2022)


def feature(name: str = "slope_mean_deg", n_cells: int = 3, dimensions=("cell",)) -> Feature:
    values = np.arange(n_cells * (2 if "year" in dimensions else 1), dtype=float)
    return Feature(
        name=name,
        dimensions=dimensions,
        cell_values=values.reshape(n_cells, -1) if "year" in dimensions else values,
        known_fraction=np.ones(n_cells),
        units="degree",
        group="terrain",
        source="ArcticDEM mosaic",
        statistic="mean",
        years="2007 to 2022",
        long_name="slope",
    )


def cells_of(ids, land_fraction=1.0) -> pd.DataFrame:
    return pd.DataFrame({"cell_id": ids, "land_fraction": land_fraction})


def h3_ids() -> np.ndarray:
    return np.sort(np.asarray(h3.grid_disk(h3.latlng_to_cell(70.0, 179.9, 4), 1), dtype=np.uint64))[:3]


@pytest.mark.parametrize(
    ("ids", "metadata"),
    [
        (h3_ids(), H3_4),
        (
            np.array([4, 90, 1234], dtype=np.uint64),
            {"grid_name": "healpix", "level": 7, "indexing_scheme": "nested", "ellipsoid": "sphere"},
        ),
    ],
    ids=["h3_4", "healpix_7"],
)
def test_xdggs_decodes_the_saved_cube_unmodified(tmp_path, ids, metadata):
    cube = cell_cube(
        [feature(), feature("snowfall_mm", dimensions=("cell", "year"))], cells_of(ids), metadata, YEARS, 0.5
    )
    cube.to_zarr(tmp_path / "cube.zarr", zarr_format=3, consolidated=False)

    with xr.open_zarr(tmp_path / "cube.zarr", consolidated=False) as saved:
        decoded = xdggs.decode(saved.load())

    assert decoded.dggs.grid_info.level == metadata["level"]
    lon_deg, lat_deg = parse_grid(f"{metadata['grid_name']}_{metadata['level']}").centres(ids)
    centres = decoded.dggs.cell_centers()
    np.testing.assert_allclose(centres["latitude"], lat_deg, atol=1e-9)
    np.testing.assert_allclose((centres["longitude"] - lon_deg + 180) % 360 - 180, 0, atol=1e-9)
    assert decoded["snowfall_mm"].dims == ("cell", "year")


def test_years_are_there_even_if_every_feature_is_static():
    np.testing.assert_array_equal(cell_cube([feature()], cells_of(h3_ids()), H3_4, YEARS, 0.5)["year"], YEARS)


@pytest.mark.parametrize("order", [[1, 0, 2], [0, 0, 1]], ids=["unsorted", "repeated"])
def test_ids_that_do_not_ascend_are_refused(order):
    with pytest.raises(FeatureError, match="sorted"):
        cell_cube([feature()], cells_of(h3_ids()[order]), H3_4, YEARS, 0.5)


def test_fields_keep_their_years_and_order_of_points():
    fields = xr.Dataset({"snowfall_mm": (("year", "lat", "lon"), np.arange(12.0).reshape(2, 2, 3))})
    fields["snowfall_mm"].attrs = dict.fromkeys(DESCRIPTION, "?")
    second_row_third_column = csr_matrix(([1.0], ([0], [5])), shape=(1, 6))

    (found,) = fields_on_cells(fields, second_row_third_column, np.ones(1), "climate")

    assert found.dimensions == ("cell", "year")
    np.testing.assert_array_equal(found.cell_values, [[5.0, 11.0]])
    assert found.group == "climate"


def test_groups_join_without_change():
    terrain = cell_cube([feature()], cells_of(h3_ids()), H3_4, YEARS, 0.5)
    climate = cell_cube([feature("snowfall_mm", dimensions=("cell", "year"))], cells_of(h3_ids()), H3_4, YEARS, 0.5)

    cube = merge_groups([climate, terrain], h3_ids())

    for group in (climate, terrain):
        for name in group.data_vars:
            xr.testing.assert_identical(cube[name], group[name])
    assert cube["cell_ids"].attrs == H3_4


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (cell_cube([feature("a", 2)], cells_of(h3_ids()[:2]), H3_4, YEARS, 0.5), "cells"),
        (cell_cube([feature("a")], cells_of(h3_ids()), H3_4, (2021, 2023), 0.5), "years"),
        (cell_cube([feature("a")], cells_of(h3_ids()), {"grid_name": "h3", "level": 5}, YEARS, 0.5), "grid"),
    ],
    ids=["cells", "years", "grid"],
)
def test_groups_that_do_not_fit_are_refused(other, field):
    with pytest.raises(FeatureError) as caught:
        merge_groups([cell_cube([feature()], cells_of(h3_ids()), H3_4, YEARS, 0.5), other], h3_ids())

    assert caught.value.field == field


def test_cells_other_than_those_of_the_run_are_refused():
    with pytest.raises(FeatureError) as caught:
        merge_groups([cell_cube([feature()], cells_of(h3_ids()), H3_4, YEARS, 0.5)], h3_ids() + np.uint64(1))

    assert caught.value.field == "cells"


def test_a_name_used_twice_is_refused():
    cube = cell_cube([feature()], cells_of(h3_ids()), H3_4, YEARS, 0.5)

    with pytest.raises(FeatureError, match="slope_mean_deg"):
        merge_groups([cube, cube], h3_ids())


def test_the_dictionary_has_a_row_for_every_feature():
    yearly = replace(feature("snowfall_mm", dimensions=("cell", "year")), units="mm", group="climate")
    cube = cell_cube([feature(), yearly], cells_of(h3_ids()), H3_4, YEARS, 0.5)

    dictionary = feature_dictionary(cube)

    assert dictionary.columns.tolist() == ["name", *DESCRIPTION, "is_yearly"]
    assert dictionary.set_index("name")["units"].to_dict() == {"slope_mean_deg": "degree", "snowfall_mm": "mm"}
    assert dictionary["is_yearly"].tolist() == [True, False]  # climate, terrain
