import pandas as pd
import pytest
from pydantic import ValidationError

from entropice.learning.scores import SCORES
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.pipelines.reporting.nodes import check_limit, score_limit
from entropice.pipelines.reporting.parameters import ReportingParameters

SPLITTING = FoldParameters.model_validate({"n_folds": 2, "block_level": {"h3": 1, "healpix": 2}})


@pytest.fixture(scope="module")
def limit_scores(fabricated) -> pd.DataFrame:
    return score_limit(fabricated.bayes_limit, fabricated.out_of_fold, fabricated.cells, "h3_3", 0, SPLITTING, 100)


def test_the_limit_alone_is_scored_and_shaped_as_scores(limit_scores: pd.DataFrame, fabricated) -> None:
    assert set(limit_scores["model"]) == {"bayes_limit"}
    assert list(limit_scores) == list(fabricated.scores)
    assert set(limit_scores["score"]) == set(SCORES)
    assert (limit_scores["n_cell_years"] == len(fabricated.bayes_limit)).all()


def test_a_forecast_that_follows_the_slumps_has_skill(limit_scores: pd.DataFrame) -> None:
    values = limit_scores.set_index("score")["value"]
    assert values["auc"] > 0.8


def test_a_plumbing_check_must_say_so(fabricated) -> None:
    values = {
        "title": "t", "description": "d", "purpose": "plumbing check", "notice": "", "year_names": {},
        "overview_pixel_size_m": 5000.0, "n_bayes_limit_draws": 10, "attributions": [],
    }  # fmt: skip
    with pytest.raises(ValidationError, match="needs a notice"):
        ReportingParameters.model_validate(values)
    assert ReportingParameters.model_validate(values | {"notice": "No skill."}).purpose == "plumbing check"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"overview_pixel_size_m": 10.0}, "greater than or equal to 1000"),
        ({"purpose": "demo"}, "'model' or 'plumbing check'"),
        ({"titel": "typo"}, "Extra inputs"),
        ({"year_names": {"2021": "text key"}}, "valid integer"),
    ],
    ids=["pixel too fine", "unknown purpose", "typo", "year as text"],
)
def test_wrong_parameters_are_refused(change: dict, message: str) -> None:
    values = {
        "title": "t", "description": "d", "purpose": "model", "notice": "", "year_names": {},
        "overview_pixel_size_m": 5000.0, "n_bayes_limit_draws": 10, "attributions": [],
    }  # fmt: skip
    with pytest.raises(ValidationError, match=message):
        ReportingParameters.model_validate(values | change)


def test_scores_are_held_against_the_limit(fabricated, caplog) -> None:
    honest = check_limit(fabricated.scores, fabricated.bayes_limit_scores)
    assert honest == {"checks": ["score above the limit"], "findings": []}
    leaky = check_limit(fabricated.scores.assign(value=0.9), fabricated.bayes_limit_scores)
    assert [finding["kind"] for finding in leaky["findings"]] == ["score above the limit"]
    assert "Leak alarm, score above the limit: espa has log_skill 0.900" in caplog.text
