"""Labels beside outlines that were drawn again, worked by hand."""

import numpy as np
import pytest

from entropice.imagery.label_findings import depths_px, label_findings
from entropice.imagery.samples import Image, Place, Sample

EDGE = 20
# a place on the circle of 70° N, where a projected metre is one on the ground
AT_70_N = Place(-100.0, -2_193_700.0, 10.0, EDGE, 2021)


def sample_of(target, scored=None):
    image = Image(("red",), np.zeros((1, EDGE, EDGE), dtype=np.float32), np.ones((1, EDGE, EDGE), dtype=bool))
    known = np.ones((EDGE, EDGE), dtype=bool) if scored is None else scored
    return Sample("a", image, target.astype(np.uint8), known, AT_70_N)


def square(low, high):
    mask = np.zeros((EDGE, EDGE), dtype=bool)
    mask[low:high, low:high] = True
    return mask


def test_a_label_two_pixels_inside_is_undersized_by_two_pixels():
    table = label_findings([(sample_of(square(6, 12)), sample_of(square(4, 14)))], min_px=2)
    (row,) = table.to_dict("records")
    assert row["undersizing_m"] == pytest.approx(20.0, rel=1e-3)
    assert row["area_m2"] == pytest.approx(100 * 100.0, rel=1e-3)
    assert row["label_area_m2"] == pytest.approx(36 * 100.0, rel=1e-3)
    assert not row["is_missed"]


@pytest.mark.parametrize(("low", "depth_px"), [(4, 0.0), (5, 1.0)], ids=["equal", "inside"])
def test_depths_are_those_of_the_labels_edge(low, depth_px):
    depths = depths_px(square(4, 14), square(low, 18 - low))
    assert np.nanmax(depths) == np.nanmin(depths) == depth_px
    assert np.isnan(depths[9, 9])


def test_a_label_outside_is_oversized():
    depths = depths_px(square(4, 14), square(3, 15))
    assert depths[3, 8] == -1
    assert np.nanmax(depths) < 0


def test_what_no_label_touches_is_missed_and_each_object_has_its_own():
    audit, nothing = square(2, 5) | square(12, 17), np.zeros((EDGE, EDGE), dtype=bool)
    nothing[2:4, 16:18] = True
    table = label_findings([(sample_of(square(13, 16) | nothing), sample_of(audit))], min_px=2)
    assert table["is_missed"].tolist() == [True, False]
    assert np.isnan(table["undersizing_m"].iloc[0])
    assert table["undersizing_m"].iloc[1] == pytest.approx(10.0, rel=1e-3)


def test_the_edge_of_a_chip_is_no_outline():
    depths = depths_px(np.ones((EDGE, EDGE), dtype=bool), np.ones((EDGE, EDGE), dtype=bool))
    assert np.isnan(depths).all()


@pytest.mark.parametrize("audit", [True, False])
def test_what_has_no_outline_has_no_depth(audit):
    """A label inside a slump that is larger than the chip: how much too small it is, the chip does not show."""
    whole = np.full((EDGE, EDGE), audit)
    assert np.isnan(depths_px(whole, square(5, 9))).all()
    table = label_findings([(sample_of(square(5, 9)), sample_of(whole))], min_px=2)
    assert table["undersizing_m"].isna().all()
    assert not table["is_missed"].any()


def test_no_audit_finds_nothing():
    empty = np.zeros((EDGE, EDGE), dtype=bool)
    assert len(label_findings([(sample_of(square(6, 12)), sample_of(empty))], min_px=2)) == 0
    assert "is_missed" in label_findings([], min_px=2)
