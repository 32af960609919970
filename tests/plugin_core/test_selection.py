from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.manifest import Manifest, read_manifest
from qgis_plugin.entropice.core.selection import (
    Choice,
    Selection,
    certainty_layer,
    choices_of,
    first_selection,
    fitted,
    layer_for,
    models_of,
    of_model,
)

Change = Callable[[dict[str, Any]], object]
STEPS = {"kind": "graduated", "breaks": [0, 1], "colours": ["#112233"]}


@pytest.fixture
def manifest_of(write_run: Callable[..., Path], manifest_values: dict[str, Any]) -> Callable[..., Manifest]:
    """The manifest after a change."""

    def manifest(change: Change = lambda values: None) -> Manifest:
        change(manifest_values)
        return read_manifest(write_run(manifest_values))

    return manifest


def layer_named(values: dict[str, Any], name: str) -> dict[str, Any]:
    return next(layer for layer in values["layers"] if layer["name"] == name)


def test_choices_stand_in_groups_each_with_its_years(manifest_of: Callable[..., Manifest]):
    groups = choices_of(manifest_of())
    assert {group.group: [choice.quantity for choice in group.choices] for group in groups} == {
        "prediction": ["p_any_rts", "class", "entropy"],
        "observation": ["state"],
        "drivers": ["driver_1"],
    }
    assert groups[0].choices[0] == Choice("p_any_rts", "Probability of any slump", "", (2022, 2021))


def test_an_unknown_quantity_in_an_unknown_group_is_a_choice_like_any_other(manifest_of: Callable[..., Manifest]):
    change = {"quantity": "ice_content", "title": "Ice content", "group": "soil"}
    groups = choices_of(manifest_of(lambda values: layer_named(values, "entropy_2022").update(change)))
    assert [group.choices for group in groups if group.group == "soil"] == [
        (Choice("ice_content", "Ice content", "", (2022,)),)
    ]


def test_the_default_layer_is_selected_first(manifest_of: Callable[..., Manifest]):
    assert first_selection(manifest_of()) == Selection("p_any_rts", 2022)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Selection("entropy", 2021), Selection("entropy", 2021)),
        (Selection("entropy", None), Selection("entropy", 2022)),
        (Selection("entropy", 1999), Selection("entropy", 2021)),
        (Selection("unheard_of", 2021), Selection("p_any_rts", 2021)),
    ],
)
def test_the_nearest_selection_keeps_what_it_can(
    manifest_of: Callable[..., Manifest], wanted: Selection, found: Selection
):
    assert fitted(manifest_of(), wanted) == found


def test_a_quantity_that_lacks_a_year_shows_its_nearest(manifest_of: Callable[..., Manifest]):
    manifest = manifest_of(lambda values: layer_named(values, "entropy_2022").update(scale={"kind": "hatched"}))
    assert fitted(manifest, Selection("entropy", 2022)) == Selection("entropy", 2021)
    assert layer_for(manifest, Selection("entropy", 2022)) is None


def test_a_quantity_that_is_the_same_in_all_years_keeps_the_year(manifest_of: Callable[..., Manifest]):
    manifest = manifest_of(lambda values: layer_named(values, "area_m2").update(scale=STEPS))
    for year in (2021, 2022):
        assert fitted(manifest, Selection("area_m2", year)) == Selection("area_m2", year)
        layer = layer_for(manifest, Selection("area_m2", year))
        assert layer is not None
        assert layer.name == "area_m2"


def test_without_a_scale_there_is_nothing_to_select(manifest_of: Callable[..., Manifest]):
    def no_scales(values: dict[str, Any]) -> None:
        for layer in values["layers"]:
            layer.update(on_map=False, overview=None, **({"scale": None} if layer["table"] == "cells" else {}))

    manifest = manifest_of(no_scales)
    assert first_selection(manifest) is None
    assert fitted(manifest, Selection("p_any_rts", 2022)) is None


def by_another_model(values: dict[str, Any]) -> None:
    """The entropy of 2022 also of the logistic model."""
    layer = dict(layer_named(values, "entropy_2022"))
    layer.update(name="entropy_2022_logistic", column="entropy_2022_logistic", model="logistic")
    values["layers"].insert(-1, layer)
    values["models"].append({"name": "logistic", "title": "Logistic regression", "is_reference": False})
    values["tables"][0]["columns"].append(
        {"name": "entropy_2022_logistic", "type": "real", "unit": None, "description": "A column."}
    )


def test_a_quantity_may_be_there_of_several_models(manifest_of: Callable[..., Manifest]):
    manifest = manifest_of(by_another_model)
    (entropy,) = [choice for group in choices_of(manifest) for choice in group.choices if choice.quantity == "entropy"]
    assert entropy.models == (None, "logistic")
    assert [manifest.model_title(model) for model in entropy.models] == ["eSPA", "Logistic regression"]
    layer = layer_for(manifest, Selection("entropy", 2022, "logistic"))
    assert layer is not None
    assert layer.name == "entropy_2022_logistic"


def test_a_model_that_a_quantity_does_not_have_gives_way_to_that_of_the_map(manifest_of: Callable[..., Manifest]):
    manifest = manifest_of(by_another_model)
    assert fitted(manifest, Selection("entropy", 2022, "logistic")) == Selection("entropy", 2022, "logistic")
    assert fitted(manifest, Selection("class", 2022, "logistic")) == Selection("class", 2022)
    assert fitted(manifest, Selection("entropy", 2022, "unheard_of")) == Selection("entropy", 2022)


def test_a_chosen_model_keeps_the_quantity_where_it_has_it_and_else_shows_what_it_has(
    manifest_of: Callable[..., Manifest],
):
    manifest = manifest_of(by_another_model)
    assert models_of(manifest) == (None, "logistic")
    here = Selection("entropy", 2021, is_faded=True)
    assert of_model(manifest, here, "logistic") == replace(here, model="logistic")
    assert of_model(manifest, Selection("class", 2021), "logistic") == Selection("entropy", 2021, "logistic")
    assert of_model(manifest, Selection("entropy", 2021, "logistic"), None) == Selection("entropy", 2021)


@pytest.mark.parametrize(
    ("selection", "column"),
    [
        (Selection("class", 2021), "entropy_2021"),
        (Selection("p_any_rts", 2022), "entropy_2022"),
        (Selection("entropy", 2022), None),
        (Selection("state", 2022), None),
        (Selection("unheard_of", 2022), None),
    ],
)
def test_predictions_can_fade_by_the_entropy_of_their_year(
    manifest_of: Callable[..., Manifest], selection: Selection, column: str | None
):
    manifest = manifest_of()
    found = certainty_layer(manifest, selection)
    assert (None if found is None else found.column) == column
    faded = fitted(manifest, replace(selection, is_faded=True))
    assert faded is not None
    assert faded.is_faded == (column is not None or selection.quantity == "unheard_of")
