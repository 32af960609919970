"""From statistics to the features of cells and label years."""

import logging
import pickle

import numpy as np
import pytest
import shapely
from cell_frames import cell_frame
from raster_files import cells_around, field, grid_around, write_raster
from rasterio.transform import from_origin

from entropice.derive.cube import DESCRIPTION
from entropice.errors import FeatureError

PIXELS = from_origin(0.0, 40.0, 10.0, 10.0)
CELLS = cell_frame(range(1, 4), [shapely.box(0, 0, 40, 40), shapely.box(40, 0, 80, 40), shapely.box(900, 0, 940, 40)])
"""Covered by a raster of 4 × 6 pixels in whole, in half, and not at all."""

ICE = {"file": "a.tif", "name": "ground_ice", "unit": "%", "statistic": "mean"}
SOIL = {"file": "a.tif", "name": "soil", "categorical": {1: "peat", 2: "sand"}}


def flat(folder, value, name="a.tif"):
    write_raster(folder / name, np.full((4, 6), value, np.float32), PIXELS)


@pytest.mark.parametrize(("min_known_fraction", "is_known"), [(0.5, True), (0.51, False)])
def test_a_cell_needs_a_known_share_of_its_area(folder, features, min_known_fraction, is_known):
    flat(folder, 7)

    cube = features(CELLS, ICE | {"statistic": ["mean", "known_fraction"]}, min_known_fraction=min_known_fraction)

    np.testing.assert_array_equal(cube["ground_ice_mean_percent"], [7, 7 if is_known else np.nan, np.nan])
    np.testing.assert_array_equal(cube["ground_ice_known_fraction"], [1, 0.5, 0])


def test_a_feature_says_everything_about_itself(folder, features):
    flat(folder, 7)

    cube = features(CELLS, ICE | {"long_name": "volumetric ground ice"})

    feature = cube["ground_ice_mean_percent"]
    assert feature.dims == ("cell",)
    assert {key: feature.attrs[key] for key in DESCRIPTION} == {
        "units": "%",
        "group": "rasters",
        "source": "a.tif",
        "statistic": "mean over the pixels of the cell",
        "years": "static",
        "long_name": "volumetric ground ice",
    }
    assert cube["cell_ids"].attrs["grid_name"] == "h3"


@pytest.mark.parametrize(
    ("statistic", "words"),
    [
        ("q05", "5 % quantile"),
        ("median", "median"),
        ("sd", "standard deviation"),
        ("range", "highest minus lowest value"),
    ],
)
def test_statistics_are_told_in_words(folder, features, statistic, words):
    flat(folder, 7)

    (feature,) = features(CELLS, ICE | {"statistic": statistic}).data_vars.values()

    assert feature.attrs["statistic"] == f"{words} over the pixels of the cell"


def test_no_label_year_sees_a_raster_of_a_later_year(folder, features):
    flat(folder, 7)

    cube = features(CELLS, ICE | {"year": 2021}, years=(2020, 2021, 2022))

    np.testing.assert_array_equal(cube["ground_ice_mean_percent"].sel(cell=0), [np.nan, 7, 7])
    assert cube["ground_ice_mean_percent"].attrs["years"] == "2021"


def test_a_label_year_sees_the_latest_raster_of_a_series(folder, features):
    for year in (2015, 2020, 2022):
        flat(folder, year - 2000, f"{year}.tif")
    series = [ICE | {"file": f"{year}.tif", "year": year} for year in (2022, 2015, 2020)]

    cube = features(CELLS, *series, years=(2014, 2015, 2019, 2020, 2021, 2022))

    feature = cube["ground_ice_mean_percent"]
    np.testing.assert_array_equal(feature.sel(cell=0), [np.nan, 15, 15, 20, 20, 22])
    assert feature.attrs["years"] == "the latest of 2015, 2020, 2022 up to y"
    assert feature.attrs["source"] == "2022.tif, 2015.tif, 2020.tif"


