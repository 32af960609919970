"""Totals and densities are right on average over draws, and so are their variances."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from entropice.errors import SchemaError
from entropice.learning.two_stage.budget import choose_tiles
from entropice.learning.two_stage.design import estimate_densities, estimate_totals

N_CELLS, TILES_A_CELL, N_DRAWS = 3, 60, 1000


def world():
    random = np.random.default_rng(11)
    cell = np.repeat(np.arange(N_CELLS), TILES_A_CELL)
    rate = random.gamma(0.8, 2.0, len(cell)) * (1 + cell)
    return cell, rate, random.poisson(rate).astype(float), random.uniform(0.5, 1.0, len(cell))


def drawn(seed, noise=0.0):
    """Tiles chosen by their rate, with a fifth of the budget at random."""
    cell, rate, value, area = world()
    chosen = choose_tiles(rate, 80, 0.4, seed)
    is_chosen = chosen.is_chosen
    observed = value + noise * np.random.default_rng([seed, 5]).normal(size=len(value))
    return pd.DataFrame(
        {
            "cell_id": cell[is_chosen],
            "stratum": np.where(chosen.is_best, "best", "random")[is_chosen],
            "inclusion": chosen.inclusion[is_chosen],
            "n": observed[is_chosen],
            "n_variance": noise**2,
            "area": area[is_chosen],
        }
    )


@cache
def all_draws(noise=0.0):
    """Every draw in cells and strata of its own, so that one call estimates all."""
    draws = [drawn(seed, noise) for seed in range(N_DRAWS)]
    own = [
        {"cell_id": each["cell_id"] + 10 * seed, "stratum": each["stratum"] + f" {seed}"}
        for seed, each in enumerate(draws)
    ]
    return pd.concat([each.assign(**names) for each, names in zip(draws, own, strict=True)], ignore_index=True)


def by_draw(estimates, column):
    return estimates[column].to_numpy().reshape(N_DRAWS, N_CELLS)


@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_totals_and_their_variances_are_right_on_average(noise):
    cell, _, value, _ = world()
    estimates = estimate_totals(all_draws(noise), "n", "n_variance")
    totals, variances = by_draw(estimates, "total"), by_draw(estimates, "variance")
    error = totals.std(axis=0) / np.sqrt(N_DRAWS)
    assert (np.abs(totals.mean(axis=0) - np.bincount(cell, weights=value)) < 3.5 * error).all()
    np.testing.assert_allclose(variances.mean(axis=0), totals.var(axis=0), rtol=0.15)


def test_intervals_cover_about_nine_in_ten():
    cell, _, value, area = world()
    truth = np.bincount(cell, weights=value)
    for estimates, expected in (
        (estimate_totals(all_draws(), "n"), truth),
        (estimate_densities(all_draws(), "n", "area"), truth / np.bincount(cell, weights=area)),
    ):
        low, high = by_draw(estimates, "low_90"), by_draw(estimates, "high_90")
        assert 0.84 <= ((low <= expected) & (expected <= high)).mean() <= 0.96


def test_densities_and_their_variances_are_nearly_right_on_average():
    cell, _, value, area = world()
    truth = np.bincount(cell, weights=value) / np.bincount(cell, weights=area)
    estimates = estimate_densities(all_draws(), "n", "area")
    densities, variances = by_draw(estimates, "density"), by_draw(estimates, "variance")
    np.testing.assert_allclose(densities.mean(axis=0), truth, rtol=0.05)
    np.testing.assert_allclose(variances.mean(axis=0), densities.var(axis=0), rtol=0.25)


def test_the_numbers_worked_by_hand():
    """One tile for certain with 5; of ten others two are drawn: 3 in the same cell, 0 in another."""
    tiles = pd.DataFrame(
        {"cell_id": [1, 1, 2], "stratum": ["best", "random", "random"], "inclusion": [1, 0.2, 0.2],
         "n": [5.0, 3.0, 0.0], "area": [1.0, 1.0, 1.0]}
    )  # fmt: skip
    totals = estimate_totals(tiles, "n")
    assert totals["total"].tolist() == [20, 0]
    assert totals["variance"].tolist() == pytest.approx([100 * 0.8 / 2 * 4.5, 0])
    assert totals["n_tiles"].tolist() == [2, 1]
    assert totals["n_random"].tolist() == [1, 1]
    densities = estimate_densities(tiles, "n", "area")
    assert densities["density"].tolist() == pytest.approx([20 / 6, 0])
    assert densities["variance"][0] == pytest.approx(100 * 0.8 / 2 * (3 - 20 / 6) ** 2 / 2 / 36)


def test_tiles_that_were_all_chosen_have_no_variance_but_their_own():
    tiles = drawn(0).assign(stratum="all", inclusion=1.0, n_variance=2.0)
    totals = estimate_totals(tiles, "n", "n_variance")
    assert totals["variance"].tolist() == (2.0 * totals["n_tiles"]).tolist()


def test_one_drawn_tile_has_no_variance():
    tiles = pd.DataFrame({"cell_id": [1], "stratum": ["random"], "inclusion": [0.1], "n": [1.0]})
    assert np.isnan(estimate_totals(tiles, "n")["variance"][0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inclusion": 0.0}, "not those of strata"),
        ({"inclusion": 1.5}, "not those of strata"),
        ({"stratum": "one"}, "not those of strata"),
        ({"n": np.nan}, "no value"),
    ],
    ids=str,
)
def test_wrong_tables_are_refused(change, message):
    with pytest.raises(SchemaError, match=message):
        estimate_totals(drawn(0).assign(**change), "n")


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="lacks columns") as caught:
        estimate_totals(drawn(0).drop(columns="inclusion"), "n")
    assert caught.value.field == "inclusion"
