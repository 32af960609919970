"""Models on CUDA: their libraries get only arguments that they know, and a device that is not there is told."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from model_problems import alone, classes_by_features, samples_in_stripes, tuning
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier

from entropice.errors import ConfigError
from entropice.espa import devices as espa_devices
from entropice.learning.model_file import from_arrays, to_arrays
from entropice.learning.models import MODELS, devices
from entropice.learning.models.devices import device_for


class CumlDouble:
    """Refuses what cuML refuses: rows in double precision or with NaN, and codes with gaps."""

    inner: Any

    def fit(self, X: Any, y: Any, *, convert_dtype: bool = True) -> Any:
        assert X.dtype == np.float32
        assert np.isfinite(X).all()
        assert y.dtype == np.int32
        assert set(y.tolist()) == set(range(y.max() + 1))
        self.inner.fit(X, y)
        return self

    def predict_proba(self, X: Any) -> Any:
        assert X.dtype == np.float32
        assert np.isfinite(X).all()
        return self.inner.predict_proba(X).astype(np.float32)


class CumlForest(CumlDouble):
    """Signature of cuml.ensemble.RandomForestClassifier, 26.10."""

    made: ClassVar[list[Any]] = []

    def __init__(
        self, *, n_estimators=100, split_criterion="gini", bootstrap=True, max_samples=1.0, max_depth=None,
        max_leaves=-1, max_features="sqrt", n_bins=128, min_samples_leaf=1, min_samples_split=2,
        min_impurity_decrease=0.0, max_batch_size=4096, random_state=None, n_streams=4, oob_score=False,
        class_weight=None, verbose=False, output_type=None,
    ):  # fmt: skip
        self.made.append(SimpleNamespace(n_streams=n_streams, random_state=random_state, output_type=output_type))
        self.inner = RandomForestClassifier(
            n_estimators, max_features=max_features, min_samples_leaf=min_samples_leaf, random_state=random_state
        )


class CumlNeighbours(CumlDouble):
    """Signature of cuml.neighbors.KNeighborsClassifier, 26.10."""

    def __init__(
        self, *, n_neighbors=5, algorithm="auto", metric="euclidean", weights="uniform", p=2, algo_params=None,
        metric_params=None, n_jobs=None, verbose=False, output_type=None,
    ):  # fmt: skip
        assert output_type == "numpy"
        self.inner = KNeighborsClassifier(n_neighbors)


@pytest.fixture
def cuml(monkeypatch):
    package, ensemble, neighbors = (ModuleType(name) for name in ("cuml", "cuml.ensemble", "cuml.neighbors"))
    ensemble.RandomForestClassifier, neighbors.KNeighborsClassifier = CumlForest, CumlNeighbours
    for module in (package, ensemble, neighbors):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(devices, "can_use_cuda", lambda library: library == "cuml")


@pytest.mark.parametrize("name", ["random_forest", "knn_features"])
@pytest.mark.parametrize("device", ["cuda", "auto"])
def test_cuml_gets_what_it_knows_and_its_models_obey_the_laws(cuml, name, device):
    samples = samples_in_stripes()
    codes = 2 * (classes_by_features(samples) > 0).astype(np.int64)
    given = tuning(device=device)
    fitted = given.fit(MODELS[name], given.inner_folds(samples, codes))
    probabilities = fitted.predict_proba(samples, 3)
    assert fitted.recipe.device == "cuda"
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(150), abs=1e-12)
    assert (probabilities[:, 1] == 0).all()
    again = from_arrays(*to_arrays(alone(name, fitted), samples, codes))
    assert (again.predict_proba(samples, 3) == probabilities).all()
    if name == "random_forest":
        assert CumlForest.made[-1] == SimpleNamespace(n_streams=1, random_state=0, output_type="numpy")


def test_nearest_neighbours_are_those_of_the_cpu(cuml):
    samples = samples_in_stripes()
    codes = classes_by_features(samples)
    by_device = {}
    for device in ("cpu", "cuda"):
        given = tuning(device=device)
        by_device[device] = given.fit(MODELS["knn_features"], given.inner_folds(samples, codes))
    assert by_device["cuda"].predict_proba(samples, 3) == pytest.approx(by_device["cpu"].predict_proba(samples, 3))


def test_a_model_fitted_on_cuda_is_not_fitted_again_without(cuml, monkeypatch):
    samples = samples_in_stripes()
    codes = classes_by_features(samples)
    given = tuning(device="cuda")
    fitted = given.fit(MODELS["random_forest"], given.inner_folds(samples, codes))
    stored = to_arrays(alone("random_forest", fitted), samples, codes)
    monkeypatch.setattr(devices, "can_use_cuda", lambda library: False)
    with pytest.raises(ConfigError, match=r"CUDA cannot be had through cuml(.|\n)*fix: install it"):
        from_arrays(*stored)


def test_xgboost_gets_the_device_and_only_what_it_knows(monkeypatch):
    """A parameter that XGBoost does not know is only a warning of its own; here it is refused."""
    import inspect

    import xgboost

    from entropice.learning.models.xgboost import make

    known = set(inspect.signature(xgboost.XGBModel.__init__).parameters) - {"kwargs"}
    monkeypatch.setattr(devices, "can_use_cuda", lambda library: True)
    seen = []

    class Double:
        def __init__(self, **given):
            assert set(given) <= known
            seen.append(given)

        def fit(self, rows, codes):
            return self

    monkeypatch.setattr(xgboost, "XGBClassifier", Double)
    samples = samples_in_stripes()
    codes = classes_by_features(samples)
    one = tuning(device="cuda", xgboost=tuning().candidates["xgboost"][0])
    fitted = one.fit(MODELS["xgboost"], one.inner_folds(samples, codes))
    assert seen[-1]["device"] == "cuda"
    make(fitted.recipe)
    assert fitted.recipe.device == "cuda"


def test_cuda_that_is_not_there_is_told_with_the_fix():
    assert device_for("cuml", "cpu") == "cpu"
    assert device_for("cuml", "auto") == "cpu"
    with pytest.raises(ConfigError, match=r"CUDA cannot be had through cuml(.|\n)*modelling.tuning.device(.|\n)*cpu"):
        device_for("cuml", "cuda")


def test_xgboost_built_for_the_cpu_is_no_cuda(monkeypatch):
    xgboost = pytest.importorskip("xgboost")
    monkeypatch.setattr(espa_devices, "has_driver", lambda: True)
    for has_cuda in (False, True):
        monkeypatch.setattr(xgboost, "build_info", lambda has_cuda=has_cuda: {"USE_CUDA": has_cuda})
        assert devices.can_use_cuda("xgboost") is has_cuda
    assert not devices.can_use_cuda("cuml")


def test_cuml_itself_predicts_as_on_the_cpu():
    pytest.importorskip("cuml", reason="cuML and a CUDA device: not run")
    samples = samples_in_stripes()
    codes = classes_by_features(samples)
    given = tuning(device="cuda")
    for name in ("random_forest", "knn_features"):
        fitted = given.fit(MODELS[name], given.inner_folds(samples, codes))
        assert fitted.predict_proba(samples, 3).sum(axis=1) == pytest.approx(np.ones(150), abs=1e-6)
