import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.learning.drivers.nulls import Land, Turn, copies_of, land_of, middle_of, turned_cells, turns, with_copies
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models.view_groups import view_groups
from entropice.learning.samples import Samples

RING = np.deg2rad(np.arange(0.0, 360.0, 10.0))
CIRCLE_M = 1e6 * np.column_stack([np.cos(RING), np.sin(RING)])


def land(coordinates_m):
    values = pd.DataFrame({"a": np.arange(float(len(coordinates_m)))})
    return Land(coordinates_m, lambda numbers: values.iloc[numbers].reset_index(drop=True))


def test_a_turn_about_the_pole_keeps_latitudes_and_their_order():
    assert turned_cells(CIRCLE_M, land(CIRCLE_M), Turn(90.0, False)).tolist() == [*range(9, 36), *range(9)]
    mirrored = turned_cells(CIRCLE_M, land(CIRCLE_M), Turn(0.0, True))
    assert CIRCLE_M[mirrored] == pytest.approx(CIRCLE_M * [-1, 1], abs=1e-3)


def test_where_a_turn_leads_to_the_sea_the_nearest_land_is_taken():
    half = CIRCLE_M[:19]
    assert middle_of(half) == pytest.approx(half.mean(axis=0))
    about_the_pole = land(np.concatenate([CIRCLE_M[:10], CIRCLE_M[18:]]))
    numbers = turned_cells(CIRCLE_M[:1], about_the_pole, Turn(120.0, False))
    assert about_the_pole.coordinates_m[numbers[0]] == pytest.approx(CIRCLE_M[9])


def test_the_middle_is_the_pole_where_land_lies_all_around_it():
    assert (middle_of(CIRCLE_M) == 0).all()
    region = CIRCLE_M[:5] + 1e5
    assert middle_of(region) == pytest.approx(region.mean(axis=0))


def test_turns_are_different_and_none_is_small():
    found = turns(8, np.random.default_rng(0))
    angles = [turn.angle_deg for turn in found]
    assert angles == sorted(set(angles))
    assert 30 <= angles[0] < angles[-1] <= 330
    assert [turn.is_mirrored for turn in found] == [False, True] * 4


def test_copies_stand_beside_the_real_layers_and_are_viewed_like_them_but_apart():
    features = pd.DataFrame({"a": np.arange(36.0), "log_land_area": 1.0}, index=np.arange(36) + 5)
    samples = Samples(features, CIRCLE_M, np.zeros(36, dtype=np.uint64), {"a": "climate"})
    beside = with_copies(
        InnerFolds(samples, np.zeros(36, dtype=np.int64), 2, 0.0, 0), land(CIRCLE_M), ["a"], Turn(90.0, False)
    )
    seen = beside.samples
    assert list(seen.features) == ["a", "log_land_area", *copies_of(["a"])]
    assert seen.features[copies_of(["a"])[0]].tolist() == [*range(9, 36), *range(9)]
    labels, n_components = view_groups(list(seen.features), seen.groups)
    assert len(set(labels)) == 3
    assert n_components[labels[2]] == n_components[labels[0]]
    spreads, of_spreads = view_groups(["embedding_3_sd", *copies_of(["embedding_3_sd"])], {})
    assert (len(set(spreads)), len(set(of_spreads.values()))) == (2, 1)


def test_layers_of_a_cube_are_those_of_other_cells_in_the_years_of_the_rows():
    by_year = np.arange(6.0).reshape(3, 2)
    cube = xr.Dataset(
        {"yearly": (("cell", "year"), by_year), "static": ("cell", [7.0, 8.0, 9.0])},
        coords={"cell_ids": ("cell", np.array([4, 5, 6], dtype=np.uint64)), "year": [2021, 2022]},
    )
    years = np.array([2022, 2021, 2022])
    groups = {"static": "terrain", "yearly": "climate"}
    found = land_of(cube, np.zeros((3, 2)), groups, years).layers(np.array([2, 0, 2]))
    assert found.to_dict("list") == {"static": [9.0, 7.0, 9.0], "yearly": [5.0, 0.0, 5.0]}


@pytest.mark.parametrize(("unknown", "kept"), [([0], [1, 2]), ([0, 1, 2], [0, 1, 2])])
def test_land_that_knows_nothing_of_a_group_is_not_turned_to_unless_there_is_no_other(unknown, kept):
    known = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    known[unknown, 1] = np.nan
    cube = xr.Dataset(
        {"embedding": (("cell", "year"), known), "slope": ("cell", [7.0, 8.0, 9.0]), "relief": ("cell", [np.nan] * 3)},
        coords={"cell_ids": ("cell", np.array([4, 5, 6], dtype=np.uint64)), "year": [2021, 2022]},
    )
    groups = {"embedding": "embeddings", "slope": "terrain", "relief": "terrain"}
    places_m = np.arange(6.0).reshape(3, 2)
    found = land_of(cube, places_m, groups, np.array([2021, 2022]))
    assert found.coordinates_m.tolist() == places_m[kept].tolist()
    assert found.layers(np.array([0, 0]))["slope"].tolist() == [[7.0, 8.0, 9.0][kept[0]]] * 2


def test_layers_that_are_the_same_in_all_years_need_no_other_to_be_known():
    cube = xr.Dataset(
        {"static": ("cell", [7.0, 8.0])},
        coords={"cell_ids": ("cell", np.array([4, 5], dtype=np.uint64)), "year": [2021, 2022]},
    )
    found = land_of(cube, np.zeros((2, 2)), {"static": "terrain"}, np.array([2022, 2021]))
    assert found.layers(np.array([1, 0]))["static"].tolist() == [8.0, 7.0]
