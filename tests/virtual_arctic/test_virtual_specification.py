import pytest
from pydantic import ValidationError


def test_default_box_holds_the_pole(default_values):
    extent = default_values["extent"]
    assert extent["left_m"] < 0 < extent["right_m"]
    assert extent["bottom_m"] < 0 < extent["top_m"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"coarse_unit_m": 7500}, "coarse_unit_m over base_unit_m", id="coarse does not nest"),
        pytest.param(
            {"elevation_tiles": {"pixel_m": 300}}, "base_unit_m over elevation_tiles", id="pixels do not nest"
        ),
        pytest.param({"extent": {"right_m": -961000}}, "extent over coarse_unit_m", id="extent does not nest"),
        pytest.param({"extent": {"right_m": -1700000}}, "left_m must be below right_m", id="empty extent"),
        pytest.param({"slumps": {"block_m": 16500}}, "block_m over base_unit_m", id="blocks do not nest"),
        pytest.param({"label_years": [2016, 2022]}, "label_years must ascend", id="year without climate"),
        pytest.param({"label_years": [2023, 2022]}, "label_years must ascend", id="years not ascending"),
        pytest.param({"slumps": {"detection_probability": 1.2}}, "less than or equal to 1", id="no probability"),
        pytest.param({"seed": "1"}, "valid integer", id="wrong type"),
        pytest.param({"land_shore": 0.5}, "Extra inputs", id="typo"),
        pytest.param({"slumps": {"areas": {"min_m2": 1e6}}}, "min_m2 must be below", id="empty area range"),
        pytest.param({"climate": {"n_history_years": 0}}, "greater than or equal to 1", id="no history"),
        pytest.param({"climate": {"last_year": 2017}}, "last_year lies before", id="no climate year"),
    ],
)
def test_impossible_worlds_are_refused(make_world, changes, message):
    with pytest.raises(ValidationError, match=message):
        make_world(**changes)
