"""The benchmark of growth: slumps whose growth is known, seen without error, are told without error."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.growth import (
    LEAST_SLUMPS,
    Grounds,
    Slumps,
    by_size,
    chance_to_see,
    designs,
    growth_law,
    measures,
    one_replicate,
    sight,
    size_class,
)

N_TILES = 3000


@pytest.fixture(scope="module")
def grounds() -> Grounds:
    random = np.random.default_rng(0)
    tile = np.sort(random.integers(0, N_TILES, 2000))
    first_m2 = random.lognormal(7.5, 0.8, 2000)
    growth = random.gamma(2, 0.05, 2000) * first_m2
    slumps = Slumps(tile, tile // 50, np.stack([first_m2, first_m2 + 2 * growth], axis=1), growth)
    tiles = pd.DataFrame({"tile_id": np.arange(N_TILES), "cell_id": np.arange(N_TILES) // 50})
    return Grounds(slumps, tiles, np.linspace(1, 2, N_TILES))


def test_what_is_seen_exactly_is_told_exactly(grounds: Grounds) -> None:
    slumps = grounds.slumps
    exact = pd.concat(
        [
            pd.DataFrame(
                {"object_id": range(2000), "tile_id": slumps.tile, "year": year, "area_m2": area, "variance_m4": 0.0}
            ).assign(detection=1.0)
            for year, area in zip((2021, 2023), slumps.area_m2.T, strict=True)
        ]
    )
    everything = designs(grounds, 0)["all tiles imaged"]
    found = one_replicate(slumps, exact, *everything)
    assert found["bias"] == pytest.approx(0, abs=1e-9)
    assert found["total covered"] == 1


def test_sightings_have_the_chances_that_they_tell(grounds: Grounds) -> None:
    sightings = sight(grounds.slumps, 3.0, np.random.default_rng(1))
    expected = chance_to_see(grounds.slumps.area_m2).sum()
    assert len(sightings) == pytest.approx(expected, rel=0.05)
    told = by_size(sightings, grounds.slumps, np.random.default_rng(2))
    assert told["detection"].nunique() > 2
    assert abs(told["detection"] - sightings["detection"]).mean() < 0.1


def test_the_budget_asks_for_the_tenth_and_what_stands_for_itself_is_certain(grounds: Grounds) -> None:
    found = designs(grounds, 0)
    imaged, _ = found["a tenth imaged, of the whole cell"]
    assert len(imaged) == 300
    assert (imaged["inclusion"] < 1).sum() == 30
    certain, asked = found["a tenth imaged, of imaged tiles"]
    assert (certain["inclusion"] == 1).all()
    assert len(asked) == 300
    assert set(certain["cell_id"]) == set(imaged["cell_id"])


def test_size_classes_take_areas_that_errors_made_negative() -> None:
    assert size_class(np.array([-5.0, 299.0, 300.0, 1e6])).tolist() == [0, 0, 1, 5]


def test_the_law_is_the_scenes_own() -> None:
    assert growth_law().reference_year == 2022


def test_a_world_of_many_slumps_is_told_within_a_twentieth(grounds: Grounds) -> None:
    found = measures(grounds, 0, 1)
    row = "all tiles imaged, 3 m, chances known"
    assert abs(found["growth", row, "bias"]) < 0.05
    assert 0.85 < found["growth", row, f"cells covered, ≥ {LEAST_SLUMPS[-1]} slumps"] <= 1
