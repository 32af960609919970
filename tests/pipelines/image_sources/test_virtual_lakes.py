import numpy as np
import pytest
from kedro.pipeline import Pipeline
from pydantic import ValidationError
from small_lakes import SEED, small_lakes

from entropice.imagery.places import place_of
from entropice.imagery.tile_layout import TileLayout
from entropice.pipelines.image_sources.virtual_lakes import nodes
from entropice.pipelines.image_sources.virtual_lakes.declaration import VIRTUAL_LAKES
from entropice.pipelines.image_sources.virtual_lakes.parameters import VirtualLakes

LAKES = small_lakes(regions={"n_blocks": 30, "years": (2017, 2023)}, audits={"share": 0.5})
LAYOUT = TileLayout(pixel_m=10.0, n_pixels=48, n_around=3, n_anywhere=2, max_shift=0.3)


@pytest.fixture(scope="module")
def known():
    return nodes.list_lakes(LAKES, SEED)


@pytest.fixture(scope="module")
def tiles(known):
    return nodes.place_chips(known, LAYOUT, LAKES, SEED)


def test_the_source_reads_its_section_alone_and_ends_in_images_and_audits() -> None:
    pipeline = Pipeline(VIRTUAL_LAKES.nodes())
    sections = {f"params:task.virtual_lakes.{name}" for name in VirtualLakes.model_fields}
    assert pipeline.inputs() == {*sections, "params:random_seed"}
    assert pipeline.outputs() == {"images", "audits"}
    assert {"lakes", "tiles"} <= pipeline.all_outputs()
    assert VIRTUAL_LAKES.looked_through.inputs == ("params:task.virtual_lakes.lakes", "params:random_seed")


def test_chips_come_with_noisy_labels(tiles) -> None:
    scenery = nodes.open_scenery(LAKES.model_dump(), SEED)
    images = list(nodes.render_chips(tiles, LAKES, SEED))
    assert [image.key for image in images] == tiles["key"].tolist()
    n_true = n_drawn = 0
    for image in images:
        sample = scenery.at(image.place)
        np.testing.assert_array_equal(image.image.values, sample.image.values)
        assert (sample.target[image.label == 1] == 1).all()
        n_true, n_drawn = n_true + int(sample.target.sum()), n_drawn + int(image.label.sum())
    assert 0 < n_drawn < 0.95 * n_true


def test_audits_are_true_masks_of_some_chips(tiles, known) -> None:
    audits = list(nodes.audit_chips(tiles, known, LAKES, SEED))
    scenery = nodes.open_scenery(LAKES, SEED)
    assert 0 < len(audits) < len(tiles)
    places = dict(zip(tiles["key"], [place_of(row) for _, row in tiles.iterrows()], strict=True))
    for audit in audits:
        assert audit.place == places[audit.key]
        np.testing.assert_array_equal(audit.mask, scenery.at(audit.place).target)


@pytest.mark.parametrize(("changes", "message"), [({"pixel_m": 20.0}, "pixel_m"), ({"n_pixels": 200}, "smaller")])
def test_tiles_that_regions_do_not_have_are_refused(changes, message) -> None:
    layout = {**LAYOUT.model_dump(), **changes}
    with pytest.raises(ValidationError, match=message):
        VirtualLakes.model_validate({"lakes": LAKES.model_dump(), "tiles": layout})
