from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.comparison_scores import folds_statement, labels_statement, score_pairs, score_text
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.run_record import RunRecord, Score, read_run_record


def score(scheme: str, model: str, name: str, value: float = 0.5) -> Score:
    return Score(scheme, model, name, value, value - 0.1, value + 0.1)


def record(*scores: Score, map_model: str = "espa", **digests: tuple[str, ...]) -> RunRecord:
    unknown = dict.fromkeys(("folds", "rts", "coverage", "land"), ())
    return RunRecord(map_model, {"spatial": "Spatial folds"}, scores, {}, unknown | digests)


def test_maps_stand_first_and_only_same_names_together():
    a = record(
        score("spatial", "latitude", "auc"), score("spatial", "espa", "auc", 0.7), score("random", "espa", "auc")
    )
    b = record(
        score("spatial", "ridge", "auc", 0.8), score("spatial", "ridge", "ece"), score("spatial", "latitude", "auc"),
        map_model="ridge",
    )  # fmt: skip
    pairs = score_pairs(a, b)
    assert [(pair.scheme, pair.score, pair.model_a, pair.model_b) for pair in pairs] == [
        ("Spatial folds", "auc", "espa", "ridge"),
        ("Spatial folds", "auc", "latitude", "latitude"),
    ]
    assert (pairs[0].a.value, pairs[0].b.value) == (0.7, 0.8)
    assert [(pair.a, pair.b) for pair in score_pairs(a, a)] == [(pair.b, pair.a) for pair in score_pairs(a, a)]
    assert len(score_pairs(a, a)) == 3


@pytest.mark.parametrize(
    ("of_a", "of_b", "words"),
    [(("1",), ("1",), "are the same"), (("1",), ("2",), "differ"), ((), ("2",), "unknown"), ((), (), "unknown")],
)
def test_whether_the_folds_are_the_same_is_said(of_a: tuple[str, ...], of_b: tuple[str, ...], words: str):
    assert words in folds_statement(record(folds=of_a), record(folds=of_b))


def test_other_labels_are_said():
    assert labels_statement(record(rts=("1",)), record(rts=("1",))) == ""
    assert "(rts, land differ)" in labels_statement(record(rts=("1",)), record(land=("1",)))


def test_a_record_is_read_from_the_manifest(write_run: Callable[..., Path], manifest_values: dict[str, Any]):
    manifest_values["scores"] = [
        {"scheme": "spatial", "model": "espa", "score": "auc", "value": 0.8, "low_95": None, "high_95": 0.9}
    ]
    manifest_values["intermediates"] = [
        {"dataset": "folds", "path": "folds.parquet", "bytes": 1, "sha256": "f" * 64},
        {"dataset": "truth", "path": "truth.parquet", "bytes": 1, "sha256": "e" * 64},
    ]
    found = read_run_record(write_run(manifest_values))
    assert found.map_model == "espa"
    assert found.scores == (Score("spatial", "espa", "auc", 0.8, None, 0.9),)
    assert [found.title(name) for name in ("auc", "spatial", "espa", "other")] == [
        "AUC",
        "Spatial folds",
        "eSPA",
        "other",
    ]
    assert found.digests == {"folds": ("f" * 64,), "rts": (), "coverage": (), "land": ()}


def test_a_score_that_is_no_number_is_refused(write_run: Callable[..., Path], manifest_values: dict[str, Any]):
    manifest_values["scores"] = [
        {"scheme": "spatial", "model": "espa", "score": "auc", "value": "good", "low_95": None, "high_95": None}
    ]
    with pytest.raises(RunFolderError, match=r"scores\[0\]\.value"):
        read_run_record(write_run(manifest_values))


def test_a_score_is_told_in_thousandths_with_its_interval():
    assert score_text(Score("s", "m", "ece", 0.02261, 0.000454, -0.5981)) == "0.023\n0 – −0.598"
    assert score_text(Score("s", "m", "ece", 0.5, None, 0.6)) == "0.5"
    assert score_text(Score("s", "m", "ece", None, None, None)) == "unknown"
