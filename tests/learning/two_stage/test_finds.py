"""What a cell was expected to hold, what was found, how it grows, and where to look next: unknown is never zero."""

import numpy as np
import pandas as pd
import pytest

from entropice.learning.two_stage.finds import cell_finds, growth_on_tiles
from entropice.learning.two_stage.gate import Gate

EXPECTED = pd.DataFrame(
    {"cell_id": np.array([1, 2, 3, 4, 5], dtype=np.uint64), "expected_per_km2": [0.5, 0.001, 0.3, 0.4, np.nan]}
)
TILES = pd.DataFrame(
    {
        "cell_id": np.array([1, 1, 3], dtype=np.uint64),
        "stratum": ["1", "1", "others"],
        "inclusion": [0.5, 0.5, 0.01],
        "expected_found": [2.0, 0.0, 0.0],
        "seen_area_m2": [1e6, 3e6, 2e6],
    }
)
GATE = Gate(threshold=0.01, bound=0.1, missed_share=0.05, n_blocks=20)
SEARCHED = np.array([6], dtype=np.uint64)
NO_GROWTH = pd.DataFrame({"cell_id": [], "growth_m2_per_year": [], "low_90": [], "high_90": []})


def test_by_hand():
    table = cell_finds(EXPECTED, TILES, NO_GROWTH, GATE, SEARCHED).set_index("cell_id")
    assert table["passes_gate"].tolist() == [True, False, True, True, True]
    assert table["n_tiles"].tolist() == [2, 0, 1, 0, 0]
    assert table["found"].to_numpy() == pytest.approx([2, np.nan, 0, np.nan, np.nan], nan_ok=True)
    assert table.loc[1, "found_per_km2"] == pytest.approx(0.5)
    assert table.loc[1, "found_low_90"] < 0.5 < table.loc[1, "found_high_90"]
    assert table.loc[3, "found_per_km2"] == 0
    assert np.isnan(table.loc[3, "found_low_90"])
    assert table["look_next_rank"].tolist() == [pd.NA, pd.NA, pd.NA, 1, pd.NA]
    assert table["growth_m2_per_year"].isna().all()


def test_without_an_object_seen_twice_growth_is_not_known():
    sightings = pd.DataFrame(
        {
            "object_id": [0],
            "tile_id": ["a"],
            "year": [2021],
            "area_m2": [1000.0],
            "variance_m4": 100.0,
            "detection": 0.5,
            "chance": 0.5,
        }
    )
    tiles = pd.DataFrame({"tile_id": ["a"], "cell_id": np.array([1], dtype=np.uint64)})
    assert growth_on_tiles(sightings, tiles, 2021, 2023).empty


def test_cells_that_somebody_has_searched_are_none_to_look_at_next():
    table = cell_finds(EXPECTED, TILES, NO_GROWTH, GATE, np.array([4], dtype=np.uint64))
    assert table["look_next_rank"].isna().all()


def test_growth_is_that_of_the_tiles_looked_at_in_both_years():
    sightings = pd.DataFrame(
        {
            "object_id": [0, 0, 1, 1],
            "tile_id": ["a", "a", "b", "b"],
            "year": [2021, 2023, 2021, 2023],
            "area_m2": [1000.0, 1400.0, 500.0, 900.0],
            "variance_m4": 100.0,
            "detection": 0.5,
            "chance": [0.7, 0.9, 1.0, 1.0],
        }
    )
    tiles = pd.DataFrame({"tile_id": ["a"], "cell_id": np.array([1], dtype=np.uint64)})
    growth = growth_on_tiles(sightings, tiles, 2021, 2023)
    assert growth["growth_m2_per_year"].item() == pytest.approx(0.8 * 200 / 0.25)
    table = cell_finds(EXPECTED, TILES, growth, GATE, SEARCHED).set_index("cell_id")
    assert table.loc[1, "growth_low_90"] < 800 < table.loc[1, "growth_high_90"]
    assert table["growth_m2_per_year"].notna().tolist() == [True, False, False, False, False]
