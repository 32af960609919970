"""Regions become an inventory with growth, sums and scores: a known network, and blobs whose truth is known."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from entropice.crs import EQUAL_AREA_CRS
from entropice.errors import ConfigError
from entropice.imagery.inventory.calibration import fit_inventory
from entropice.imagery.inventory.pieces import Core
from entropice.imagery.places import place_in
from entropice.imagery.samples import Image, Sample
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.size_classes import size_class_names
from entropice.imagery.split_rules import SplitRules
from entropice.imagery.statistics import BandStatistics
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.inventory.gathering import FOUND, TRUE, whole_objects
from entropice.pipelines.inventory.job import InventoryJob, survey_tile
from entropice.pipelines.inventory.judging import inventory_scores, judged_objects, truth_of
from entropice.pipelines.inventory.nodes import make_inventory, score_inventory
from entropice.pipelines.inventory.parameters import InventoryParameters
from entropice.pipelines.inventory.places import place_key, surveyed_places
from entropice.pipelines.kinds.mask.looking import Looking
from entropice.tiles.plan import TileResults
from tests.support.blobs import MARKING, Blobs, audited_blobs

GRID, SEED = "h3_6", 0
SPLITS = SplitRules(block_level=6, buffer_m=0.0, train=0.01, validation=0.01, test=0.98)
EDGES_M2 = (5000.0, 100_000.0)
EVALUATION = SimpleNamespace(n_bootstrap=100, batch_size=1, objects=SimpleNamespace(area_edges_m2=EDGES_M2))
CALIBRATION = fit_inventory(list(audited_blobs(Blobs(), 12, 0)), 0.1, block_replicates(24, 0, 100))


def parameters(**changes):
    stated = {
        "regions": None,
        "years": None,
        "n_chips": None,
        "tile": {"n_pixels": 100, "margin_px": 50},
        "window_px": 64,
        "overlap_px": 8,
        "reach_px": 3,
        "min_area_m2": 5000.0,
        "min_overlap": 0.1,
    }
    return InventoryParameters(**stated | changes)


TILES = pd.DataFrame(
    [
        {
            "key": f"{region}_{year}",
            "region": region,
            "left_m": left_m,
            "top_m": -2_200_000.0,
            "pixel_m": 10.0,
            "n_pixels": 300,
            "year": year,
        }
        for region, left_m in (("East", 1_002_000.0), ("West", 2000.0))
        for year in (2017, 2021)
    ]
)


def looking(scenery):
    specification = SimpleNamespace(bands=("red",))
    network = SimpleNamespace(checkpoint=SimpleNamespace(specification=specification))
    statistics = BandStatistics(("red",), 1, np.array([10]), np.zeros(1), np.ones(1))
    samples = SimpleNamespace(derivation=None, seen_by=Sensors())
    made = Looking(scenery, network, statistics, samples, None, EVALUATION, 64, 8)
    made.__dict__["predict"] = lambda values, valid: np.where(valid[0], values[0], np.nan).astype(np.float32)
    return made


def surveyed(scenery, rules):
    places, years = surveyed_places(TILES, rules, SEED)
    job = InventoryJob(looking(scenery), MARKING, CALIBRATION.pixels)
    arrays = {
        place_key(row["key"], year): survey_tile(job, Core(place_in(row, year), rules.tile.margin_px))
        for _, row in places.iterrows()
        for year in years
    }
    return TileResults(tuple(arrays), arrays.__getitem__)


def made(scenery, rules):
    results = surveyed(scenery, rules)
    return results, *make_inventory(results, TILES, CALIBRATION.to_json(), rules, SPLITS, GRID, SEED)


@pytest.fixture(scope="module")
def inventoried():
    rules = parameters()
    results, inventory, growth, regions = made(Blobs(), rules)
    scores = score_inventory(results, TILES, inventory, growth, regions, rules, SPLITS, EVALUATION, GRID, SEED)
    return SimpleNamespace(
        rules=rules, results=results, inventory=inventory, growth=growth, regions=regions, scores=scores
    )


def test_tiles_give_what_one_tile_a_region_gives(inventoried):
    """Seams are nowhere: objects, areas and outlines are the same, found and true."""
    rules = parameters(tile={"n_pixels": 300, "margin_px": 50})
    whole = surveyed(Blobs(), rules)
    for kind in (FOUND, TRUE):
        one, many = (
            whole_objects(results, *surveyed_places(TILES, each, SEED), 30.0, kind)
            for results, each in ((whole, rules), (inventoried.results, inventoried.rules))
        )
        one, many = (
            rows.assign(x=rows.geometry.centroid.x, y=rows.geometry.centroid.y).sort_values(["year", "x", "y"])
            for rows in (one, many)
        )
        columns = [name for name in one if name != "geometry"]
        pd.testing.assert_frame_equal(
            one[columns].reset_index(drop=True), many[columns].reset_index(drop=True), rtol=1e-9
        )
        assert one.geometry.area.to_numpy() == pytest.approx(many.geometry.area.to_numpy())


def test_an_object_has_one_row_a_year(inventoried):
    inventory = inventoried.inventory
    assert not inventory.duplicated(["object_id", "year"]).any()
    assert set(inventory["region"]) == {"East", "West"}
    assert set(inventory["year"]) == {2017, 2021}
    assert inventory["area_m2"].between(inventory["area_low_90_m2"], inventory["area_high_90_m2"]).all()
    assert (inventory["is_below_min"] == (inventory["area_m2"] < 5000)).all()
    assert inventory["p"].between(0, 1).all()
    assert (inventory.geometry.area / 100).round().astype(int).tolist() == inventory["n_pixels"].tolist()


def test_objects_at_the_edge_of_a_region_are_cut(inventoried):
    bounds = inventoried.inventory.geometry.bounds
    left_m = inventoried.inventory["region"].map({"East": 1_002_000.0, "West": 2000.0})
    inside_m = np.min(
        [
            bounds["minx"] - left_m,
            left_m + 3000 - bounds["maxx"],
            -2_200_000 - bounds["maxy"],
            bounds["miny"] + 2_203_000,
        ],
        axis=0,
    )
    at_edge = inside_m < 30
    assert at_edge.any()
    assert (inventoried.inventory["is_cut"] == at_edge).all()


def test_areas_are_those_on_the_ground(inventoried):
    """Beside the areas of the same outlines in an equal-area CRS."""
    whole = whole_objects(inventoried.results, *surveyed_places(TILES, inventoried.rules, SEED), 30.0, FOUND)
    expected = whole.groupby("region")["n_expected"].sum() * CALIBRATION.errors.scale
    share = (
        whole.geometry.to_crs(EQUAL_AREA_CRS).area.groupby(whole["region"]).sum()
        / whole.geometry.area.groupby(whole["region"]).sum()
    )
    said = inventoried.inventory.groupby("region")["area_m2"].sum()
    assert share["East"] < share["West"] - 0.005
    assert (said / expected / 100).to_numpy() == pytest.approx(share.to_numpy(), rel=1e-3)


def test_growth_is_of_objects_of_both_years(inventoried):
    growth, inventory = inventoried.growth, inventoried.inventory
    by_year = inventory.set_index(["object_id", "year"])["area_m2"]
    assert len(growth) == (inventory.groupby("object_id").size() == 2).sum()
    said = by_year[growth.set_index(["object_id", "last_year"]).index].to_numpy()
    before = by_year[growth.set_index(["object_id", "first_year"]).index].to_numpy()
    assert growth["change_m2"].to_numpy() == pytest.approx(said - before)
    assert growth["change_m2_a"].to_numpy() == pytest.approx((said - before) / 4)
    assert growth["change_m2"].between(growth["change_low_90_m2"], growth["change_high_90_m2"]).all()


def test_sums_of_splits_are_that_of_all_ground(inventoried):
    areas = inventoried.regions.pivot_table(index=["region", "year"], columns="split", values="area_m2")
    assert areas["all"].to_numpy() == pytest.approx(areas.drop(columns="all").sum(axis=1).to_numpy())


def test_scores_tell_bias_and_coverage_of_test_ground(inventoried):
    scores = inventoried.scores.set_index(["score", "part"])
    assert abs(scores.loc[("area_bias", "large"), "value"]) < 0.05
    assert scores.loc[("area_coverage_90", "large"), "value"] > 0.8
    assert abs(scores.loc[("growth_bias", "large"), "value"]) < 0.1
    assert abs(scores.loc[("total_bias", "regions"), "value"]) < 0.1
    assert scores.loc[("missed_share", "large"), "value"] < 0.05
    assert (
        scores.loc[("area_bias", "large"), "n"]
        == scores.loc[[("area_bias", "large, 2017"), ("area_bias", "large, 2021")], "n"].sum()
    )
    n_of = inventoried.scores.query("score == 'missed_share'").set_index("part")["n"]
    assert sum(n_of.get(name, 0) for name in size_class_names(EDGES_M2)) == n_of["large"] + n_of.get("small", 0)


def test_what_is_said_twice_as_large_has_a_bias_of_one(inventoried):
    """Against the truth by hand: every area doubled adds the sum of what was said to the bias."""
    rules = inventoried.rules
    truth = truth_of(inventoried.results, *surveyed_places(TILES, rules, SEED), rules, GRID, SPLITS, SEED)
    found, _ = judged_objects(inventoried.inventory, truth, rules.min_overlap)
    exact = found.assign(area_m2=found["true_m2"], area_low_90_m2=0.0, area_high_90_m2=np.inf)
    inventory = inventoried.inventory.merge(found[["object_id", "year", "true_m2"]], on=["object_id", "year"])
    doubled = inventory.assign(area_m2=2 * inventory["true_m2"]).drop(columns="true_m2")
    scores = inventory_scores(doubled, inventoried.growth, inventoried.regions, truth, rules, EDGES_M2, SEED, 50)
    by_name = scores.set_index(["score", "part"])
    assert by_name.loc[("area_bias", "large"), ["value", "low_95", "high_95"]].tolist() == pytest.approx([1, 1, 1])
    assert len(exact) == len(inventory)


@pytest.mark.parametrize("n_known", [0, 100])
def test_where_the_truth_is_not_known_throughout_there_are_no_scores(n_known):
    class Secret(Blobs):
        def at(self, place):
            sample = super().at(place)
            scored = sample.scored & (np.arange(place.n_pixels) < n_known)
            return Sample(sample.key, sample.image, sample.target, scored, place)

    rules = parameters(regions=["West"], years=[2021])
    results, inventory, growth, regions = made(Secret(), rules)
    assert len(inventory) > 3
    assert growth.empty
    scores = score_inventory(results, TILES, inventory, growth, regions, rules, SPLITS, EVALUATION, GRID, SEED)
    assert scores.empty


def test_ground_that_is_not_seen_holds_nothing():
    class Night(Blobs):
        def at(self, place):
            sample = super().at(place)
            image = Image(("red",), sample.image.values, np.zeros_like(sample.image.valid))
            return Sample(sample.key, image, sample.target, sample.scored, place)

    rules = parameters(regions=["West"], years=[2021])
    results, inventory, growth, regions = made(Night(), rules)
    assert all(table.empty for table in (inventory, growth, regions))
    assert score_inventory(results, TILES, inventory, growth, regions, rules, SPLITS, EVALUATION, GRID, SEED).empty


def test_few_places_hold_some_of_the_objects(inventoried):
    rules = parameters(n_chips=6)
    places, _ = surveyed_places(TILES, rules, SEED)
    assert len(places) == 6
    _, inventory, _, _ = made(Blobs(), rules)
    whole = inventory[~inventory["is_cut"]]
    assert 0 < len(whole) < len(inventoried.inventory)
    areas = set(inventoried.inventory["area_m2"].round(3))
    assert set(whole["area_m2"].round(3)) <= areas


@pytest.mark.parametrize(("name", "value"), [("regions", ["Eest"]), ("years", [2018])])
def test_a_region_or_year_that_is_not_there_is_refused(name, value):
    with pytest.raises(ConfigError) as caught:
        surveyed_places(TILES, parameters(**{name: value}), SEED)
    assert caught.value.field == f"inventory.{name}"


@pytest.mark.parametrize("changes", [{"n_chips": 0}, {"regions": []}, {"tile": {"n_pixels": 100, "margin_px": 3}}])
def test_parameters_that_look_at_nothing_are_refused(changes):
    with pytest.raises(ValueError, match=r"n_chips|regions|margin_px"):
        parameters(**changes)
