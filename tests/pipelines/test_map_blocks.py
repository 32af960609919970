"""What is done with cells some at a time is the same for any number of them, and is refused where it has no room."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from portable_models import GRID, PARAMETERS, YEARS, cells_between, cube_on, labels_on, run_folder

from entropice.errors import ConfigError
from entropice.io import CellCubeDataset, ModelOfRunDataset
from entropice.learning import samples
from entropice.learning.application import Ranges, apply
from entropice.learning.drivers.nulls import land_of
from entropice.learning.leaks.features import centred_features
from entropice.learning.portable import unpack
from entropice.learning.training_table import KEYS, feature_columns
from entropice.pipelines.modelling import nodes
from entropice.processes import memory_ceiling

CELLS = cells_between(60.0, 80.0).head(60)
LABELS = labels_on(CELLS, cube_on(CELLS, YEARS))
NAMES = ("slope_mean_deg", "elevation_mean_m", "precipitation_mm")
GROUPS = {"slope_mean_deg": "terrain", "elevation_mean_m": "terrain", "precipitation_mm": "climate"}


def with_gaps(random: np.random.Generator) -> xr.Dataset:
    cube = cube_on(CELLS, YEARS)
    return cube.map(lambda feature: feature.where(random.random(feature.shape) < 0.7), keep_attrs=True)


def map_rows(cube: xr.Dataset) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, np.ndarray]:
    blocks = list(nodes.map_blocks(NAMES, cube, CELLS, GRID, PARAMETERS.folds, YEARS))
    return (
        pd.concat([keys for keys, _ in blocks], ignore_index=True),
        pd.concat([block.features for _, block in blocks], ignore_index=True),
        np.concatenate([block.coordinates_m for _, block in blocks]),
        np.concatenate([block.blocks for _, block in blocks]),
    )


@settings(max_examples=8, deadline=None)
@given(cells_per_block=st.integers(7, len(CELLS) + 1), seed=st.integers(0, 9))
def test_rows_of_a_stored_cube_are_those_of_one_in_memory_for_any_block_size(cells_per_block, seed):
    cube = with_gaps(np.random.default_rng(seed))
    keys, frame, coordinates_m, blocks = map_rows(cube)
    table = nodes.build_training_table(LABELS, cube, "all")
    with pytest.MonkeyPatch.context() as changed, tempfile.TemporaryDirectory() as folder:
        changed.setattr(samples, "CELLS_PER_BLOCK", cells_per_block)
        dataset = CellCubeDataset(filepath=str(Path(folder) / "cube.zarr"))
        dataset.save(cube)
        stored = dataset.load()
        assert not any(feature.variable._in_memory for feature in stored.data_vars.values())
        own_keys, own_frame, own_coordinates_m, own_blocks = map_rows(stored)
        pd.testing.assert_frame_equal(own_keys, keys, check_exact=True)
        pd.testing.assert_frame_equal(own_frame[list(frame)], frame, check_exact=True)
        assert np.array_equal(own_coordinates_m, coordinates_m)
        assert np.array_equal(own_blocks, blocks)
        own_table = nodes.build_training_table(LABELS, stored, "all")
        pd.testing.assert_frame_equal(own_table[list(table)], table, check_exact=True)
        places_m, years, few = np.zeros((len(CELLS), 2)), np.array(YEARS), np.array([1, 0])
        layers = [land_of(each, places_m, GROUPS, years).layers(few) for each in (stored, cube)]
        pd.testing.assert_frame_equal(layers[0][list(layers[1])], layers[1], check_exact=True)
        assert not any(feature.variable._in_memory for feature in stored.data_vars.values())


def test_the_training_table_is_a_join_of_labels_and_features():
    cube = with_gaps(np.random.default_rng(0))
    table = nodes.build_training_table(LABELS, cube, "all")
    frame = cube.set_index(cell="cell_ids").to_dataframe().reset_index().rename(columns={"cell": "cell_id"})
    joined = LABELS[LABELS["state"] != "unobserved"].merge(frame, on=KEYS).sort_values(KEYS)
    joined = joined.dropna(subset=feature_columns(table), how="all").reset_index(drop=True)
    pd.testing.assert_frame_equal(table, joined[list(table)], check_exact=True)


@pytest.mark.parametrize("cells_per_block", [7, 10_000])
def test_what_a_model_finds_elsewhere_is_told_of_all_blocks_together(tmp_path, cells_per_block, monkeypatch):
    stored = ModelOfRunDataset(filepath=str(run_folder(tmp_path / "run"))).load()
    model = unpack(stored.files.arrays, stored.files.document, stored.path)
    cube = with_gaps(np.random.default_rng(1))
    monkeypatch.setattr(samples, "CELLS_PER_BLOCK", cells_per_block)
    predictions, ranges = apply(
        model, nodes.map_blocks(model.feature_names, cube, CELLS, GRID, PARAMETERS.folds, YEARS)
    )
    assert predictions["cell_id"].tolist() == np.repeat(CELLS["cell_id"].to_numpy(), len(YEARS)).tolist()
    by_feature = ranges.by_feature.loc["precipitation_mm"]
    rain = cube["precipitation_mm"]
    assert by_feature["minimum"] == rain.min()
    assert by_feature["maximum"] == rain.max()
    assert by_feature["n_unknown"] == np.isnan(rain).sum()
    assert ranges.unknown_by_group["climate"] == np.isnan(rain).sum()
    assert isinstance(ranges, Ranges)


def test_features_without_a_mean_are_found_one_at_a_time():
    cube = with_gaps(np.random.default_rng(2))
    rain = cube["precipitation_mm"]
    scaled = cube.assign(scaled=(rain - rain.mean()) / rain.std())
    assert list(centred_features(scaled)) == [*KEYS, "scaled"]


@pytest.mark.parametrize("years", [YEARS, YEARS[:1]])
def test_a_ceiling_below_one_block_is_refused_before_anything_is_read(years, monkeypatch):
    cube = cube_on(CELLS, YEARS)
    n_bytes = samples.block_bytes(len(CELLS), len(years), len(NAMES))
    read: list[int] = []
    monkeypatch.setattr(nodes, "map_samples", lambda _names, here, *_: read.append(here.sizes["cell"]))
    with memory_ceiling(n_bytes - 1), pytest.raises(ConfigError, match=r"tiles\.memory_ceiling_gib"):
        list(nodes.map_blocks(NAMES, cube, CELLS, GRID, PARAMETERS.folds, years))
    assert read == []
    with memory_ceiling(n_bytes):
        list(nodes.map_blocks(NAMES, cube, CELLS, GRID, PARAMETERS.folds, years))
    assert read == [len(CELLS)]
