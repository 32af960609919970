"""What an environment may be made of."""

import pytest
from pydantic import ValidationError

from entropice.app.configuration.composition import compose
from entropice.errors import ConfigError
from entropice.pipelines.composition import Composition
from entropice.pipelines.sources.label_sources import LABELS
from entropice.pipelines.sources.registry import FEATURES, LAND

VIRTUAL = {"world": "virtual_arctic", "labels": "darts", "features": ["era5_monthly", "arcticdem"]}


def test_sources_come_in_the_order_of_the_registry_whatever_the_order_in_the_file() -> None:
    composition = Composition.model_validate(VIRTUAL | {"features": ["arcticdem", "era5_monthly"]})

    assert [source.name for source in composition.sources] == ["natural_earth", "darts", "era5_monthly", "arcticdem"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": []}, "features is empty"),
        ({"labels": None}, "needs a source"),
        ({"features": ["arctic_dem"]}, "did you mean arcticdem"),
        ({"labels": "dart"}, "did you mean darts"),
        ({"features": ["era5_monthly", "era5_hourly"], "world": None}, "several sources of climate"),
        ({"features": ["arcticdem", "arcticdem"]}, "several sources of one name"),
        ({"labels": "arts"}, "arts: world virtual_arctic does not make files of it"),
        ({"features": ["era5_fields"]}, "does not make files of it"),
        ({"is_downloaded": True}, "is_downloaded is for real files"),
        ({"world": "mars"}, "virtual_arctic"),
        ({"sources": []}, "Extra inputs"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(change: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Composition.model_validate(VIRTUAL | change)


def test_an_unknown_pipeline_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="modeling") as caught:
        compose(Composition.model_validate(VIRTUAL | {"pipelines": ["grids", "modeling"]}))

    assert "did you mean modelling?" in str(caught.value)


def test_an_environment_may_have_some_of_the_pipelines() -> None:
    pipelines = compose(Composition.model_validate(VIRTUAL | {"pipelines": ["grids"]}))

    assert list(pipelines) == ["virtual_arctic", "grids", "__default__"]
    assert "cells" in pipelines["__default__"].outputs()


def test_every_source_is_declared_once_and_whole() -> None:
    names = [source.name for source in (LAND, *LABELS, *FEATURES)]

    assert len(set(names)) == len(names)
    for source in FEATURES:
        nodes = source.nodes()
        outputs = {name for node in nodes for name in node.outputs}
        inputs = {name for node in nodes for name in node.inputs}
        assert source.dataset in outputs, source.name
        assert source.files in inputs, source.name
        assert source.plan is None or source.plan in outputs, source.name
        section = f"params:features.{source.group}"
        assert (section in inputs) == (source.parameters is not None), source.name
