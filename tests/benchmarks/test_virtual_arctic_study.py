"""The study on virtual Arctics gives every model the same rows, folds and budget, and scores as the project does."""

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
import pytest
from omegaconf import OmegaConf
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import ParameterSampler

from benchmarks import virtual_arctic
from benchmarks.virtual_arctic import (
    CANDIDATE_SEED,
    FORECASTS,
    MODELS,
    N_CANDIDATES,
    OURS,
    RIVALS,
    Rival,
    World,
    check_budget,
    forecast,
    forecast_limit,
    frame_of,
    measure,
    report,
    run,
    write_configuration,
)
from entropice.espa import ESPASearch
from entropice.learning.folds import make_folds
from entropice.learning.models import by_coordinates, by_features
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.samples import Samples
from entropice.learning.scores import log_losses, score_table
from entropice.learning.tuning import EspaSearch, inner_folds

N_CELLS, N_FOLDS, N_INNER_FOLDS = 240, 3, 2
SEARCH = EspaSearch(
    (2, 3, 4, 5), (0.02, 0.1), (1.0,), 1e-3, 2, n_folds=N_INNER_FOLDS, buffer_m=20_000, n_init_search=1, random_seed=0
)


@pytest.fixture(autouse=True)
def no_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_arctic, "versions", dict)


