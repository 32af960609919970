"""The problems are as their recipes say; tuning sees training rows only and gives every model the same budget."""

import json
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, uniform
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import ParameterSampler

from benchmarks import espa_accuracy
from benchmarks.espa_accuracy import complete, half_width, measure, rewrite, run, spell_mean, table
from benchmarks.problems import PROBLEMS, Problem, Split, corners, distractor, shell, three_clouds, worms
from benchmarks.tuned import MODELS, N_CANDIDATES, N_FOLDS, SCORING, Model, search

SHAPES = {
    "worms T=200 D=10": (200, 10, 2000, 2),
    "worms T=200 D=100": (200, 100, 2000, 2),
    "worms T=100 D=100": (100, 100, 2000, 2),
    "distractor T=400 D=12": (400, 12, 2000, 2),
    "corners T=200 D=30": (200, 30, 4000, 2),
    "shell T=300 D=30": (300, 30, 4000, 2),
    "breast cancer T=60 D=30": (60, 30, 569 - 60, 2),
    "wine T=45 D=13": (45, 13, 178 - 45, 3),
    "digits T=200 D=64": (200, 64, 1797 - 200, 10),
    "digits T=1000 D=64": (1000, 64, 1797 - 1000, 10),
}


def random() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_a_problem_has_the_stated_rows_features_and_classes(problem: Problem) -> None:
    split = problem.split(0)
    n_train, n_features, n_test, n_classes = SHAPES[problem.name]
    assert problem.n_train == n_train
    assert problem.n_seeds >= 5
    assert split.train_rows.shape == (n_train, n_features)
    assert split.test_rows.shape == (n_test, n_features)
    assert set(split.train_classes) == set(split.test_classes) == set(range(n_classes))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_a_split_depends_on_its_seed_alone(problem: Problem) -> None:
    first, again, other = problem.split(3), problem.split(3), problem.split(4)
    np.testing.assert_array_equal(first.train_rows, again.train_rows)
    np.testing.assert_array_equal(first.test_classes, again.test_classes)
    assert not np.array_equal(first.train_rows, other.train_rows)


def test_no_rule_beats_the_stated_limit_on_worms_and_the_best_rule_reaches_it() -> None:
    """The best rule is the nearest of the three centres in the metric of the common covariance."""
    rows, classes = three_clouds(300_000, random())
    outward = rows @ np.linalg.solve([[1.0, 1.0], [1.0, 2.0]], [2.0, -2.0]) / np.sqrt(20)
    limit = 1 - 4 / 3 * norm.cdf(-np.sqrt(5))
    accuracies = {edge: ((np.abs(outward) < edge) == classes).mean() for edge in np.sqrt(5) + np.array([-0.3, 0, 0.3])}
    assert limit == pytest.approx(0.9831, abs=1e-4)
    assert accuracies[np.sqrt(5)] == pytest.approx(limit, abs=4 * np.sqrt(limit * (1 - limit) / len(rows)))
    assert max(accuracies, key=accuracies.__getitem__) == np.sqrt(5)


def test_worms_hold_a_third_of_the_rows_in_the_middle_and_fill_the_unit_range() -> None:
    rows, classes = worms(2100, 5, random())
    assert classes.sum() == 700
    np.testing.assert_array_equal(rows.min(axis=0), np.zeros(5))
    np.testing.assert_array_equal(rows.max(axis=0), np.ones(5))
    within = [np.corrcoef(rows[classes == 1, :2].T)[0, 1], np.corrcoef(rows[:, :2].T)[0, 1]]
    assert within[0] == pytest.approx(1 / np.sqrt(2), abs=0.06)
    assert within[1] < 0


def test_corners_are_the_exclusive_or_of_two_features_with_the_stated_spread() -> None:
    rows, classes = corners(20_000, 6, random())
    sides = rows[:, :2] > 0.5
    np.testing.assert_array_equal(sides[:, 0] ^ sides[:, 1], classes)
    residuals = rows[:, :2] - (0.15 + 0.7 * sides)
    np.testing.assert_allclose(residuals.std(axis=0), 0.06, rtol=0.02)
    np.testing.assert_allclose(rows[:, 2:].var(axis=0), 1 / 12, rtol=0.02)
    assert all(abs(np.corrcoef(column, classes)[0, 1]) < 0.03 for column in rows.T)


