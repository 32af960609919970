"""What the table of lakes counts, on pixels worked by hand."""

import numpy as np
import pytest

from benchmarks.lake_table import ANYWHERE, TASK, Judge, Seen, iou, main, nearest_condition, overlaps, without
from entropice.imagery.loading import SampleView
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.statistics import BandStatistics
from entropice.virtual_lakes.lake_years import CONDITIONS

STATISTICS = BandStatistics(("red", "vv"), 1, np.array([4, 4]), np.zeros(2), np.ones(2))


def test_pixels_belong_to_the_nearest_lake_within_reach():
    conditions = np.zeros((1, 9), dtype=np.uint8)
    conditions[0, 0], conditions[0, 8] = 2, 3
    assert nearest_condition(conditions, within_px=3)[0].tolist() == [2, 2, 2, 2, 0, 3, 3, 3, 3]
    assert not nearest_condition(np.zeros((3, 3), dtype=np.uint8)).any()


def test_intersections_and_unions_are_counted_near_each_condition_and_anywhere():
    logits = np.array([[1.0, 1.0, -1.0, 1.0]], dtype=np.float32)
    chip = Seen(
        inputs=np.stack([logits, logits]),
        truth=np.array([[True, False, True, True]]),
        scored=np.array([[True, True, True, False]]),
        near=np.array([[1, 1, 2, 2]]),
    )
    sums = overlaps(Judge(lambda inputs: inputs[:, 0], 0.0), [chip])
    assert sums.tolist() == [[1, 2], [0, 1], [0, 0], [0, 0], [1, 3]]
    assert len(sums) == len((*CONDITIONS, ANYWHERE))
    assert iou(sums)[-1] == pytest.approx(1 / 3)


def test_a_hidden_sensor_is_not_known_and_others_stay():
    view = SampleView(None, STATISTICS, 0, Sensors({"optical": ("red",), "radar": ("vv",)}))  # type: ignore[arg-type]
    seen = []

    def logits(inputs):
        seen.append(inputs)
        return inputs[:, 0]

    inputs = np.ones((1, 2, 2, 2), dtype=np.float32)
    without(view, "radar", Judge(logits, 0.5)).logits(inputs)
    assert np.isnan(seen[0][:, 1]).all()
    assert (seen[0][:, 0] == 1).all()
    assert (inputs == 1).all()


def test_the_command_tells_what_it_needs(capsys):
    with pytest.raises(SystemExit):
        main(["--seeds", "1"])
    assert "--work" in capsys.readouterr().err
    assert TASK == "lakes"
