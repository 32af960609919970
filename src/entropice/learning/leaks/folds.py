"""Folds that do not keep training and test rows as far apart as declared."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from entropice.learning.folds.coordinates import nearest_m
from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding

_ROUNDING_M: Final = 1.0


def split_blocks(artefacts: Artefacts) -> Iterator[Finding]:
    """Blocks in training and test of one fold, in schemes that keep them apart: one finding or none.

    These schemes are ``spatial``, ``region`` and ``year`` (`Scheme.keeps_blocks_apart`). The evidence is
    ``n_blocks_by_fold``: how many blocks, by "scheme/fold", 0 among them; none where it is 0 in all.

    Examples
    --------
    Two cells of block 5 on either side of a fold.

    >>> import pandas as pd, xarray as xr
    >>> table = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "rts_area_fraction": [0.0, 0.1]})
    >>> roles = pd.DataFrame({"cell_id": [1, 2], "year": pd.array([None, None], "Int64"), "role": ["train", "test"]})
    >>> places = pd.DataFrame({"block": 5, "x_m": [0.0, 9e3], "y_m": 0.0}, index=[1, 2])
    >>> folds = roles.assign(scheme="spatial", fold=0)
    >>> run = Artefacts(table, folds, {}, table, xr.Dataset(), places, 5e3, 2, 0, lambda some_folds: table)
    >>> [finding.evidence for finding in split_blocks(run)]
    [{'n_blocks_by_fold': {'spatial/0': 1}}]
    """
    block = artefacts.place_of_row["block"].to_numpy()
    split = {
        name: len(np.intersect1d(block[is_train], block[is_test]))
        for name, is_train, is_test in artefacts.masks(apart=True)
    }
    if any(split.values()):
        yield Finding(
            "blocks split",
            f"Up to {max(split.values())} spatial blocks lie in training and test of the same fold.",
            {"n_blocks_by_fold": split},
        )


def missing_buffer(artefacts: Artefacts) -> Iterator[Finding]:
    """Training rows nearer to a test row than the declared buffer, in schemes that keep one; just as far is too near.

    Distances are between centres, in metres. The schemes are ``spatial``, ``region`` and ``year``
    (`Scheme.keeps_blocks_apart`). One finding or none, with ``nearest_m_by_fold`` (of the folds that are too near, by
    "scheme/fold") and ``buffer_m`` for evidence; none without a buffer, and none of a fold without training or test
    rows.

    Examples
    --------
    >>> import pandas as pd
    >>> import xarray as xr
    >>> table = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "rts_area_fraction": [0.0, 0.1]})
    >>> roles = pd.DataFrame({"cell_id": [1, 2], "year": pd.array([None, None], "Int64"), "role": ["train", "test"]})
    >>> places = pd.DataFrame({"block": [5, 6], "x_m": [0.0, 9e3], "y_m": 0.0, "lon_deg": 0.0, "lat_deg": 90.0}, [1, 2])
    >>> folds = roles.assign(scheme="spatial", fold=0)
    >>> run = Artefacts(table, folds, {}, table, xr.Dataset(), places, 2e4, 2, 0, lambda some_folds: table)
    >>> [finding.statement for finding in missing_buffer(run)]
    ['Training cells lie 9 km from test cells; 20 km are declared.']
    """
    places_m = artefacts.coordinates_m
    nearest = {
        name: float(nearest_m(places_m[is_train], places_m[is_test]).min())
        for name, is_train, is_test in artefacts.masks(apart=True)
        if is_train.any() and is_test.any()
    }
    too_near = {name: distance_m for name, distance_m in nearest.items() if distance_m <= artefacts.buffer_m}
    if artefacts.buffer_m > 0 and too_near:
        yield Finding(
            "buffer removed",
            f"Training cells lie {min(too_near.values()) / 1e3:.0f} km from test cells; "
            f"{artefacts.buffer_m / 1e3:.0f} km are declared.",
            {"nearest_m_by_fold": too_near, "buffer_m": artefacts.buffer_m},
        )


def other_tests(artefacts: Artefacts) -> Iterator[Finding]:
    """Predictions of rows that their fold does not test, and tested rows without one: a finding with their number.

    Rows are compared by scheme, fold, cell and year, whatever the model: one prediction of a tested row is enough. None
    where each tested row is predicted in its fold, and no other. The evidence is ``n_rows``.
    """
    keys = ["scheme", "fold", "cell_id", "year"]
    told = artefacts.out_of_fold[keys].drop_duplicates()
    n_wrong = 0
    for name, _, is_test in artefacts.masks(apart=False):
        scheme, fold = name.split("/")
        rows = told[(told["scheme"] == scheme) & (told["fold"] == int(fold))]
        declared = artefacts.table.loc[is_test, ["cell_id", "year"]].drop_duplicates()
        n_shared = len(rows.merge(declared, on=["cell_id", "year"]))
        n_wrong += len(rows) + len(declared) - 2 * n_shared
    if n_wrong:
        yield Finding(
            "tested in another fold",
            f"{n_wrong} rows are predicted in a fold that does not test them, or not predicted where they are tested.",
            {"n_rows": n_wrong},
        )


BLOCKS: Final = Check("blocks split", split_blocks)
BUFFER: Final = Check("buffer removed", missing_buffer)
TESTED: Final = Check("tested in another fold", other_tests)
