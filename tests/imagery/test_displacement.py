"""Sizes of drawn displacements are those of the rules."""

from typing import Any

import numpy as np
import pytest

from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.displacement import drawn_sources

NOTHING = dict.fromkeys(AugmentationRules.model_fields, 0.0) | {"elastic_sigma_px": 6.0}
SHAPE = (20, 20)


def _drawn(seed: int, shape: tuple[int, int] = SHAPE, **rules: float) -> Any:
    return drawn_sources(shape, AugmentationRules.model_validate(NOTHING | rules), np.random.default_rng(seed))


def _matrices(**rules: float) -> Any:
    """Changes of the source's (row, column) by a step along rows, and by one along columns, of 300 draws."""
    drawn = [_drawn(seed, **rules) for seed in range(300)]
    return np.array([np.column_stack([each[:, 1, 0] - each[:, 0, 0], each[:, 0, 1] - each[:, 0, 0]]) for each in drawn])


def test_nothing_is_drawn_where_probabilities_are_0() -> None:
    assert _drawn(0) is None


def test_shifts_fill_a_tenth_of_the_edge_to_either_side() -> None:
    shifts = np.array([np.indices(SHAPE) - _drawn(seed, affine_probability=1.0, max_shift=0.1) for seed in range(300)])

    assert np.ptp(shifts, axis=(2, 3)).max() < 1e-9
    assert (shifts.min(axis=(0, 2, 3)) >= -2.0).all()
    assert (shifts.max(axis=(0, 2, 3)) <= 2.0).all()
    assert (np.ptp(shifts, axis=(0, 2, 3)) > 3.8).all()


def test_a_scale_above_1_enlarges_what_is_seen() -> None:
    matrices = _matrices(affine_probability=1.0, max_scale=0.2)

    steps = matrices[:, 0, 0]
    np.testing.assert_allclose(matrices, steps[:, None, None] * np.eye(2), atol=1e-9)
    assert 1 / 1.2 <= steps.min() < 0.85
    assert 1.2 < steps.max() <= 1 / 0.8


def test_rotations_keep_lengths_and_stay_within_their_angle() -> None:
    matrices = _matrices(affine_probability=1.0, max_rotation_deg=45.0)

    angles_deg = np.degrees(np.arctan2(matrices[:, 1, 0], matrices[:, 0, 0]))
    np.testing.assert_allclose(np.linalg.det(matrices), 1.0)
    np.testing.assert_allclose(matrices @ matrices.transpose(0, 2, 1), np.eye(2) * np.ones((300, 1, 1)), atol=1e-9)
    assert -45 <= angles_deg.min() < -40
    assert 40 < angles_deg.max() <= 45


def test_shears_tilt_rows_and_columns_within_their_angle() -> None:
    shears = np.linalg.inv(_matrices(shear_probability=1.0, max_shear_deg=10.0))

    tilts_deg = np.degrees(np.arctan([shears[:, 0, 1], shears[:, 1, 0]]))
    np.testing.assert_allclose(shears[:, [0, 1], [0, 1]], 1.0)
    assert (np.abs(tilts_deg) <= 10 + 1e-9).all()
    assert (np.ptp(tilts_deg, axis=1) > 18).all()


def test_rotations_and_scales_leave_the_middle_where_it_is() -> None:
    odd = _drawn(
        1,
        (21, 21),
        affine_probability=1.0,
        max_rotation_deg=45.0,
        max_scale=0.2,
        shear_probability=1.0,
        max_shear_deg=9.0,
    )

    np.testing.assert_allclose(odd[:, 10, 10], 10.0)


def test_elastic_displacements_have_the_spread_of_smoothed_noise() -> None:
    moved = _drawn(0, (300, 300), elastic_probability=1.0, elastic_alpha_px=120.0) - np.indices((300, 300))

    assert moved.std() == pytest.approx(120 / np.sqrt(3) / (2 * np.sqrt(np.pi) * 6), rel=0.1)
    assert np.abs(np.diff(moved, axis=2)).max() < 3.0


def test_displacements_of_all_kinds_are_added_up_in_one() -> None:
    kinds = {"affine_probability": 1.0, "max_rotation_deg": 30.0, "max_shift": 0.1, "shear_probability": 1.0}
    sizes = {"max_shear_deg": 8.0, "elastic_probability": 1.0}

    stiff = _drawn(5, **kinds, **sizes)
    soft = _drawn(5, **kinds, **sizes, elastic_alpha_px=10.0)

    again = _drawn(5, **kinds, **sizes, elastic_alpha_px=20.0)
    np.testing.assert_allclose(again - stiff, 2 * (soft - stiff), atol=1e-9)
