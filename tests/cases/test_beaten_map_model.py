"""A map by a model that another one beats says so first, with the numbers."""

import math

import pandas as pd
import pytest

from entropice.report.beaten import who_beats
from entropice.report.texts import ModelText, SchemeText, ScoreText, Texts

TEXTS = Texts(
    models=(
        ModelText("espa", "eSPA"),
        ModelText("logistic", "logistic regression"),
        ModelText("prevalence", "prevalence", is_reference=True),
        ModelText("bayes_limit", "attainable limit", is_reference=True),
    ),
    schemes=(SchemeText("spatial", "transfer skill"), SchemeText("random", "random folds")),
    scores=(ScoreText("log_skill", "log skill"),),
)


def _scores(**values: float) -> pd.DataFrame:
    rows = [("spatial", name, "log_skill", value, value - 0.05, value + 0.05) for name, value in values.items()]
    other = [("random", name, "log_skill", 0.9, 0.8, 1.0) for name in values]
    noise = [("spatial", "espa", "auc", 0.1, 0.1, 0.1), ("spatial", "logistic", "auc", 0.9, 0.9, 0.9)]
    return pd.DataFrame(rows + other + noise, columns=["scheme", "model", "score", "value", "low_95", "high_95"])


@pytest.mark.parametrize(
    ("values", "by"),
    [
        ({"espa": 0.10, "logistic": 0.08, "prevalence": 0.0, "bayes_limit": 0.3}, None),
        ({"espa": 0.10, "logistic": 0.10, "prevalence": 0.0}, None),
        ({"espa": 0.10, "logistic": 0.12, "prevalence": 0.0}, ["logistic"]),
        ({"espa": -0.02, "logistic": -0.03, "prevalence": 0.0}, ["prevalence"]),
        ({"espa": -0.02, "logistic": 0.03, "prevalence": 0.0}, ["logistic", "prevalence"]),
        ({"espa": math.nan, "logistic": 0.03, "prevalence": 0.0}, None),
        ({"espa": 0.01, "logistic": math.nan, "prevalence": 0.0}, None),
    ],
    ids=["best", "equal", "a model", "prevalence", "both", "not scored", "other not scored"],
)
def test_models_and_prevalence_above_the_maps_are_named_best_first(values: dict, by: list[str] | None) -> None:
    beaten = who_beats("espa", _scores(**values), TEXTS)

    assert (beaten and [skill.name for skill in beaten.by]) == by


def test_the_sentence_has_the_numbers() -> None:
    beaten = who_beats("espa", _scores(espa=-0.02, logistic=0.03, prevalence=0.0), TEXTS)

    assert beaten.statement == (
        "The model of the map is beaten. Log skill, transfer skill: eSPA −0.020 (95 % interval −0.070 to 0.030); "
        "above it logistic regression 0.030 (95 % interval −0.020 to 0.080), prevalence 0.000 (95 % interval −0.050 to "
        "0.050)."
    )


def test_the_best_model_needs_no_sentence() -> None:
    assert who_beats("logistic", _scores(espa=0.1, logistic=0.2, prevalence=0.0), TEXTS) is None