def test_the_distractors_are_tighter_and_tell_nothing() -> None:
    rows, classes = distractor(20_000, 6, random())
    sides = rows[:, :4] > 0.5
    spreads = (rows[:, :4] - (0.15 + 0.7 * sides)).std(axis=0)
    np.testing.assert_allclose(spreads, [0.07, 0.07, 0.05, 0.05], rtol=0.02)
    np.testing.assert_array_equal(sides[:, 0] ^ sides[:, 1], classes)
    assert (sides[:, 2] ^ sides[:, 3] == classes).mean() == pytest.approx(0.5, abs=0.02)


def test_a_shell_is_a_ring_around_a_disc_in_every_direction() -> None:
    rows, classes = shell(20_000, 4, random())
    across = rows[:, :2] - 0.5
    radii = np.hypot(*across.T)
    assert radii[classes == 1].mean() == pytest.approx(0.45, abs=0.002)
    assert radii[classes == 0].mean() == pytest.approx(0.12, abs=0.002)
    assert radii[classes == 1].std() == pytest.approx(0.03, rel=0.05)
    np.testing.assert_allclose((across / radii[:, None]).mean(axis=0), 0, atol=0.02)


@pytest.mark.parametrize("problem", PROBLEMS[-4:], ids=lambda problem: problem.name)
def test_a_measured_split_uses_every_row_once_and_keeps_the_shares_of_the_classes(problem: Problem) -> None:
    split = problem.split(0)
    other = problem.split(1)
    rows, others = (np.vstack([part.train_rows, part.test_rows]) for part in (split, other))
    np.testing.assert_array_equal(rows[np.lexsort(rows.T)], others[np.lexsort(others.T)])
    shares = np.bincount(np.concatenate([split.train_classes, split.test_classes])) / len(rows)
    np.testing.assert_allclose(np.bincount(split.train_classes), shares * problem.n_train, atol=1)


class Witness(ClassifierMixin, BaseEstimator):
    """A classifier that remembers, for the whole class, the first feature of all rows it was shown, fit by fit."""

    fitted: ClassVar[list[set[float]]] = []
    asked: ClassVar[list[set[float]]] = []

    def __init__(self, parameter: float = 0.0) -> None:
        self.parameter = parameter

    def fit(self, X: Any, y: Any) -> Self:
        self.classes_ = np.unique(y)
        self.feature_importances_ = np.array([0.5, 0.25, 0.25] + [0.0] * (X.shape[1] - 3))
        self.fitted.append(set(X[:, 0]))
        return self

    def predict_proba(self, X: Any) -> Any:
        self.asked.append(set(X[:, 0]))
        return np.full((len(X), len(self.classes_)), 1 / len(self.classes_))


WITNESS = Model("witness", lambda seed: Witness(), lambda n_rows: {"parameter": uniform(0, 1)})


def test_tuning_sees_training_rows_only_and_the_test_rows_are_asked_once_after_the_last_fit() -> None:
    Witness.fitted, Witness.asked = [], []
    problem = PROBLEMS[0]
    record = measure(problem, WITNESS, 0)
    train, test = (set(rows[:, 0]) for rows in (problem.split(0).train_rows, problem.split(0).test_rows))
    n_fits = N_CANDIDATES * N_FOLDS
    assert len(Witness.fitted) == n_fits + 1
    assert all(rows < train for rows in Witness.fitted[:n_fits])
    assert Witness.fitted[n_fits] == train
    assert len(Witness.asked) == n_fits + 1
    assert all(rows < train for rows in Witness.asked[:n_fits])
    assert Witness.asked[n_fits] == test
    assert record["true_feature_share"] == 0.75


