import math
from dataclasses import replace

import pandas as pd
import pytest

from entropice.report.task_facts import GateFacts, PixelScoreText, TaskFacts, TaskText
from entropice.report.task_statements import gate_statements, growth_statement, joint_statements, pixel_statements
from entropice.report.texts import Text

TEXT = TaskText(
    "lakes", "Lakes in images", "mask", "which pixels", "lakes", "a camera",
    (Text("network", "the network"), Text("trees", "Boosted trees")), (PixelScoreText("pr_auc", "PR-AUC", 1),),
)  # fmt: skip
TASK = TaskFacts(TEXT, (2020,), GateFacts(0.05, 0.004, 0.03, 100), 3, 2, (), ())


def scores(low: float, high: float, score: str = "pr_auc", rival: str | None = "trees") -> pd.DataFrame:
    row = {"model": "network", "compared_with": rival, "score": score, "value": 0.4, "low_95": low, "high_95": high}
    return pd.DataFrame([row | {"ratio": 200.0}, row | {"ratio": 500.0}])


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (-0.1, 0.6, "No lead of the network over boosted trees is shown"),
        (0.0, 0.6, "No lead of the network over boosted trees is shown"),
        (0.1, 0.6, "The PR-AUC of the network is above that of boosted trees"),
        (-0.6, -0.1, "boosted trees beats the network"),
        (math.nan, math.nan, "Whether the network leads boosted trees is not known"),
    ],
)
def test_a_lead_whose_interval_holds_0_is_not_shown(low: float, high: float, told: str) -> None:
    (statement,) = pixel_statements(scores(low, high), TASK)
    assert statement.startswith(told)
    assert "1:200 (0.400" in statement
    assert "and 1:500 (0.400" in statement


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(0.2, 0.9, "Too few pixels of lakes"), (1.1, 1.9, "Too many pixels of lakes"), (0.9, 1.1, "The chances of")],
)
def test_a_sum_that_leaves_1_out_is_told(low: float, high: float, told: str) -> None:
    (statement,) = pixel_statements(scores(low, high, "predicted_over_observed", None), TASK)
    assert statement.startswith(told)


def test_a_gate_that_keeps_its_bound_with_many_blocks_has_nothing_to_confess() -> None:
    left_out, missed, blocks = gate_statements(TASK, 0.25)
    assert "fewer than 4 lakes per 1,000 km²" in left_out
    assert "25 % of the land" in left_out
    assert "3 % on average" in missed
    assert "few blocks" not in blocks
    assert "counts 1 %" in blocks


def test_a_bound_that_is_not_kept_and_few_blocks_are_told() -> None:
    broken = replace(TASK, gate=GateFacts(0.05, 0.004, 0.08, 20))
    statements = list(gate_statements(broken, 0.25))
    assert "The bound is not kept: 8 % are missed." in statements
    assert "these are few blocks for a bound of 5 %" in statements[-1]


@pytest.mark.parametrize(("threshold", "left_out"), [(None, 0.0), (0.004, 0.0)])
def test_a_gate_that_leaves_nothing_out_says_so(threshold: float | None, left_out: float) -> None:
    first, *_ = gate_statements(replace(TASK, gate=GateFacts(0.05, threshold, 0.0, 20)), left_out)
    assert first == "The gate leaves nothing out: all cells pass, and no land is saved."


def test_a_gate_without_blocks_counts_nothing() -> None:
    *_, blocks = gate_statements(replace(TASK, gate=GateFacts(0.05, None, math.nan, 0)), 0.0)
    assert "an unknown share" in blocks


def test_growth_is_told_where_intervals_leave_0_out() -> None:
    cells = pd.DataFrame(
        {"lakes_growth_low_90": [1.0, -2.0, -1.0, None], "lakes_growth_high_90": [2.0, -1.0, 1.0, None]}
    )
    assert "in 3 cells: 1 grow and 1 shrink" in growth_statement(cells, TASK)
    assert "in the other 1 no change is shown" in growth_statement(cells, TASK)
    assert growth_statement(cells[[]], TASK) == "Growth of lakes is unknown: no cell was seen in two years."


def joint(low: float, high: float) -> pd.DataFrame:
    rows = [("soft", None, 500.0, 0.6, 0.5, 0.7), ("soft", "pixels", 500.0, (low + high) / 2, low, high)]
    return pd.DataFrame(rows, columns=["way", "compared_with", "ratio", "value", "low_95", "high_95"])


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (-0.1, 0.3, "No gain of pixels joined with the cell's density over pixels alone is shown"),
        (0.1, 0.3, "There is a gain of"),
        (-0.3, -0.1, "There is a loss of"),
        (math.nan, math.nan, "is not known"),
    ],
)
def test_gains_of_joining_are_told_by_the_interval_of_the_difference(low, high, told) -> None:
    (statement,) = joint_statements(joint(low, high))
    assert told in statement
    assert "1:500" in statement
