"""Runs compare where their labels are the same, and each tells what its map and its reference forecast."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from entropice.comparison.finished_run import FinishedRun
from entropice.errors import InputFileError
from entropice.learning.scores import REFERENCE

logger = logging.getLogger(__name__)

LABEL_DATASETS: Final = ("rts", "coverage", "land")
"""What labels are made of; cells come on top, and differ between grids."""

FIX: Final = (
    "make all runs of the same label files and parameters (kedro run --params grid=…), or give runs that belong "
    "together a folder of their own (comparison.runs_root)"
)


def check_comparable(runs: Sequence[FinishedRun]) -> None:
    """Pass only runs that are judged by the same slumps, on the same searched ground and land, in the same years.

    The same are runs whose manifests have the same hashes of ``rts``, ``coverage`` and ``land``, and the same years. A
    warning tells which runs call other cells observed (``labels.min_observed_fraction`` among the manifest's parameters
    is not that of the first): they have learned from other labels.

    Parameters
    ----------
    runs
        At least one.

    Raises
    ------
    InputFileError
        A run has no forecast in spatial folds by the model of its map, or by the reference (``prevalence``): looked for
        first, in all runs. Or a run differs from the first, in ``rts``, ``coverage``, ``land`` or years; names its
        manifest, what differs, and both values.
    """
    for run in runs:
        _require_forecasts(run)
    first, *others = runs
    for other in others:
        for dataset in LABEL_DATASETS:
            _require_same(first, other, f"intermediates: {dataset}", _digests(first, dataset), _digests(other, dataset))
        _require_same(first, other, "years", first.run.years, other.run.years)
        _tell_other_states(first, other)


def _require_forecasts(run: FinishedRun) -> None:
    known = run.forecasts["model"].unique().tolist()
    for field, name in (("map_model", run.run.map_model), ("models", REFERENCE)):
        if name not in known:
            raise InputFileError(
                f"The run {run.name} has no forecasts by {name} in spatial folds, so its map cannot be judged.",
                path=run.run.folder / "manifest.json",
                field=field,
                got=f"forecasts by {', '.join(known)}" if known else "no forecasts",
                expected=f"forecasts by {name} in the table out_of_fold",
                fix=f"make the run again: {run.run.manifest['rebuild_command']}",
            )


def _tell_other_states(first: FinishedRun, other: FinishedRun) -> None:
    of_first, of_other = (_min_observed_fraction(run) for run in (first, other))
    if of_first != of_other:
        logger.warning(
            "%s has learned from other labels than %s: a cell is observed from %s of its land on, not from %s "
            "(labels.min_observed_fraction). Both are judged by the same units.",
            other.name, first.name, of_other, of_first,
        )  # fmt: skip


def _min_observed_fraction(run: FinishedRun) -> float:
    return float(run.run.manifest["parameters"]["labels"]["min_observed_fraction"])


def _digests(run: FinishedRun, dataset: str) -> list[str]:
    return [item["sha256"] for item in run.run.manifest["intermediates"] if item["dataset"] == dataset]


def _require_same(first: FinishedRun, other: FinishedRun, field: str, expected: Any, got: Any) -> None:
    if got != expected:
        raise InputFileError(
            f"The runs {first.name} and {other.name} do not compare: their {field.rpartition(': ')[2]} differ.",
            path=other.run.folder / "manifest.json",
            field=field,
            got=got,
            expected=f"{expected}, as {first.name} has",
            fix=FIX,
        )
