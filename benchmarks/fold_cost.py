"""What out-of-fold predictions cost beside one fit of the same models, and the memory of a fit of each.

``python -m benchmarks.fold_cost [--env ENV] [--grid GRID]`` after a run of that environment and grid. CPU time in one
process: of `predict_out_of_fold` with every fold of the run, over that of tuning and fitting all its models once to all
observed rows, times the number of folds. Memory in a process of its own for each model: by how much its resident set
rises at most while it is tuned and fitted to all rows and predicts them, over the size of these; `Model.n_copies`
states it. Take a run of 10,000 rows or more: below that it is the memory of libraries.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.measuring import (
    MEGABYTE,
    against,
    circumstances,
    in_own_process,
    interleaved_minima,
    markdown_table,
    measured,
)
from entropice.learning.classes import fit_classes
from entropice.learning.inner_folds import InnerFolds
from entropice.learning.models import MODELS
from entropice.learning.models.model import BEST
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.samples import Samples
from entropice.learning.tuning import Tuning

MOST_FITS: Final = 1.2
"""Of all folds, each as costly as one fit."""

N_FEW: Final = 1000
"""Rows whose fit loads what a model needs, before memory is measured."""


@dataclass(frozen=True)
class Problem:
    """What a run compares its models on."""

    table: pd.DataFrame
    samples: Samples
    folds: pd.DataFrame
    models: Sequence[str]
    n_classes: int
    tuning: Tuning

    @property
    def n_folds(self) -> int:
        """Folds of all schemes."""
        return len(self.folds.drop_duplicates(["scheme", "fold"]))

    def inner_folds(self) -> InnerFolds:
        """Of all observed rows."""
        fractions = self.table["rts_area_fraction"].to_numpy()
        return self.tuning.inner_folds(self.samples, fit_classes(fractions, self.n_classes).assign(fractions))


def problem_of(root: Path, environment: str | None, grid: str | None) -> Problem:
    """What the finished run in a project's root has left for its models."""
    from kedro.framework.session import KedroSession
    from kedro.framework.startup import bootstrap_project

    from entropice.pipelines.modelling import nodes

    bootstrap_project(root)
    given = {} if grid is None else {"grid": grid}
    created: Any = KedroSession.create(root, env=environment, runtime_params=given)
    with created as session:
        catalog = session.load_context().catalog
        table, cells, splitting = (catalog.load(name) for name in ("training_table", "cells", "params:modelling.folds"))
        tuning, seed = catalog.load("params:modelling.tuning"), catalog.load("params:random_seed")
        return Problem(
            table,
            nodes.observed_samples(table, catalog.load("features"), cells, catalog.load("params:grid"), splitting),
            catalog.load("folds"),
            catalog.load("params:modelling.models"),
            catalog.load("params:modelling.n_classes"),
            replace(nodes.tuning_of(cells, splitting, tuning, seed), n_processes=1),
        )


def fit_all(problem: Problem) -> None:
    """Tune and fit each model once to all observed rows."""
    inner_folds = problem.inner_folds()
    for name in problem.models:
        problem.tuning.fit(MODELS[name], inner_folds)


def predict_folds(problem: Problem, models: Sequence[str]) -> pd.DataFrame:
    """Predictions of some models out of fold."""
    given = (problem.table, problem.samples, problem.folds, models, problem.n_classes, problem.tuning)
    return predict_out_of_fold(*given)[1]


def cost_table(problem: Problem, n_repeats: int) -> str:
    """Spell the CPU time of folds and fits, without and with the choice of a best model."""
    compared = {"models": problem.models, "models and the best of them": [*problem.models, BEST]}
    of_folds = {title: partial(predict_folds, problem, models) for title, models in compared.items()}
    lowest = interleaved_minima({"once": partial(fit_all, problem), **of_folds}, n_repeats)
    size = [f"{len(problem.table):,}", str(problem.n_folds), f"{lowest['once']:.1f} s"]
    once_each_s = problem.n_folds * lowest["once"]
    rows = [
        [title, *size, f"{lowest[title]:.1f} s", against(lowest[title] / once_each_s, "<=", MOST_FITS)]
        for title in compared
    ]
    titles = ["predicted by", "rows", "folds", "models fitted once", "predictions out of fold", "over folds × fits"]
    return markdown_table(titles, rows)


def copies(problem: Problem, name: str) -> float:
    """Memory of tuning, fitting and predicting once, in copies of the rows; of many rows, for libraries take some."""
    few = np.arange(0, len(problem.table), max(1, len(problem.table) // N_FEW))
    _fit_and_predict(replace(problem, samples=problem.samples.rows(few), table=problem.table.iloc[few]), name)
    return measured(partial(_fit_and_predict, problem, name))[1].memory_mb * MEGABYTE / problem.samples.n_bytes


def _fit_and_predict(problem: Problem, name: str) -> None:
    fitted = problem.tuning.fit(MODELS[name], problem.inner_folds())
    fitted.predict_proba(problem.samples, problem.n_classes)


def memory_table(*given: Any) -> str:
    """Spell the memory of each model of a run, as `problem_of` takes it, beside what the model declares."""
    rows = [
        [MODELS[name].title, against(in_own_process(_copies_of, name, *given), "<=", MODELS[name].n_copies)]
        for name in problem_of(*given).models
    ]
    return markdown_table(["model", "copies of the rows"], rows)


def _copies_of(name: str, *given: Any) -> float:
    return copies(problem_of(*given), name)


def main() -> None:
    """Print both tables of a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--env")
    parser.add_argument("--grid")
    parser.add_argument("--repeats", type=int, default=1)
    given = parser.parse_args()
    run = (Path.cwd(), given.env, given.grid)
    print(cost_table(problem_of(*run), given.repeats), memory_table(*run), circumstances(), sep="\n\n")  # noqa: T201


if __name__ == "__main__":
    main()
