"""What the charts of a comparison show, worked by hand."""

from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
import pytest

from entropice.comparison.charts import CHARTS
from entropice.comparison.facts import ComparisonFacts, RunText
from entropice.comparison.frames import map_agreement, map_differences, map_skill, model_skill, run_costs
from entropice.comparison.settings import Settings

NONE = float("nan")


def run(name: str, level: int, map_model: str) -> RunText:
    return RunText(
        name, "A run", "model", "0", "H3", level, 7**level, map_model, "ridge" if map_model == "ridge" else "the map's",
        ("none: 0", "some: > 0"), 0.5, "darts", ("arcticdem",), {}, {"numpy": f"2.{level}", "h3": "4.5"}, "c0de",
        "kedro run", (),
    )  # fmt: skip


@dataclass
class Tables:
    """Two runs of three models, the finer first in the tables."""

    facts = ComparisonFacts(
        (run("coarse", 3, "ridge"), run("fine", 4, "espa")),
        MappingProxyType({"ridge": "ridge", "espa": "eSPA", "bayes_limit": "attainable limit"}),
        (2021,),
        MappingProxyType({"rts": "0a"}),
        Settings(5, 0.1, 0.5, 10, 0),
    )

    def frame(self, table: str) -> pd.DataFrame:
        return {
            "skill": pd.DataFrame(
                [
                    (name, model, "deviance_skill", value, value - 0.1, value + 0.1, share, 231)
                    for name, model, value, share in (
                        ("fine", "bayes_limit", 0.8, 1.0), ("fine", "espa", 0.4, 0.5), ("fine", "ridge", 0.2, 0.25),
                        ("coarse", "ridge", 0.3, NONE),
                    )
                ],
                columns=["run", "model", "score", "value", "low_95", "high_95", "share_of_limit", "n_unit_years"],
            ),
            "differences": pd.DataFrame(
                [("fine", "coarse", "rank_correlation", value, value - 0.1, value + 0.1) for value in (0.2, 0.05, -0.2)]
                + [("fine", "coarse", "rank_correlation", 0.2, NONE, NONE)],
                columns=["run", "other", "score", "difference", "low_95", "high_95"],
            ),
            "agreement": pd.DataFrame(
                [("fine", "coarse", "expected_rts_area_fraction", 2021, 0.9, 4e-6, 125),
                 ("fine", "coarse", "p_any_rts", 2021, NONE, 0.33, 125)],
                columns=["run", "other", "quantity", "year", "rank_correlation", "mean_absolute_difference", "n_units"],
            ),
            "runs": pd.DataFrame(
                {"run": ["fine", "coarse"], "seconds": [10.0, NONE], "modelling_seconds": [4.0, NONE],
                 "run_folder_bytes": [2_000_000, 1_000_000]}
            ),
        }[table]  # fmt: skip


def test_maps_stand_by_level_with_the_limit_of_their_own_run() -> None:
    rows = map_skill(Tables())
    assert list(rows["name"]) == ["coarse: H3 level 3, 343 cells, ridge", "fine: H3 level 4, 2,401 cells, the map's"]
    assert list(rows["value"]) == [0.3, 0.4]
    assert rows["limit"].isna().tolist() == [True, False]
    assert rows["limit"].iloc[1] == 0.8


def test_models_stand_in_the_order_of_the_runs_and_say_which_are_behind_a_map() -> None:
    rows = model_skill(Tables())
    told = list(zip(rows["model"], rows["run"], rows["is_of_map"], strict=True))
    assert told == [
        ("ridge", "coarse", True), ("ridge", "fine", False), ("eSPA", "fine", True),
        ("attainable limit", "fine", False),
    ]  # fmt: skip
    assert set(rows["score"]) == {"skill of the expected density"}


def test_an_interval_that_leaves_0_out_is_a_verdict() -> None:
    rows = map_differences(Tables())
    assert list(rows["verdict"]) == [
        "the first scores higher", "0 inside the interval", "the second scores higher", "no interval",
    ]  # fmt: skip
    assert set(rows["pair"]) == {"fine − coarse"}


def test_agreement_is_told_in_units_of_readers_and_left_out_where_it_is_unknown() -> None:
    rows = map_agreement(Tables()).set_index("measure")["value"]
    assert rows.to_dict() == pytest.approx(
        {
            "expected density: rank correlation (without unit)": 0.9,
            "expected density: mean absolute difference (m² per km²)": 4.0,
            "share of land in cells with slumps: mean absolute difference (percentage points)": 33.0,
        }
    )


def test_costs_that_nobody_noted_have_no_bar() -> None:
    rows = run_costs(Tables())
    told = {(name.split(":")[0], cost): value for name, cost, value in rows.itertuples(index=False)}
    assert told == {
        ("fine", "time of all steps (s)"): 10.0, ("fine", "time of modelling (s)"): 4.0,
        ("coarse", "run folder (MB)"): 1.0, ("fine", "run folder (MB)"): 2.0,
    }  # fmt: skip


def test_versions_are_told_where_they_differ() -> None:
    assert Tables().facts.versions_that_differ == {"numpy": {"coarse": "2.3", "fine": "2.4"}}


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_a_specification_is_vega_lite_and_its_caption_says_what_intervals_are(chart) -> None:
    import altair

    tables = Tables()
    altair.Chart.from_dict(chart.specification(chart.frame(tables), tables.facts)).to_dict()
    assert "95 % intervals" in chart.caption or "ithout intervals" in chart.caption
