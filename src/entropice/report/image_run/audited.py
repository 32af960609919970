"""What an audit of labels makes of the scores of a task, for readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from entropice.errors import SchemaError
from entropice.imagery.label_audit import CORRECTED, RAW
from entropice.report.image_run.datasets import LABEL_AUDIT, OF_PIPELINES
from entropice.report.score_tables import ScoreCell
from entropice.types import DataFrame

COLUMNS: Final = ("model", "labels", "score", "value", "low_95", "high_95", "n_chips", "n_audited")


@dataclass(frozen=True)
class AuditedScore:
    """A score of a model on all chips against labels, and against the truth as audited chips estimate it."""

    model: str
    name: str
    against_labels: ScoreCell
    against_truth: ScoreCell


@dataclass(frozen=True)
class ShownAudit:
    """Scores in the order of their table; so many of all chips were audited.

    Attributes
    ----------
    scores
        At least one, a row for each model and score.
    n_audited, n_chips
        Chips that a person drew again, and all held-out chips.
    """

    scores: tuple[AuditedScore, ...]
    n_audited: int
    n_chips: int


def shown_audit(task: str, datasets: Mapping[str, Any]) -> ShownAudit | None:
    """The audit among datasets ``<task>.<name>``; None where the run has made none.

    From ``<task>.audited_scores``, columns ``model labels score value low_95 high_95 n_chips n_audited``: each score
    comes once with ``raw`` and once with ``corrected`` labels. Scores are in the order of the rows of raw ones; counts
    of chips are those of the first row.

    Raises
    ------
    SchemaError
        Its table lacks a column or rows, or has a score that is not there in both ways.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"model": "network", "labels": [RAW, CORRECTED], "score": "iou", "value": [0.5, 0.75],
    ...                       "low_95": 0.25, "high_95": 0.875, "n_chips": 90, "n_audited": 9})
    >>> audit = shown_audit("lakes", {"lakes.audited_scores": table})
    >>> audit.scores[0].against_labels.value, audit.scores[0].against_truth.value, shown_audit("lakes", {})
    (0.5, 0.75, None)
    """
    (name,) = OF_PIPELINES[LABEL_AUDIT]
    table = datasets.get(f"{task}.{name}")
    if table is None:
        return None
    _require_whole(table, f"{task}.{name}")
    ways = {way: rows.set_index(["model", "score"]) for way, rows in table.groupby("labels")}
    scores = tuple(
        AuditedScore(str(model), str(score), *(_cell(ways[way].loc[(model, score)]) for way in (RAW, CORRECTED)))
        for model, score in ways[RAW].index
    )
    return ShownAudit(scores, int(table["n_audited"].iloc[0]), int(table["n_chips"].iloc[0]))


def _cell(row: Mapping[str, float]) -> ScoreCell:
    return ScoreCell(float(row["value"]), float(row["low_95"]), float(row["high_95"]))


def _require_whole(table: DataFrame, field: str) -> None:
    missing = [name for name in COLUMNS if name not in table]
    if missing or table.empty:
        got = f"no {', '.join(missing)}" if missing else "no rows"
        raise _wrong(field, got, f"rows with {' '.join(COLUMNS)}")
    found = table.groupby(["model", "score"])["labels"].agg(sorted).reset_index()
    unpaired = [f"{one.model} {one.score}" for one in found.itertuples() if one.labels != sorted((RAW, CORRECTED))]
    if unpaired:
        raise _wrong(f"{field}.labels", ", ".join(unpaired), f"each score once {RAW} and once {CORRECTED}")


def _wrong(field: str, got: str, expected: str) -> SchemaError:
    return SchemaError("A table of audited scores is not usable.", field=field, got=got, expected=expected)
