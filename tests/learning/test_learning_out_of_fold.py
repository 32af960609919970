"""Predictions out of fold: no model, and no calibration, learns from the rows it is judged by."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fold_problems import ground_of, spatial_folds
from model_problems import tuning

from entropice import processes
from entropice.errors import ConfigError, LabelError
from entropice.learning.best import FEW_BLOCKS, STEADY, fit_bytes, mean_of_candidates
from entropice.learning.classes import fit_classes
from entropice.learning.folds.table import make_folds
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.predictor import Predictor
from entropice.learning.samples import Samples
from entropice.learning.training_table import laid_out
from entropice.learning.tuning import Tuning
from entropice.processes import memory_ceiling

N_CELLS, N_CLASSES = 160, 3
TUNING = tuning(n_folds=2, buffer_m=0.0)


@pytest.fixture(scope="module")
def samples():
    random = np.random.default_rng(0)
    coordinates_m = random.uniform(0, 1e6, (N_CELLS, 2))
    features = pd.DataFrame(random.normal(size=(N_CELLS, 3)), columns=list("abc"))
    return Samples(features, coordinates_m, (coordinates_m[:, 0] // 1e5).astype(np.uint64))


@pytest.fixture(scope="module")
def table(samples):
    fraction = np.maximum(samples.features["a"].to_numpy() + 0.5, 0.0) / 10
    return pd.DataFrame({"cell_id": np.arange(N_CELLS, dtype=np.uint64), "year": 2021, "rts_area_fraction": fraction})


@pytest.fixture(scope="module")
def folds(samples, table):
    return spatial_folds(samples, table["cell_id"].to_numpy(), 3, 20_000.0)


def test_every_model_predicts_every_cell_once_in_the_classes_of_its_fold(table, samples, folds):
    classes, predicted = predict_out_of_fold(table, samples, folds, list(MODELS), N_CLASSES, TUNING)
    assert list(classes) == ["spatial/0", "spatial/1", "spatial/2"]
    assert list(predicted.columns) == (
        ["scheme", "fold", "model", "cell_id", "year", "class_", "p_none", "p_few", "p_many"]
    )
    assert set(predicted["model"]) == set(MODELS)
    for _, own in predicted.groupby("model"):
        assert sorted(own["cell_id"]) == list(range(N_CELLS))
    assert predicted[["p_none", "p_few", "p_many"]].sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_a_row_that_knows_only_what_no_training_row_does_is_told_the_shares_of_classes(table, samples, folds, caplog):
    """Filled with 0 in every class it would be a certain slump: P(any) = 1 − P(none)."""
    features = samples.features[["a", "b"]].copy()
    apart = folds.loc[(folds["fold"] == 0) & (folds["role"] == "test"), "cell_id"].to_numpy().astype(int)[:5]
    features["b"] = np.nan
    features.loc[apart, ["a", "b"]] = np.nan, 1.0
    lacking = replace(samples, features=features, groups={"a": "terrain", "b": "climate"})

    _, predicted = predict_out_of_fold(table, lacking, folds, ["ordinal_ridge", "prevalence"], N_CLASSES, TUNING)

    probabilities = predicted.set_index("cell_id")[["p_none", "p_few", "p_many"]]
    is_of = {model: (predicted["model"] == model).to_numpy() for model in ("ordinal_ridge", "prevalence")}
    told, shares = (probabilities[is_here].loc[apart] for is_here in is_of.values())
    pd.testing.assert_frame_equal(told, shares)
    assert probabilities.sum(axis=1).to_numpy() == pytest.approx(1.0)
    (warning,) = (record.message for record in caplog.records if "know only" in record.message)
    assert warning.startswith("Fold spatial/0: 5 tested rows know only what none of its training rows does.")


def test_any_number_of_processes_and_any_ceiling_predict_what_one_process_predicts(table, samples, folds, monkeypatch):
    for worth_s in ("WORTH_S", "WORTH_AGAIN_S"):
        monkeypatch.setattr(processes, worth_s, 0.0)
    names = ["ordinal_ridge", "espa_ensemble", "knn_coordinates", BEST]
    shared = replace(samples, features=laid_out([samples.features[name] for name in "abc"], "abc", table.index))
    alone = predict_out_of_fold(table, samples, folds, names, N_CLASSES, replace(TUNING, n_processes=1))
    for n_fits in (1, 2, 100):
        with memory_ceiling(n_fits * fit_bytes(names, samples)):
            together = predict_out_of_fold(table, shared, folds, names, N_CLASSES, replace(TUNING, n_processes=2))
        assert alone[0] == together[0]
        pd.testing.assert_frame_equal(alone[1], together[1], check_exact=True)


def test_a_ceiling_below_one_fit_is_refused_before_any(table, samples, folds, monkeypatch):
    monkeypatch.setattr(Tuning, "fit", lambda *_: pytest.fail("a fit was begun"))
    need = fit_bytes(["logistic", "prevalence"], samples)
    assert need == MODELS["logistic"].n_copies * N_CELLS * 3 * 8
    with memory_ceiling(need - 1), pytest.raises(ConfigError) as caught:
        predict_out_of_fold(table, samples, folds, ["logistic", "prevalence"], N_CLASSES, TUNING)
    assert caught.value.field == "tiles.memory_ceiling_gib"


def test_the_best_of_a_fold_with_few_blocks_is_the_mean_of_candidates_of_its_training_rows(table, samples, folds):
    one_fold = folds[folds["fold"] == 0]
    names = [STEADY, "prevalence", BEST]
    _, predicted = predict_out_of_fold(table, samples, one_fold, names, N_CLASSES, TUNING)
    training = one_fold.loc[one_fold["role"] == "train", "cell_id"].to_numpy().astype(int)
    tested = one_fold.loc[one_fold["role"] == "test", "cell_id"].to_numpy().astype(int)
    fractions = table["rts_area_fraction"].to_numpy()
    codes = fit_classes(fractions[training], N_CLASSES).assign(fractions)[training]
    parts = mean_of_candidates(TUNING.inner_folds(samples.rows(training), codes), TUNING)
    expected = Predictor(parts).predict_proba(samples.rows(np.sort(tested)), N_CLASSES)
    of_best = predicted[predicted["model"] == BEST].sort_values("cell_id")
    assert len(np.unique(samples.blocks[training])) < FEW_BLOCKS
    assert of_best[["p_none", "p_few", "p_many"]].to_numpy() == pytest.approx(expected)


def test_the_best_of_a_fold_with_many_blocks_is_one_of_the_models(table, samples, folds):
    fine = replace(samples, blocks=(samples.coordinates_m[:, 0] // 3e4).astype(np.uint64))
    names = [STEADY, "prevalence", BEST]
    _, predicted = predict_out_of_fold(table, fine, folds[folds["fold"] == 0], names, N_CLASSES, TUNING)
    chances = {name: rows.filter(like="p_").to_numpy() for name, rows in predicted.groupby("model")}
    assert np.array_equal(chances[BEST], chances[STEADY])


def test_a_year_is_left_out_of_training_and_tested_alone(table, samples):
    """Slumps of 2021 are small, of 2022 large: the edge of a fold is that of the year it trains on."""
    later = table.assign(year=2022, rts_area_fraction=table["rts_area_fraction"] * 10)
    rows, features = pd.concat([table, later], ignore_index=True), pd.concat([samples.features] * 2, ignore_index=True)
    both = Samples(features, np.tile(samples.coordinates_m, (2, 1)), np.tile(samples.blocks, 2))
    ground = ground_of(table["cell_id"].to_numpy(), samples.blocks, samples.coordinates_m, years=np.array([2021, 2022]))
    folds = make_folds(ground, ["year"], 0)
    classes, predicted = predict_out_of_fold(rows, both, folds, ["prevalence"], N_CLASSES, TUNING)
    assert predicted.groupby("fold")["year"].unique().map(list).to_dict() == {0: [2021], 1: [2022]}
    assert classes["year/0"]["edges"][0] > 5 * classes["year/1"]["edges"][0]
    assert sorted(predicted["cell_id"]) == list(range(N_CELLS))


def test_only_the_models_asked_for_are_fitted(table, samples, folds):
    _, predicted = predict_out_of_fold(table, samples, folds, ["prevalence"], N_CLASSES, TUNING)
    assert set(predicted["model"]) == {"prevalence"}


def test_no_model_sees_the_rows_it_is_judged_by(table, samples, folds):
    """Other labels of all held-out rows, and other values in half of them, leave the other half's predictions alone."""
    one_fold = folds[folds["fold"] == 1]
    tested = one_fold.loc[one_fold["role"] == "test", "cell_id"].to_numpy().astype(int)
    poisoned, features = table.copy(), samples.features.copy()
    poisoned.loc[tested, "rts_area_fraction"] = 0.9 - poisoned.loc[tested, "rts_area_fraction"]
    features.iloc[tested[::2]] = 1e6
    poisoned_sites = Samples(features, samples.coordinates_m, samples.blocks)
    classes, predicted = predict_out_of_fold(table, samples, one_fold, list(MODELS), N_CLASSES, TUNING)
    poisoned_classes, poisoned_predicted = predict_out_of_fold(
        poisoned, poisoned_sites, one_fold, list(MODELS), N_CLASSES, TUNING
    )
    assert classes == poisoned_classes
    is_kept = predicted["cell_id"].isin(tested[1::2])
    assert (predicted["class_"] != poisoned_predicted["class_"]).any()
    assert predicted[is_kept].drop(columns="class_").equals(poisoned_predicted[is_kept].drop(columns="class_"))