@pytest.fixture(scope="module")
def world() -> World:
    """Slumps follow feature "a"; blocks are stripes of the map, and the limit knows no more than the prevalence."""
    random = np.random.default_rng(0)
    coordinates_m = random.uniform(0, 1e6, (N_CELLS, 2))
    cell_id = np.arange(N_CELLS, dtype=np.uint64)
    features = pd.DataFrame(random.normal(size=(N_CELLS, 3)), columns=list("abc"))
    fraction = np.maximum(features["a"].to_numpy() + 0.5, 0.0) / 10
    samples = Samples(features, coordinates_m, (coordinates_m[:, 0] // 1e5).astype(np.uint64))
    folds = make_folds(cell_id, samples.blocks, coordinates_m, N_FOLDS, 20_000.0, 0)
    return World(
        seed=3,
        table=pd.DataFrame({"cell_id": cell_id, "year": 2021, "rts_area_fraction": fraction}),
        samples=samples,
        folds=folds[folds["scheme"] == "spatial"],
        search=SEARCH,
        n_classes=3,
        n_replicates=100,
        limit=lambda targets, fold_classes: targets.assign(model="bayes_limit"),
    )


class Witness(ClassifierMixin, BaseEstimator):
    """A classifier that remembers, for the whole class, the first column of all rows it was shown, fit by fit."""

    fitted: ClassVar[list[set[float]]] = []
    asked: ClassVar[list[set[float]]] = []

    def __init__(self, parameter: float = 0.0) -> None:
        self.parameter = parameter

    def fit(self, X: Any, y: Any) -> Self:
        self.classes_, counts = np.unique(y, return_counts=True)
        self.shares_ = (counts + self.parameter) / (counts + self.parameter).sum()
        self.fitted.append(set(np.asarray(X)[:, 0]))
        return self

    def predict_proba(self, X: Any) -> Any:
        self.asked.append(set(np.asarray(X)[:, 0]))
        return np.tile(self.shares_, (len(X), 1))


@pytest.mark.parametrize("view", [by_features, by_coordinates])
def test_tuning_sees_training_rows_only_and_test_rows_are_asked_once_after_the_last_fit(
    world: World, view: Any
) -> None:
    """Row by row, fold by fold: 8 candidates on each inner fold, whose rows never touch, then one fit to all rows."""
    Witness.fitted, Witness.asked = [], []
    values = np.asarray(view(world.samples))[:, 0]
    witness = Rival(Witness, {"parameter": list(range(1, 9))}, view)
    forecast(world, "witness", witness.fit)
    n_fits = N_CANDIDATES * N_INNER_FOLDS + 1
    assert len(Witness.fitted) == len(Witness.asked) == n_fits * N_FOLDS
    for position, (_, _, is_train, is_test) in enumerate(world.splits()):
        train, test = set(values[is_train]), set(values[is_test])
        fitted, asked = (each[position * n_fits : (position + 1) * n_fits] for each in (Witness.fitted, Witness.asked))
        assert all(
            rows < train and rows.isdisjoint(held_out) for rows, held_out in zip(fitted[:-1], asked[:-1], strict=True)
        )
        assert all(rows < train for rows in asked[:-1])
        assert (fitted[-1], asked[-1]) == (train, test)


def test_candidates_are_chosen_by_the_mean_log_probability_over_the_inner_folds(world: World) -> None:
    """The witness knows shares alone, so its scores follow from counting classes."""
    _, classes, is_train, _ = next(world.splits())
    codes = classes.assign(world.fractions)[is_train]
    model = Rival(Witness, {"parameter": list(range(1, 9))}).fit(world.samples.where(is_train), codes, SEARCH)
    expected = []
    for parameter in range(1, 9):
        scores = []
        for train, test in inner_folds(SEARCH, world.samples.where(is_train), codes):
            counts = np.bincount(codes[train], minlength=3) + parameter
            scores.append(-log_losses(np.tile(counts / counts.sum(), (len(test), 1)), codes[test]).mean())
        expected.append(np.mean(scores))
    found = model.estimator.cv_results_
    order = np.argsort([each["parameter"] for each in found["params"]])
    assert found["mean_test_score"][order] == pytest.approx(expected)
    assert model.estimator.best_params_ == {"parameter": 1 + int(np.argmax(expected))}


@pytest.mark.parametrize("name", RIVALS)
def test_every_rival_has_the_same_number_of_different_candidates_on_the_same_inner_folds(name: str) -> None:
    if name == "xgboost":
        pytest.importorskip("xgboost")
    splits = [(np.arange(5), np.arange(5, 8)), (np.arange(3, 8), np.arange(3))]
    search = RIVALS[name].search(splits, 3)
    drawn = list(ParameterSampler(search.param_distributions, search.n_iter, random_state=search.random_state))
    assert len({repr(candidate) for candidate in drawn}) == N_CANDIDATES
    assert search.random_state == CANDIDATE_SEED
    assert search.cv is splits
    assert search.refit is True
    assert set(search.param_distributions) <= set(search.estimator.get_params())


@pytest.mark.parametrize("name", OURS)
def test_espa_has_as_many_candidates_as_its_rivals_on_the_same_inner_folds(
    name: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    fit = ESPASearch.fit

    def remember(self: ESPASearch, *arguments: Any, **named: Any) -> ESPASearch:
        compared.append(self)
        return fit(self, *arguments, **named)

    monkeypatch.setattr(ESPASearch, "fit", remember)
    _, classes, is_train, _ = next(world.splits())
    samples, codes = world.samples.where(is_train), classes.assign(world.fractions)[is_train]
    OURS[name](samples, codes, SEARCH)
    (search,) = compared
    assert len(search.cv_results_["params"]) == N_CANDIDATES
    for found, expected in zip(search.cv, inner_folds(SEARCH, samples, codes), strict=True):
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_array_equal(found[1], expected[1])


def test_the_projects_own_espa_has_as_many_candidates_as_its_rivals(project_path: Path) -> None:
    espa = OmegaConf.load(project_path / "conf/base/modelling/parameters.yml").modelling.espa
    search = replace(SEARCH, n_boxes=espa.n_boxes, eps_entropy=espa.eps_entropy, eps_class=espa.eps_class)
    check_budget(search, 1000)
    with pytest.raises(ValueError, match="gives eSPA 4 candidates, its rivals have 8"):
        check_budget(replace(search, eps_entropy=(0.1,)), 1000)


@pytest.mark.parametrize("name", [*OURS, "prevalence"])
def test_the_projects_models_predict_here_what_they_predict_in_the_pipeline(name: str, world: World) -> None:
    expected = predict_out_of_fold(world.table, world.samples, world.folds, [name], world.n_classes, SEARCH)[1]
    found = forecast(world, name, MODELS[name])
    pd.testing.assert_frame_equal(found[list(expected.columns)], expected)


def test_the_limit_is_asked_for_the_tested_rows_under_the_classes_of_their_folds(world: World) -> None:
    asked = {}

    def limit(targets: pd.DataFrame, fold_classes: dict[str, Any]) -> pd.DataFrame:
        asked.update(fold_classes)
        return targets

    targets = forecast_limit(replace(world, limit=limit))
    expected, predicted = predict_out_of_fold(
        world.table, world.samples, world.folds, ["prevalence"], world.n_classes, SEARCH
    )
    assert asked == expected
    keys = ["scheme", "fold", "cell_id", "year"]
    pd.testing.assert_frame_equal(targets[keys], predicted[keys])


@pytest.mark.parametrize("name", ["prevalence", "logistic", "bayes_limit"])
def test_scores_are_those_of_the_project(name: str, world: World) -> None:
    """The limit of this world forecasts the prevalence, and must score as the prevalence does."""
    pieces = [FORECASTS["prevalence"](world), *([] if name == "prevalence" else [FORECASTS[name](world)])]
    scores = score_table(pd.concat(pieces), world.blocks, SEARCH.random_seed, world.n_replicates)
    expected = scores[scores["model"] == name].reset_index(drop=True)
    found = pd.DataFrame(measure(world, name)["scores"])
    pd.testing.assert_frame_equal(found, expected)
    skill = found.set_index("score").loc["log_skill", "value"]
    assert skill > 0.3 if name == "logistic" else skill == 0.0


def test_an_interrupted_run_continues_and_another_world_or_budget_is_measured_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = []

    def remember(world: World, name: str) -> dict[str, Any]:
        measured.append((world.seed, name))
        return {"seed": world.seed, "model": name, "cpu_s": 1.0, "settings": virtual_arctic.settings(world, name)}

    monkeypatch.setattr(virtual_arctic, "measure", remember)
    path = tmp_path / "records.jsonl"
    names = ["prevalence", "logistic", "bayes_limit"]
    first = run([world], names[:2], path)
    assert run([world], names, path)[:2] == first
    assert measured == [(3, name) for name in names]
    changed = replace(world, table=world.table.assign(rts_area_fraction=0.5))
    for other in (changed, replace(world, seed=4), replace(world, search=replace(SEARCH, n_folds=3))):
        run([other], names[:1], path)
    assert measured[3:] == [(3, "prevalence"), (4, "prevalence"), (3, "prevalence")]


def test_a_world_has_the_projects_configuration_but_its_own_seed_and_folder(project_path: Path, tmp_path: Path) -> None:
    name = write_configuration(tmp_path, 7)
    base = project_path / "conf/base"
    files = [path.relative_to(base) for path in base.rglob("*") if path.is_file()]
    assert all((tmp_path / "conf/base" / file).read_bytes() == (base / file).read_bytes() for file in files)
    own = OmegaConf.load(tmp_path / "conf" / name / "virtual_arctic/parameters.yml")
    assert own == {"virtual_arctic": {"seed": 7}}
    assert OmegaConf.load(tmp_path / "conf" / name / "globals.yml") == {"work_root": str(tmp_path / name)}


def made_up(skills: dict[str, tuple[float, ...]]) -> list[dict[str, Any]]:
    row = {"scheme": "spatial", "low_95": 0.0, "high_95": 1.0}
    return [
        {
            "seed": seed,
            "model": model,
            "cpu_s": 60.0,
            "scores": [{**row, "model": model, "score": score, "value": value} for score in ("log_skill", "ece")],
        }
        for model, values in skills.items()
        for seed, value in enumerate(values, start=1)
    ]


def test_shares_are_of_each_worlds_own_limit_and_intervals_those_of_student(world: World) -> None:
    """Shares 1/2, 1/4, 3/4: mean 0.5; 0.25 · 4.3027 / √3 = 0.621. Without world 1: 0.5 ± 0.25 · 12.706 / √2 · √2."""
    skills = {
        "prevalence": (0.0,) * 3,
        "espa": (0.2, 0.1, 0.15),
        "bayes_limit": (0.4, 0.4, 0.2),
        "logistic": (0.1, 0.2, 0.25),
    }
    records = made_up(skills)
    shares = frame_of(records).set_index(["score", "model", "seed"]).sort_index()["share_of_limit"]
    assert shares["log_skill", "espa"].tolist() == pytest.approx([0.5, 0.25, 0.75])
    assert shares["ece"].isna().all()
    lines = report(records, world).splitlines()
    espa = [line for line in lines if line.startswith("| espa |")]
    assert espa[0].startswith("| espa | 0.500 ± 0.621 | 0.150 ± 0.124 | not run |")
    assert espa[1].startswith("| espa | 0.500 ± 3.177 | 0.125 ± 0.318 | not run |")
    assert espa[2] == "| espa | 0.200 (0.000 to 1.000) | 0.100 (0.000 to 1.000) | 0.150 (0.000 to 1.000) |"
    assert "| logistic | -0.033 ± 0.287 | not run |" in lines


def test_the_best_model_is_bold_and_neither_limit_nor_prevalence_competes(world: World) -> None:
    """Shares 1/4, 1/2, 5/4: mean 2/3, standard deviation 0.520; log skill 0.1, 0.2, 0.25: mean 0.183, sd 0.0764."""
    skills = {
        "prevalence": (0.0,) * 3,
        "espa": (0.2, 0.1, 0.15),
        "bayes_limit": (0.4, 0.4, 0.2),
        "logistic": (0.1, 0.2, 0.25),
    }
    records = [{**record, "cpu_s": float(len(record["model"]))} for record in made_up(skills)]
    lines = report(records, world).splitlines()
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in reversed(lines)}
    assert rows["logistic"].startswith("| logistic | **0.667** ± 1.293 | **0.183** ± 0.190 |")
    assert rows["bayes_limit"].startswith("| bayes_limit | 1.000 ± 0.000 | 0.333 ± 0.287 |")
    assert rows["espa"].endswith("| **0.150** ± 0.124 | **4.0** ± 0.0 |")
    assert rows["prevalence"].endswith("| 0.000 ± 0.000 | 10.0 ± 0.0 |")