@pytest.mark.parametrize("n_rows", sorted({problem.n_train for problem in PROBLEMS}))
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_has_the_same_budget(model: Model, n_rows: int) -> None:
    if model.name == "XGBoost":
        pytest.importorskip("xgboost")
    tuned = search(model, n_rows, 5)
    drawn = list(ParameterSampler(tuned.param_distributions, tuned.n_iter, random_state=tuned.random_state))
    assert len({repr(candidate) for candidate in drawn}) == N_CANDIDATES
    assert tuned.scoring == SCORING
    assert tuned.refit is True
    assert (tuned.cv.get_n_splits(), tuned.cv.shuffle, tuned.cv.random_state) == (N_FOLDS, True, 5)
    assert set(tuned.param_distributions) <= set(tuned.estimator.get_params())


@pytest.mark.parametrize("model", [model for model in MODELS if "eSPA" in model.name], ids=lambda model: model.name)
def test_espa_never_has_more_boxes_than_rows_of_a_fold(model: Model) -> None:
    for problem in PROBLEMS:
        boxes = next(values for name, values in model.distributions(problem.n_train).items() if "n_boxes" in name)
        assert max(boxes) <= problem.n_train * (N_FOLDS - 1) / N_FOLDS


def test_the_interval_is_that_of_student() -> None:
    """1, 2, 3: standard deviation 1, the 97.5 % quantile for two degrees of freedom is 4.3027."""
    assert half_width(pd.Series([1.0, 2.0, 3.0])) == pytest.approx(4.3027 / np.sqrt(3), abs=1e-4)


def test_a_table_has_the_mean_over_seeds_the_best_in_bold_and_says_what_was_not_run() -> None:
    first, second = PROBLEMS[0].name, PROBLEMS[1].name
    values = [(first, "eSPA hard", 0.9), (first, "eSPA hard", 0.7), (first, "XGBoost", 0.6), (first, "XGBoost", 0.8)]
    values += [(second, "XGBoost", 0.5), (second, "XGBoost", 0.5)]
    records = pd.DataFrame(values, columns=["problem", "model", "accuracy"])
    assert table(records, "accuracy", max, 2).splitlines() == [
        "| problem | eSPA hard | XGBoost |",
        "| --- | --- | --- |",
        f"| {first} | **0.80** ± 1.27 | 0.70 ± 1.27 |",
        f"| {second} | not run | **0.50** ± 0.00 |",
    ]
    assert spell_mean(0.8004, 0.1, 0.8, 3) == "**0.800** ± 0.100"


def test_no_mean_is_shown_of_fewer_seeds_than_planned() -> None:
    problem = PROBLEMS[0]
    values = [(problem.name, "eSPA hard", seed) for seed in problem.seeds]
    values += [(problem.name, "XGBoost", seed) for seed in problem.seeds[1:]]
    records = pd.DataFrame(values, columns=["problem", "model", "seed"])
    assert set(complete(records)["model"]) == {"eSPA hard"}


@pytest.fixture
def small_problem() -> Problem:
    def draw(n_train: int, seed: int) -> Split:
        rows, classes = corners(n_train + 20, 3, np.random.default_rng(seed))
        return Split(rows[:n_train], classes[:n_train], rows[n_train:], classes[n_train:])

    return Problem("small", draw, 30, 2)


def test_an_interrupted_run_continues_and_other_settings_are_measured_anew(
    small_problem: Problem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espa_accuracy, "versions", dict)
    path = tmp_path / "records.jsonl"
    model = Model("logistic", lambda seed: LogisticRegression(), lambda n_rows: {"C": uniform(0.1, 1)})
    run([small_problem], [model], path)
    whole = path.read_text()
    path.write_text(whole.splitlines(keepends=True)[0])
    run([small_problem], [model], path)
    assert [json.loads(line)["accuracy"] for line in path.read_text().splitlines()] == [
        json.loads(line)["accuracy"] for line in whole.splitlines()
    ]
    run([small_problem], [Model("logistic", model.make, lambda n_rows: {"C": uniform(0.1, 2)})], path)
    assert len(path.read_text().splitlines()) == 4


def test_only_what_stands_between_the_markers_is_rewritten(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{espa_accuracy.BEGIN}\nold\n{espa_accuracy.END}\nafter\n")
    rewrite(page, "new")
    assert page.read_text() == f"before\n{espa_accuracy.BEGIN}\nnew\n{espa_accuracy.END}\nafter\n"
    page.write_text("no markers")
    with pytest.raises(ValueError, match="has no lines"):
        rewrite(page, "new")
