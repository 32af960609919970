"""Batches as they are made have no fault, and each fault that is put into them is found alone."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.imagery.batches import batches_of_epoch
from entropice.imagery.check_batches import check_batches
from entropice.imagery.curriculum_rules import CurriculumPhase, CurriculumRules

KEYS = [f"tile_{number}" for number in range(40)]
N_POSITIVE = [5] * 6 + [0] * 34
SPLITS = pd.DataFrame({"key": KEYS, "split": ["train"] * 36 + ["test"] * 4, "n_positive": N_POSITIVE})
CLEAN = [("tile_0", "tile_6", "tile_7"), ("tile_1", "tile_8", "tile_9")]


@given(seed=st.integers(0, 2**31), epoch=st.integers(1, 40))
@settings(max_examples=25, deadline=None)
def test_batches_as_they_are_made_have_no_fault(seed: int, epoch: int) -> None:
    phases = [CurriculumPhase(last_epoch=last, negatives_per_positive=ratio) for last, ratio in ((10, 1.0), (30, 4.0))]
    rules = CurriculumRules(phases=phases, ramp_epochs=5)

    batches = batches_of_epoch(KEYS[:6], KEYS[6:36], rules, 6, seed, epoch)

    assert check_batches(batches, SPLITS) == []


@pytest.mark.parametrize(
    ("batches", "kind", "evidence"),
    [
        ([CLEAN[0], ("tile_1", "tile_8", "tile_39")], "tile of another split in a batch", ("tile_39",)),
        ([CLEAN[0], ("tile_1", "tile_8", "nowhere")], "tile of another split in a batch", ("nowhere",)),
        ([CLEAN[0], ("tile_1", "tile_6", "tile_9")], "twice in an epoch", ("tile_6",)),
        ([CLEAN[0], ("tile_1", "tile_8", "tile_8")], "twice in an epoch", ("tile_8",)),
        ([CLEAN[0], ("tile_10", "tile_8", "tile_9")], "batch without positives", ("batch 1",)),
        ([*CLEAN, ("tile_2",)], "batches of several sizes", ("3",)),
        ([], "no batches", ()),
    ],
)
def test_each_fault_is_found_alone(batches: list[tuple[str, ...]], kind: str, evidence: tuple[str, ...]) -> None:
    (finding,) = check_batches(batches, SPLITS)

    assert (finding.kind, finding.evidence) == (kind, evidence)


def test_clean_batches_have_no_fault_and_two_faults_are_both_told() -> None:
    assert check_batches(CLEAN, SPLITS) == []
    assert [each.kind for each in check_batches([("tile_39", "tile_39")], SPLITS)] == [
        "tile of another split in a batch",
        "twice in an epoch",
        "batch without positives",
    ]
