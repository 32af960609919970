import numpy as np
import pytest
from small_land import SMALL_LAND

from benchmarks import modification
from entropice.virtual_modification.world import make_modified_world


@pytest.fixture
def small(monkeypatch):
    for name, value in {"SPECIFICATION": SMALL_LAND, "N_DRAWS": 2, "OTHER_GROUND": (1001,)}.items():
        monkeypatch.setattr(modification, name, value)


def test_the_trend_is_least_squares_through_three_maps():
    task = modification.Task(make_modified_world(3, SMALL_LAND), first=4, horizon=2)
    row, column = np.argwhere(task.is_scored & (task.known[-1] > 0.1))[0]
    slope, level = np.polyfit([0, 1, 2], task.known[:, row, column], 1)

    assert modification.trend(task)[row, column] == pytest.approx(np.clip(level + slope * 4, 0, 1), abs=1e-5)


def test_all_rivals_are_scored_at_every_horizon(small, capsys):
    modification.main(["--seeds", "3"])

    title, _, *rows = capsys.readouterr().out.splitlines()
    assert title == "| mean absolute error | 1 | 2 | 3 | 4 |"
    means = {row.split("|")[1].strip(): [float(cell.split()[0]) for cell in row.split("|")[2:6]] for row in rows[:5]}
    assert list(means) == ["persistence", "linear trend", "neighbours", "known law", "known law, mean"]
    assert (np.diff(means["persistence"]) > 0).all()