def test_categories_become_shares_of_the_known_area(folder, features):
    """Of the first cell's 16 pixels 2 are unknown, 7 peat (½ of what is known), 4 sand, 3 of codes without a name."""
    values = np.array([0, 0, *[1] * 7, *[2] * 4, 5, 5, 9], np.uint8).reshape(4, 4)
    write_raster(folder / "a.tif", values, PIXELS, nodata=0)

    cube = features(CELLS, SOIL | {"statistic": ["fraction", "known_fraction"]})

    found = {name: feature.values[0] for name, feature in cube.data_vars.items()}
    assert found == pytest.approx(
        {
            "soil_peat_fraction": 7 / 14,
            "soil_sand_fraction": 4 / 14,
            "soil_other_fraction": 3 / 14,
            "soil_known_fraction": 14 / 16,
        }
    )
    assert cube["soil_peat_fraction"].attrs["units"] == "1"
    assert cube["soil_peat_fraction"].attrs["long_name"] == "soil: peat"
    assert np.isnan(cube["soil_peat_fraction"].values[1:]).all()


def test_every_code_found_can_be_a_category(folder, features):
    write_raster(folder / "a.tif", np.array([[3, 3, -2, 70000]] * 4, np.int32), PIXELS)

    cube = features(CELLS, SOIL | {"categorical": True})

    assert {name: feature.values[0] for name, feature in cube.data_vars.items()} == pytest.approx(
        {"soil_code_minus_2_fraction": 0.25, "soil_code_3_fraction": 0.5, "soil_code_70000_fraction": 0.25}
    )


def test_a_category_that_occurs_nowhere_has_no_share(folder, features):
    write_raster(folder / "a.tif", np.full((4, 4), 2, np.uint8), PIXELS)

    cube = features(CELLS, SOIL)

    assert [cube[f"soil_{name}_fraction"].values[0] for name in ("peat", "sand", "other")] == [0, 1, 0]


def test_categories_of_a_series_are_the_same_in_all_years(folder, features):
    for year, code in [(2020, 1), (2021, 2)]:
        write_raster(folder / f"{year}.tif", np.full((4, 4), code, np.uint8), PIXELS)

    cube = features(
        CELLS, *[SOIL | {"categorical": True, "file": f"{year}.tif", "year": year} for year in (2020, 2021)],
        years=(2020, 2021),
    )  # fmt: skip

    np.testing.assert_array_equal(cube["soil_code_1_fraction"].sel(cell=0), [1, 0])
    np.testing.assert_array_equal(cube["soil_code_2_fraction"].sel(cell=0), [0, 1])


def test_a_raster_without_a_known_pixel_is_unknown_and_told(folder, features, caplog):
    write_raster(folder / "a.tif", np.full((4, 6), 9, np.float32), PIXELS, nodata=9)

    with caplog.at_level(logging.WARNING):
        cube = features(CELLS, ICE)

    assert np.isnan(cube["ground_ice_mean_percent"]).all()
    assert "ground_ice_mean_percent of a.tif, are unknown in every cell" in caplog.text


def test_two_features_of_one_name_are_refused(folder, features):
    flat(folder, 1)
    peat = {"name": "soil_peat", "categorical": {1: "fraction"}}

    with pytest.raises(FeatureError, match="same name") as caught:
        features(CELLS, SOIL | {"categorical": {1: "peat_fraction"}}, SOIL | peat)

    assert caught.value.sample == ["soil_peat_fraction_fraction"]


def test_tasks_are_small_and_yield_the_same_bytes_elsewhere(folder, features):
    cells = cells_around(-120.0, 70.0, 300_000.0)
    transform, shape = grid_around(cells, "EPSG:32609", 2000.0)
    write_raster(folder / "a.tif", field("EPSG:32609", transform, shape).astype(np.float32), transform, "EPSG:32609")
    plan = features.plan(cells, ICE | {"statistic": ["mean", "median"]}, block_px=128)

    assert len(plan.tiles) > 2
    assert sorted(np.concatenate([tile.task.rows for tile in plan.tiles])) == list(range(len(cells)))
    for tile in plan.tiles:
        reduce, shared, task = pickle.loads(pickle.dumps((plan.reduce, plan.shared, tile.task)))  # noqa: S301
        there, here = reduce(shared, task), plan.reduce(plan.shared, tile.task)
        assert len(pickle.dumps(tile.task)) < 8000
        assert all(np.asarray(there[name]).tobytes() == np.asarray(here[name]).tobytes() for name in here)
