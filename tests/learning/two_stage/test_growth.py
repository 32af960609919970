"""Growth per cell: unbiased, with intervals that cover as often as they say, and worked by hand."""

import numpy as np
import pandas as pd
import pytest

from entropice.errors import SchemaError
from entropice.learning.two_stage.growth import cell_growth, object_growth

N_CELLS, TILES_A_CELL = 5000, 10


def world(seed, objects_a_cell, error, detection, looked_at, clustering=0.0):
    """True growth (n_cell,), what is seen of the objects in 2020 and 2023, and the tiles looked at.

    Tiles of a cell differ in their expected objects by the relative variance `clustering`. Areas are log-normal about
    1 ha, growth is a tenth of it a year on average; observed areas have a relative error.
    """
    random = np.random.default_rng([seed, 13])
    richness = random.gamma(1 / clustering, clustering, N_CELLS * TILES_A_CELL) if clustering else 1.0
    n = random.poisson(objects_a_cell / TILES_A_CELL * richness, N_CELLS * TILES_A_CELL)
    tile = np.repeat(np.arange(N_CELLS * TILES_A_CELL), n)
    cell = tile // TILES_A_CELL
    first_m2 = np.exp(random.normal(9.2, 0.8, len(cell)))
    growth = random.gamma(4, 0.025, len(cell)) * first_m2
    is_looked_at = random.permuted(np.tile(np.arange(TILES_A_CELL) < looked_at, (N_CELLS, 1)), axis=1).ravel()
    seen = []
    for year, area_m2 in ((2020, first_m2), (2023, first_m2 + 3 * growth)):
        observed = area_m2 * np.exp(random.normal(-(error**2) / 2, error, len(cell)))
        is_seen = (random.random(len(cell)) < detection) & is_looked_at[tile]
        variance = -np.expm1(-(error**2)) * observed**2
        columns = {"object_id": np.arange(len(cell)), "tile_id": tile, "area_m2": observed, "variance_m4": variance}
        seen.append(pd.DataFrame({**columns, "year": year, "detection": detection})[is_seen])
    tiles = pd.DataFrame({"tile_id": np.arange(N_CELLS * TILES_A_CELL)}).assign(inclusion=looked_at / TILES_A_CELL)
    of_cell = tiles["tile_id"] // TILES_A_CELL
    return np.bincount(cell, weights=growth, minlength=N_CELLS), pd.concat(seen), tiles.assign(
        cell_id=of_cell, stratum=of_cell
    )[is_looked_at]  # fmt: skip


@pytest.mark.parametrize(
    ("objects_a_cell", "error", "detection", "looked_at", "clustering"),
    [
        (4, 0.05, 0.85, 10, 0.0),
        (6, 0.15, 0.85, 10, 0.0),
        (10, 0.1, 0.7, 10, 0.0),
        (30, 0.1, 0.85, 6, 0.0),
        (30, 0.1, 0.85, 6, 1.0),
        (60, 0.2, 0.9, 3, 0.0),
        (60, 0.2, 0.9, 3, 1.0),
    ],
)
def test_intervals_cover_nine_in_ten_and_the_bias_lies_within_a_twentieth(
    objects_a_cell, error, detection, looked_at, clustering
):
    truth, sightings, tiles = world(0, objects_a_cell, error, detection, looked_at, clustering)
    table = cell_growth(object_growth(sightings, 2020, 2023), tiles)
    assert table["cell_id"].tolist() == list(range(N_CELLS))
    off = (table["growth_m2_per_year"] - truth) / truth.mean()
    reach = 1.96 * off.std() / np.sqrt(N_CELLS)
    assert off.mean() - reach > -0.05
    assert off.mean() + reach < 0.05
    covered = ((table["low_90"] <= truth) & (truth <= table["high_90"])).mean()
    assert 0.85 <= covered <= 0.95


