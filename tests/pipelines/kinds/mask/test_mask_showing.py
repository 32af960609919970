"""What is shown of masks, by hand: a network that says its first band, on tiles of three pixels."""

# ruff: noqa: PD011 - these are the values of images

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from entropice.imagery.loading import SampleView
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.statistics import BandStatistics
from entropice.pipelines.kinds.mask import showing
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK
from entropice.pipelines.kinds.mask.showing import N_PICTURED, chance_layers, mask_facts, mask_panel
from entropice.types import Float32Array

EDGE = 3
EVALUATED = SimpleNamespace(batch_size=4, calibrated_at=10.0, ratios=(10.0, 50.0))
STATISTICS = BandStatistics(("red",), 1, np.array([1]), np.zeros(1), np.ones(1))
LINE = {NETWORK: {"calibration": {"slope": 2.0, "intercept": 0.0, "ratio": 10.0}}}
"""At 1 : 10, as the parameters have it: the chance of a logit z is 1 / (1 + exp(-2 z))."""

EVEN, NINE_IN_TEN = 0.0, np.log(9) / 2


@dataclass
class Tiles:
    """Tiles of one value each by place; the first pixel is not known, the last one not scored, the middle positive."""

    tiles: dict[str, tuple[float, Place]]
    bands: tuple[str, ...] = ("red",)
    read_keys: list[str] = field(default_factory=list)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.tiles)

    def read(self, key: str) -> Sample:
        self.read_keys.append(key)
        value, place = self.tiles[key]
        valid, scored = np.ones((1, EDGE, EDGE), bool), np.ones((EDGE, EDGE), bool)
        valid[0, 0, 0], scored[2, 2] = False, False
        target = np.zeros((EDGE, EDGE), np.uint8)
        target[1, 1] = 1
        return Sample(
            key, Image(self.bands, np.where(valid, value, 0).astype(np.float32), valid), target, scored, place
        )


