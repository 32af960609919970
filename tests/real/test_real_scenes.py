"""Real scenes beside their experts: parts of the benchmark without a network, and what a network would be told."""

import numpy as np
import pytest

from benchmarks.real_scenes import BANDS, agreement, ceiling, drawn_on, finer_place, refusal_of_the_demo, resampled
from entropice.imagery.loading import of_bands
from entropice.sources.imagery.experts import SITES, read_drawn_scene

CEILINGS = {
    "bykovsky": ([0.350, 0.0, 0.350], [0.200, 0.0, 0.200]),
    "peel": ([0.711, 0.662, 0.719], [0.885, 0.787, 0.849]),
}
"""How the others agree with each expert, in pixels of 10 m: IoU of pixels, F1 of objects at IoU .3."""


@pytest.fixture(scope="module", params=[site.name for site in SITES])
def scene(request, shared_data):
    return read_drawn_scene(shared_data / "imagery" / "rts_digitization", request.param)


def test_agreement_of_masks_worked_by_hand():
    said, true, searched = np.zeros((3, 12, 12), dtype=bool)
    searched[:, :10] = True
    said[0:3, 0:2], said[5:8, 0:2], said[0:12, 10:12] = True, True, True
    true[1:4, 0:2], true[5:8, 5:7] = True, True

    found = agreement(said, true, searched)

    # what lies where nobody has searched is left out; the first pair shares 4 of 8 pixels, the others nothing
    assert found == (pytest.approx(4 / 20), pytest.approx(2 / (2 + 1 + 1)))
    assert agreement(true, true, searched) == (1.0, 1.0)


def test_the_ceiling_of_one_is_what_the_others_share_with_it():
    masks = {name: np.zeros((10, 10), dtype=bool) for name in "abc"}
    masks["a"][0:4, 0:4], masks["b"][0:4, 0:4], masks["c"][0:4, 0:2] = True, True, True

    found = ceiling(masks, np.ones((10, 10), dtype=bool))

    assert {name: each.pixel_iou for name, each in found.items()} == {"a": 0.75, "b": 0.75, "c": 0.5}
    assert all(each.object_f1 == 1.0 for each in found.values())


def test_experts_agree_in_part(scene):
    """In Bykovsky the second of them drew 400 m beside the others, and shares nothing with them."""
    found = ceiling({name: mask == 1 for name, mask in scene.drawn.items()}, scene.searched).values()

    pixel_iou, object_f1 = CEILINGS[scene.site.name]
    assert [each.pixel_iou for each in found] == pytest.approx(pixel_iou, abs=0.005)
    assert [each.object_f1 for each in found] == pytest.approx(object_f1, abs=0.005)


def test_a_scene_in_finer_pixels_shows_the_same_ground(scene):
    place = finer_place(scene.place, 6.0)
    seen = resampled(scene.image, scene.place, place)

    assert place.shape == (418, 418)
    assert seen.values.shape == (5, 418, 418)
    for band, finer in zip(scene.image.values, seen.values, strict=True):
        assert finer[5:-5, 5:-5].mean() == pytest.approx(band.mean(), rel=0.02)
    for person, mask in drawn_on(scene, place).items():
        assert mask.sum() * 36 == pytest.approx(scene.drawn[person].sum() * 100, rel=0.03)


def test_a_network_that_sees_relief_is_refused_and_one_of_four_bands_is_not(scene):
    assert "expected: elevation among them" in refusal_of_the_demo(scene)
    assert of_bands(scene.image, BANDS, 10.0, None).bands == BANDS
