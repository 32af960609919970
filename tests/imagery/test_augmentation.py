"""Laws of varied samples: pure in seed, epoch and key; targets move with images; nothing unknown is mixed in."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from band_images import BANDS, PLACE, image_of, random_image, random_sample
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from entropice.imagery.augmentation import Symmetry, augmented
from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.samples import Sample

PUBLISHED = AugmentationRules(
    symmetry_probability=0.5,
    affine_probability=0.5,
    max_shift=0.1,
    max_scale=0.2,
    max_rotation_deg=45.0,
    elastic_probability=0.3,
    elastic_alpha_px=120.0,
    elastic_sigma_px=6.0,
    shear_probability=0.3,
    max_shear_deg=10.0,
    colour_probability=0.5,
    max_brightness=0.2,
    max_contrast=0.2,
    max_saturation=0.2,
)
PROBABILITIES = [name for name in AugmentationRules.model_fields if name.endswith("_probability")]
NOTHING = PUBLISHED.model_copy(update=dict.fromkeys(PROBABILITIES, 0.0))
ALL = PUBLISHED.model_copy(update=dict.fromkeys(PROBABILITIES, 1.0))

epochs = st.integers(0, 10_000)


def _always(**changes: Any) -> AugmentationRules:
    return NOTHING.model_copy(update=changes)


def _of_places(n_pixels: int = 40) -> Sample:
    """A sample whose bands say in which row and column a pixel was, and whose target is that row."""
    rows, columns = np.indices((n_pixels, n_pixels))
    image = image_of(np.stack([rows, columns]), ("nir", "elevation"))
    return Sample("places", image, rows.astype(np.uint8), np.ones(rows.shape, dtype=bool), PLACE)


def _same(first: Sample, second: Sample) -> bool:
    pairs = [
        (first.image.values, second.image.values),
        (first.image.valid, second.image.valid),
        (first.target, second.target),
        (first.scored, second.scored),
    ]
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)


@given(seed=st.integers(0, 2**31), epoch=epochs)
@settings(max_examples=20, deadline=None)
def test_a_sample_is_a_pure_function_of_seed_epoch_and_key(seed: int, epoch: int) -> None:
    sample = random_sample(0)

    first, again = (augmented(sample, PUBLISHED, seed, epoch) for _ in range(2))

    assert _same(first, again)
    assert not _same(augmented(sample, ALL, seed, epoch), augmented(sample, ALL, seed, epoch + 1))
    assert not _same(augmented(sample, ALL, seed, epoch), augmented(sample, ALL, seed + 1, epoch))
    assert not _same(augmented(sample, ALL, seed, epoch), augmented(replace(sample, key="b"), ALL, seed, epoch))


@given(epoch=epochs)
def test_probabilities_of_0_leave_every_bit_as_it_is(epoch: int) -> None:
    sample = random_sample(1)

    assert _same(augmented(sample, NOTHING, 0, epoch), sample)


@given(epoch=epochs)
@settings(max_examples=20, deadline=None)
def test_the_sample_that_is_given_is_not_changed_and_shapes_and_types_are_kept(epoch: int) -> None:
    sample, untouched = random_sample(2), random_sample(2)

    varied = augmented(sample, ALL, 0, epoch)

    assert _same(sample, untouched)
    assert varied.image.values.shape == sample.image.values.shape
    assert varied.image.values.dtype == np.float32
    assert (varied.target.dtype, varied.scored.dtype) == (np.uint8, np.bool_)
    assert all(
        array.flags.c_contiguous and array.flags.writeable
        for array in (varied.image.values, varied.image.valid, varied.target, varied.scored)
    )
    assert (varied.image.values[~varied.image.valid] == 0).all()


@given(epoch=epochs)
@settings(max_examples=30, deadline=None)
def test_turns_and_flips_move_every_pixel_with_what_is_said_of_it(epoch: int) -> None:
    sample = _of_places()

    turned = augmented(sample, _always(symmetry_probability=1.0), 0, epoch)

    assert np.array_equal(turned.image.values[0], turned.target)
    assert all(array.flags.c_contiguous for array in (turned.image.values, turned.image.valid, turned.target))
    places = turned.image.values.reshape(2, -1).T
    assert np.array_equal(np.unique(places, axis=0), np.unique(sample.image.values.reshape(2, -1).T, axis=0))


def test_hand_worked_turn_and_flip() -> None:
    values = np.array([[1, 2], [3, 4]])

    assert Symmetry(1, False, False).of(values).tolist() == [[2, 4], [1, 3]]
    assert Symmetry(1, True, False).of(values).tolist() == [[1, 3], [2, 4]]
    assert Symmetry(0, False, True).of(values).tolist() == [[2, 1], [4, 3]]


def test_all_eight_symmetries_occur_and_half_of_each_is_drawn() -> None:
    values = [augmented(_of_places(2), _always(symmetry_probability=0.5), 0, n).target.tolist() for n in range(300)]
    corners = [augmented(_of_places(3), _always(symmetry_probability=0.5), 0, n).image.values for n in range(300)]

    assert len({tuple(map(tuple, target)) for target in values}) == 4
    assert len({corner.tobytes() for corner in corners}) == 8


@pytest.mark.parametrize("kind", ["affine", "elastic", "shear"])
@given(epoch=epochs)
@settings(max_examples=10, deadline=None)
def test_target_and_image_are_displaced_alike(kind: str, epoch: int) -> None:
    moved = augmented(_of_places(), _always(**{f"{kind}_probability": 1.0}), 0, epoch)

    valid = moved.image.valid.all(axis=0)
    assert valid.mean() > 0.3
    assert np.abs(moved.image.values[0] - moved.target)[valid].max() <= 0.5 + 1e-4
    assert moved.scored[valid].all()


@given(seed=st.integers(0, 1000), epoch=epochs)
@settings(max_examples=20, deadline=None)
def test_values_that_are_not_known_are_never_mixed_in(seed: int, epoch: int) -> None:
    image = random_image(seed, n_pixels=24)
    filled = replace(image, values=np.where(image.valid, image.values + 1, np.float32(1e9)))
    sample = replace(random_sample(seed, n_pixels=24), image=filled)

    varied = augmented(sample, ALL.model_copy(update={"colour_probability": 0.0}), seed, epoch)

    known = varied.image.values[varied.image.valid]
    assert known.size
    assert known.max() <= 2.0 + 1e-6
    assert known.min() >= 1.0 - 1e-6


def test_hand_worked_shift_brings_what_is_outside_as_not_valid_and_not_scored() -> None:
    sample = _of_places(10)
    rules = _always(affine_probability=1.0, max_scale=0.0, max_rotation_deg=0.0, max_shift=0.3)

    moved = augmented(sample, rules, 0, 0)

    rows_px = moved.image.values[0][moved.image.valid[0]]
    shift_px = np.indices((10, 10))[0][moved.image.valid[0]] - rows_px
    assert np.ptp(shift_px) < 1e-5
    assert 0.1 < abs(shift_px[0]) < 3.0
    outside = 10 - int(moved.image.valid[0].any(axis=1).sum())
    assert outside == np.ceil(abs(shift_px[0]))
    assert np.array_equal(moved.scored, moved.image.valid[0])


def test_classes_are_never_mixed() -> None:
    sample = _of_places(32)
    target = np.where(sample.target % 2 == 0, 0, 200).astype(np.uint8)

    assert set(np.unique(augmented(replace(sample, target=target), ALL, 0, 0).target)) == {0, 200}


def test_what_was_not_scored_stays_so_wherever_it_goes() -> None:
    sample = _of_places(32)
    scored = np.indices((32, 32))[0] < 16

    moved = augmented(replace(sample, scored=scored), _always(affine_probability=1.0), 0, 3)

    assert not moved.scored[moved.target >= 16].any()
    assert moved.scored.any()


def test_displacements_of_size_0_change_no_value() -> None:
    sizes = ("max_shift", "max_scale", "max_rotation_deg", "max_shear_deg", "elastic_alpha_px")
    rules = ALL.model_copy(update=dict.fromkeys(sizes, 0.0) | {"symmetry_probability": 0.0, "colour_probability": 0.0})
    sample = random_sample(3, share_valid=1.0)

    assert _same(augmented(sample, rules, 0, 0), sample)


@pytest.mark.parametrize("target", [np.int64(2), np.zeros((4, 1, 24, 24), dtype=np.float32)])
def test_classes_are_kept_and_frames_move_with_their_images(target: Any) -> None:
    target = np.asarray(target)
    image = random_image(4, n_pixels=24, leading=(2,), share_valid=1.0)
    twice = replace(image, values=np.stack([image.values[0]] * 2))
    sample = Sample("a", twice, target, np.ones(target.shape, dtype=bool), PLACE)

    varied = augmented(sample, ALL.model_copy(update={"colour_probability": 0.0}), 0, 1)

    assert not np.array_equal(varied.image.values, twice.values)
    assert np.array_equal(varied.image.values[0], varied.image.values[1])
    assert np.array_equal(varied.target, target)
    assert varied.scored.shape == target.shape
    assert varied.scored.all() == (target.ndim == 0)


def test_bands_without_light_keep_their_values_under_other_colours() -> None:
    sample = random_sample(5)

    varied = augmented(sample, _always(colour_probability=1.0), 0, 0)

    same = [np.array_equal(a, b) for a, b in zip(varied.image.values, sample.image.values, strict=True)]
    assert dict(zip(BANDS, same, strict=True)) == {
        "blue": False, "green": False, "red": False, "nir": True, "elevation": True
    }  # fmt: skip


def test_impossible_rules_are_refused() -> None:
    for name, value in (("elastic_sigma_px", 0.0), ("max_scale", 1.0), ("shear_probability", 1.1), ("max_twist", 1.0)):
        with pytest.raises(ValidationError, match=name):
            AugmentationRules.model_validate(PUBLISHED.model_dump() | {name: value})
