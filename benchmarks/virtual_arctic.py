"""Share of the attainable limit that eSPA and its rivals reach on virtual Arctics, on the same spatial folds.

``python -m benchmarks.virtual_arctic --seeds 1 2 3 4 5 --work FOLDER --out docs/virtual-arctic-scores.md`` makes a
world for each seed with the project's own pipelines, measures what is not on record yet and rewrites the tables
between the page's two marker lines. An interrupted run continues where it stopped; records made with other settings
or versions are ignored, and ``--again espa`` measures the models whose names begin so anew.
"""

import argparse
import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.model_selection import ParameterGrid, RandomizedSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from benchmarks.espa_accuracy import Record, forget, half_width, read, rewrite, spell, spell_mean, versions
from entropice.learning import baselines
from entropice.learning.classes import DensityClasses, fit_classes
from entropice.learning.folds import SPATIAL, TEST, TRAIN
from entropice.learning.models import (
    FittedModel,
    by_coordinates,
    by_features,
    fit_espa,
    fit_espa_ensemble,
    fit_prevalence,
)
from entropice.learning.samples import Samples
from entropice.learning.scores import REFERENCE, SCORES, score_table
from entropice.learning.training_table import KEYS
from entropice.learning.tuning import EspaSearch, inner_folds, log_score_of_all_classes
from entropice.report.shares import share_of_limit
from entropice.types import BoolArray, IntArray
from entropice.virtual_arctic.bayes_limit import BAYES_LIMIT

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).parents[1]
COMMAND = "python -m benchmarks.virtual_arctic --seeds 1 2 3 4 5 --work FOLDER --out docs/virtual-arctic-scores.md"
DATASETS = ("training_table", "folds", "cells", "labels", "truth")
SEEN_SEEDS = (1,)
"""Worlds that were looked at while the project's defaults were chosen."""

N_CANDIDATES = 8
CANDIDATE_SEED = 0

Fit = Callable[[Samples, IntArray, EspaSearch], FittedModel]


@dataclass(frozen=True)
class World:
    """What is known of one virtual Arctic.

    Attributes
    ----------
    table
        The training table.
    samples
        What models may see of its rows.
    folds
        ``fold cell_id role`` of the spatial scheme.
    search
        eSPA's candidates, and the inner folds of every model.
    n_classes, n_replicates
        Density classes at most; bootstrap replicates behind the interval of a score.
    limit
        Forecasts of the attainable limit, from rows ``scheme fold cell_id year`` and the classes of the folds.
    """

    seed: int
    table: pd.DataFrame
    samples: Samples
    folds: pd.DataFrame
    search: EspaSearch
    n_classes: int
    n_replicates: int
    limit: Callable[[pd.DataFrame, dict[str, Any]], pd.DataFrame]

    def splits(self) -> Iterator[tuple[int, DensityClasses, BoolArray, BoolArray]]:
        """Yield each fold with the classes of its training rows, and which rows are for training and for testing."""
        for fold in sorted(self.folds["fold"].unique().tolist()):
            roles = self.folds[self.folds["fold"] == fold]
            is_train, is_test = (
                self.table["cell_id"].isin(roles.loc[roles["role"] == role, "cell_id"]).to_numpy()
                for role in (TRAIN, TEST)
            )
            yield fold, fit_classes(self.fractions[is_train], self.n_classes), is_train, is_test

    @property
    def fractions(self) -> Any:
        """Area fraction (n,) of slumps."""
        return self.table["rts_area_fraction"].to_numpy()

    @property
    def blocks(self) -> "pd.Series[int]":
        """Block of every cell."""
        of_row = pd.Series(self.samples.blocks, index=self.table["cell_id"])
        return of_row[~of_row.index.duplicated()]