def test_intervals_are_no_wider_where_small_objects_are_often_missed():
    """Missed objects are small here; were they taken for as large as those seen, .98 of the intervals would cover."""
    random = np.random.default_rng(5)
    cell = np.repeat(np.arange(N_CELLS), random.poisson(5, N_CELLS))
    growth = random.lognormal(6, 1.2, len(cell))
    detection = np.clip(0.95 / (1 + (300 / growth) ** 2), 0.4, 1)
    seen = []
    for year in (2020, 2023):
        columns = {"object_id": np.arange(len(cell)), "tile_id": cell, "area_m2": 1e4 + (year - 2020) * growth}
        of_year = pd.DataFrame({**columns, "year": year, "variance_m4": 0.0, "detection": detection})
        seen.append(of_year[random.random(len(cell)) < detection])
    tiles = pd.DataFrame({"tile_id": np.arange(N_CELLS), "cell_id": np.arange(N_CELLS), "stratum": 0, "inclusion": 1.0})
    table = cell_growth(object_growth(pd.concat(seen), 2020, 2023), tiles)
    truth = np.bincount(cell, weights=growth, minlength=N_CELLS)
    covered = (table["low_90"] <= truth) & (truth <= table["high_90"])
    assert 0.85 <= covered[truth > 0].mean() <= 0.955


def test_the_growth_worked_by_hand():
    """One object grows by 300 m² in 3 years; half of such are seen in both years; a second was seen once only."""
    sightings = pd.DataFrame(
        {
            "object_id": [1, 1, 1, 2],
            "tile_id": 5,
            "year": [2020, 2020, 2023, 2023],
            "area_m2": [600.0, 400.0, 1300.0, 700.0],
            "variance_m4": [500.0, 400.0, 900.0, 1.0],
            "detection": [0.5, 0.5, 1.0, 1.0],
        }
    )
    objects = object_growth(sightings, 2020, 2023)
    assert objects.to_dict("list") == {
        "object_id": [1],
        "tile_id": [5],
        "growth_m2_per_year": [100.0],
        "variance": [200.0],
        "detection": [0.5],
    }
    tiles = pd.DataFrame({"tile_id": [5, 6], "cell_id": [8, 9], "stratum": "all", "inclusion": 1.0})
    table = cell_growth(objects, tiles)
    unseen = 100**2 * 0.5 / 0.25
    assert table["growth_m2_per_year"].tolist() == [200, 0]
    assert table["variance"].tolist() == [200 / 0.5 + 1.5 * unseen, 0.5 * unseen]
    assert table["high_90"][0] == pytest.approx(200 + 1.644854 * np.sqrt(400 + 1.5 * unseen))
    assert table["n_objects"].tolist() == [1, 0]


def test_what_is_always_seen_and_known_has_no_spread():
    sightings = pd.DataFrame({"object_id": 1, "tile_id": 1, "year": [2020, 2021], "area_m2": [10.0, 12.0]}).assign(
        variance_m4=0.0, detection=1.0
    )
    tiles = pd.DataFrame({"tile_id": [1], "cell_id": [1], "stratum": "all", "inclusion": 1.0})
    table = cell_growth(object_growth(sightings, 2020, 2021), tiles)
    assert table[["growth_m2_per_year", "low_90", "high_90"]].to_numpy().tolist() == [[2, 2, 2]]


def test_without_objects_cells_do_not_grow():
    _, sightings, tiles = world(1, 1, 0.1, 0.8, 10)
    table = cell_growth(object_growth(sightings.iloc[:0], 2020, 2023), tiles)
    assert (table["growth_m2_per_year"] == 0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [({"detection": 0.0}, "is none"), ({"detection": 1.2}, "is none"), ({"tile_id": [1, 2]}, "two tiles")],
    ids=str,
)
def test_wrong_sightings_are_refused(change, message):
    sightings = pd.DataFrame({"object_id": 1, "tile_id": 1, "year": [2020, 2021], "area_m2": 10.0}).assign(
        variance_m4=0.0, detection=1.0
    )
    with pytest.raises(SchemaError, match=message):
        object_growth(sightings.assign(**change), 2020, 2021)
    with pytest.raises(SchemaError, match="two years"):
        object_growth(sightings, 2021, 2021)
    with pytest.raises(SchemaError, match="lacks columns"):
        object_growth(sightings.drop(columns="detection"), 2020, 2021)


def test_objects_in_tiles_that_were_not_looked_at_are_refused():
    _, sightings, tiles = world(2, 1, 0.1, 0.8, 10)
    objects = object_growth(sightings, 2020, 2023)
    with pytest.raises(SchemaError, match="not looked at"):
        cell_growth(objects, tiles[tiles["cell_id"] != objects["tile_id"].iloc[0] // TILES_A_CELL])
    with pytest.raises(SchemaError, match="lacks columns"):
        cell_growth(objects, tiles.drop(columns="stratum"))
