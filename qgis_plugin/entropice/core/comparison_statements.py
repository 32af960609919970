"""What readers must know of a comparison before they believe it."""

from __future__ import annotations

from .comparison import Comparison
from .comparison_scores import folds_statement, labels_statement
from .run_record import RunRecord


def statements_on(comparison: Comparison, a: RunRecord, b: RunRecord) -> tuple[str, ...]:
    """What readers must know of a comparison: how the cells met, and in what the runs differ beside their maps.

    In this order: `Comparison.statement`; of two different runs, whether their labels and folds differ; the notices of
    A and of B, each once. Empty sentences are left out.
    """
    runs = () if a == b else (labels_statement(a, b), folds_statement(a, b))
    notices = dict.fromkeys([*comparison.a.manifest.notices, *comparison.b.manifest.notices])
    return tuple(filter(None, (comparison.statement, *runs, *notices)))
