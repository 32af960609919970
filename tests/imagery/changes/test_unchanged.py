from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.bands import RGB
from entropice.imagery.changes.unchanged import PairTrainingView, WithUnchanged, twice
from entropice.imagery.loading import SampleView, TrainingView
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.statistics import BandStatistics

STATISTICS = BandStatistics(RGB, 1, np.ones(3, dtype=np.int64), np.zeros(3), np.ones(3))
STILL = dict.fromkeys(AugmentationRules.model_fields, 0.0) | {"elastic_sigma_px": 1.0}
KEYS = tuple(f"pair {number}" for number in range(40))


@dataclass(frozen=True)
class Pairs:
    keys: Any = KEYS
    bands: Any = RGB

    def read(self, key: str) -> Sample:
        random = np.random.default_rng([*key.encode()])
        values = random.uniform(0.1, 0.5, size=(2, 3, 4, 4)).astype(np.float32)
        valid = np.ones(values.shape, dtype=bool)
        valid[0, :, 0, 0] = False
        target = np.ones((4, 4), dtype=np.uint8)
        return Sample(key, Image(RGB, values, valid), target, target > 0, Place(0.0, 0.0, 100.0, 4, 2020))


def _loader(probability: float, **colour: float) -> PairTrainingView:
    rules = AugmentationRules.model_validate(STILL | colour)
    return PairTrainingView(TrainingView(SampleView(Pairs(), STATISTICS, 0), rules, 3), probability)


def test_a_pair_of_one_image_has_not_changed() -> None:
    sample = Pairs().read("a")

    same = twice(sample, 1)

    assert (same.image.values == sample.image.values[1]).all()
    assert same.image.valid.all()
    assert not same.target.any()
    assert same.target.dtype == sample.target.dtype


def test_other_pairs_stay_as_they_are() -> None:
    some = WithUnchanged(Pairs(), {"pair 1": 0})

    assert some.keys == KEYS
    assert some.bands == RGB
    assert (some.read("pair 0").image.values == Pairs().read("pair 0").image.values).all()
    assert not some.read("pair 1").target.any()


def test_as_many_are_unchanged_as_the_probability_says() -> None:
    inputs, target, scored = _loader(0.3).load(KEYS, 0)

    is_same = (inputs[:, 0, :, 1:] == inputs[:, 1, :, 1:]).all(axis=(1, 2, 3))
    assert (is_same == ~target.any(axis=(1, 2))).all()
    assert 4 <= is_same.sum() <= 20
    assert not scored[~is_same, 0, 0].any()


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_none_or_all(probability: float) -> None:
    _, target, _ = _loader(probability).load(KEYS, 2)

    assert target.any() == (probability == 0.0)


def test_light_differs_between_what_is_the_same() -> None:
    inputs, _, _ = _loader(1.0, colour_probability=1.0, max_brightness=0.4).load(KEYS[:8], 0)

    gain = inputs[:, 1, :, 1:] / inputs[:, 0, :, 1:]
    np.testing.assert_allclose(gain, gain[:, :1, :1, :1] * np.ones_like(gain), rtol=1e-4)
    assert (np.abs(gain - 1) > 0.01).any(axis=(1, 2, 3)).sum() >= 6


def test_loading_is_a_pure_function_of_keys_and_epoch() -> None:
    first, again, other = (_loader(0.5).load(KEYS, epoch)[1] for epoch in (0, 0, 1))

    assert (first == again).all()
    assert not (first == other).all()
