import numpy as np
import pandas as pd
import pytest

from entropice.errors import LabelError, ModelFileError
from entropice.espa import ESPAClassifier, to_arrays
from entropice.learning.model_file import read_espa
from entropice.learning.models import MODELS
from entropice.learning.sites import Sites
from entropice.learning.tuning import EspaSearch, choose_espa, inner_folds

SEARCH = EspaSearch(
    n_boxes=(2, 6),
    eps_entropy=(0.01, 0.1),
    eps_class=(1.0,),
    pseudo_count=1e-3,
    n_init=2,
    n_folds=3,
    buffer_m=50_000.0,
    n_init_search=1,
    random_seed=0,
)


@pytest.fixture(scope="module")
def sites():
    random = np.random.default_rng(0)
    features = pd.DataFrame(random.normal(size=(150, 4)), columns=list("abcd")).mask(random.random((150, 4)) < 0.05)
    coordinates_m = random.uniform(0, 1e6, (150, 2))
    return Sites(features, coordinates_m, (coordinates_m[:, 0] // 2e5).astype(np.uint64))


@pytest.fixture(scope="module")
def codes(sites):
    return np.where(sites.features["a"].fillna(0) > 0.5, 2, np.where(sites.features["b"].fillna(0) > 0, 1, 0))


@pytest.mark.parametrize("name", MODELS)
def test_every_model_gives_probabilities_over_all_classes(name, sites, codes):
    is_train = np.arange(150) < 100
    model = MODELS[name](sites.where(is_train), codes[is_train], SEARCH)
    probabilities = model.predict_proba(sites.where(~is_train), 4)
    assert probabilities.shape == (50, 4)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(50))
    assert (probabilities[:, 3] == 0).all()


@pytest.mark.parametrize("name", MODELS)
def test_no_model_learns_from_the_rows_it_predicts(name, sites, codes):
    """Imputation, scaling and neighbours come from training rows: predictions of a row alone are the same."""
    model = MODELS[name](sites, codes, SEARCH)
    first = model.predict_proba(sites, 3)[:1]
    alone = model.predict_proba(sites.where(np.arange(150) == 0), 3)
    assert alone == pytest.approx(first, abs=1e-12)


def test_prevalence_predicts_training_frequencies(sites, codes):
    expected = np.bincount(codes, minlength=3) / len(codes)
    assert MODELS["prevalence"](sites, codes, SEARCH).predict_proba(sites, 3)[17] == pytest.approx(expected)


def test_inner_folds_keep_blocks_whole_and_the_buffer_empty(sites):
    n_tested = np.zeros(150)
    for is_train, is_test in inner_folds(SEARCH, sites):
        n_tested += is_test
        assert not set(sites.blocks[is_train]) & set(sites.blocks[is_test])
        gaps = sites.coordinates_m[is_train][:, None] - sites.coordinates_m[is_test][None]
        assert np.linalg.norm(gaps, axis=2).min() > SEARCH.buffer_m
    assert (n_tested == 1).all()


def test_the_search_finds_the_number_of_boxes_that_predicts(sites):
    corners = (sites.features["a"] > 0).astype(int) ^ (sites.features["b"] > 0).astype(int)
    chosen = choose_espa(SEARCH, sites, corners.to_numpy())
    assert chosen.n_boxes == 6
    assert chosen.n_init == SEARCH.n_init


def test_one_candidate_needs_no_folds(sites, codes):
    single = EspaSearch((3,), (0.05,), (1.0,), 1e-3, 2, n_folds=99, buffer_m=0.0, n_init_search=1, random_seed=0)
    assert choose_espa(single, sites, codes).n_boxes == 3


def test_a_search_without_training_rows_is_an_error_with_a_fix(sites, codes):
    swallowed = EspaSearch((2, 3), (0.05,), (1.0,), 1e-3, 2, n_folds=3, buffer_m=9e6, n_init_search=1, random_seed=0)
    with pytest.raises(LabelError, match="fix: give one value each"):
        choose_espa(swallowed, sites, codes)


def test_a_damaged_model_file_names_the_fix(sites, codes):
    arrays, metadata = to_arrays(ESPAClassifier(3, n_init=1, random_state=0).fit(sites.features, codes))
    assert read_espa(arrays, metadata).predict(sites.features).shape == (150,)
    with pytest.raises(ModelFileError, match="kedro run --pipeline modelling"):
        read_espa({name: values for name, values in arrays.items() if name != "box_centers"}, metadata)
    with pytest.raises(ModelFileError, match="classes"):
        read_espa(arrays, {key: value for key, value in metadata.items() if key != "classes"})