@dataclass(frozen=True)
class Rival:
    """A classifier, the choices its candidates are drawn from, and what it sees of the samples."""

    make: Callable[[], Any]
    choices: Mapping[str, Sequence[Any]]
    view: Callable[[Samples], Any] = by_features

    def search(self, splits: list[tuple[IntArray, IntArray]], n_classes: int) -> RandomizedSearchCV:
        """Return the unfitted search; candidates are the same whatever the rows."""
        return RandomizedSearchCV(
            self.make(),
            dict(self.choices),
            n_iter=N_CANDIDATES,
            scoring=log_score_of_all_classes(n_classes),
            cv=splits,
            random_state=CANDIDATE_SEED,
            error_score="raise",
        )

    def fit(self, samples: Samples, class_codes: IntArray, search: EspaSearch) -> FittedModel:
        """Choose as `choose_espa` does: by log score over the inner folds; then fit once to all rows."""
        tuned = self.search(inner_folds(search, samples, class_codes), int(class_codes.max()) + 1)
        tuned.fit(self.view(samples), class_codes)
        logger.info("%s has the best inner log score, %.4f.", tuned.best_params_, tuned.best_score_)
        return FittedModel(tuned, self.view)


def make_xgboost() -> Any:
    """XGBoost in one thread; imported here because it is an optional dependency."""
    from xgboost import XGBClassifier

    return XGBClassifier(n_jobs=1, random_state=0)


def make_knn_features() -> Any:
    """Nearest neighbours among standardised features, medians in place of missing values."""
    imputer = SimpleImputer(strategy="median", keep_empty_features=True)
    return make_pipeline(imputer, StandardScaler(), KNeighborsClassifier())


N_NEIGHBOURS = [5, 10, 20, 40, 80, 120, 160, 240]

RIVALS = {
    "logistic": Rival(baselines.logistic, {"logisticregression__C": [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 1, 100]}),
    "random_forest": Rival(
        lambda: RandomForestClassifier(n_estimators=200, random_state=0),
        {"max_features": [0.1, 0.2, 0.4, 0.7], "min_samples_leaf": [1, 3, 5, 10, 20, 40]},
    ),
    "histogram_boosting": Rival(
        lambda: HistGradientBoostingClassifier(early_stopping=False, random_state=0),
        {
            "learning_rate": [0.02, 0.05, 0.1],
            "max_iter": [30, 75, 150],
            "max_leaf_nodes": [2, 4, 8, 16],
            "min_samples_leaf": [10, 20, 40],
            "l2_regularization": [0.0, 1.0, 10.0],
        },
    ),
    "xgboost": Rival(
        make_xgboost,
        {
            "learning_rate": [0.02, 0.05, 0.1],
            "n_estimators": [30, 75, 150],
            "max_depth": [1, 2, 3, 4],
            "min_child_weight": [1, 5, 20],
            "reg_lambda": [1.0, 10.0],
            "subsample": [0.5, 0.8],
            "colsample_bytree": [0.5, 1.0],
        },
    ),
    "knn_features": Rival(make_knn_features, {"kneighborsclassifier__n_neighbors": N_NEIGHBOURS}),
    "knn_coordinates": Rival(KNeighborsClassifier, {"n_neighbors": N_NEIGHBOURS}, by_coordinates),
}

OURS = {"espa": fit_espa, "espa_ensemble": fit_espa_ensemble}

MODELS: dict[str, Fit] = {
    **OURS,
    **{name: rival.fit for name, rival in RIVALS.items()},
    REFERENCE: fit_prevalence,
}


def forecast(world: World, name: str, fit: Fit) -> pd.DataFrame:
    """Fit a model to the training rows of each fold and predict its test rows; columns as in ``out_of_fold``."""
    pieces = []
    for fold, classes, is_train, is_test in world.splits():
        codes = classes.assign(world.fractions)
        model = fit(world.samples.where(is_train), codes[is_train], world.search)
        probabilities = model.predict_proba(world.samples.where(is_test), len(classes.names))
        columns = dict(zip((f"p_{each}" for each in classes.names), probabilities.T, strict=True))
        truth = world.table.loc[is_test, KEYS].assign(class_=np.array(classes.names)[codes[is_test]])
        pieces.append(truth.assign(scheme=SPATIAL, fold=fold, model=name, **columns))
    return pd.concat(pieces, ignore_index=True)