def at(column: int, year: int = 2020) -> Place:
    """A place whose left edge is so many pixels of 10 m from that of the first one."""
    return Place(10.0 * column, 30.0, 10.0, EDGE, year)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Sizes of the batches that the network is asked about; images stand in for the view of them."""
    sizes: list[int] = []

    def says_the_first_band(inputs: Float32Array) -> Float32Array:
        sizes.append(len(inputs))
        return np.nan_to_num(inputs[:, 0])

    monkeypatch.setattr(showing, "judged_view", lambda network, images, *_: SampleView(images, STATISTICS, 0))
    monkeypatch.setattr(showing, "network_predict", lambda *_: says_the_first_band)
    return sizes


def shown(what: Any, tiles: Tiles, splits: pd.DataFrame) -> Any:
    return what(None, tiles, splits, {}, LINE, None, None, EVALUATED)


def splits_of(tiles: Tiles, **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"key": tiles.keys, "split": "test"} | columns)


@pytest.mark.usefixtures("batches")
def test_chances_are_calibrated_and_their_mean_where_tiles_overlap() -> None:
    """The second tile begins in the last column of the first; a third is learned from, and not on the map."""
    tiles = Tiles({"a": (EVEN, at(0)), "b": (NINE_IN_TEN, at(2)), "c": (5.0, at(9))})

    (layer,) = shown(chance_layers, tiles, splits_of(tiles, split=["test", "test", "train"]))

    expected = np.tile([0.5, 0.5, 0.7, 0.9, 0.9], (EDGE, 1))
    expected[0, 0], expected[0, 2] = np.nan, 0.5
    np.testing.assert_allclose(layer.values, expected, rtol=1e-6)
    assert (layer.name, layer.unit, layer.values.dtype) == ("chance", "1", np.float32)
    assert (layer.left_m, layer.top_m, layer.pixel_m) == (0.0, 30.0, 10.0)
    assert "c" not in tiles.read_keys


def test_chances_hold_at_the_ratio_of_the_parameters(batches: list[int]) -> None:
    """Odds of a ninth at 1 : 90 are even ones at 1 : 10, where negatives are a ninth as many."""
    tiles = Tiles({"a": (EVEN, at(0))})
    line = {NETWORK: {"calibration": {"slope": 1.0, "intercept": -np.log(9.0), "ratio": 90.0}}}

    (layer,) = chance_layers(None, tiles, splits_of(tiles), {}, line, None, None, EVALUATED)

    assert layer.values[1, 1] == pytest.approx(0.5)
    assert batches == [1]


def test_tiles_are_told_in_batches(batches: list[int]) -> None:
    tiles = Tiles({f"t{number}": (EVEN, at(3 * number)) for number in range(9)})

    shown(chance_layers, tiles, splits_of(tiles))

    assert batches == [4, 4, 1]


@pytest.mark.usefixtures("batches")
def test_no_test_tile_has_no_map_and_no_rows() -> None:
    tiles = Tiles({"a": (EVEN, at(0))})
    splits = splits_of(tiles, split="train", n_positive=1)

    with pytest.raises(IndexError):
        shown(chance_layers, tiles, splits)
    assert shown(mask_panel, tiles, splits).rows == ()


@pytest.mark.usefixtures("batches")
def test_the_panel_shows_most_positive_tiles_first_and_a_place_once() -> None:
    """Of equals the first by key; the second of a place is passed over, and so is what is more than four."""
    value_of = {"f": 0.1, "b": 0.2, "a": 0.3, "again": 0.4, "c": 0.5, "learned": 0.6, "least": 0.7}
    columns = {"f": 0, "b": 3, "a": 6, "again": 0, "c": 9, "learned": 12, "least": 15}
    tiles = Tiles({key: (value_of[key], at(columns[key], 2020 + (key == "again"))) for key in columns})
    splits = splits_of(
        tiles,
        split=["test", "test", "test", "test", "test", "train", "test"],
        n_positive=[9, 5, 5, 8, 1, 99, 0],
    )

    panel = shown(mask_panel, tiles, splits)

    first_of_row = [row.pictures[0].values[1, 1] for row in panel.rows]
    assert len(first_of_row) == N_PICTURED
    np.testing.assert_allclose(first_of_row, [value_of[key] for key in ("f", "a", "b", "c")], rtol=1e-6)
    assert all(row.title.endswith(", 2020") for row in panel.rows)


@pytest.mark.usefixtures("batches")
def test_pictures_are_unknown_where_nothing_is_scored_or_known() -> None:
    tiles = Tiles({"a": (NINE_IN_TEN, at(0))})

    (row,) = shown(mask_panel, tiles, splits_of(tiles, n_positive=1)).rows

    image, there, chance = row.pictures
    assert [picture.title for picture in row.pictures] == ["image", "there", "chance"]
    assert np.argwhere(np.isnan(image.values)).tolist() == [[0, 0]]
    assert np.argwhere(np.isnan(there.values)).tolist() == [[0, 0], [2, 2]]
    assert np.argwhere(there.values == 1).tolist() == [[1, 1]]
    assert np.argwhere(np.isnan(chance.values)).tolist() == [[0, 0]]
    np.testing.assert_allclose(chance.values[1:], 0.9, rtol=1e-6)


def test_facts_count_tiles_of_splits_and_no_others() -> None:
    splits = pd.DataFrame({"split": ["train"] * 3 + ["validation"] * 2 + ["test", "buffer", "unseen"]})

    facts = mask_facts(splits, ["red", "nir"], EVALUATED)

    assert list(facts) == ["inputs", "outputs", "learned_from", "tested_on", "limits", "expectations"]
    assert facts["inputs"] == "images with the bands red, nir"
    assert facts["outputs"].endswith("calibrated at one positive pixel for 10 negative")
    assert facts["learned_from"] == "3 tiles; 2 chose epoch, calibration and thresholds"
    assert facts["tested_on"] == "1 tiles on ground of their own, at ratios 1:10, 1:50"
    assert (len(facts["limits"]), facts["expectations"]) == (2, [])
