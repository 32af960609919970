"""Four cells in two years, by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from entropice.dashboard.filters import DOUBTS, Filters

CELLS = pd.Index([10, 20, 30, 40], name="cell_id")
RUN = SimpleNamespace(
    run=SimpleNamespace(years=(2021, 2022)),
    regions=pd.Series(["east", "west", "west", "east"], index=CELLS),
    cells=lambda year: pd.DataFrame(
        {
            "class": ["none", "few", "many", None] if year == 2021 else ["few"] * 4,
            "applicability": ["inside", "outside", None, "inside"],
            "conformal_set": ["none", "none|few", None, "many"],
        },
        index=CELLS,
    ),
)
OF_YEARS = pd.DataFrame({"cell_id": [10, 20, 30, 10, 20, 50], "year": [2021, 2021, 2021, 2022, 2022, 2021]})


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        (Filters(2021), [10, 20, 30, 40]),
        (Filters(2021, regions=("west",)), [20, 30]),
        (Filters(2021, classes=("none", "many")), [10, 30]),
        (Filters(2021, regions=("west",), classes=("none", "many")), [30]),
        (Filters(2022, classes=("none", "many")), []),
        (Filters(1999), []),
    ],
)
def test_cells_pass_by_year_region_and_class_together(filters: Filters, shown: list[int]) -> None:
    assert CELLS[filters.passing(RUN)].tolist() == shown


@pytest.mark.parametrize(
    ("doubt", "shown"), list(zip(DOUBTS, ([10, 20, 30, 40], [10, 40], [20], [10, 40], [20]), strict=True))
)
def test_cells_pass_by_doubt_and_null_passes_none_but_any(doubt, shown: list[int]) -> None:
    assert CELLS[Filters(2021, doubt=doubt).passing(RUN)].tolist() == shown


@pytest.mark.parametrize("doubt", DOUBTS[1:])
def test_a_doubt_that_a_run_does_not_know_passes_no_cell(doubt) -> None:
    run = SimpleNamespace(**(vars(RUN) | {"cells": lambda year: pd.DataFrame({"class": ["few"] * 4}, index=CELLS)}))

    assert not Filters(2021, doubt=doubt).passing(run).any()
    assert Filters(2021).passing(run).all()


def test_rows_of_the_year_alone_where_a_table_tells_years_apart() -> None:
    """Cell 50 is none of the run's."""
    west, all_2022 = Filters(2021, regions=("west",)), Filters(2022)

    assert west.rows(RUN, OF_YEARS).index.tolist() == [1, 2]
    assert all_2022.rows(RUN, OF_YEARS).index.tolist() == [3, 4]
    assert west.rows(RUN, OF_YEARS.drop(columns="year")).index.tolist() == [1, 2, 4]
    assert Filters(1999).rows(RUN, OF_YEARS.assign(year=np.int64(1999))).empty
