import numpy as np
import pytest

from entropice.imagery.classes.alarm_scores import ALARM_SCORES, AlarmedImages, alarm_score_table
from entropice.imagery.classes.judged import judged
from entropice.learning.scores.table import block_replicates


@pytest.fixture
def alarmed() -> AlarmedImages:
    """Right and sure, wrong and sure, wrong and unsure, right and unsure; the alarm rings for the second and fourth."""
    sure, unsure = np.log([0.9, 0.1]), np.log([0.6, 0.4])
    images = judged(np.stack([sure, sure, unsure, unsure]), np.array([0, 1, 1, 0]), np.array([0.5, 0.5]))
    return AlarmedImages(images, np.array([False, True, False, True]), confident_from=0.8)


def test_what_an_alarm_costs_and_spares_by_hand(alarmed: AlarmedImages) -> None:
    values = {each.name: float(each.score(alarmed, np.ones(4))) for each in ALARM_SCORES}

    assert values == {
        "alarm_rate": 0.5,
        "accuracy_of_answered": 0.5,
        "confident_errors": 0.25,
        "confident_errors_left": 0.0,
    }


def test_the_table_holds_each_score_within_its_interval(alarmed: AlarmedImages) -> None:
    table = alarm_score_table(alarmed, np.arange(4, dtype=np.uint64), block_replicates(4, 0, 200))

    assert table["score"].tolist() == [each.name for each in ALARM_SCORES]
    assert (table["low_95"] <= table["value"]).all()
    assert (table["value"] <= table["high_95"]).all()


def test_an_alarm_that_always_rings_answers_nothing(alarmed: AlarmedImages) -> None:
    always = AlarmedImages(alarmed.images, np.ones(4, bool), 0.8)

    table = alarm_score_table(always, np.arange(4, dtype=np.uint64), block_replicates(4, 0, 20)).set_index("score")

    assert np.isnan(table.loc["accuracy_of_answered", "value"])
    assert table.loc["confident_errors_left", "value"] == 0
