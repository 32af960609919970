import numpy as np
import pytest

from entropice.imagery.ignored_edges import away_from_edges


@pytest.mark.parametrize("width_px", [0, 1, 3])
def test_pixels_within_a_width_of_another_label_do_not_count(width_px: int) -> None:
    target = np.zeros((20, 20), np.uint8)
    target[:, 10:] = 1

    counts = away_from_edges(target, width_px)

    assert np.array_equal(np.flatnonzero(~counts[0]), np.arange(10 - width_px, 10 + width_px))
    assert (counts == counts[0]).all()


def test_a_mask_of_one_label_counts_everywhere() -> None:
    assert away_from_edges(np.ones((5, 5), np.uint8), 3).all()
