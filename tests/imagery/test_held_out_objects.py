"""Objects of drawn tiles, worked by hand, and that batches and rings of ignored pixels change nothing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from entropice.imagery.held_out_objects import FOUND, TRUE, held_out_objects, matched_at, tile_objects
from entropice.imagery.loading import SampleView
from entropice.imagery.object_rules import ObjectRules
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.statistics import BandStatistics

RULES = ObjectRules(
    threshold="recall", min_px=2, min_ious=(0.5, 0.1), true_at=0.1, size_edges_m=(50.0, 200.0), max_recall_gap=0.1
)
BANDS = ("red", "nir")
STATISTICS = BandStatistics(BANDS, 1, np.array([1, 1]), np.zeros(2), np.ones(2))


def pixels(*lines, mark="#"):
    return np.array([[character == mark for character in line] for line in lines])


def sample_of(target, *, valid=None, scored=None, key="a", values=None):
    shape = target.shape
    valid = np.ones(shape, dtype=bool) if valid is None else valid
    values = np.zeros((2, *shape), dtype=np.float32) if values is None else values
    image = Image(BANDS, values, np.broadcast_to(valid, (2, *shape)))
    known = np.ones(shape, dtype=bool) if scored is None else scored
    return Sample(key, image, target.astype(np.uint8), known, Place(1000.0, 500.0, 10.0, shape[0], 2023))


ALL = np.ones((6, 6), dtype=bool)
HERE = pixels(
    "##....",
    "##....",
    "......",
    ".....#",
    "...###",
    "......",
)
SAID = pixels(
    "##....",
    "......",
    "......",
    "......",
    "##....",
    "##...#",
)


def logits_of(chosen):
    return np.where(chosen, np.linspace(1, 2, chosen.size).reshape(chosen.shape), -3.0).astype(np.float32)


def test_found_and_true_objects_are_those_worked_by_hand():
    table = tile_objects(logits_of(SAID), sample_of(HERE), ALL, 0.0, RULES)

    assert table["kind"].tolist() == [FOUND, FOUND, TRUE, TRUE]
    assert table["n_pixels"].tolist() == [2, 4, 4, 4]
    assert table["area_m2"].tolist() == [200.0, 400.0, 400.0, 400.0]
    assert table["iou"].tolist() == [0.5, 0.0, 0.5, 0.0]
    assert table[matched_at(0.5)].tolist() == [True, False, True, False]
    assert table["is_judged"].all()
    assert set(table["year"]) == {2023}
    assert table["extent_m"].to_numpy() == pytest.approx([500**0.5, 800**0.5, 800**0.5, 1300**0.5])
    assert table.loc[1, ["x_m", "y_m"]].tolist() == [1010.0, 450.0]
    assert table.loc[3, ["x_m", "y_m"]].tolist() == [1047.5, 457.5]
    assert table.loc[0, "mean_logit"] == pytest.approx(1 + 0.5 / 35)


def test_nothing_is_found_where_a_band_is_not_valid_and_nothing_missed_there():
    valid = pixels("......", "......", *["######"] * 4)
    table = tile_objects(logits_of(SAID), sample_of(HERE, valid=valid, scored=valid), valid, 0.0, RULES)

    assert table["kind"].tolist() == [FOUND, TRUE, TRUE]
    assert table["is_judged"].tolist() == [True, False, True]


def test_the_threshold_itself_is_chosen():
    logits = np.where(SAID, 0.25, -1.0).astype(np.float32)
    sample = sample_of(HERE)
    assert len(tile_objects(logits, sample, ALL, 0.25, RULES)) == 4
    assert set(tile_objects(logits, sample, ALL, 0.2501, RULES)["kind"]) == {TRUE}
    assert set(tile_objects(logits, sample, ALL, np.inf, RULES)["kind"]) == {TRUE}


def test_a_tile_without_objects_keeps_the_columns():
    table = tile_objects(logits_of(SAID), sample_of(HERE), ALL, 0.0, RULES)
    nothing = tile_objects(np.full((6, 6), -1.0, np.float32), sample_of(np.zeros((6, 6), dtype=bool)), ALL, 0.0, RULES)

    assert len(nothing) == 0
    pd.testing.assert_series_equal(nothing.dtypes, table.dtypes)


@dataclass(frozen=True)
class Drawn:
    """Tiles whose first band holds what a network should say of them."""

    keys: tuple[str, ...] = ("a", "b", "c")
    bands: tuple[str, ...] = BANDS

    def read(self, key):
        turned = np.rot90(logits_of(SAID), "abc".index(key))
        return sample_of(HERE, key=key, values=np.stack([turned, turned]))


def reads_the_first_band(inputs):
    return inputs[:, 0]


@pytest.mark.parametrize("batch_size", [1, 2, 5])
@pytest.mark.parametrize("ignored_edge_px", [0, 1])
def test_batches_and_ignored_edges_change_nothing(batch_size, ignored_edge_px):
    view = SampleView(Drawn(), STATISTICS, ignored_edge_px)
    objects, ground = held_out_objects(view, Drawn.keys, reads_the_first_band, 0.0, RULES, batch_size)

    assert ground.to_dict("list") == {"tile": ["a", "b", "c"], "n_negative": [28] * 3, "n_positive": [8] * 3}
    for number, key in enumerate(Drawn.keys):
        alone = tile_objects(np.rot90(logits_of(SAID), number), Drawn().read(key), ALL, 0.0, RULES)
        own = objects[objects["tile"] == key].drop(columns="tile").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, alone)
