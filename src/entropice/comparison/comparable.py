"""Runs compare where their labels are the same."""

from collections.abc import Sequence
from typing import Any, Final

from entropice.comparison.finished_run import FinishedRun
from entropice.errors import InputFileError

LABEL_DATASETS: Final = ("rts", "coverage", "land")
"""What labels are made of; cells come on top, and differ between grids."""

FIX: Final = (
    "make all runs of the same label files and parameters (kedro run --params grid=…), or give runs that belong "
    "together a folder of their own (comparison.runs_root)"
)


def check_comparable(runs: Sequence[FinishedRun]) -> None:
    """Pass only runs that are judged by the same slumps, on the same searched ground and land, in the same years.

    Raises
    ------
    InputFileError
        A run differs from the first; names its manifest, what differs, and both values.
    """
    first, *others = runs
    for other in others:
        for dataset in LABEL_DATASETS:
            _require_same(first, other, f"intermediates: {dataset}", _digests(first, dataset), _digests(other, dataset))
        _require_same(first, other, "years", first.run.years, other.run.years)


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
