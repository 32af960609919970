"""Results of a run that lack something, or whose names try to be more than names, made from complete ones."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.report.results import RunResults

HOSTILE: Final = '<script>window.hacked=1</script><img src=//example.org/x onerror="window.hacked=1">\'`${x}'
HOSTILE_WORD: Final = "<script>window.hacked=1</script>'\"`${x}"
HOSTILE_CLASS: Final = '<img src=x onerror="window.hacked=1">\'`${x}'
"""The name of a variable in NetCDF, too: without a slash."""

OF_FEATURES: Final = ("drivers", "cell_drivers", "responses", "boxes", "box_values")

OF_OBSERVED_CELLS: Final = (
    "out_of_fold", "scores", "fold_scores", "folds", "training_table", "regional_calibration", "rts", "coverage",
)  # fmt: skip

Changes = Mapping[str, Any]
"""Datasets of the run that are others, by name; ``with_limit`` is whether the truth is known."""


def _without_truth(_: RunResults) -> Changes:
    return {"with_limit": False}


def _of_one_model(run: RunResults) -> Changes:
    tables = {name: getattr(run, name) for name in ("out_of_fold", "scores", "fold_scores")}
    return {name: table[table["model"] == "espa"].reset_index(drop=True) for name, table in tables.items()} | {
        "with_limit": False
    }


def _of_one_year(run: RunResults) -> Changes:
    names = ("labels", "predictions", "cell_drivers", "out_of_fold", "training_table", "bayes_limit")
    tables = {name: getattr(run, name) for name in names}
    year = max(run.labels["year"])
    of_year = {name: table[table["year"] == year].reset_index(drop=True) for name, table in tables.items()}
    return {**of_year, "features": run.features.isel(year=run.features["year"].to_numpy() == year)}


def _without_positives_out_of_fold(run: RunResults) -> Changes:
    is_auc = run.scores["score"] == "auc"
    return {
        "out_of_fold": run.out_of_fold.assign(class_=run.classes["names"][0]),
        "scores": run.scores.assign(n_positive=0, value=run.scores["value"].mask(is_auc)),
        "with_limit": False,
    }


def _of_one_observed_class(run: RunResults) -> Changes:
    labels = run.labels
    without = labels.assign(
        state=labels["state"].replace("observed_with", "observed_without"),
        **{name: 0 * labels[name] for name in ("rts_count", "rts_per_km2", "rts_area_fraction")},
    )
    return {"labels": without, "rts": run.rts[:0], **_without_positives_out_of_fold(run)}


def _all_unobserved(run: RunResults) -> Changes:
    unknown = dict.fromkeys(("rts_per_km2", "rts_area_fraction"), np.nan)
    labels = run.labels.assign(state="unobserved", observed_fraction=0.0, rts_count=pd.NA, **unknown)
    empty = (
        "out_of_fold",
        "scores",
        "fold_scores",
        "folds",
        "training_table",
        "regional_calibration",
        "rts",
        "coverage",
    )
    return {
        "labels": labels.astype({"rts_count": "Int64"}),
        **{name: getattr(run, name)[:0] for name in empty},
        "with_limit": False,
    }


def _without_features(run: RunResults) -> Changes:
    return {
        "features": run.features.drop_vars(list(run.features.data_vars)),
        "training_table": run.training_table[["cell_id", "year"]],
        **{name: getattr(run, name)[:0] for name in OF_FEATURES},
    }


LACKING: Final[Mapping[str, Callable[[RunResults], Changes]]] = {
    "no truth": _without_truth,
    "one model": _of_one_model,
    "one year": _of_one_year,
    "no positives out of fold": _without_positives_out_of_fold,
    "one observed class": _of_one_observed_class,
    "all unobserved": _all_unobserved,
    "no features": _without_features,
}
"""One declaration each."""


def _with_one_more_model(table: pd.DataFrame) -> pd.DataFrame:
    others = table[table["model"] == "logistic"].assign(model=HOSTILE)
    return pd.concat([table, others], ignore_index=True)


def with_hostile_names(run: RunResults) -> Changes:
    """The last class, the first feature, one more model and the file of labels have hostile names."""
    last, feature = run.classes["names"][-1], str(next(iter(run.features.data_vars)))
    names = {last: HOSTILE_CLASS, f"p_{last}": f"p_{HOSTILE_CLASS}", feature: HOSTILE_WORD}
    tables = {field.name: getattr(run, field.name) for field in fields(run)}
    cube = run.features.rename({feature: HOSTILE_WORD})
    cube[HOSTILE_WORD].attrs["long_name"] = HOSTILE
    drivers = run.drivers.assign(features=run.drivers["features"].str.replace(feature, HOSTILE_WORD, regex=False))
    inputs = [{"dataset": "rts_file", "path": f"{HOSTILE}.gpkg", "bytes": 12, "sha256": "ab" * 32}]
    renamed = {
        name: (drivers if name == "drivers" else table).rename(columns=names).replace(names)
        for name, table in tables.items()
        if isinstance(table, pd.DataFrame) and "geometry" not in table
    }
    of_models = {name: _with_one_more_model(renamed[name]) for name in ("scores", "fold_scores", "out_of_fold")}
    return {
        **renamed,
        **of_models,
        "features": cube,
        "classes": run.classes | {"names": [names.get(name, name) for name in run.classes["names"]]},
        "provenance": run.provenance | {"inputs": inputs},
    }
