"""Two scenes of one day through the benchmark of honesty, with stand-ins for networks: no figure here is a skill."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.modis_ice import (
    SATELLITES,
    Change,
    IceTypes,
    change_table,
    differencing,
    read_scenes,
    tiles_of,
    type_table,
)
from entropice.imagery.bands import RGB
from entropice.imagery.changes.pair_models import brightness_difference
from entropice.imagery.classes.calibration import as_it_is
from entropice.imagery.classes.image_statistics import character_columns
from entropice.imagery.classes.strangeness import fit_alarm, fit_familiar
from entropice.imagery.loading import SampleView
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.imagery.statistics import BandStatistics

N_PX = 32
PLAIN = BandStatistics(RGB, 1, np.array([1, 1, 1]), np.zeros(3), np.ones(3))
"""Under which standardised values are display values."""


@pytest.fixture(scope="module")
def scenes(shared_data):
    return read_scenes(shared_data / "imagery" / "modis_sea_ice")


def _brighter_is_thicker(inputs):
    """A classifier that is sure that what is bright is thick ice: the classic confusion."""
    bright = inputs.mean(axis=(1, 2, 3))
    return (20 * np.stack([0.3 - bright, 0 * bright, bright - 0.5], axis=1)).astype(np.float32)


def _types(alarm_at):
    random = np.random.default_rng(0)
    labels = np.arange(60) % 3
    level = np.array([0.1, 0.4, 0.8])[labels, None, None, None]
    inputs = (level + random.normal(scale=0.15, size=(60, 3, N_PX, N_PX))).astype(np.float32)
    familiar = fit_familiar(character_columns(inputs), labels, 3)
    alarm = fit_alarm(np.full(19, alarm_at), 0.05)
    return IceTypes(_brighter_is_thicker, PLAIN, as_it_is(3), familiar, alarm, thick=2, n_pixels=N_PX)


def test_land_does_not_move_and_cloud_does(scenes):
    assert scenes.land.shape == (403, 1052)
    assert scenes.land.mean() == pytest.approx(515400 / 3 / scenes.land.size, abs=1e-4)
    assert all(0.1 < scenes.cloud[name].mean() < 0.9 for name in SATELLITES)
    assert (scenes.cloud["aqua"] != scenes.cloud["terra"]).mean() > 0.05


def test_tiles_lie_half_over_each_other():
    values = np.arange(12 * 10).reshape(12, 10)

    tiles = tiles_of(values, 4)

    assert tiles.shape == (5 * 4, 4, 4)
    assert tiles[1][0].tolist() == [2, 3, 4, 5]
    assert tiles[4][0].tolist() == [20, 21, 22, 23]


def test_an_alarm_takes_confidence_away_and_never_adds_any(scenes):
    silent, loud = (type_table(scenes, _types(at)) for at in (1e9, 9.0))

    assert (silent["rung"] == 0).all()
    assert np.allclose(silent["thick_confident_left"], silent["thick_confident"])
    assert (loud["thick_confident_left"] <= loud["thick_confident"]).all()
    cloud = loud[loud["sky"] == "cloud"]
    assert (cloud["n"] > 10).all()
    assert (silent.loc[silent["sky"] == "cloud", "thick_confident"] > 0.5).all()
    assert (cloud["thick_confident_left"] < cloud["thick_confident"]).all()


def test_change_of_land_is_counted_beside_differencing(scenes):
    def differs(pair):
        return brightness_difference(pair).reshape(pair.shape[-2:])

    change = Change(
        {"network": lambda pair: differs(pair) * 0, "difference": differs}, {"network": 1.0, "difference": 0.1}, PLAIN
    )

    table = change_table(scenes, change).set_index(["ground", "model", "compared_with"])["value"]

    assert table["land", "network", np.nan] == 0
    assert 0 < table["clear land", "difference", np.nan] < table["land", "difference", np.nan] < 1
    assert table["land", "network", "difference"] == pytest.approx(-table["land", "difference", np.nan])


class Brightened:
    """Pairs of which the left half becomes brighter."""

    bands, keys = RGB, tuple(f"p{number}" for number in range(8))

    def read(self, key):
        random = np.random.default_rng([*key.encode()])
        target = np.zeros((16, 16), np.uint8)
        target[:, :8] = 1
        values = random.uniform(0.2, 0.6, size=(2, 3, 16, 16)) * [[[[0.5]]]] + 0.1
        values[1] = values[0] + 0.3 * target + random.normal(scale=0.03, size=values[0].shape)
        image = Image(RGB, values.astype(np.float32), np.ones(values.shape, bool))
        return Sample(key, image, target, np.ones(target.shape, bool), Place(0, 0, 250, 16, 2022))


def test_differencing_cuts_between_what_changed_and_what_did_not():

    splits = pd.DataFrame(
        {"key": Brightened.keys, "split": [TRAIN] * 4 + [VALIDATION] * 4, "block": np.arange(8, dtype=np.uint64)}
    )

    differs, threshold = differencing(SampleView(Brightened(), PLAIN, 0), splits, "iou")

    sample = Brightened().read("p7")
    said = differs(sample.image.values) >= threshold
    assert (said == sample.target).mean() > 0.97
