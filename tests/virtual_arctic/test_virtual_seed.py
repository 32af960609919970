import numpy as np
import pytest
import xarray as xr

from entropice.virtual_arctic.climate_file import climate_dataset
from entropice.virtual_arctic.digitising import draw_outlines
from entropice.virtual_arctic.elevation_tiles import cut_tiles
from entropice.virtual_arctic.imaging import draw_footprints
from entropice.virtual_arctic.slumps import find_slumps
from entropice.virtual_arctic.terrain import build_terrain, outline_land
from entropice.virtual_arctic.truth import build_truth

TINY = {"extent": {"left_m": -1600000, "bottom_m": 1280000, "right_m": -1280000, "top_m": 1600000}}


def everything(world):
    terrain = build_terrain(world)
    footprints = draw_footprints(terrain, world)
    truth = build_truth(terrain, footprints, world)
    return {
        "terrain": terrain,
        "truth": truth,
        "climate": climate_dataset(terrain, world),
        "tiles": np.concatenate([tile.values.ravel() for tile in cut_tiles(terrain, world)]),
        "land": outline_land(terrain).to_wkb(),
        "footprints": footprints.to_wkb(),
        "outlines": draw_outlines(find_slumps(truth, footprints, world), world).to_wkb(),
    }


def same(first, second):
    if isinstance(first, xr.Dataset):
        return first.identical(second)
    if isinstance(first, np.ndarray):
        return np.array_equal(first, second, equal_nan=True)
    return first.equals(second)


@pytest.fixture(scope="module")
def once(make_world):
    return everything(make_world(**TINY))


def test_the_same_seed_makes_the_same_world(once, make_world):
    again = everything(make_world(**TINY))
    assert all(same(once[name], again[name]) for name in once)


def test_another_seed_makes_another_world(once, make_world):
    other = everything(make_world(seed=6, **TINY))
    assert not any(same(once[name], other[name]) for name in once)
