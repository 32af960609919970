"""What classes and drivers mean, as the manifest says it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from colour_vision import SIGHTS, smallest_difference

from entropice.report.palettes import CATEGORIES, OTHER
from qgis_plugin.entropice.core.class_ranges import ClassRange
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.important_sets import CHANCE_COLOUR
from qgis_plugin.entropice.core.layer_plan import drawable_layers
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest
from qgis_plugin.entropice.core.scales import Categorical

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def manifest_of(write_run: Callable[..., Path], manifest_values: dict[str, Any]) -> Callable[[Change], Manifest]:
    """The manifest after a change."""

    def manifest(change: Change) -> Manifest:
        change(manifest_values)
        return read_manifest(write_run(manifest_values))

    return manifest


def driver(feature: str, is_discovery: int, level: str = "cluster", features: str = "") -> dict[str, Any]:
    named = {"feature": feature, "long_name": feature, "feature_group": "terrain", "features": features or feature}
    return {"level": level, **named, "weight": 0.1, "null_q95": 0.05, "is_discovery": is_discovery}


def classes(edges: list[float], means: list[float | None]) -> Change:
    return lambda values: values["classes"].update(edges=edges, mean_rts_area_fraction=means)


def test_a_class_is_a_range_of_slump_area_on_a_square_kilometre(manifest_of: Callable[[Change], Manifest]):
    manifest = manifest_of(classes([2e-6, 1.5e-5], [0, 1e-6, None, 1e-4]))
    expected = {
        "few": ClassRange(0.0, 2.0, 1.0),
        "some": ClassRange(2.0, 15.0, None),
        "many": ClassRange(15.0, None, 100.0),
    }
    assert list(manifest.class_ranges) == list(expected)
    for name, found in manifest.class_ranges.items():
        assert (found.low, found.high, found.mean) == pytest.approx(
            (expected[name].low, expected[name].high, expected[name].mean)
        )


@pytest.mark.parametrize(
    ("edges", "means", "field"),
    [
        ([1e-6], [0, 1, 2, 3], "classes.edges"),
        ([2e-6, 1e-6], [0, 1, 2, 3], "classes.edges"),
        ([1e-6, 2e-6], [0, 1, 2], "classes.mean_rts_area_fraction"),
        ([1e-6, 2e-6], [0, 1, 2, "much"], "classes.mean_rts_area_fraction"),
    ],
)
def test_ranges_that_do_not_fit_the_classes_are_refused(
    manifest_of: Callable[[Change], Manifest], edges: list[float], means: list[Any], field: str
):
    with pytest.raises(RunFolderError) as caught:
        manifest_of(classes(edges, means))
    assert caught.value.field == field


def test_features_of_clusters_that_are_no_discovery_are_chance(manifest_of: Callable[[Change], Manifest]):
    drivers = [
        driver("elevation_mean_m", 0, level="group", features="elevation_mean_m northness_mean"),
        driver("elevation_mean_m", 1),
        driver("northness_mean", 0, features="northness_mean eastness_mean"),
    ]
    manifest = manifest_of(lambda values: values.update(drivers=drivers))
    assert manifest.chance_features == {"northness_mean", "eastness_mean"}


def test_drivers_say_what_chance_gives(manifest_of: Callable[[Change], Manifest]):
    rows = [driver("slope", 0, level="group"), driver("slope", 1, features="slope relief")]
    group, cluster = manifest_of(lambda values: values.update(drivers=rows)).drivers
    assert (group.title, group.is_group, group.is_discovery) == ("terrain", True, False)
    assert (cluster.title, cluster.is_group, cluster.is_discovery) == ("slope", False, True)
    assert (cluster.members, cluster.importance, cluster.null_q95) == ({"slope", "relief"}, 0.1, 0.05)


@pytest.mark.parametrize(
    ("key", "value"), [("weight", None), ("null_q95", "much"), ("is_discovery", 2), ("level", "pile"), ("features", 3)]
)
def test_a_driver_that_cannot_be_is_refused(manifest_of: Callable[[Change], Manifest], key: str, value: object):
    with pytest.raises(RunFolderError) as caught:
        manifest_of(lambda values: values.update(drivers=[driver("slope", 1) | {key: value}]))
    assert caught.value.field == f"drivers[0].{key}"
    assert "again" in caught.value.fix


def test_without_tested_clusters_no_feature_is_chance(manifest_of: Callable[[Change], Manifest]):
    assert not manifest_of(lambda values: values.update(drivers=[])).chance_features


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_grey_of_chance_is_told_apart_from_the_drivers(sight: str):
    assert smallest_difference((*CATEGORIES, OTHER, CHANCE_COLOUR), sight) > 9


def test_drivers_come_a_second_time_by_the_group_of_their_features(manifest_of: Callable[[Change], Manifest]):
    def change(values: dict[str, Any]) -> None:
        groups = {"a": "terrain", "b": "climate", "c": "terrain", "d": "climate", "e": "soil"}
        values["features"] = [
            {"name": name, "long_name": name, "group": group, "unit": "1"} for name, group in groups.items()
        ]
        values["drivers"] = [driver("d", 0, features="d e"), driver("a", 1, features="a b c")]

    layers = [layer for layer in drawable_layers(manifest_of(change)) if layer.quantity == "driver_1_group"]
    assert [layer.column for layer in layers] == ["driver_1_2022", "driver_1_2021"]
    for layer in layers:
        assert layer.title == "Leading driver, by group of features"
        assert isinstance(layer.scale, Categorical)
        drawn = {category.label: (category.value, *category.also) for category in layer.scale.categories}
        assert drawn == {"terrain": ("a", "c"), "climate": ("b",)}


def test_one_group_of_features_is_no_map(manifest_of: Callable[[Change], Manifest]):
    def change(values: dict[str, Any]) -> None:
        for feature in values["features"]:
            feature["group"] = "terrain"

    assert "driver_1_group" not in [layer.quantity for layer in drawable_layers(manifest_of(change))]
