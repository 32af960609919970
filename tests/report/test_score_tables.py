import math

import pandas as pd
import pytest

from entropice.report.score_tables import gap_rows, score_rows
from entropice.report.texts import ModelText, SchemeText, ScoreText, Texts

COLUMNS = ["scheme", "model", "score", "value", "low_95", "high_95", "share_of_limit"]
SCORES = pd.DataFrame(
    [
        ("random", "espa", "auc", 0.9, 0.8, 1.0, math.nan),
        ("spatial", "bayes_limit", "auc", 0.7, 0.6, 0.8, 1.0),
        ("spatial", "espa", "auc", 0.6, 0.5, 0.7, 0.5),
        ("spatial", "prevalence", "log_skill", 0.0, 0.0, 0.0, 0.0),
        ("random", "prevalence", "auc", 0.5, 0.5, 0.5, math.nan),
        ("random", "unheard_of", "auc", 0.8, 0.7, 0.9, math.nan),
    ],
    columns=COLUMNS,
)
SPATIAL, RANDOM = (SCORES[SCORES["scheme"] == scheme] for scheme in ("spatial", "random"))
TEXTS = Texts(
    (ModelText("espa", "eSPA"), ModelText("prevalence", "prevalence", True), ModelText("bayes_limit", "limit", True)),
    (SchemeText("spatial", "transfer skill"), SchemeText("random", "random cross-validation")),
    (ScoreText("log_skill", "log skill"), ScoreText("auc", "AUC")),
)


def test_models_come_in_the_readers_order_with_every_score() -> None:
    espa, prevalence, limit = score_rows(SPATIAL, TEXTS)
    assert [row.model.title for row in (espa, prevalence, limit)] == ["eSPA", "prevalence", "limit"]
    assert math.isnan(espa.cells[0].value)
    assert espa.cells[1].share_of_limit == 0.5
    assert math.isnan(prevalence.cells[1].value)


def test_the_gap_is_the_other_scheme_minus_the_first_and_references_have_none() -> None:
    espa, unknown = gap_rows(SPATIAL, RANDOM, TEXTS)
    assert espa.model.title == "eSPA"
    assert espa.cells[1] == (0.9, pytest.approx(0.3))
    assert unknown.model.title == "unheard_of"
    assert math.isnan(unknown.cells[1][1])
