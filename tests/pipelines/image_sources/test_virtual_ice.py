from datetime import date, timedelta

import numpy as np
import pytest
from kedro.pipeline import Pipeline

from entropice.pipelines.image_sources.declaration import ImageSource
from entropice.pipelines.image_sources.virtual_ice import nodes
from entropice.pipelines.image_sources.virtual_ice.declaration import VIRTUAL_ICE
from entropice.pipelines.image_sources.virtual_ice.parameters import VirtualIceCharts, VirtualIceTypes
from entropice.virtual_ice.scene import IceScenes
from entropice.virtual_ice.specification import IceRegion, IceSeasons, IceSpecification
from entropice.virtual_ice.tile_rules import IceTileLayout, IceTypeRules

SEED = 5
ICE = IceSpecification(
    region=IceRegion(
        left_m=-400_000, top_m=-600_000, pixel_m=25_000, n_pixels=32, land_share=0.1, coast_scale_m=100_000
    ),
    seasons=IceSeasons(first_day=date(2011, 6, 1), n_days=30, n_seasons=1, n_spin_up_days=30),
)
LAYOUT = IceTileLayout(n_samples=6, n_pixels=32, pixel_m=500)


@pytest.mark.parametrize("source", VIRTUAL_ICE, ids=lambda source: source.name)
def test_a_source_reads_its_section_alone_and_ends_in_images_or_fields(source: ImageSource) -> None:
    assert source.parameters is not None
    pipeline = Pipeline(source.nodes())
    sections = {name for name in pipeline.inputs() if name.startswith("params:task.")}
    assert sections
    assert all(name.startswith(f"params:task.{source.name}.") for name in sections)
    assert {name.rsplit(".", 1)[1] for name in sections} == set(source.parameters.model_fields)
    assert pipeline.inputs() == {*sections, "params:random_seed"}
    assert pipeline.outputs() in ({"images"}, {"fields", "ceiling"})
    assert source.viewer is None


def test_parameters_have_the_published_sizes_unless_others_are_named() -> None:
    section = VirtualIceTypes(ice=ICE)
    assert (section.tiles.n_samples, section.tiles.n_pixels) == (100, 256)
    assert VirtualIceCharts(ice=ICE).open_water_share == 0.25


def test_types_are_equally_many() -> None:
    rules = IceTypeRules()
    tiles = nodes.place_types(ICE, LAYOUT, rules, SEED)
    images = list(nodes.render_types(tiles, ICE, rules, SEED))
    assert [image.key for image in images] == tiles["key"].tolist()
    assert sorted(image.label for image in images) == [0, 0, 1, 1, 2, 2]
    assert {image.image.values.shape for image in images} == {(3, 32, 32)}


def test_what_changed_is_where_ice_is_on_one_day_only() -> None:
    tiles = nodes.place_changes(ICE, LAYOUT, 7, SEED)
    scenes = IceScenes(ICE, SEED)
    pairs = list(nodes.render_changes(tiles, ICE, 7, SEED))
    for pair, day in zip(pairs, tiles["day"].dt.date, strict=True):
        before, after = scenes.at(pair.place, day), scenes.at(pair.place, day + timedelta(days=7))
        assert pair.label.dtype == np.uint8
        assert np.array_equal(pair.label == 1, before.is_ice ^ after.is_ice)
        assert np.array_equal(pair.after.values, after.image.values)
    assert any(pair.label.any() for pair in pairs)


def test_charts_have_some_open_water() -> None:
    tiles = nodes.place_charts(ICE, LAYOUT, 0.5, SEED)
    labels = [tile.label for tile in nodes.render_charts(tiles, ICE, SEED)]
    assert sum(not label.any() for label in labels) == 3
    assert {label.dtype for label in labels} == {np.dtype(np.uint8)}


def test_fields_are_of_the_seed() -> None:
    first, other = nodes.make_fields(ICE, SEED), nodes.make_fields(ICE, 6)
    assert first["ice_concentration"].shape == (30, 32, 32)
    assert not first.identical(other)
