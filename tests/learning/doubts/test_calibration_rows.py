"""Rows that regional calibration compares, by hand."""

import numpy as np
import pandas as pd
import pytest

from entropice.learning.doubts.calibration_rows import calibration_rows

CELLS = pd.DataFrame({"cell_id": [7, 8, 9], "lon_deg": [-179.0, 10.0, 181.0]})
BLOCKS = pd.Series({9: 2, 8: 1, 7: 0})


def test_each_row_has_the_region_and_block_of_its_cell_and_the_chance_of_any_slump() -> None:
    out_of_fold = pd.DataFrame({"cell_id": [8, 9, 8], "class_": ["none", "few", "many"], "p_none": [0.9, 0.4, 0.25]})

    found = calibration_rows(out_of_fold, BLOCKS, CELLS)

    assert found["region"].tolist() == ["0 to 45", "-180 to -135", "0 to 45"]
    assert found["block"].tolist() == [1, 2, 1]
    np.testing.assert_allclose(found["p_any"], [0.1, 0.6, 0.75])
    assert found["is_positive"].tolist() == [False, True, True]


def test_a_row_of_no_cell_is_an_error() -> None:
    with pytest.raises(KeyError):
        calibration_rows(pd.DataFrame({"cell_id": [1], "class_": ["none"], "p_none": [0.5]}), BLOCKS, CELLS)
