"""What an audit says of a map: words by the interval of its bias, and a correction by hand."""

import numpy as np
import pandas as pd
import pytest
from audited_maps import filled, small_map, write

from entropice.errors import LabelError
from entropice.learning.audit.audited_map import training_prevalence
from entropice.learning.audit.correction import Correction
from entropice.learning.audit.sheet import read_sheet
from entropice.learning.audit.verdict import audit, corrected_map, statement, told


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.1, 2.0, "Slumps are likelier"),
        (-2.0, -0.1, "Slumps are rarer"),
        (-0.1, 0.1, "No bias"),
        (0.0, 1.0, "No bias"),
        (-np.inf, np.inf, "No bias"),
        (0.1, np.inf, "Slumps are likelier"),
    ],
)
def test_a_bias_is_said_where_its_interval_leaves_out_none(low: float, high: float, said: str) -> None:
    assert statement(low, high).startswith(said)


def test_a_corrected_map_by_hand() -> None:
    """Odds of 1 and 1/3 become 3 and 1 where the intercept is log 3; its interval from 0 upwards is without end."""
    correction = Correction(np.log(3), 0.0, np.inf, 1.0, np.nan, np.nan, 40, 20)
    predictions = pd.DataFrame({"cell_id": [1, 2, 3], "p_any": [0.5, 0.25, np.nan]})

    found = corrected_map(predictions, correction)

    np.testing.assert_allclose(found["p_any_corrected"], [0.75, 0.5, np.nan])
    np.testing.assert_allclose(found["p_any_corrected_low"], predictions["p_any"])
    np.testing.assert_array_equal(found["p_any_corrected_high"], [1.0, 1.0, np.nan])
    assert found[["cell_id", "p_any"]].equals(predictions)


def test_ends_without_end_are_told_as_unknown_and_shares_count_weights() -> None:
    """Slumps in each of forty cells: no upper end. Of weights 1 and 3 the share with slumps is one with all alike."""
    correction = Correction(1.0, 0.5, np.inf, 1.0, np.nan, np.nan, 40, 40)
    answers = pd.DataFrame({"p_any": 0.5, "weight": [1.0, 3.0] * 20, "observed": True})

    found = told(answers, correction)

    assert found["intercept"] == {"value": 1.0, "low_95": 0.5, "high_95": None}
    assert found["slope"] == {"value": 1.0, "low_95": None, "high_95": None}
    assert found["intercept_at_slope_1"]["high_95"] is None
    assert (found["n_answered"], found["n_with"]) == (40, 40)
    assert found["share_with_slumps"]["value"] == 1.0

    half = told(answers.assign(observed=[False, True] * 20), correction)["share_with_slumps"]
    assert half["value"] == pytest.approx(0.75)
    assert half["low_95"] < 0.75 < half["high_95"]


def test_an_audit_corrects_every_cell_of_the_years_that_were_looked_at(tmp_path) -> None:
    audited = small_map()
    sheet = read_sheet(write(filled(audited, 120, intercept=-2.0), tmp_path / "sample.csv"))

    found = audit(audited, sheet, 0, 0)

    assert len(found.corrected) == len(audited.cells)
    assert found.document["years"] == [audited.years[-1]]
    assert found.document["map"] == audited.map_id
    assert found.document["statement"].startswith("Slumps are rarer")
    mean = found.document["mean_p_any"]
    assert mean["corrected"] < mean["uncorrected"]
    assert mean["corrected"] == pytest.approx(found.corrected["p_any_corrected"].mean())
    assert found.scores["map"].unique().tolist() == ["uncorrected", "corrected"]
    assert set(found.scores["skill"]) == {"audit skill"}


def test_the_share_of_training_rows_with_slumps_by_hand() -> None:
    document = {"doubts_model": {"conformal": {"n_rows": [70, 20, 10]}}}

    assert training_prevalence(document) == pytest.approx(0.3)


def test_the_latest_year_is_meant_where_none_is_named_and_no_other_than_the_maps() -> None:
    audited = small_map()

    assert audited.require_year(None) == audited.years[-1]
    assert audited.require_year(audited.years[0]) == audited.years[0]
    with pytest.raises(LabelError) as refused:
        audited.require_year(1999)
    assert (refused.value.field, refused.value.got) == ("audit_sample.year", 1999)


def test_a_map_that_cannot_give_as_many_cells_is_named() -> None:
    audited = small_map()

    with pytest.raises(LabelError) as refused:
        audited.sample(audited.years[0], 10 * len(audited.cells), 0, 1)
    assert refused.value.path == audited.path
