import copy
import importlib.util
from pathlib import Path
from typing import Any

import pytest
from kedro.config import OmegaConfigLoader

from entropice.app.parameters import validate_parameters
from entropice.errors import ConfigError
from entropice.settings import CONFIG_LOADER_ARGS

PROJECT = Path(__file__).parents[2]


def _parameters(environment: str) -> dict[str, Any]:
    loader = OmegaConfigLoader(str(PROJECT / "conf"), env=environment, **CONFIG_LOADER_ARGS)
    return dict(copy.deepcopy(loader["parameters"]))


@pytest.mark.parametrize("environment", ["base", "sample", "test"])
def test_committed_parameters_are_valid(environment: str) -> None:
    assert validate_parameters(_parameters(environment)).grid == "h3_4"


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
            "modelling.models.1: Value error, there is no model xgbost; did you",
        ),
        (("modelling", "models"), ["espa", "logistic"], "prevalence"),
        (("modelling", "map_model"), "random_florest", "did you mean random_forest?"),
        (("modelling", "map_model"), "xgboost", "add xgboost to modelling.models"),
        (("modelling", "candidates", "xgbost"), [], "did you mean xgboost?"),
        (("modelling", "candidates", "logistic", "D"), [1.0], "logistic has no parameter D"),
        (("modelling", "candidates", "logistic", "C"), [1.0, -1.0], "greater than 0"),
    ],
)
def test_a_wrong_parameter_is_named(path: tuple[str, ...], value: object, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        validate_parameters(_changed(path, value))

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
    assert validate_parameters(_changed(("modelling", "map_model"), name)).modelling.map_model == name


def test_different_numbers_of_candidates_are_refused_with_the_fix_before_the_run() -> None:
    with pytest.raises(ConfigError) as caught:
        validate_parameters(_changed(("modelling", "candidates", "logistic", "C"), [0.1, 1.0]))

    assert "espa 8, logistic 2: change modelling.candidates" in str(caught.value)


def test_a_model_without_its_package_is_refused_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "xgboost" else find_spec(name))
    models = [*_parameters("base")["modelling"]["models"], "xgboost"]

    with pytest.raises(ConfigError) as caught:
        validate_parameters(_changed(("modelling", "models"), models))

    assert "pip install 'entropice[xgb]'" in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        validate_parameters(_parameters("base") | {"random_seed": "x", "gird": "y", "grid": 3})

    assert str(caught.value).count("\n  - ") == 3
