import json

import numpy as np
import pandas as pd
import pytest

from entropice.espa import ESPAClassifier, from_arrays, to_arrays

NAMES = ["slope_mean_deg", "elevation_mean_m", "northness_mean"]


@pytest.fixture(scope="module")
def frame():
    return pd.DataFrame(np.random.default_rng(0).normal(size=(50, 3)), columns=NAMES)


@pytest.fixture(scope="module")
def model(frame):
    return ESPAClassifier(4, n_init=2, random_state=0).fit(frame, (frame["slope_mean_deg"] > 0).astype(int))


def test_a_model_survives_json_and_arrays_bit_for_bit(model, frame):
    arrays, metadata = to_arrays(model)
    rebuilt = from_arrays(arrays, json.loads(json.dumps(metadata)))
    assert rebuilt.predict_proba(frame).tobytes() == model.predict_proba(frame).tobytes()
    assert rebuilt.predict(frame).tolist() == model.predict(frame).tolist()
    assert rebuilt.get_params() == model.get_params()
    assert (rebuilt.loss_, rebuilt.n_iter_) == (model.loss_, model.n_iter_)


def test_features_in_another_order_are_refused(model, frame):
    rebuilt = from_arrays(*to_arrays(model))
    with pytest.raises(ValueError, match="feature names"):
        rebuilt.predict(frame[NAMES[::-1]])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda arrays, metadata: metadata.update(format_version=2), "format"),
        (lambda arrays, metadata: arrays.pop("box_centers"), "box_centers"),
        (lambda arrays, metadata: metadata["feature_names"].pop(), "shape"),
        (lambda arrays, metadata: metadata["classes"].append(7), "shape"),
        (lambda arrays, metadata: arrays.update(box_centers=arrays["box_centers"] * np.nan), "finite"),
        (lambda arrays, metadata: arrays.update(feature_weights=arrays["feature_weights"] * 2), "sum to 1"),
    ],
    ids=["version", "missing", "features", "classes", "nan", "weights"],
)
def test_a_damaged_model_is_refused(model, damage, message):
    arrays, metadata = to_arrays(model)
    damage(arrays, metadata)
    with pytest.raises(ValueError, match=message):
        from_arrays(arrays, metadata)


def test_a_model_without_feature_names_cannot_be_saved(frame):
    model = ESPAClassifier(2, n_init=1).fit(frame.to_numpy(), frame["slope_mean_deg"] > 0)
    with pytest.raises(ValueError, match="named features"):
        to_arrays(model)
