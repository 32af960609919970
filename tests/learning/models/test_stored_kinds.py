"""A file that claims to hold one model and holds another estimator, or one of other features, is refused."""

import pytest
from model_problems import classes_by_features, fit, samples_in_stripes, tuning

from entropice import espa, ordinal
from entropice.errors import ModelFileError
from entropice.learning.model_file import from_arrays, to_arrays
from entropice.learning.models import MODELS
from entropice.learning.predictor import NOTHING, Part, Predictor


@pytest.fixture(scope="module")
def samples():
    return samples_in_stripes()


def stored(name, samples):
    codes = classes_by_features(samples)
    fitted = fit(name, samples, codes, tuning())
    return fitted.estimator, to_arrays(Predictor((Part(MODELS[name], 1.0, {NOTHING: fitted}),)), samples, codes)


def with_content(metadata, other, content):
    (part,) = metadata["parts"]
    fits = [part["fits"][0] | {"content": content}]
    return {f"0.0.{name}": values for name, values in other.items()}, metadata | {"parts": [part | {"fits": fits}]}


@pytest.mark.parametrize(
    ("claimed", "held", "take_apart", "message"),
    [
        ("ordinal_ridge", "espa_ensemble", lambda pipeline: ordinal.to_arrays(pipeline[0]), "GroupComponents"),
        ("espa", "espa_ensemble", lambda pipeline: espa.to_arrays(pipeline[1]), "ESPAEnsemble"),
    ],
)
def test_another_estimator_than_the_file_claims_is_refused(claimed, held, take_apart, message, samples):
    _, (_, metadata) = stored(claimed, samples)
    estimator, _ = stored(held, samples)

    with pytest.raises(ModelFileError, match=f"it holds a fitted {message}, not ") as caught:
        from_arrays(*with_content(metadata, *take_apart(estimator)))

    assert caught.value.field == "map_model: parts[0]"
    assert caught.value.expected == f"the arrays and description of a fitted {MODELS[claimed].title}"


@pytest.mark.parametrize("name", ["ordinal_ridge", "espa", "espa_ensemble"])
def test_features_that_are_not_those_of_the_fit_are_refused(name, samples):
    _, (arrays, metadata) = stored(name, samples)
    metadata["parts"][0]["fits"][0]["feature_names"] = ["b", "a", "c", "d"]

    with pytest.raises(
        ModelFileError, match=r"fitted to \['a', 'b', 'c', 'd'\], described with \['b', 'a', 'c', 'd'\]"
    ):
        from_arrays(arrays, metadata)
