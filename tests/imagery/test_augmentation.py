from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.imagery.augmentation import augmented
from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.samples import Image, Place, Sample

NOTHING = AugmentationRules(
    turn_chance=0,
    flip_chance=0,
    affine_chance=0,
    max_shift=0.1,
    max_scale=0.2,
    max_rotation_deg=45,
    shear_chance=0,
    max_shear_deg=10,
    elastic_chance=0,
    elastic_alpha=120,
    elastic_sigma=6,
    light_chance=0,
    max_light=0.2,
)
BANDS = ("red", "green", "blue", "elevation")


def _changed(**chances: float) -> AugmentationRules:
    return NOTHING.model_copy(update=chances)


def _sample(n: int = 32, key: str = "a", lead: tuple[int, ...] = ()) -> Sample:
    random = np.random.default_rng(n)
    values = random.uniform(0.05, 0.4, size=(*lead, 4, n, n)).astype(np.float32)
    target = (random.uniform(size=(n, n)) > 0.8).astype(np.uint8)
    place = Place(0.0, 0.0, 3.0, n, 2021)
    return Sample(key, Image(BANDS, values, np.ones(values.shape, bool)), target, np.ones((n, n), bool), place)


def _same(one: Sample, other: Sample) -> bool:
    pairs = ((one.image.values, other.image.values), (one.image.valid, other.image.valid), (one.target, other.target))
    return all(np.array_equal(*pair) for pair in (*pairs, (one.scored, other.scored)))


def test_without_chances_a_sample_stays_bit_for_bit() -> None:
    assert _same(augmented(_sample(), NOTHING, seed=1, epoch=3), _sample())


@settings(max_examples=20, deadline=None)
@given(epoch=st.integers(0, 300), seed=st.integers(0, 9))
def test_what_is_done_follows_from_seed_epoch_and_key(epoch: int, seed: int) -> None:
    rules = _changed(turn_chance=0.5, flip_chance=0.5, affine_chance=0.5, elastic_chance=0.3, light_chance=0.5)

    assert _same(augmented(_sample(), rules, seed, epoch), augmented(_sample(), rules, seed, epoch))


def test_another_key_is_varied_otherwise() -> None:
    rules = _changed(affine_chance=1)

    assert not _same(augmented(_sample(), rules, 1, 1), replace(augmented(_sample(key="b"), rules, 1, 1), key="a"))


@settings(max_examples=20, deadline=None)
@given(epoch=st.integers(0, 300))
def test_turns_and_flips_move_whole_pixels_of_all_arrays_together(epoch: int) -> None:
    sample = _sample()
    marked = replace(sample, target=(sample.image.values[3] * 600).astype(np.uint8))

    moved = augmented(marked, _changed(turn_chance=0.7, flip_chance=0.5), 1, epoch)

    assert np.array_equal(np.sort(moved.image.values[3].ravel()), np.sort(sample.image.values[3].ravel()))
    assert np.array_equal((moved.image.values[3] * 600).astype(np.uint8), moved.target)


def test_image_and_target_move_together() -> None:
    """A bright square that is the target stays on it under every displacement."""
    sample = _sample(64)
    target = np.zeros((64, 64), np.uint8)
    target[20:40, 24:44] = 1
    values = np.broadcast_to(target.astype(np.float32), sample.image.values.shape).copy()
    marked = replace(sample, image=replace(sample.image, values=values), target=target)

    for epoch in range(10):
        moved = augmented(marked, _changed(affine_chance=1, shear_chance=1, elastic_chance=1), 2, epoch)
        seen = moved.image.valid.all(axis=0)
        assert moved.target.sum() > 0
        assert ((moved.image.values[0] > 0.5) == (moved.target > 0))[seen].mean() > 0.995


def test_what_comes_from_beyond_the_image_is_neither_valid_nor_scored() -> None:
    moved = augmented(_sample(), _changed(affine_chance=1, max_shift=0.4), 1, 1)

    assert 0 < (~moved.scored).mean() < 1
    assert not moved.image.valid[:, ~moved.scored].any()
    assert (moved.image.values[~moved.image.valid] == 0).all()


def test_unknown_pixels_are_not_mixed_in() -> None:
    sample = _sample()
    valid = np.random.default_rng(4).uniform(size=sample.image.valid.shape) > 0.02
    values = np.where(valid, np.float32(0.3), np.float32(0))
    moved = augmented(
        replace(sample, image=Image(BANDS, values, valid)), _changed(affine_chance=1, elastic_chance=1), 3, 3
    )

    assert moved.image.valid.any()
    assert moved.image.values[moved.image.valid] == pytest.approx(0.3, abs=1e-5)


def test_light_changes_colours_alone_by_so_much_at_most() -> None:
    sample = _sample()
    grey = replace(sample.image, values=np.full_like(sample.image.values, 0.2))

    for epoch in range(20):
        varied = augmented(replace(sample, image=grey), _changed(light_chance=1), 1, epoch).image.values
        assert np.array_equal(varied[3], grey.values[3])
        assert varied[:3] == pytest.approx(varied[0, 0, 0], abs=1e-6)
        assert 0.16 - 1e-6 <= varied[0, 0, 0] <= 0.24 + 1e-6


def test_images_of_one_sample_move_as_one_and_a_class_stays() -> None:
    sample = _sample(lead=(2,))
    twice = replace(sample.image, values=np.stack([sample.image.values[0]] * 2))
    told = replace(sample, image=twice, target=np.array(3), scored=np.array(True))

    moved = augmented(told, _changed(turn_chance=0.5, affine_chance=1), 1, 2)

    assert np.array_equal(moved.image.values[0], moved.image.values[1])
    assert (int(moved.target), bool(moved.scored)) == (3, True)
