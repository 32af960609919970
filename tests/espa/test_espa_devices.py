"""Whole fits through an array namespace, as on a GPU, equal those of the compiled path; and devices that are absent."""

import numpy as np
import pytest
from espa_problems import place_of, small_table, training_data_of
from sklearn.exceptions import ConvergenceWarning

from entropice.espa import ESPAClassifier
from entropice.espa.devices import HOST, Place, choose_place, has_driver
from entropice.espa.fitting import fit_together

FITTED = ["box_centers_", "box_class_probabilities_", "feature_weights_", "feature_metric_"]


@pytest.fixture
def fit_at(monkeypatch):
    """Fit as if a device lay behind an array namespace, in chunks as small as they get.

    Its arrays are read where they are: the strict namespace does not call memory "cpu".
    """

    def fit(place, model, *data):
        with monkeypatch.context() as patch:
            patch.setattr("entropice.espa.fitting.choose_place", lambda device: place)
            patch.setattr("entropice.espa.namespaced.RESIDENT_COSTS", 1)
            patch.setattr("entropice.espa.solver.batches.to_device", lambda array, _: array)
            return model.fit(*data)

    return fit


def table(missing):
    X, y = small_table(4, n_rows=1500, n_features=5, missing=missing)
    return X, y, np.random.default_rng(0).integers(0, 4, len(X)).astype(float)


def model(**parameters):
    return ESPAClassifier(5, **{"n_init": 4, "pseudo_count": 0.001, "random_state": 1} | parameters)


@pytest.mark.parametrize("missing", [0.0, 0.2], ids=["complete", "missing"])
@pytest.mark.parametrize("order", ["GSLW", "GWSL"])
@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@pytest.mark.parametrize("place", ["numpy", "torch", "strict"])
def test_whole_fits_in_a_namespace_equal_compiled_ones(fit_at, place, affiliation, order, missing):
    X, y, weights = table(missing)
    parameters = {"affiliation": affiliation, "order": order, "class_weight": "balanced", "tol": 1e-6}
    if order == "GSLW":
        parameters |= {"n_effective_features": 2.5, "prior_weight": 0.01}
    there = fit_at(place_of(place), model(**parameters), X, y, weights)
    here = fit_at(HOST, model(**parameters), X, y, weights)
    assert there.loss_ == pytest.approx(here.loss_, rel=0, abs=1e-10)
    assert there.box_of(X).tolist() == here.box_of(X).tolist()
    assert there.predict_proba(X) == pytest.approx(here.predict_proba(X), abs=1e-9)
    assert there.loss_curve_ == pytest.approx(here.loss_curve_, rel=0, abs=1e-10)
    for name in FITTED:
        assert getattr(there, name) == pytest.approx(getattr(here, name), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("place", ["numpy", "torch"])
@pytest.mark.parametrize("affiliation", ["hard", "soft"])
def test_single_precision_in_a_namespace_gives_the_loss_of_double_precision(fit_at, place, affiliation):
    X, y, weights = table(0.2)
    parameters = {"affiliation": affiliation, "tol": 1e-5, "init": X[~np.isnan(X).any(axis=1)][:5]}
    there = fit_at(place_of(place), model(dtype="float32", **parameters), X, y, weights)
    here = fit_at(HOST, model(**parameters), X, y, weights)
    assert there.loss_ == pytest.approx(here.loss_, rel=1e-4)
    assert (there.box_of(X) == here.box_of(X)).mean() > 0.999


@pytest.mark.parametrize("place", ["numpy", "torch", "strict"])
@pytest.mark.parametrize("affiliation", ["hard", "soft"])
def test_folds_and_candidates_fitted_together_in_a_namespace_equal_compiled_ones(fit_at, place, affiliation):
    X, y, weights = table(0.1)
    weightings = np.array([weights, weights * (np.arange(len(X)) % 3 != 0), weights * (y != 1)])
    candidates = [model(affiliation=affiliation, eps_entropy=eps, tol=1e-6) for eps in (0.002, 0.5)]
    pairs = [(candidate, f) for candidate in candidates for f in range(3)]

    class Together:
        def fit(self):
            return fit_together(
                [pair[0] for pair in pairs], training_data_of(X, y, weightings), [pair[1] for pair in pairs]
            )

    for there, here in zip(fit_at(place_of(place), Together()), fit_at(HOST, Together()), strict=True):
        assert there.classes.tolist() == here.classes.tolist()
        assert there.curve == pytest.approx(here.curve, rel=0, abs=1e-10)
        assert there.centers == pytest.approx(here.centers, rel=1e-9, abs=1e-12)
        assert there.probabilities == pytest.approx(here.probabilities, rel=0, abs=1e-9)
        assert there.feature_weights == pytest.approx(here.feature_weights, rel=0, abs=1e-9)


@pytest.mark.parametrize("max_iter", [1, 7, 8, 9])
def test_no_more_sweeps_are_taken_in_a_namespace_than_allowed(fit_at, max_iter):
    """Sweeps are taken by eights where a look at the device would wait for it."""
    X, y, weights = table(0.0)
    for place in (place_of("torch"), HOST):
        with pytest.warns(ConvergenceWarning, match=f"max_iter={max_iter} sweeps"):
            fitted = fit_at(place, model(max_iter=max_iter, affiliation="soft"), X, y, weights)
        assert fitted.n_iter_ == max_iter


def test_cuda_that_cannot_be_had_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setattr("entropice.espa.devices.cuda_place", lambda: None)
    with pytest.raises(ValueError, match=r"device='cuda' needs .* install one of them, or use device='cpu'"):
        model(device="cuda").fit(*table(0.0)[:2])


def test_auto_means_the_cpu_where_there_is_no_cuda(monkeypatch):
    monkeypatch.setattr("entropice.espa.devices.cuda_place", lambda: None)
    assert choose_place("auto") is HOST
    X, y, _ = table(0.0)
    assert model(device="auto").fit(X, y).loss_ == model(device="cpu").fit(X, y).loss_


def test_auto_means_cuda_where_it_can_be_had(monkeypatch):
    elsewhere = place_of("numpy")
    monkeypatch.setattr("entropice.espa.devices.cuda_place", lambda: elsewhere)
    assert choose_place("auto") is elsewhere
    assert choose_place("cuda") is elsewhere
    assert choose_place("cpu") is HOST


def test_a_device_without_a_hash_can_be_fitted_on(fit_at):
    class LikeCuPy:
        __hash__ = None

        def __eq__(self, other):
            return other == "cpu"

    X, y, weights = table(0.0)
    there = fit_at(Place(HOST.namespace, LikeCuPy()), model(), X, y, weights)
    assert there.loss_ == pytest.approx(fit_at(HOST, model(), X, y, weights).loss_, rel=0, abs=1e-10)


@pytest.mark.parametrize(
    ("present", "expected"), [((), False), (("libcuda.so.1",), True), (("nvcuda.dll",), True), (("other.dll",), False)]
)
def test_a_driver_is_found_by_its_name_on_linux_or_on_windows(monkeypatch, present, expected):
    def load(name):
        if name not in present:
            raise OSError(name)

    monkeypatch.setattr("entropice.espa.devices.ctypes.CDLL", load)
    assert has_driver() is expected
