import copy
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.app.configuration.parameters import validate_parameters
from entropice.errors import ConfigError
from entropice.pipelines.composition import Composition
from entropice.settings import CONFIG_LOADER_ARGS

PROJECT = Path(__file__).parents[2]


def _loader(environment: str) -> RootedConfigLoader:
    return RootedConfigLoader(str(PROJECT / "conf"), env=environment, **CONFIG_LOADER_ARGS)


def _parameters(environment: str) -> dict[str, Any]:
    return dict(copy.deepcopy(_loader(environment)["parameters"]))


def _composition(environment: str) -> Composition:
    return Composition.model_validate(_loader(environment)["composition"])


@pytest.mark.parametrize("environment", ["base", "sample", "test", "arctic", "cluster"])
def test_committed_parameters_are_valid(environment: str) -> None:
    assert validate_parameters(_parameters(environment), _composition(environment)).grid == "h3_4"


@pytest.mark.parametrize("size", ["tiny", "demo", "published"])
@pytest.mark.parametrize(
    "environment",
    [
        *("slump_imagery", "sea_ice", "human_modification", "years_to_come"),
        *("ice_observed", "modification_observed", "lakes_observed"),
    ],
)
def test_every_committed_size_is_valid(environment: str, size: str) -> None:
    given = RootedConfigLoader(
        str(PROJECT / "conf"), env=environment, runtime_params={"size": size}, **CONFIG_LOADER_ARGS
    )

    read = read_configuration(given)

    assert list(type(read.parameters.tasks).model_fields) == list(read.composition.tasks)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("gird",), "h3_5", "unknown parameter gird; did you mean grid?"),
        (("labels", "min_observed_fractoin"), 0.5, "did you mean min_observed_fraction?"),
        (("grid",), "h3_9", "h3_9"),
        (("grid",), "s2_4", "s2_4"),
        (("grid",), 4, "valid string"),
        (("random_seed",), "nine", "valid integer"),
        (("random_seed",), True, "valid integer"),
        (("random_seed",), -1, "greater than or equal to 0"),
        (("labels", "min_observed_fraction"), 1.5, "less than or equal to 1"),
        (("labels", "min_observed_fraction"), "0.5", "valid number"),
        (("labels", "min_observed_fraction"), float("nan"), "finite number"),
        (
            ("modelling", "models"),
            ["espa", "xgbost"],
            "modelling.models.1: there is no model xgbost; did you",
        ),
        (("modelling", "models"), ["espa", "logistic"], "prevalence"),
        (("modelling", "map_model"), "random_florest", "did you mean random_forest?"),
        (("modelling", "map_model"), "xgboost", "add xgboost to modelling.models"),
        (("modelling", "tuning", "candidates", "xgbost"), [], "did you mean xgboost?"),
        (("modelling", "tuning", "candidates", "logistic", "D"), [1.0], "logistic has no parameter D"),
        (("modelling", "tuning", "candidates", "logistic", "C"), [1.0, -1.0], "greater than 0"),
    ],
)
def test_a_wrong_parameter_is_named(path: tuple[str, ...], value: object, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        validate_parameters(_changed(path, value), _composition("base"))

    assert message in str(caught.value)
    assert ".".join(path[:3]) in str(caught.value)


def _changed(path: tuple[str, ...], value: object) -> dict[str, Any]:
    parameters = _parameters("base")
    branch = parameters
    for step in path[:-1]:
        branch = branch[step]
    branch[path[-1]] = value
    return parameters


@pytest.mark.parametrize("name", ["best", "logistic"])
def test_the_map_may_be_drawn_by_any_compared_model_or_the_best(name: str) -> None:
    parameters = validate_parameters(_changed(("modelling", "map_model"), name), _composition("base"))

    assert parameters.section("modelling", "map_model") == name


def test_different_numbers_of_candidates_are_refused_with_the_fix_before_the_run() -> None:
    with pytest.raises(ConfigError) as caught:
        validate_parameters(
            _changed(("modelling", "tuning", "candidates", "logistic", "C"), [0.1, 1.0]), _composition("base")
        )

    assert "espa_ensemble 8, logistic 2: change modelling.tuning.candidates" in str(caught.value)


def test_a_model_without_its_package_is_refused_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "xgboost" else find_spec(name))
    models = [*_parameters("base")["modelling"]["models"], "xgboost"]

    with pytest.raises(ConfigError) as caught:
        validate_parameters(_changed(("modelling", "models"), models), _composition("base"))

    assert "pip install 'entropice[xgb]'" in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        validate_parameters(_parameters("base") | {"random_seed": "x", "gird": "y", "grid": 3}, _composition("base"))

    assert str(caught.value).count("\n  - ") == 3


@pytest.mark.parametrize("section", ["modelling", "features.terrain"])
def test_a_section_that_the_composition_needs_is_asked_for(section: str) -> None:
    parameters = _parameters("base")
    *path, last = section.split(".")
    branch = parameters
    for step in path:
        branch = branch[step]
    del branch[last]

    with pytest.raises(ConfigError, match=f"{section}: Field required"):
        validate_parameters(parameters, _composition("base"))


def test_a_section_of_a_source_that_is_not_used_may_be_left_out() -> None:
    parameters = _parameters("base")
    del parameters["features"]["terrain"], parameters["virtual_arctic"]
    composition = Composition(world=None, labels="darts", features=("era5_monthly",))

    assert validate_parameters(parameters, composition).section("features", "terrain") is None
