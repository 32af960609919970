"""Predictors as plain arrays and a JSON document, with this project's error where the two do not fit together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import sklearn

from entropice.errors import ModelFileError, suggestion
from entropice.learning.models import MODELS, FittedModel, Model
from entropice.learning.models.model import Recipe
from entropice.learning.predictor import NOTHING, Part, Predictor
from entropice.learning.samples import Groups, Samples
from entropice.types import IntArray

if TYPE_CHECKING:
    from entropice.learning.models.model import NamedArrays

FORMAT: Final = "entropice-model"
FORMAT_VERSION: Final = 2


def to_arrays(predictor: Predictor, samples: Samples, class_codes: IntArray) -> "tuple[NamedArrays, dict[str, Any]]":
    """Take a predictor apart that was fitted to samples with class codes (n,).

    Arrays are called ``<part>.<submodel>.<name>``, by the order of parts and submodels in the document. The document
    has ``format format_version versions parts``: ``versions`` that of scikit-learn, ``parts`` a list of ``model title
    weight fits``, ``fits`` a list of ``left_out`` (groups, sorted) ``feature_names`` (null of a model that sees the
    place alone) ``parameters random_seed device content``. What a fit's arrays and ``content`` are is its model's
    affair (`Storage`).
    """
    arrays: dict[str, Any] = {}
    parts = []
    for number, part in enumerate(predictor.parts):
        submodels = []
        for place, (left_out, fitted) in enumerate(part.submodels.items()):
            found, document = _submodel_to_arrays(part.model, fitted, samples.without(left_out), class_codes)
            arrays |= {f"{number}.{place}.{name}": array for name, array in found.items()}
            submodels.append({"left_out": sorted(left_out), **document})
        parts.append({"model": part.model.name, "title": part.model.title, "weight": part.weight, "fits": submodels})
    # Told, not checked: what is fitted again from its rows is checked by the probabilities beside them.
    versions = {"scikit-learn": sklearn.__version__}
    return arrays, {"format": FORMAT, "format_version": FORMAT_VERSION, "versions": versions, "parts": parts}


def from_arrays(arrays: "NamedArrays", metadata: Mapping[str, Any]) -> Predictor:
    """Put a predictor together again, from arrays and document as `to_arrays` gives them.

    Nothing is unpickled. Models that are kept as their training rows are fitted again.

    Raises
    ------
    ModelFileError
        If the document is of another format or names no known model, or does not fit the arrays.
    ConfigError
        If a fit asks for a package or a device that is not there.
    """
    found = (metadata.get("format"), metadata.get("format_version"))
    if found != (FORMAT, FORMAT_VERSION):
        raise _refusal("This is no model that this version reads.", got=found, expected=(FORMAT, FORMAT_VERSION))
    parts = metadata.get("parts")
    if not parts or not isinstance(parts, list):
        raise _refusal("The stored model has no parts.", got=parts, expected="at least one")
    return Predictor(tuple(_part(arrays, number, document) for number, document in enumerate(parts)))


def _submodel_to_arrays(
    model: Model, fitted: FittedModel, samples: Samples, class_codes: IntArray
) -> "tuple[NamedArrays, dict[str, Any]]":
    recipe = fitted.recipe
    arrays, content = model.storage.to_arrays(fitted, fitted.view(samples), class_codes)
    return arrays, {
        "feature_names": None if recipe.feature_names is None else list(recipe.feature_names),
        "parameters": dict(recipe.parameters),
        "random_seed": recipe.random_seed,
        "device": recipe.device,
        "content": content,
    }


def _part(arrays: "NamedArrays", number: int, document: Mapping[str, Any]) -> Part:
    model = _model_of(document)
    try:
        submodels = dict(
            _submodel(model, _below(arrays, f"{number}.{place}."), fit) for place, fit in enumerate(document["fits"])
        )
        if NOTHING not in submodels:
            raise KeyError("a fit to all groups")
        return Part(model, float(document["weight"]), submodels)
    # A file may hold anything: whatever goes wrong in putting it together is told as what it is, a file that does not
    # fit.
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise _refusal(
            "The stored model is not what its description says.",
            field=f"map_model: parts[{number}]",
            got=f"{model.name}: {'no ' if isinstance(error, KeyError) else ''}{error}",
            expected=f"the arrays and description of a fitted {model.title}",
        ) from error


def _submodel(model: Model, arrays: "NamedArrays", document: Mapping[str, Any]) -> tuple[Groups, FittedModel]:
    recipe = _recipe_of(document)
    estimator = model.storage.from_arrays(arrays, document["content"], recipe)
    _require_features(estimator, recipe)
    return frozenset(document["left_out"]), FittedModel(estimator, recipe)


def _require_features(estimator: Any, recipe: Recipe) -> None:
    """Pass only an estimator that was fitted to the features of its recipe, as far as it remembers them."""
    fitted_to = tuple(getattr(estimator, "feature_names_in_", recipe.feature_names or ()))
    if fitted_to != (recipe.feature_names or ()):
        raise ValueError(f"fitted to {list(fitted_to)}, described with {list(recipe.feature_names or ())}")


def _below(arrays: "NamedArrays", prefix: str) -> "NamedArrays":
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _model_of(document: Mapping[str, Any]) -> Model:
    name = str(document.get("model"))
    if name not in MODELS:
        raise _refusal(
            f"There is no model {name!r}{suggestion(name, MODELS)}", got=name, expected=f"one of {', '.join(MODELS)}"
        )
    return MODELS[name]


def _recipe_of(document: Mapping[str, Any]) -> Recipe:
    names = document["feature_names"]
    return Recipe(
        parameters=document["parameters"],
        random_seed=document["random_seed"],
        device=document["device"],
        feature_names=None if names is None else tuple(names),
    )


def _refusal(what: str, *, got: object, expected: object, field: str = "map_model") -> ModelFileError:
    return ModelFileError(
        what, field=field, got=got, expected=expected, fix="fit it again: kedro run --pipelines modelling"
    )
