"""The run of any size that the plugin is timed on is a run like any other: its cells have the rows of a small one's."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from benchmarks.large_run import Heirs, enlarged, heirs_of
from entropice.dggs import parse_grid
from entropice.report.results import RunResults, dataset_names
from entropice.report.run_folder import RunFolder, write_run_folder

GRID, MIN_LAT_DEG = "h3_4", 84.0


@pytest.fixture(scope="module")
def heirs(fabricated: RunResults) -> Heirs:
    return heirs_of(len(fabricated.cells), parse_grid(GRID), MIN_LAT_DEG)


@pytest.fixture(scope="module")
def large(fabricated: RunResults, heirs: Heirs) -> RunResults:
    return enlarged(fabricated, heirs)


@pytest.fixture(scope="module")
def donors(fabricated: RunResults, heirs: Heirs) -> pd.Series:
    """The cell of the small run that each cell of the large one has its rows from."""
    return pd.Series(fabricated.cells["cell_id"].to_numpy()[heirs.places], index=heirs.cell_ids)


def test_every_cell_of_the_finer_grid_has_one_donor_and_every_donor_an_heir(
    fabricated: RunResults, large: RunResults, donors: pd.Series
):
    assert len(large.cells) > 5 * len(fabricated.cells)
    assert large.cells["cell_id"].is_unique
    assert set(donors) == set(fabricated.cells["cell_id"])
    centres = gpd.points_from_xy(*np.array([cell.centroid.coords[0] for cell in large.cells.geometry]).T)
    assert large.cells.geometry.contains(gpd.GeoSeries(centres, crs=large.cells.crs)).all()


@pytest.mark.parametrize("name", ["labels", "predictions"])
def test_rows_of_a_cell_are_those_of_its_donor(fabricated: RunResults, large: RunResults, donors: pd.Series, name: str):
    own, given = getattr(large, name), getattr(fabricated, name)
    assert len(own) == len(large.cells) * 2
    expected = own[["cell_id", "year"]].assign(cell_id=donors.loc[own["cell_id"]].to_numpy()).merge(given)
    pd.testing.assert_frame_equal(own.drop(columns="cell_id"), expected.drop(columns="cell_id"), check_dtype=False)


def test_features_of_a_cell_are_those_of_its_donor(fabricated: RunResults, large: RunResults, donors: pd.Series):
    given = fabricated.features.set_index(cell="cell_ids")
    for name, feature in large.features.data_vars.items():
        np.testing.assert_array_equal(feature.to_numpy(), given[name].sel(cell=donors.to_numpy()).to_numpy())


@pytest.mark.parametrize("name", ["out_of_fold", "training_table", "survey"])
def test_what_was_tested_or_chosen_goes_to_one_heir(
    fabricated: RunResults, large: RunResults, donors: pd.Series, name: str
):
    own, given = getattr(large, name), getattr(fabricated, name)
    assert (donors.loc[own["cell_id"]].to_numpy() == given["cell_id"].to_numpy()).all()
    pd.testing.assert_frame_equal(own.drop(columns="cell_id"), given.drop(columns="cell_id"))


def test_it_is_written_as_any_run_is(make_run_folder: Callable[..., RunFolder], large: RunResults, tmp_path: Path):
    datasets = {name: getattr(large, name) for name in dataset_names(with_limit=True)}
    write_run_folder(make_run_folder(**datasets), tmp_path)
    cells = gpd.read_file(tmp_path / "run.gpkg", layer="cells")
    assert len(cells) == len(large.cells)
    assert cells["p_any_rts_2022"].between(0, 1).all()
    assert len(gpd.read_file(tmp_path / "run.gpkg", layer="feature_values")) == len(large.cells)