def forecast_limit(world: World) -> pd.DataFrame:
    """Forecast as someone who knows all but chance."""
    fold_classes = {f"{SPATIAL}/{fold}": classes.to_json() for fold, classes, _, _ in world.splits()}
    return world.limit(forecast(world, REFERENCE, fit_prevalence), fold_classes)


FORECASTS: dict[str, Callable[[World], pd.DataFrame]] = {
    **{name: partial(forecast, name=name, fit=fit) for name, fit in MODELS.items()},
    BAYES_LIMIT: forecast_limit,
}


def measure(world: World, name: str) -> Record:
    """Forecast in one thread, and score against the prevalence of the training rows."""
    begin_s = time.process_time()
    with threadpool_limits(limits=1):
        forecasts = FORECASTS[name](world)
    cpu_s = time.process_time() - begin_s
    pieces = [forecast(world, REFERENCE, fit_prevalence), forecasts][name == REFERENCE :]
    together = pd.concat(pieces, ignore_index=True)
    scores = score_table(together, world.blocks, world.search.random_seed, world.n_replicates)
    rows = scores[scores["model"] == name].to_dict("records")
    return {"seed": world.seed, "model": name, "scores": rows, "cpu_s": cpu_s, "settings": settings(world, name)}


def settings(world: World, name: str) -> str:
    """Digest of what decides a record beside the code of the project."""
    rival = (RIVALS[name].make(), RIVALS[name].choices) if name in RIVALS else name
    data = [pd.util.hash_pandas_object(frame).sum() for frame in (world.table, world.folds)]
    budget = (world.search, world.n_classes, world.n_replicates, N_CANDIDATES, CANDIDATE_SEED)
    return hashlib.sha256(repr((rival, data, budget, versions())).encode()).hexdigest()[:12]


def run(worlds: Sequence[World], names: Sequence[str], path: Path) -> list[Record]:
    """Measure every world and named model that is not on record, appending one JSON line each; return all records."""
    digests = {(world.seed, name): settings(world, name) for world in worlds for name in FORECASTS}
    on_record = read(path)
    known = [each for each in on_record if digests.get((each["seed"], each["model"])) == each["settings"]]
    done = {(each["seed"], each["model"]) for each in known}
    for world, name in ((world, name) for world in worlds for name in names):
        if (world.seed, name) not in done:
            known.append(measure(world, name))
            with path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(known[-1]) + "\n")
            logger.info("World %d, %s: %.1f s", world.seed, name, known[-1]["cpu_s"])
    return known


def write_configuration(work: Path, seed: int) -> str:
    """Put the project's configuration into the work folder, with an environment for this world; return its name."""
    name = f"world_{seed}"
    shutil.copytree(PROJECT / "conf/base", work / "conf/base", dirs_exist_ok=True)
    (work / "conf" / name / "virtual_arctic").mkdir(parents=True, exist_ok=True)
    (work / "conf" / name / "globals.yml").write_text(f"work_root: {json.dumps(str(work / name))}\n")
    (work / "conf" / name / "virtual_arctic/parameters.yml").write_text(f"virtual_arctic: {{seed: {seed}}}\n")
    return name


def load_worlds(work: Path, seeds: Sequence[int]) -> list[World]:
    """Make or read the world of every seed."""
    from kedro.framework.startup import bootstrap_project

    bootstrap_project(PROJECT)
    logger.setLevel(logging.INFO)
    return [load_world(work, seed) for seed in seeds]


