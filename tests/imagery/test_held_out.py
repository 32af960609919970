"""Counts by tile: they lose nothing, add up to those of blocks, and are what a file keeps."""

from dataclasses import dataclass

import numpy as np
import pytest

from entropice.imagery.held_out import counts_by_block, counts_by_tile
from entropice.imagery.loading import SampleView
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.score_histograms import BIN_LOGIT, N_BINS, score_counts
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.tile_counts import from_arrays, to_arrays

EDGE = 12
KEYS = [f"tile_{number}" for number in range(7)]
BLOCKS = np.array([9, 3, 9, 3, 3, 2**63, 9], dtype=np.uint64)


@dataclass(frozen=True)
class Drawn:
    keys: tuple[str, ...] = tuple(KEYS)
    bands: tuple[str, ...] = ("red",)

    def read(self, key):
        random = np.random.default_rng([*key.encode()])
        image = Image(
            ("red",), 5 * random.standard_normal((1, EDGE, EDGE)).astype("f4"), np.ones((1, EDGE, EDGE), bool)
        )
        target = random.integers(0, 2, (EDGE, EDGE)).astype(np.uint8)
        return Sample(key, image, target, random.random((EDGE, EDGE)) < 0.9, Place(0.0, 0.0, 10.0, EDGE, 2022))


VIEW = SampleView(Drawn(), BandStatistics(("red",), 1, np.array([1]), np.zeros(1), np.ones(1)), 0)
MODELS = {"one": lambda inputs: inputs[:, 0], "other": lambda inputs: -inputs[:, 0]}


@pytest.fixture(scope="module")
def counted():
    return counts_by_tile(VIEW, KEYS, BLOCKS, MODELS, batch_size=3)


def test_blocks_hold_the_sum_of_their_tiles(counted):
    dense = [
        score_counts(Drawn().read(key).image.values[0], (s := Drawn().read(key)).target > 0, s.scored) for key in KEYS
    ]
    blocks, counts = counts_by_block(VIEW, KEYS, BLOCKS, MODELS, batch_size=2)

    assert blocks.tolist() == [3, 9, 2**63]
    assert counts["one"].dtype == np.int64
    for block, of_block in zip(blocks, counts["one"], strict=True):
        assert np.array_equal(of_block, sum(each for each, own in zip(dense, BLOCKS, strict=True) if own == block))
    assert np.array_equal(counted["one"].by_block()[1], counts["one"])


def test_what_a_threshold_chooses_is_counted_by_tile(counted):
    threshold = 37 * BIN_LOGIT
    for key, (n_true, n_said, n_both) in zip(KEYS, counted["other"].chosen(threshold), strict=True):
        sample = Drawn().read(key)
        true, said = (sample.target > 0) & sample.scored, (-sample.image.values[0] >= threshold) & sample.scored
        assert (n_true, n_said, n_both) == (true.sum(), said.sum(), (true & said).sum())
    assert counted["one"].chosen(np.inf)[:, 1:].sum() == 0


def test_a_file_keeps_them_in_six_bytes_a_bin(counted):
    arrays = to_arrays("one", "test", counted["one"].counts)
    kept = from_arrays({**arrays, "keys_test": np.array(KEYS), "blocks_test": BLOCKS}, "one", "test")

    assert sum(arrays[f"one_test_{name}"].itemsize for name in ("counts", "columns")) == 6
    assert kept.keys.tolist() == KEYS
    assert np.array_equal(kept.counts.toarray(), counted["one"].counts.toarray())
    assert np.iinfo(np.uint16).max >= 2 * N_BINS


def test_no_tiles_are_no_counts():
    _, counts = counts_by_block(VIEW, [], BLOCKS[:0], MODELS, batch_size=3)
    assert counts["one"].shape == (0, 2, N_BINS)
