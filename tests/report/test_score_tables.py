import math

import pandas as pd
import pytest

from entropice.report.score_tables import gap_rows, models_shown, score_rows, scores_shown

COLUMNS = ["scheme", "model", "score", "value", "low_95", "high_95", "share_of_limit"]
SCORES = pd.DataFrame(
    [
        ("random", "espa", "auc", 0.9, 0.8, 1.0, math.nan),
        ("spatial", "limit", "auc", 0.7, 0.6, 0.8, 1.0),
        ("spatial", "espa", "auc", 0.6, 0.5, 0.7, 0.5),
        ("spatial", "prevalence", "log_skill", 0.0, 0.0, 0.0, 0.0),
        ("random", "prevalence", "auc", 0.5, 0.5, 0.5, math.nan),
    ],
    columns=COLUMNS,
)


def test_scores_and_models_come_in_the_readers_order() -> None:
    assert scores_shown(SCORES) == ["log_skill", "auc"]
    assert models_shown(SCORES, "spatial") == ["espa", "prevalence", "limit"]


def test_a_score_nobody_made_is_unknown() -> None:
    espa, prevalence, _ = score_rows(SCORES, "spatial", ["log_skill", "auc"])
    assert math.isnan(espa.cells[0].value)
    assert espa.cells[1].share_of_limit == 0.5
    assert math.isnan(prevalence.cells[1].value)


def test_the_gap_is_random_minus_transfer() -> None:
    (row,) = gap_rows(SCORES, ["auc"])
    assert row.name == "eSPA"
    assert row.cells[0] == (0.9, pytest.approx(0.3))
