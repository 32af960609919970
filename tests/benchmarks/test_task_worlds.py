import numpy as np
import pandas as pd
import pytest

from benchmarks import task_worlds
from benchmarks.matrix import measured, report
from entropice.errors import RunStateError


def _scores(mse: float) -> pd.DataFrame:
    rows = [
        ("network", None, "mse", mse),
        ("persistence", None, "mse", 2 * mse),
        ("network", "persistence", "mse", -mse),
        ("network", None, "bias", 1.0),
        ("network", None, "share_of_ceiling", np.nan),
    ]
    table = pd.DataFrame(rows, columns=["model", "compared_with", "score", "value"])
    return pd.concat([table.assign(part="time", horizon=horizon) for horizon in (1.0, 2.0)])


def test_worlds_become_tables_of_scores_and_leads(tmp_path):
    found = measured(lambda seed: task_worlds.measures_of(_scores(0.01 * seed)), [1, 2, 3], tmp_path / "records.jsonl")

    assert list(found.columns.get_level_values(0).unique()) == ["mse, time", "mse, time: network less"]
    assert found["mse, time", "persistence", "2"].tolist() == [0.02, 0.04, 0.06]
    told = report(found, task_worlds.DIGITS)
    assert "| mse, time: network less | 1 | 2 |" in told
    assert "| persistence | -0.0200" in told.replace("−", "-")


def test_a_run_that_fails_is_told(tmp_path):
    with pytest.raises(RunStateError, match="not measured") as caught:
        task_worlds.run_world("slump_imagery", "nobody", "tiny", tmp_path, {}, 1)

    assert (tmp_path / "nobody_tiny_1" / "output.txt").exists()
    assert caught.value.got


def test_scores_of_masks_are_told_by_ratio(tmp_path):
    table = pd.DataFrame(
        [("network", None, 1.0, "iou", 0.9), ("pixels", None, 1.0, "iou", 0.8), ("network", "pixels", 1.0, "iou", 0.1)],
        columns=["model", "compared_with", "ratio", "score", "value"],
    )
    table.to_parquet(tmp_path / "charts_image_scores.parquet")

    (found,) = task_worlds._scores_of(tmp_path, "charts")

    measures = task_worlds.measures_of(found)
    assert measures["iou, 1 : 1", "network", "all"] == 0.9
    assert measures["iou, 1 : 1: network less", "pixels", "all"] == 0.1