def load_world(work: Path, seed: int) -> World:
    """Run the project's pipelines up to folds and truth, unless they have run, and read what they made.

    Raises
    ------
    ValueError
        If eSPA has more or fewer candidates than its rivals.
    """
    from kedro.framework.session import KedroSession

    from entropice.pipelines.modelling.nodes import _search, _sites
    from entropice.pipelines.reporting.nodes import attainable_limit

    environment = write_configuration(work, seed)
    session: Any = KedroSession.create(PROJECT, env=environment, conf_source=str(work / "conf"))
    with session:
        session.run(to_outputs=DATASETS, only_missing_outputs=True)
        context = session.load_context()
    table, folds, cells, labels, truth = (context.catalog.load(name) for name in DATASETS)
    given, modelling = context.parameters, context.parameters.modelling
    search = _search(cells, modelling, given.random_seed)
    check_budget(search, len(table))
    return World(
        seed=seed,
        table=table,
        samples=_sites(table, cells, given.grid, modelling),
        folds=folds[folds["scheme"] == SPATIAL],
        search=search,
        n_classes=modelling.n_classes,
        n_replicates=modelling.n_bootstrap,
        limit=partial(attainable_limit, truth, cells, labels, random_seed=given.random_seed, reporting=given.reporting),
    )


def check_budget(search: EspaSearch, n_rows: int) -> None:
    """Refuse an eSPA with more or fewer candidates than its rivals."""
    n_candidates = len(ParameterGrid(search.parameters(n_rows)))
    if n_candidates != N_CANDIDATES:
        raise ValueError(
            f"conf/base gives eSPA {n_candidates} candidates, its rivals have {N_CANDIDATES}; set N_CANDIDATES to "
            f"{n_candidates} and give every rival at least as many values."
        )


def frame_of(records: Sequence[Record]) -> pd.DataFrame:
    """Lay records out as ``seed cpu_s scheme model score value low_95 high_95 … share_of_limit``."""
    rows = pd.DataFrame([{**keys_of(record), **row} for record in records for row in record["scores"]])
    unshared = [score.name for score in SCORES.values() if not score.has_share_of_limit]
    shared = [
        share_of_limit(each[each["model"] != BAYES_LIMIT], each[each["model"] == BAYES_LIMIT], unshared=unshared)
        for _, each in rows.groupby("seed")
    ]
    return pd.concat(shared, ignore_index=True)


def keys_of(record: Record) -> Record:
    """What all scores of a record share."""
    return {name: record[name] for name in ("seed", "cpu_s")}


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Spell a table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def table_of_means(frame: pd.DataFrame) -> str:
    """Spell the mean over worlds ± half a 95 % t interval of each score, the best model in bold."""
    skill = frame[frame["score"] == "log_skill"]
    columns = {"share of limit": spell_column(skill, "share_of_limit", pd.Series.max)}
    for name, score in SCORES.items():
        best = pd.Series.max if score.bigger_is_better else pd.Series.min
        columns[name] = spell_column(frame[frame["score"] == name], "value", best)
    columns["CPU s"] = spell_column(skill, "cpu_s", pd.Series.min, digits=1)
    return markdown(["model", *columns], ([name, *(column[name] for column in columns.values())] for name in FORECASTS))


def spell_column(frame: pd.DataFrame, column: str, best: Callable[[Any], float], digits: int = 3) -> dict[str, str]:
    """Spell the mean of a column by model; neither limit nor prevalence can be the best."""
    values = frame.groupby("model")[column]
    means, widths = values.mean().reindex(list(FORECASTS)), values.agg(half_width).reindex(list(FORECASTS))
    top = best(means.drop([BAYES_LIMIT, REFERENCE]))
    return {name: spell_mean(means[name], widths[name], top, digits) for name in FORECASTS}


def table_by_world(frame: pd.DataFrame) -> str:
    """Spell log skill with its bootstrap interval for each model and world."""
    skill = frame[frame["score"] == "log_skill"]
    interval = skill.apply(lambda row: "{value:.3f} ({low_95:.3f} to {high_95:.3f})".format(**row), axis=1)
    spelled = skill.assign(interval=interval).pivot_table("interval", "model", "seed", "first").reindex(list(FORECASTS))
    rows = spelled.fillna("not run").reset_index().to_numpy().tolist()
    return markdown(["model", *(f"world {seed}" for seed in spelled.columns)], rows)


