"""Objects keep their evidence, their place and, with chances that are right, their area."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from entropice.errors import LabelError
from entropice.imagery.area_calibration import fit_areas
from entropice.imagery.calibration import Calibration
from entropice.imagery.found_objects import AreaCalibration, Marking, found_objects, outlines_of, zones_of
from entropice.imagery.samples import Place

PLACE = Place(left_m=1000.0, top_m=5000.0, pixel_m=6.0, n_pixels=40, year=2022)
AS_IT_IS = AreaCalibration(Calibration(slope=1.0, intercept=0.0, ratio=1.0), 1.0)
MARKING = Marking(threshold=0.0, min_pixels=2, reach_px=2)


def image():
    """Two blocks of logit 3 and 5, a single pixel, and logit -30 elsewhere."""
    logits = np.full((40, 40), -30.0, dtype=np.float32)
    logits[3:7, 4:10], logits[20:30, 20:22], logits[35, 3] = 3.0, 5.0, 9.0
    return logits


def test_objects_by_hand():
    found = found_objects(image(), np.ones((40, 40), dtype=bool), PLACE, MARKING, AS_IT_IS)
    assert found.n_pixels.tolist() == [24, 20]
    assert found.mean_logit == pytest.approx([3.0, 5.0])
    assert found.area_m2 == pytest.approx([24 * 36 * expit(3), 20 * 36 * expit(5)])
    assert found.area_variance_m4 == pytest.approx(
        [24 * 36**2 * expit(3) * expit(-3), 20 * 36**2 * expit(5) * expit(-5)]
    )
    assert found.chance_sd == pytest.approx([0, 0], abs=1e-9)
    assert found.extent_m == pytest.approx([np.hypot(3, 5) * 6, np.hypot(9, 1) * 6], rel=0.25)
    assert found.outlines[0].bounds == (1024.0, 4958.0, 1060.0, 4982.0)


def test_what_is_not_known_is_not_marked():
    logits = image()
    logits[3:7, 4:7] = np.nan
    found = found_objects(logits, ~np.isnan(logits), PLACE, MARKING, AS_IT_IS)
    assert found.n_pixels.tolist() == [12, 20]


def test_an_image_without_objects_has_none():
    found = found_objects(np.full((40, 40), -5.0, np.float32), np.ones((40, 40), bool), PLACE, MARKING, AS_IT_IS)
    assert [len(part) for part in vars(found).values()] == [0] * 9


@given(seed=st.integers(0, 500))
@settings(max_examples=30)
def test_outlines_hold_just_the_pixels_of_their_objects(seed):
    mask = np.random.default_rng(seed).random((40, 40)) < 0.3
    labels = (np.cumsum(mask).reshape(mask.shape) % 5 * mask).astype(np.int32)
    labels = np.unique(labels, return_inverse=True)[1].reshape(labels.shape).astype(np.int32)
    outlines = outlines_of(labels, PLACE)
    rows, columns = np.indices(labels.shape)
    x_m, y_m = PLACE.left_m + (columns + 0.5) * 6, PLACE.top_m - (rows + 0.5) * 6
    for number, outline in enumerate(outlines, start=1):
        assert outline.is_valid
        assert np.array_equal(shapely.contains_xy(outline, x_m, y_m), labels == number)


def test_zones_take_the_nearest_object_within_reach():
    labels = np.zeros((1, 12), dtype=np.int32)
    labels[0, 2], labels[0, 7] = 1, 2
    assert zones_of(labels, 2).tolist() == [[1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 0, 0]]
    assert zones_of(labels, 0).tolist() == labels.tolist()
    assert not zones_of(np.zeros((3, 3), dtype=np.int32), 2).any()


def judged(seed, n_correlated=1):
    """Blocks with a vague edge whose pixels are true with the chance that their logit says, k at a time."""
    random = np.random.default_rng(seed)
    row, column = np.indices((40, 40))
    distance = np.hypot(row - 20, column - 20) - random.uniform(5, 12)
    logits = np.clip(-0.8 * distance, -12, 6).astype(np.float32)
    draws = np.repeat(random.random((40, 40 // n_correlated)), n_correlated, axis=1)
    return logits, draws < expit(logits), np.ones((40, 40), dtype=bool)


def test_calibrated_areas_are_right_on_average_where_marked_pixels_are_too_few():
    marking = Marking(threshold=1.5, min_pixels=2, reach_px=6)
    areas, n_zones = fit_areas([judged(seed) for seed in range(60)], marking)
    assert n_zones == 60
    errors, marked = [], []
    for seed in range(100, 200):
        logits, truth, known = judged(seed)
        found = found_objects(logits, known, PLACE, marking, areas)
        errors.append(found.area_m2.sum() - truth.sum() * 36)
        marked.append(found.n_pixels.sum() * 36 - truth.sum() * 36)
    assert abs(np.mean(errors)) < 3 * np.std(errors) / 10 + 36
    assert np.mean(marked) < 3 * np.mean(errors) - 500


@pytest.mark.parametrize("n_correlated", [1, 4])
def test_the_variance_knows_that_neighbours_err_together(n_correlated):
    areas, _ = fit_areas([judged(seed, n_correlated) for seed in range(150)], Marking(1.5, 2, 6))
    assert areas.n_correlated_pixels == pytest.approx(n_correlated, rel=0.35)


def test_too_few_objects_are_refused():
    with pytest.raises(LabelError, match="Too few objects"):
        fit_areas([judged(1), judged(2)], MARKING)
