import numpy as np
import pytest
import shapely

from entropice.virtual_arctic.lattice import lattice_of
from entropice.virtual_arctic.slumps import active_slumps, false_positives, find_slumps
from entropice.virtual_arctic.truth import build_truth


@pytest.fixture(scope="module")
def active(truth, world):
    return active_slumps(truth, world)


def units_of(slumps, truth):
    rows, columns = lattice_of(truth).rows_and_columns(slumps["x_m"].to_numpy(), slumps["y_m"].to_numpy())
    return np.rint(rows).astype(int), np.rint(columns).astype(int)


def test_slumps_lie_on_land(active, truth):
    assert truth["land"].to_numpy()[units_of(active, truth)].all()


def test_a_slump_keeps_place_and_area_over_the_years(active):
    by_slump = active.groupby("slump_id")
    assert (by_slump[["x_m", "y_m", "area_m2"]].nunique() == 1).all(axis=None)
    assert not active.duplicated(["slump_id", "year"]).any()


def test_as_many_slumps_stay_as_the_lower_rate_of_two_years_says(truth, make_world):
    """A slump is active in both years when its mark lies below both rates: Poisson with the sum of the lower ones."""
    active = active_slumps(truth, make_world(slumps={"unseen_variance": 0.0}))
    expected = float(np.exp(truth["known_log_rate"]).min("year").sum())
    n_staying = (active.groupby("slump_id").size() == 2).sum()
    assert expected > 500
    assert abs(n_staying - expected) < 4 * np.sqrt(expected)


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_poisson_where_nothing_is_unseen(terrain, footprints, make_world, seed):
    """Without unseen effect the finds of a year are Poisson with the truth's mean, in any part of the box."""
    world = make_world(slumps={"unseen_variance": 0.0})
    truth = build_truth(terrain, footprints, world)
    found = find_slumps(truth, footprints, world.model_copy(update={"seed": seed}))
    rate = world.slumps.detection_probability * np.exp(truth["known_log_rate"]) + truth["false_positive_rate"]
    expected = rate.where(truth["observed"]).to_numpy()
    rows, columns = units_of(found, truth)
    for index, year in enumerate(truth["year"].to_numpy()):
        counts = np.zeros(expected.shape[1:])
        np.add.at(counts, (rows[found["year"] == year], columns[found["year"] == year]), 1)
        for half in (slice(None, 320), slice(320, None)):
            mean = np.nansum(expected[index, half])
            assert abs(counts[half].sum() - mean) < 4 * np.sqrt(mean)
        dispersion = np.nansum((counts - expected[index]) ** 2) / np.nansum(expected[index])
        assert dispersion == pytest.approx(1, abs=0.12)


def test_the_unseen_effect_gathers_slumps_in_blocks(active, truth):
    """Block totals scatter far more than Poisson around the known mean."""
    blocks = lattice_of(truth).blocks(truth.attrs["block_m"])
    known = np.nan_to_num(np.exp(truth["known_log_rate"].sel(year=2022).to_numpy() + 0.5))
    expected = np.bincount(blocks.ravel(), weights=known.ravel())
    counts = np.bincount(blocks[units_of(active[active["year"] == 2022], truth)], minlength=len(expected))
    big = expected > 5
    assert (((counts - expected) ** 2)[big] / expected[big]).mean() > 5


def test_three_quarters_are_found_where_observed(active, found, truth):
    observed = truth["observed"].to_numpy()
    year_index = active["year"].to_numpy() - 2022
    n_visible = observed[(year_index, *units_of(active, truth))].sum()
    n_found = found["slump_id"].isin(active["slump_id"]).sum()
    assert n_found / n_visible == pytest.approx(0.75, abs=0.03)


def test_nothing_is_found_outside_the_footprints_of_its_year(found, footprints):
    for year, finds in found.groupby("year"):
        polar = footprints[footprints["year"] == year].to_crs(3413).union_all()
        assert shapely.intersects(polar, shapely.points(finds["x_m"], finds["y_m"])).all()


def test_false_positives_are_single_and_on_slopes(truth, make_world):
    world = make_world(slumps={"false_positives_per_unit": 0.05})
    truth = truth.assign(false_positive_rate=truth["false_positive_rate"] * 500)
    mistaken = false_positives(truth, world, first_id=100)
    expected = float(truth["false_positive_rate"].sum()) * 2
    assert abs(len(mistaken) - expected) < 4 * np.sqrt(expected)
    assert mistaken["slump_id"].tolist() == list(range(100, 100 + len(mistaken)))


def test_a_world_without_slumps_is_possible(truth, footprints, make_world):
    quiet = truth.assign(
        known_log_rate=truth["known_log_rate"] - 50, false_positive_rate=0 * truth["false_positive_rate"]
    )
    found = find_slumps(quiet, footprints, make_world())
    assert len(found) == 0
    assert found["slump_id"].dtype == np.int64
