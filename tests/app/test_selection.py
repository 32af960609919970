"""What a command names of the pipelines is there, or is refused with the nearest; three steps made by hand."""

from typing import Any

import pytest
from kedro.pipeline import Pipeline, node

from entropice.app.selection import check_selection, check_versions
from entropice.errors import ConfigError


def same(value: Any) -> Any:
    return value


GRIDS = Pipeline([node(same, "land", "cells", name="build_cells", tags=["fast"])], namespace="grids", inputs="land")
LABELS = Pipeline(
    [
        node(same, "rts", "labels", name="labels.label_cells", tags=["fast"]),
        node(same, "labels", "model", name="labels.fit", tags=["slow"]),
    ]
)
PIPELINES = {"__default__": GRIDS + LABELS, "grids": GRIDS, "labels": LABELS}


def refused(**asked: Any) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        check_selection(asked, PIPELINES)
    assert caught.value.path == "the command line"
    return caught.value


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"pipeline_names": ["__default__"]},
        {"pipeline_names": ["grids", "labels"], "tags": ["slow"], "from_nodes": ["labels.label_cells"]},
        {"pipeline_name": "labels", "node_names": ["labels.fit"], "to_outputs": ["model"]},
        {"from_inputs": ["rts"], "to_nodes": ["labels.fit"]},
        {"namespaces": ["grids"]},
    ],
)
def test_what_is_there_passes(asked: dict[str, Any]) -> None:
    check_selection(asked, PIPELINES)


@pytest.mark.parametrize(
    ("asked", "option", "nearest"),
    [
        ({"pipeline_names": ["labels", "grid"]}, "--pipelines", "grids"),
        ({"tags": ["slo"]}, "--tags", "slow"),
        ({"node_names": ["labels.label_cell"]}, "--nodes", "labels.label_cells"),
        ({"node_names": ["label_cels"]}, "--nodes", "labels.label_cells"),
        ({"from_nodes": ["fitt"]}, "--from-nodes", "labels.fit"),
        ({"from_inputs": ["lands"]}, "--from-inputs", "land"),
        ({"to_outputs": ["modell"]}, "--to-outputs", "model"),
        ({"namespaces": ["grid"]}, "--namespaces", "grids"),
    ],
)
def test_a_slip_is_told_the_nearest_name(asked: dict[str, Any], option: str, nearest: str) -> None:
    error = refused(**asked)

    assert (error.field, error.fix) == (option, f"{option} {nearest}")
    assert error.got == next(iter(asked.values()))[-1]
    assert error.what.endswith(f"did you mean {nearest}?")


def test_a_name_like_none_is_told_what_there_is_and_never_the_default() -> None:
    error = refused(pipeline_names=["xyz"])

    assert (error.what, error.expected) == ("There is no pipeline 'xyz'.", "grids, labels")
    assert "kedro registry describe" in error.fix


def test_of_many_names_eight_are_told() -> None:
    steps = {f"p{number}": LABELS for number in range(9)} | {"__default__": LABELS}
    with pytest.raises(ConfigError) as caught:
        check_selection({"pipeline_names": ["?"]}, steps)

    assert caught.value.expected == "p0, p1, p2, p3, p4, p5, p6, p7, …"


def test_a_step_of_a_pipeline_that_is_not_chosen_is_not_there() -> None:
    assert refused(pipeline_name="grids", node_names=["labels.fit"]).field == "--nodes"


def test_names_that_no_step_has_together_leave_nothing_to_run() -> None:
    error = refused(tags=["slow"], node_names=["labels.label_cells"])

    assert error.what == "No step is left to run."
    assert error.field == "--tags --nodes"
    assert error.got == "--tags slow; --nodes labels.label_cells"


def test_datasets_have_no_versions() -> None:
    check_versions(None)
    check_versions({})
    with pytest.raises(ConfigError, match="cells has no versions") as caught:
        check_versions({"cells": "2026-01-01"})

    assert (caught.value.field, caught.value.got) == ("--load-versions", "cells:2026-01-01")
