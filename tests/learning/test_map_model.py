"""The model behind the map: the one named, or the best in inner spatial folds with what it beat."""

import numpy as np
import pandas as pd
import pytest
from fold_problems import spatial_folds
from model_problems import samples_in_stripes, tuning

from entropice.learning.classes import fit_classes
from entropice.learning.map_model import CRITERION, choose_best, statement, statement_of_best
from entropice.learning.models import MODELS
from entropice.learning.scores import log_losses

TUNING = tuning()
NAMES = ["espa", "logistic", "random_forest", "knn_coordinates", "prevalence"]


@pytest.fixture(scope="module")
def samples():
    return samples_in_stripes(300)


def table_of(fraction):
    """Two years of 150 cells."""
    cell_id = np.repeat(np.arange(150, dtype=np.uint64), 2)
    return pd.DataFrame({"cell_id": cell_id, "year": np.tile([2021, 2022], 150), "rts_area_fraction": fraction})


def in_cells(samples):
    """Both rows of a cell lie where its first one does."""
    first = np.repeat(np.arange(0, 300, 2), 2)
    return type(samples)(samples.features, samples.coordinates_m[first], samples.blocks[first])


def worlds(samples):
    """Log odds linear in a feature; corners, which no line cuts off; a feature that means the opposite next door."""
    random = np.random.default_rng(2)
    a, b = (samples.features[name].fillna(0).to_numpy() for name in "ab")
    size = random.uniform(0.01, 0.02, 300)
    return {
        "logistic": np.where(random.random(300) < 1 / (1 + np.exp(-4 * a)), size, 0.0),
        "random_forest": np.where((a > 0) ^ (b > 0), size, 0.0),
        "prevalence": np.where(a * np.where(samples.blocks % 2, -1, 1) > 0, size, 0.0),
    }


@pytest.mark.parametrize("best", ["logistic", "random_forest", "prevalence"])
def test_the_best_on_a_made_problem_is_chosen_and_what_it_beat_is_stated(best, samples):
    choice = choose_best(table_of(worlds(in_cells(samples))[best]), in_cells(samples), NAMES, 2, TUNING)
    assert (choice["name"], choice["title"]) == (best, MODELS[best].title)
    chosen = choice["chosen"]
    assert chosen["criterion"] == CRITERION
    assert {each["name"] for each in chosen["beaten"]} == set(NAMES) - {best}
    assert all(each["title"] == MODELS[each["name"]].title for each in chosen["beaten"])
    scores = [chosen["score"], *(each["score"] for each in chosen["beaten"])]
    assert scores == sorted(scores, reverse=True)
    assert {each["name"]: each["score"] for each in [choice | chosen, *chosen["beaten"]]}["prevalence"] == 0


def test_the_score_is_log_skill_over_folds_with_classes_of_their_own_training_rows(samples):
    """Fold by fold, by hand, with four classes whose edges the folds do not share."""
    samples = in_cells(samples)
    table = table_of(np.exp(worlds(samples)["logistic"] * 100 + samples.features["a"].fillna(0)) - 1)
    table["rts_area_fraction"] = table["rts_area_fraction"].clip(lower=0)
    choice = choose_best(table, samples, NAMES, 4, TUNING)

    one = np.arange(0, 300, 2)
    folds = spatial_folds(samples.where(np.arange(300) % 2 == 0), table["cell_id"].to_numpy()[one], 3, TUNING.buffer_m)
    losses = {"logistic": 0.0, "prevalence": 0.0}
    edges = set()
    for fold in range(3):
        roles = folds[(folds["scheme"] == "spatial") & (folds["fold"] == fold)].set_index("cell_id")["role"]
        role = roles.loc[table["cell_id"]].to_numpy()
        fractions = table["rts_area_fraction"].to_numpy()
        classes = fit_classes(fractions[role == "train"], 4)
        edges.add(tuple(classes.edges))
        codes = classes.assign(fractions)
        inner = TUNING.inner_folds(samples.where(role == "train"), codes[role == "train"])
        for name in losses:
            predicted = TUNING.fit(MODELS[name], inner).predict_proba(samples.where(role == "test"), len(classes.names))
            losses[name] += log_losses(predicted, codes[role == "test"]).sum()
    assert len(edges) == 3
    found = {each["name"]: each["score"] for each in [choice | choice["chosen"], *choice["chosen"]["beaten"]]}
    assert found["logistic"] == pytest.approx(1 - losses["logistic"] / losses["prevalence"])


def test_the_first_of_equals_is_chosen():
    assert statement_of_best({"logistic": 0.2, "espa": 0.2, "prevalence": 0.0})["name"] == "logistic"


def test_a_named_model_has_beaten_nothing():
    assert statement("xgboost") == {"name": "xgboost", "title": "XGBoost", "chosen": None}
