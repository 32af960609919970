"""Audited scores in a report and a model card: beside what labels say, and wrong tables named."""

import math

import pandas as pd
import pytest
from image_runs import image_run

from entropice.errors import SchemaError
from entropice.report.image_run.content import ImageRun
from entropice.report.image_run.model_card import audit_table, card_markdown
from entropice.report.image_run.page import render_run

TITLE = "Against labels, and against the truth as an audit of 40 of 1,300 chips estimates it"


def audited_scores() -> pd.DataFrame:
    rows = [
        ("network", "raw", "accuracy", 0.71, 0.65, 0.77), ("network", "raw", "recall", 0.8, 0.7, 0.9),
        ("network", "corrected", "accuracy", 0.75, 0.68, 0.82),
        ("network", "corrected", "recall", math.nan, math.nan, math.nan),
    ]  # fmt: skip
    columns = ["model", "labels", "score", "value", "low_95", "high_95"]
    return pd.DataFrame(rows, columns=columns).assign(n_chips=1300, n_audited=40)


@pytest.fixture(scope="module")
def run() -> ImageRun:
    return image_run(ice_types__audited_scores=audited_scores())


def test_each_score_stands_against_labels_and_against_the_truth(run: ImageRun) -> None:
    motion, types = run.tasks
    assert audit_table(motion) is None
    table = audit_table(types)
    assert table is not None
    assert table.rows == (
        ("The network: Accuracy", "0.710 (0.650 to 0.770)", "0.750 (0.680 to 0.820)"),
        ("The network: recall", "0.800 (0.700 to 0.900)", "–"),
    )


def test_the_page_of_the_task_alone_tells_of_its_audit(run: ImageRun) -> None:
    page = render_run(run)
    assert page.count(TITLE) == 1
    assert page.index('id="task_ice_types"') < page.index(TITLE)
    assert "<td>0.750 (0.680 to 0.820)</td>" in page


def test_the_model_card_tells_it_in_a_sentence(run: ImageRun) -> None:
    motion, types = (card_markdown(run, task) for task in run.tasks)
    assert "audit" not in motion
    assert (
        "Labels are not the truth: 0.710 (0.650 to 0.770) against labels is 0.750 (0.680 to 0.820) against the truth, "
        "as an audit of 40 of 1,300 chips estimates it (The network: Accuracy)."
    ) in types


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (audited_scores().drop(columns="n_audited"), "no n_audited"),
        (audited_scores().iloc[:0], "no rows"),
        (audited_scores().iloc[:3], "network recall"),
        (pd.concat([audited_scores(), audited_scores().iloc[:1]]), "network accuracy"),
    ],
    ids=["column", "rows", "one way", "twice"],
)
def test_a_table_that_is_not_usable_is_named(table: pd.DataFrame, told: str) -> None:
    with pytest.raises(SchemaError, match=told) as refused:
        image_run(ice_types__audited_scores=table)
    assert refused.value.field is not None
    assert refused.value.field.startswith("ice_types.audited_scores")
