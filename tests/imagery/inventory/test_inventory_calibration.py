"""Areas fitted on audited images are right in others, whatever the network's law."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from entropice.errors import LabelError
from entropice.imagery.inventory.audited_objects import ground_pixel_m2, pairs_of_pixels, stacked
from entropice.imagery.inventory.calibration import InventoryCalibration, _total, fit_inventory, found_areas
from entropice.imagery.objects import find_objects
from entropice.imagery.samples import Place
from entropice.learning.scores.table import block_replicates
from tests.support.blobs import Blobs, audited_blobs

LAWS = {
    "calibrated": Blobs(bias_px=0.0, logit_per_px=3.0),
    "learned from outlines that are too small": Blobs(bias_px=-1.5),
    "too sure": Blobs(logit_per_px=6.0),
    "shores that are hard to see": Blobs(shore_px=1.5),
    "noisy": Blobs(noise_px=1.5, shore_px=0.3),
}


def fitted(scenery, n_places, seed):
    audited = list(audited_blobs(scenery, n_places, seed))
    return fit_inventory(audited, 0.1, block_replicates(len(audited), 0, 200))


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_areas_have_no_bias_and_intervals_cover_whatever_the_law(law):
    """Three worlds of 20 audited images each; objects of 0.5 ha or more in 40 others."""
    said, true, inside = 0.0, 0.0, []
    for seed in range(3):
        calibration = fitted(replace(law, seed=seed), 10, seed)
        further = list(audited_blobs(replace(law, seed=seed), 20, 100 + seed))
        found, true_m2 = found_areas(further, calibration.pixels), stacked(further, "true_m2")
        large = true_m2 >= 5000
        areas = calibration.errors.areas(found)
        said, true = said + areas.area_m2[large].sum(), true + true_m2[large].sum()
        inside.append(((areas.low_m2 <= true_m2) & (true_m2 <= areas.high_m2))[large])
    assert abs(said / true - 1) < 0.05
    assert 0.85 <= np.concatenate(inside).mean() <= 0.97


def test_what_years_share_is_seen():
    calibration = fitted(Blobs(shared=0.9, noise_px=0.1), 30, 0)
    assert calibration.errors.between_years == pytest.approx(0.9, abs=0.1)


def test_a_calibration_survives_json():
    calibration = fitted(Blobs(), 10, 0)
    assert InventoryCalibration.from_json(calibration.to_json()) == calibration


def test_a_total_by_hand_leaves_out_replicates_in_which_nothing_is_found():
    images = [SimpleNamespace(zones=[None], all_true_m2=120.0), SimpleNamespace(zones=[], all_true_m2=10.0)]
    weights = np.array([[1.0, 1.0], [2.0, 0.0], [0.0, 2.0]])

    total = _total(images, np.array([100.0]), weights)

    # 130 of 100 in all; replicates 130 of 100, 240 of 200, and 20 of nothing
    assert total.factor == pytest.approx(1.3)
    assert total.sd == pytest.approx(0.05)


def test_audits_of_nothing_are_refused():
    with pytest.raises(LabelError, match="Too few true objects"):
        fit_inventory(list(audited_blobs(Blobs(empty=1.0), 3, 0)), 0.1, block_replicates(6, 0, 10))


def test_a_pixel_is_smaller_on_the_ground_where_the_map_is_larger():
    """About 1.29 at 30° N (7.2 million m from the pole), 1 at 70° N (2.2)."""
    assert ground_pixel_m2(Place(0.0, -2_196_000.0, 10.0, 10, 2021)) == pytest.approx(100, rel=0.01)
    assert ground_pixel_m2(Place(0.0, -7_165_000.0, 10.0, 10, 2021)) == pytest.approx(100 / 1.292**2, rel=0.01)


def test_pairs_of_pixels_by_hand():
    found, true = (np.zeros((3, 12), dtype=bool) for _ in range(2))
    found[1, 0:6] = found[1, 8:10] = True
    true[1, 1:3] = true[1, 5:7] = true[0, 11] = True
    known = np.ones_like(found)
    pairs = pairs_of_pixels(find_objects(found, known), find_objects(true, known), 0.6)
    assert (pairs.found.tolist(), pairs.shared.tolist()) == ([0], [2.0])
    assert pairs.true_areas(2, np.array([7.0, 2.0, 1.0]))[0] in (7.0, 2.0)
