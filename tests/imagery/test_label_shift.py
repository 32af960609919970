"""Labels moved by the same pixels in many tiles are found; labels in their place, and labels of nothing, are not."""

from typing import Any

import numpy as np
import pytest
from band_images import image_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from entropice.imagery.label_shift import MAX_SHIFT_PX, edge_ranks, shift_findings
from entropice.imagery.samples import Image
from entropice.types import BoolArray, Float32Array

N, N_TILES, BANDS = 48, 24, ("red", "nir")
shifts = st.tuples(st.integers(-5, 5), st.integers(-5, 5))


def _scene(seed: int, share_hidden: float = 0.1) -> tuple[Image, Any]:
    """A patch of other ground in two noisy bands, partly below a cloud, and its outline."""
    random = np.random.default_rng(seed)
    shape = gaussian_filter(random.normal(size=(N, N)), 5)
    patch = shape > np.quantile(shape, 0.8)
    ground = gaussian_filter(random.normal(size=(2, N, N)), (0, 2, 2)) + 0.4 * patch
    valid = np.ones((2, N, N), dtype=bool)
    valid[:, : int(N * share_hidden)] = False
    return image_of(ground, BANDS, valid), patch.astype(np.uint8)


SCENES = [_scene(seed) for seed in range(N_TILES)]
SCORED: BoolArray = np.ones((N, N), dtype=bool)


def _ranks(image: Image, target: Any, scored: BoolArray = SCORED) -> Float32Array:
    ranks = edge_ranks(image, target, scored)
    assert ranks is not None
    return ranks


@given(shift=shifts)
@settings(max_examples=25, deadline=None)
def test_labels_that_all_are_moved_by_two_pixels_or_more_are_found(shift: tuple[int, int]) -> None:
    ranks = [_ranks(image, np.roll(patch, shift, (0, 1))) for image, patch in SCENES]

    findings = shift_findings(ranks)

    if np.hypot(*shift) < 2:
        assert findings == []
    else:
        (finding,) = findings
        assert finding.kind == "labels are moved"
        assert f"moved {-shift[0]} px down and {-shift[1]} px to the right" in finding.statement


def test_moves_that_differ_from_tile_to_tile_and_labels_of_nothing_are_no_finding() -> None:
    random = np.random.default_rng(0)
    scattered = [
        _ranks(image, np.roll(patch, random.integers(-5, 6, size=2).tolist(), (0, 1))) for image, patch in SCENES
    ]
    others = [_ranks(image, SCENES[number - 1][1]) for number, (image, _) in enumerate(SCENES)]

    assert shift_findings(scattered) == shift_findings(others) == []


def test_a_few_tiles_prove_nothing() -> None:
    ranks = [_ranks(image, np.roll(patch, 3, 0)) for image, patch in SCENES]

    assert shift_findings(ranks)
    assert shift_findings(ranks[:19]) == shift_findings([]) == []


def test_hand_worked_ranks_of_a_step() -> None:
    target = np.zeros((24, 24), dtype=np.uint8)
    target[:, 12:] = 1

    ranks = _ranks(image_of(target[None], ("red",)), target, np.ones((24, 24), dtype=bool))

    # 2 of 24 columns have a gradient: the last twelfth of all ranks, whose mean is 23/24, and the others, 11/24.
    strong, weak = 23 / 24 - 0.5, 11 / 24 - 0.5
    expected = np.full(13, weak)
    expected[[MAX_SHIFT_PX - 1, MAX_SHIFT_PX + 1]] = (strong + weak) / 2
    expected[MAX_SHIFT_PX] = strong
    np.testing.assert_allclose(ranks, np.tile(expected, (13, 1)), atol=1e-6)


@given(seed=st.integers(0, 1000), factor=st.floats(0.1, 10), offset=st.floats(-1, 1))
@settings(max_examples=15, deadline=None)
def test_units_of_bands_do_not_matter(seed: int, factor: float, offset: float) -> None:
    image, patch = _scene(seed)
    other = image_of(image.values.astype(np.float64) * factor + offset, BANDS, image.valid)

    np.testing.assert_allclose(_ranks(image, patch), _ranks(other, patch), atol=0.01)


def test_nothing_known_is_no_edge_and_too_short_edges_are_left_out() -> None:
    image, patch = SCENES[0]
    hidden = image_of(image.values, BANDS, np.zeros(image.valid.shape))

    assert (_ranks(hidden, patch) == 0).all()
    assert edge_ranks(image, np.zeros_like(patch), SCORED) is None
    assert edge_ranks(image, patch, ~SCORED) is None
    assert edge_ranks(image_of(image.values[:, :8, :8], BANDS), patch[:8, :8], SCORED[:8, :8]) is None


@pytest.mark.parametrize("n_frames", [1, 3])
def test_leading_dimensions_are_averaged(n_frames: int) -> None:
    image, patch = SCENES[0]
    frames = image_of(np.stack([image.values] * n_frames), BANDS, np.stack([image.valid] * n_frames))

    np.testing.assert_allclose(_ranks(frames, patch), _ranks(image, patch), atol=1e-6)