def table_of_gains(frame: pd.DataFrame) -> str:
    """Spell by how much the log skill of eSPA and its ensemble exceeds that of each rival, paired by world."""
    skill = frame[frame["score"] == "log_skill"].pivot_table("value", "seed", "model").reindex(columns=list(FORECASTS))
    rows = [
        [
            rival,
            *(
                spell_mean(gap.mean(), half_width(gap), np.nan, 3)
                for gap in (skill[our] - skill[rival] for our in OURS)
            ),
        ]
        for rival in RIVALS
    ]
    return markdown(["rival", *(f"{our} − rival" for our in OURS)], rows)


def table_of_candidates(search: EspaSearch, n_rows: int) -> str:
    """Spell the values that candidates are made of."""
    choices = {", ".join(OURS): search.parameters(n_rows)} | {name: rival.choices for name, rival in RIVALS.items()}
    rows = [
        [name, "; ".join(f"`{key.split('__')[-1]}` {spell(list(values))}" for key, values in each.items())]
        for name, each in choices.items()
    ]
    return markdown(["model", "values"], rows)


def report(records: Sequence[Record], world: World) -> str:
    """Spell all tables, and how they were made; ``world`` is any of them."""
    frame = frame_of(records)
    groups = {spell(sorted(each["seed"].unique())): each for each in (frame, frame[~frame["seed"].isin(SEEN_SEEDS)])}
    titled = {
        **{f"Mean over worlds {seeds}": table_of_means(group) for seeds, group in groups.items()},
        "Log skill by world (95 % interval from a bootstrap of blocks)": table_by_world(frame),
        **{f"Gain in log skill over worlds {seeds}": table_of_gains(group) for seeds, group in groups.items()},
        "Values of the candidates": table_of_candidates(world.search, len(world.table)),
    }
    return "\n\n".join([header(records, world), *(f"### {title}\n\n{table}" for title, table in titled.items())])


def header(records: Sequence[Record], world: World) -> str:
    """Say command, versions and budget."""
    spelled_versions = ", ".join(f"{name} {number}" for name, number in versions().items())
    minutes = sum(record["cpu_s"] for record in records) / 60
    return (
        f"Made by `{COMMAND}` with {spelled_versions}; {minutes:.0f} minutes of one core. In each fold every model "
        f"with parameters had {N_CANDIDATES} candidates (eSPA: those of `conf/base`; rivals: drawn once, seed "
        f"{CANDIDATE_SEED}), compared by mean log probability over the same {world.search.n_folds} inner spatial "
        f"folds of the training rows, and one final fit. Figures are means over worlds ± half a 95 % t interval "
        f"(gains: paired by world), the best model in bold; CPU s is for tuning and fitting all folds of a world."
    )


def main() -> None:
    """Make the worlds, run the study and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", required=True, help="seeds of the worlds")
    parser.add_argument("--work", type=Path, required=True, help="scratch folder outside the project")
    parser.add_argument("--out", type=Path, help="page whose tables are rewritten")
    parser.add_argument("--models", default="", help="measure only models whose name begins so")
    parser.add_argument("--again", help="forget the records of models whose name begins so")
    chosen = parser.parse_args()
    work = chosen.work.resolve()
    if work.is_relative_to(PROJECT):
        parser.error(f"--work {work} lies in the project; name a folder outside {PROJECT}")
    os.environ["DO_NOT_TRACK"] = "1"
    path = work / "records.jsonl"
    if chosen.again:
        forget(chosen.again, path)
    worlds = load_worlds(work, chosen.seeds)
    records = run(worlds, [name for name in FORECASTS if name.startswith(chosen.models)], path)
    if chosen.out:
        rewrite(chosen.out, report(records, worlds[0]))


if __name__ == "__main__":
    main()
