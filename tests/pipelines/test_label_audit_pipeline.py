"""Audited chips correct the scores of a network that says what its first band holds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from entropice.errors import LabelError
from entropice.imagery.loading import SampleView
from entropice.imagery.samples import Image, Place, Sample
from entropice.imagery.statistics import BandStatistics
from entropice.pipelines.composition import Composition
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK
from entropice.pipelines.label_audit import judging, nodes
from entropice.pipelines.label_audit.pipeline import LABEL_AUDIT
from entropice.pipelines.tasks.task import Task

EDGE = 12
STATISTICS = BandStatistics(("red",), 1, np.array([1]), np.zeros(1), np.ones(1))
KEYS = tuple(f"chip_{number}" for number in range(8))


@dataclass(frozen=True)
class Evaluation:
    threshold: str = "iou"
    batch_size: int = 3
    n_bootstrap: int = 20


def truth():
    target = np.zeros((EDGE, EDGE), dtype=np.uint8)
    target[2:10, 2:10] = 1
    return target


class Undersized:
    """Labels of a pixel less than what is there, which the first band shows."""

    keys = KEYS
    bands = ("red",)

    def read(self, key):
        label = np.zeros((EDGE, EDGE), dtype=np.uint8)
        label[3:9, 3:9] = 1
        values = np.where(truth(), 3.0, -3.0).astype(np.float32)[None]
        image = Image(("red",), values, np.ones((1, EDGE, EDGE), dtype=bool))
        return Sample(
            key, image, label, np.ones((EDGE, EDGE), dtype=bool), Place(-60.0, -2_193_740.0, 10.0, EDGE, 2021)
        )


class Audited:
    keys = ("chip_0", "chip_3", "chip_5")

    def read(self, key):
        return truth(), np.ones((EDGE, EDGE), dtype=bool)


SPLITS = pd.DataFrame(
    {"key": KEYS, "block": np.arange(8, dtype=np.uint64) // 2, "split": ["test"] * 5 + ["validation"] * 3}
)
RIVAL = "pixel_boosting"
CALIBRATION = {model: {"thresholds": {"iou": {"logit": 0.0}}} for model in (NETWORK, RIVAL)}


def chips_of(model, n_said):
    counts = {"n_true": 36, "n_said": n_said, "n_both": 36}
    return pd.DataFrame({"key": KEYS[:5], "block": SPLITS["block"][:5], **counts}).assign(
        split="test", model=model, cut="chosen"
    )


CHIPS = pd.concat([chips_of(NETWORK, 64), chips_of(RIVAL, EDGE**2)])
"""The rival marks all of every chip."""


@pytest.fixture
def audited(monkeypatch):
    monkeypatch.setattr(judging, "judged_view", lambda _, samples, *__: SampleView(samples, STATISTICS, 0))
    models = {NETWORK: lambda inputs: inputs[:, 0], RIVAL: lambda inputs: 5 - np.abs(inputs[:, 0])}
    monkeypatch.setattr(judging, "judged_models", lambda *_: models)
    return nodes.judge_audits(None, Undersized(), Audited(), SPLITS, {}, CALIBRATION, None, None, Evaluation())


def test_test_chips_that_were_audited_are_counted_against_the_audit(audited):
    assert audited["key"].tolist() == ["chip_0", "chip_3"] * 2
    assert audited["model"].tolist() == [NETWORK] * 2 + [RIVAL] * 2
    counts = audited[["n_true", "n_said", "n_both"]].to_numpy().tolist()
    assert counts == [[64, 64, 64]] * 2 + [[64, 144, 64]] * 2


def test_what_labels_lack_is_no_fault_of_the_network(audited):
    table = nodes.correct_scores(CHIPS, audited, Evaluation(), 42)
    values = table[table["model"] == NETWORK].set_index(["labels", "score"])["value"]

    assert table.columns.tolist() == ["model", "labels", "score", "value", "low_95", "high_95", "n_chips", "n_audited"]
    assert values["raw", "global_iou"] == pytest.approx(36 / 64)
    assert values["corrected", "global_iou"] == pytest.approx(1.0)
    assert (table["n_chips"].iloc[0], table["n_audited"].iloc[0]) == (5, 2)


def test_rivals_are_corrected_beside_the_network(audited):
    table = nodes.correct_scores(CHIPS, audited, Evaluation(), 42)
    values = table[table["model"] == RIVAL].set_index(["labels", "score"])["value"]
    assert values["raw", "global_iou"] == pytest.approx(36 / 144)
    assert values["corrected", "global_iou"] == pytest.approx(64 / 144)
    assert table.groupby("model").size().to_dict() == {NETWORK: 6, RIVAL: 6}


@pytest.mark.parametrize("keys", [(), ("chip_5",)], ids=["no audit", "an audit of validation"])
def test_without_an_audited_test_chip_nothing_is_asked(monkeypatch, keys):
    audits = Audited()
    audits.keys = keys
    monkeypatch.setattr(judging, "judged_view", lambda _, samples, *__: SampleView(samples, STATISTICS, 0))
    with pytest.raises(LabelError, match="No test chip was audited") as refused:
        nodes.judge_audits(None, Undersized(), audits, SPLITS, {}, CALIBRATION, None, None, Evaluation())
    assert (refused.value.field, refused.value.got) == (
        "audits",
        f"{len(keys)} audited chips, of which none is of the test",
    )


def test_labels_are_found_a_pixel_too_small():
    @dataclass(frozen=True)
    class Rules:
        min_px: int = 2

    table = nodes.compare_labels(Undersized(), Audited(), Rules())
    assert len(table) == 3
    assert table["undersizing_m"].to_numpy() == pytest.approx(10.0, rel=1e-3)


def test_every_step_is_of_the_task():
    lakes = Task(kind="mask", source="virtual_slumps")
    composition = Composition(world=None, labels=None, features=(), pipelines=("label_audit",), tasks={"lakes": lakes})
    pipeline = LABEL_AUDIT.create(composition)
    assert {"lakes.audited_scores", "lakes.label_findings"} <= pipeline.all_outputs()
    assert "lakes.audits" in pipeline.inputs()
