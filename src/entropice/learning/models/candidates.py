"""What a model may be tuned to, as parameters spell it: checked before a run begins."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from entropice.base_model import StrictModel
from entropice.errors import suggestion
from entropice.learning.models.model import Candidate, Model

Grid = Mapping[str, Any]


def expand(grids: Grid | Sequence[Grid]) -> list[Candidate]:
    """Every combination of the listed values of a grid, then of the next; a single value holds for all.

    The order is scikit-learn's: by sorted names, the last varying first. A name with an empty list leaves no candidate.

    Examples
    --------
    >>> expand({"ridge": [1.0, 2.0], "later_ridge_ratio": 4.0})
    [{'later_ridge_ratio': 4.0, 'ridge': 1.0}, {'later_ridge_ratio': 4.0, 'ridge': 2.0}]
    """
    if not isinstance(grids, Mapping):
        return [candidate for grid in grids for candidate in expand(grid)]
    names = sorted(grids)
    values = [each if isinstance(each := grids[name], list | tuple) else [each] for name in names]
    return [dict(zip(names, combination, strict=True)) for combination in itertools.product(*values)]


def candidates_of(model: Model, grids: Grid | Sequence[Grid]) -> list[Candidate]:
    """The candidates of a model, each complete (defaults filled in) and within bounds, in the order of `expand`.

    Raises
    ------
    ValueError
        If the model has nothing to choose, a parameter is unknown (with the nearest one), missing or out of bounds, or
        there is no candidate.

    Examples
    --------
    >>> from entropice.learning.models.logistic import MODEL
    >>> candidates_of(MODEL, {"C": [0.1, 1]})
    [{'C': 0.1}, {'C': 1.0}]
    >>> candidates_of(MODEL, {"C": 0})
    Traceback (most recent call last):
        ...
    ValueError: logistic.C: Input should be greater than 0 (got 0)
    """
    if model.parameters is None:
        raise ValueError(f"{model.name} has no candidates: leave it out")
    candidates = expand(grids)
    if not candidates:
        raise ValueError(f"{model.name} has no candidate: give at least one value")
    return [_checked(model.name, model.parameters, candidate) for candidate in candidates]


def check_numbers(models: Iterable[Model], candidates: Mapping[str, Sequence[Candidate]]) -> None:
    """Pass only models with candidates, the same number for each: one with more to choose from would look better.

    `candidates` are by name of the model; models with nothing to choose are passed over.

    Raises
    ------
    ValueError
        Names the models, their numbers and the fix.

    Examples
    --------
    >>> from entropice.learning.models import MODELS
    >>> check_numbers([MODELS["logistic"]], {})
    Traceback (most recent call last):
        ...
    ValueError: modelling.tuning.candidates lacks logistic: add them, or shorten models
    """
    names = [model.name for model in models if model.is_tuned]
    missing = [name for name in names if name not in candidates]
    if missing:
        raise ValueError(f"modelling.tuning.candidates lacks {', '.join(missing)}: add them, or shorten models")
    numbers = {name: len(candidates[name]) for name in names}
    if len(set(numbers.values())) > 1:
        spelled = ", ".join(f"{name} {number}" for name, number in numbers.items())
        raise ValueError(
            f"models must have the same number of candidates, but they are {spelled}: change "
            "modelling.tuning.candidates, or take models out of modelling.models"
        )


def _checked(name: str, schema: type[StrictModel], candidate: Candidate) -> Candidate:
    try:
        return schema.model_validate(dict(candidate)).model_dump()
    except ValidationError as error:
        raise ValueError("; ".join(_describe(name, schema, fault) for fault in error.errors())) from error


def _describe(name: str, schema: type[StrictModel], fault: ErrorDetails) -> str:
    parameter = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        return f"{name} has no parameter {parameter}{suggestion(parameter, schema.model_fields)}"
    if fault["type"] == "missing":
        return f"{name}.{parameter} is missing"
    return f"{name}.{parameter}: {fault['msg']} (got {fault['input']!r})"
