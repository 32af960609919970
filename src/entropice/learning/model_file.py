"""Fitted models as plain arrays and a JSON document, with this project's error where the two do not fit together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import sklearn

from entropice.errors import ModelFileError, suggestion
from entropice.learning.models import MODELS, FittedModel, Model
from entropice.learning.models.model import Recipe
from entropice.learning.samples import Samples
from entropice.types import IntArray

if TYPE_CHECKING:
    from entropice.learning.models.model import NamedArrays

FORMAT: Final = "entropice-model"
FORMAT_VERSION: Final = 1


def to_arrays(
    model: Model, fitted: FittedModel, samples: Samples, class_codes: IntArray
) -> "tuple[NamedArrays, dict[str, Any]]":
    """Take a model apart that was fitted to samples with class codes (n,)."""
    recipe = fitted.recipe
    arrays, content = model.storage.to_arrays(fitted, fitted.view(samples), class_codes)
    return arrays, {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "model": model.name,
        "title": model.title,
        "feature_names": None if recipe.feature_names is None else list(recipe.feature_names),
        "parameters": dict(recipe.parameters),
        "random_seed": recipe.random_seed,
        "device": recipe.device,
        "versions": {"scikit-learn": sklearn.__version__},
        "content": content,
    }


def from_arrays(arrays: "NamedArrays", metadata: Mapping[str, Any]) -> tuple[Model, FittedModel]:
    """Put a model together again.

    Raises
    ------
    ModelFileError
        If the document is of another format or names no known model, or does not fit the arrays.
    """
    model = _model_of(metadata)
    try:
        recipe = _recipe_of(metadata)
        return model, FittedModel(model.storage.from_arrays(arrays, metadata["content"], recipe), recipe)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise _refusal("The stored model is not what its description says.", got=f"{model.name}: {error}") from error


def _model_of(metadata: Mapping[str, Any]) -> Model:
    found = (metadata.get("format"), metadata.get("format_version"))
    if found != (FORMAT, FORMAT_VERSION):
        raise _refusal("This is no model of this project.", got=found, expected=(FORMAT, FORMAT_VERSION))
    name = str(metadata.get("model"))
    if name not in MODELS:
        raise _refusal(f"There is no model {name!r}{suggestion(name, MODELS)}", got=name)
    return MODELS[name]


def _recipe_of(metadata: Mapping[str, Any]) -> Recipe:
    names = metadata["feature_names"]
    return Recipe(
        parameters=metadata["parameters"],
        random_seed=metadata["random_seed"],
        device=metadata["device"],
        feature_names=None if names is None else tuple(names),
    )


def _refusal(what: str, *, got: object, expected: object = None) -> ModelFileError:
    return ModelFileError(
        what, field="map_model", got=got, expected=expected, fix="fit it again: kedro run --pipelines modelling"
    )
