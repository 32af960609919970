"""Tiles become outlines with chances, and chances finds by cell."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pydantic import ValidationError
from scipy.special import logit

from entropice.crs import POLAR_CRS
from entropice.imagery.calibration import Calibration
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.found_objects import AreaCalibration, Marking
from entropice.imagery.object_calibration import ObjectCalibration, SizeDetection
from entropice.imagery.packed_outlines import unpacked
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.statistics import BandStatistics
from entropice.pipelines.kinds.mask.looking import Looking
from entropice.pipelines.mapping.gathering import found_objects_of, plan_key, seen_tiles
from entropice.pipelines.mapping.job import MappingJob, map_tile
from entropice.pipelines.mapping.joining import Joining, joined_outlines, with_finds
from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.tiles.plan import TileResults

N_PIXELS, PIXEL_M = 40, 6.0
YEARS = (2021, 2023)


class Painted:
    """A bright square that grows by a row a year, true in its left half; the first column is not seen."""

    def __init__(self, knows_truth=True):
        self.knows_truth = knows_truth

    def at(self, place):
        values = np.full((1, N_PIXELS, N_PIXELS), -4.0, dtype=np.float32)
        values[0, 10 : 20 + place.year - 2021, 10:20] = 4.0
        values[0, 30:33, 30:36] = 2.0
        target = np.zeros((N_PIXELS, N_PIXELS), dtype=np.uint8)
        target[10 : 20 + place.year - 2021, 10:19] = 1
        valid = np.ones_like(values, dtype=bool)
        valid[..., 0] = False
        scored = np.full(target.shape, self.knows_truth)
        return Sample("one", Image(("red",), values, valid), target, scored, place)


@dataclass(frozen=True)
class Specification:
    bands: tuple[str, ...] = ("red",)


@dataclass(frozen=True)
class Checkpoint:
    specification: Specification = Specification()


@dataclass(frozen=True)
class Network:
    checkpoint: Checkpoint = Checkpoint()


DERIVATION = DerivedBandRules(surroundings_radius_m=100.0, sun_azimuth_deg=315.0, sun_elevation_deg=45.0)


@dataclass(frozen=True)
class Samples:
    derivation: DerivedBandRules = DERIVATION
    seen_by: Sensors = field(default_factory=Sensors)


EVALUATION = SimpleNamespace(objects=SimpleNamespace(true_at=0.3))


def job(scenery):
    statistics = BandStatistics(("red",), 1, np.array([10]), np.zeros(1), np.ones(1))
    areas = AreaCalibration(Calibration(1.0, 0.0, 1.0), 2.0)
    looking = Looking(scenery, Network(), statistics, Samples(), None, EVALUATION, N_PIXELS, 0)
    looking.__dict__["predict"] = lambda values, valid: np.where(valid.all(axis=0), values[0], np.nan).astype(
        np.float32
    )
    return MappingJob(looking, Marking(0.0, 4, 0), areas)


def place(year, left_m=-2_000_448.0):
    return Place(left_m, 1_000_000.0, PIXEL_M, N_PIXELS, year)


@pytest.fixture(scope="module")
def chosen():
    return pd.DataFrame(
        {
            "key": ["a", "b"],
            "cell_id": np.array([7, 8], dtype=np.uint64),
            "stratum": ["7", "others"],
            "inclusion": [0.5, 0.01],
            "is_best": [True, False],
            "expected": [0.3, 0.001],
        }
    )


@pytest.fixture(scope="module")
def mapped():
    arrays = {
        plan_key(key, year): map_tile(job(Painted()), place(year, left_m))
        for key, left_m in (("a", -2_000_448.0), ("b", -1_000_128.0))
        for year in YEARS
    }
    return TileResults(tuple(arrays), arrays.__getitem__)


def test_a_tile_yields_objects_with_their_truth():
    arrays = map_tile(job(Painted()), place(2021))
    assert arrays["n_pixels"].tolist() == [100, 18]
    assert arrays["is_true"].tolist() == [1, 0]
    assert arrays["mean_logit"] == pytest.approx([4, 2])
    outlines = unpacked(arrays["outlines"], arrays["outline_ends"])
    assert [outline.area for outline in outlines] == [100 * 36, 18 * 36]
    (seen,) = unpacked(arrays["seen"], arrays["seen_ends"])
    assert seen.area == 39 * 40 * 36


def test_where_nobody_knows_the_truth_no_object_is_true_or_false():
    assert map_tile(job(Painted(knows_truth=False)), place(2021))["is_true"].tolist() == [-1, -1]


def test_a_tile_of_which_nothing_is_seen_yields_nothing():
    class Night(Painted):
        def at(self, where):
            sample = super().at(where)
            image = Image(("red",), sample.image.values, np.zeros_like(sample.image.valid))
            return Sample("night", image, sample.target, sample.scored, where)

    arrays = map_tile(job(Night()), place(2021))
    assert len(arrays["n_pixels"]) == len(unpacked(arrays["seen"], arrays["seen_ends"])) == 0


def test_gathered_objects_have_true_areas(mapped, chosen):
    objects = found_objects_of(mapped, chosen, YEARS)
    assert objects["tile"].tolist() == ["a"] * 4 + ["b"] * 4
    assert objects["is_true"].tolist() == [True, False] * 4
    projected = objects.geometry.area.to_numpy()
    chance = 1 / (1 + np.exp(-objects["mean_logit"]))
    assert objects["area_m2"].to_numpy() == pytest.approx(projected * chance, rel=0.15)
    share = objects["area_m2"] / (projected * chance)
    assert share.iloc[0] != pytest.approx(share.iloc[-1], rel=1e-4)
    assert (share.groupby(objects["tile"]).std() < 1e-4).all()


def test_seen_ground_leaves_out_what_is_not_valid(mapped, chosen):
    tiles = seen_tiles(mapped, chosen, YEARS)
    assert tiles[["tile", "year"]].to_numpy().tolist() == [["a", 2021], ["a", 2023], ["b", 2021], ["b", 2023]]
    assert tiles.geometry.area.to_numpy() == pytest.approx(39 * 40 * 36)
    assert tiles["seen_area_m2"].to_numpy() == pytest.approx(39 * 40 * 36, rel=0.15)


CALIBRATION = ObjectCalibration(
    line=Calibration(slope=1.0, intercept=-2.0, ratio=3.0),
    n_true=30,
    n_wrong=90,
    detection=(SizeDetection(0.0, None, 39, 30, 0.775),),
    notes=(),
)
GROUND = pd.DataFrame({"split": ["validation", "test"], "n_negative": [1_000_000, 5]})
DENSITY = pd.DataFrame(
    {
        "cell_id": np.array([7, 8] * 2, dtype=np.uint64),
        "year": [2021, 2021, 2023, 2023],
        "expected_per_km2": [0.02, 0.005, 0.03, np.nan],
    }
)
CELLS = gpd.GeoDataFrame(
    {"cell_id": np.array([7, 8], dtype=np.uint64), "area_m2": [1e9, 3e9], "land_fraction": [1.0, 1.0]},
    geometry=[shapely.box(0, 0, 1, 1)] * 2,
    crs=POLAR_CRS,
)


@pytest.fixture(scope="module")
def joining():
    return Joining.of(CALIBRATION.to_json(), GROUND, DENSITY, CELLS, PIXEL_M, 1e-5)


def test_the_base_rate_by_hand(joining):
    """90.5 wrong ones on 36 km²; the land expects (.02 + 3 · .005 + .03) / 5 per km², of which 30.5 / 40 are found."""
    false_per_km2 = 90.5 / 36
    found_per_km2 = (0.02 + 0.015 + 0.03) / 5 * 30.5 / 40
    assert joining.base_rate == pytest.approx(found_per_km2 / (found_per_km2 + false_per_km2))


def test_evidence_and_cells_by_hand(joining):
    """At three wrong to a true one the line says log-odds 2; that is log 3 more than the share itself."""
    assert joining.evidence(np.array([4.0])) == pytest.approx([2 + np.log(3)])
    relative = joining.log_relative(np.array([7, 8, 8, 99], dtype=np.uint64), np.array([2021, 2021, 2023, 2021]))
    mean = (0.02 + 3 * 0.005) / 4
    assert relative == pytest.approx([np.log(0.02 / mean), np.log(0.005 / mean), 0, 0])


def test_outlines_are_joined_with_their_cells(mapped, chosen, joining):
    outlines = joined_outlines(found_objects_of(mapped, chosen, YEARS), joining, 0.1)
    assert outlines.groupby("outline_id")["year"].apply(list).tolist() == [[2021, 2023]] * 4
    odds = logit(outlines["p"]) - logit(outlines["p_pixels"])
    by_cell = joining.log_relative(outlines["cell_id"].to_numpy(), outlines["year"].to_numpy())
    assert odds.to_numpy() == pytest.approx(by_cell)
    assert outlines["area_sd_m2"].gt(0).all()


def test_tiles_count_what_was_found_on_them(mapped, chosen, joining):
    outlines = joined_outlines(found_objects_of(mapped, chosen, YEARS), joining, 0.1)
    tiles = with_finds(seen_tiles(mapped, chosen, YEARS), outlines[outlines["tile"] == "a"])
    assert tiles["n_found"].tolist() == [2, 2, 0, 0]
    of_first = outlines[(outlines["tile"] == "a") & (outlines["year"] == 2021)]
    assert tiles["expected_found"].iloc[0] == pytest.approx(of_first["p"].sum())
    assert tiles["expected_found"].iloc[2] == 0


def test_one_year_has_no_growth_and_is_refused_before_anything_is_looked_at():
    looks = {"window_px": 64, "overlap_px": 0, "reach_px": 2, "min_detection": 0.3, "min_overlap": 0.1}
    rules = {"tiles": {"pixel_m": PIXEL_M, "n_pixels": N_PIXELS}, **looks}
    assert MappingParameters.model_validate({**rules, "years": list(YEARS)}).years == YEARS
    with pytest.raises(ValidationError, match="at least 2 items"):
        MappingParameters.model_validate({**rules, "years": [2021]})