def test_each_fold_tunes_each_model_once_on_its_own_training_rows(table, samples, folds, monkeypatch):
    tuned, fit = [], Tuning.fit

    def recorded(tuning, model, inner_folds):
        if model.is_tuned:
            assert len(tuning.candidates[model.name]) > 1
            seen = inner_folds.samples.features.index
            assert all(set(seen[[*train, *test]]) <= set(seen) for train, test in inner_folds.splits)
            tuned.append((model.name, tuple(seen)))
        return fit(tuning, model, inner_folds)

    monkeypatch.setattr(Tuning, "fit", recorded)
    names = ["ordinal_ridge", "logistic"]
    predict_out_of_fold(table, samples, folds, [*names, "prevalence"], N_CLASSES, replace(TUNING, n_processes=1))
    training = folds[folds["role"] == "train"].groupby("fold")["cell_id"]
    own = [tuple(sorted(cells.to_numpy().astype(int))) for _, cells in training]
    assert sorted(tuned) == sorted((name, rows) for rows in own for name in names)


def test_a_fold_without_positives_is_named(table, samples, folds):
    is_trained = table["cell_id"].isin(folds.loc[(folds["fold"] == 2) & (folds["role"] == "train"), "cell_id"])
    fractions = table["rts_area_fraction"].where(~is_trained, 0.0)
    with pytest.raises(LabelError) as caught:
        predict_out_of_fold(
            table.assign(rts_area_fraction=fractions), samples, folds[folds["fold"] == 2], ["espa"], N_CLASSES, TUNING
        )
    assert "spatial/2" in "".join(caught.value.__notes__)
