"""Roles of cells in folds and scores fold by fold, as the run folder keeps them."""

import numpy as np
import pandas as pd
import pytest
from fold_problems import ground_of

from entropice.learning.folds import SCHEMES, TEST, TRAIN, Ground
from entropice.learning.folds.dealing import hold_out
from entropice.learning.folds.table import has_role, make_folds
from entropice.report.fold_tables import (
    LEARNED,
    LEFT_OUT,
    SLUMPS_EVERYWHERE,
    TESTED,
    UNDEFINED,
    WITHOUT_SLUMPS,
    fold_roles,
    roles_of_scheme,
    with_reasons,
)

YEARS = np.array([2021, 2022, 2023])
ROLES = {TESTED, LEARNED, LEFT_OUT}


def line_of(n_cells: int, **changes: object) -> Ground:
    """Cells 10 km apart on a line, ten to a block."""
    x_m = 10_000.0 * np.arange(n_cells)
    ids = np.arange(n_cells, dtype=np.uint64)
    return ground_of(2**60 + ids, ids // 10, np.column_stack([x_m, np.zeros(n_cells)]), **changes)


def test_the_buffer_of_five_cells_on_a_line() -> None:
    """Cells at 0, 10, 20, 30 and 40 km; fold 0 tests the first two. A buffer of 15 km leaves out one each."""
    folds = hold_out(line_of(5), np.array([0, 0, 1, 1, 1]), 15_000.0).assign(scheme="spatial")
    observed = folds[["cell_id"]].drop_duplicates().assign(year=2021)
    told = fold_roles(folds[::-1], observed)
    assert told["cell_id"].tolist() == [2**60 + place for place in range(5)]
    assert told["spatial"].tolist() == ["TL", "TB", "BT", "LT", "LT"]


def test_roles_that_differ_by_year_stand_in_columns_of_their_own() -> None:
    """Two blocks, two years: fold 0 tests block A in 2021, fold 1 block B in 2022; cell 2 is not seen in 2021."""
    ground = line_of(4, years=YEARS[:2], n_folds=2)
    folds = make_folds(Ground(**vars(ground) | {"block_ids": np.array([1, 1, 2, 2])}), ["year"], 0)
    observed = pd.DataFrame({"cell_id": [0, 1, 3, 0, 1, 2, 3], "year": [2021] * 3 + [2022] * 4})
    told = fold_roles(folds, observed.assign(cell_id=2**60 + observed["cell_id"])).drop(columns="cell_id")
    first, other = told.loc[0], told.loc[3]
    assert {tuple(first), tuple(other)} == {("TL", "BB"), ("BB", "LT")}
    assert told.loc[0].equals(told.loc[1])
    assert pd.isna(told.loc[2, "year_2021"])
    assert told.loc[2, "year_2022"] == told.loc[3, "year_2022"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("seed", range(3))
def test_roles_partition_the_cells_and_no_fold_learns_from_a_cell_that_it_tests(scheme: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    ground = line_of(60, years=YEARS, buffer_m=25_000.0)
    folds = make_folds(ground, [scheme], seed)
    cell_years = pd.MultiIndex.from_product([ground.cell_ids, YEARS], names=["cell_id", "year"]).to_frame(index=False)
    observed = cell_years[random.uniform(size=len(cell_years)) < 0.6]
    roles = fold_roles(folds, observed).set_index("cell_id")
    n_folds = folds["fold"].max() + 1
    for fold in range(n_folds):
        of_fold = roles.apply(lambda letters, at=fold: letters.str[at])
        assert of_fold.isin([*ROLES, np.nan]).all(axis=None)
        assert not ((of_fold == TESTED).any(axis=1) & (of_fold == LEARNED).any(axis=1)).any()
        rules = folds[folds["fold"] == fold]
        for letter, role in ((TESTED, TEST), (LEARNED, TRAIN)):
            expected = observed[has_role(observed, rules, role)]
            told = [of_fold[_column(roles, scheme, year)].loc[cell] for cell, year in expected.to_numpy(np.int64)]
            assert told == [letter] * len(expected)
    assert roles.map(lambda letters: pd.isna(letters) or len(letters) == n_folds).all(axis=None)


def _column(roles: pd.DataFrame, scheme: str, year: int) -> str:
    return scheme if scheme in roles else f"{scheme}_{year}"


def test_columns_of_a_scheme_are_not_those_of_another_whose_name_begins_alike() -> None:
    columns = ["cell_id", "year_2021", "year_2022", "yearly", "spatial", "spatial_wide"]
    roles = pd.DataFrame(columns=columns)
    assert list(roles_of_scheme(roles, "year")) == ["year_2021", "year_2022"]
    assert list(roles_of_scheme(roles, "spatial")) == ["spatial"]
    assert list(roles_of_scheme(roles, "region")) == []


def test_a_score_that_is_not_defined_says_why() -> None:
    scores = pd.DataFrame(
        {"value": [0.1, np.nan, np.nan, np.nan], "n_positive": [0, 0, 9, 3], "n_cell_years": 9}, index=[3, 2, 1, 0]
    )
    reasons = with_reasons(scores)["undefined_because"]
    assert reasons.fillna("").tolist() == ["", WITHOUT_SLUMPS, SLUMPS_EVERYWHERE, UNDEFINED]
