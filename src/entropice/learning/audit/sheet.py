"""The sheet of an audit: what a person fills in, and how it is read.

Spreadsheets take long whole numbers for decimals, so cells and maps go by texts. Digits that a spreadsheet has rounded
are no change: what counts afterwards are the numbers of the map.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.errors import InputFileError
from entropice.learning.audit.audited_map import AuditedMap

COLUMNS: Final = ("map", "cell", "year", "lon_deg", "lat_deg", "p_any", "weight", "observed")
TEXTS: Final = ("map", "cell", "observed")
ANSWERS: Final = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
MIN_ANSWERS: Final = 30
TOLERANCE: Final = 2e-6
"""Of a probability in the sheet, which has six decimals."""

FILL_IN: Final = "fill in the column observed alone: 1 or 0 for each cell that you could judge"
SAVE_PLAIN: Final = "save the sheet as CSV in UTF-8, with commas between columns and points in decimals"
ANOTHER_MAP: Final = "name the run folder that the sheet was drawn from (--params model=…), or draw another sample"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FilledSheet:
    """A sheet that was filled in.

    Attributes
    ----------
    path
        Its file, for errors.
    rows
        ``map cell year lon_deg lat_deg p_any weight observed`` of the cells with an answer; ``observed`` is boolean.
    n_drawn
        Cells of the sheet, with and without an answer.
    """

    path: str
    rows: pd.DataFrame
    n_drawn: int


def sheet_of(sample: pd.DataFrame, audited: AuditedMap) -> pd.DataFrame:
    """The sheet to be filled in for a sample, columns ``map cell year lon_deg lat_deg p_any weight observed``.

    The sample has these columns but for ``map``, and any others, which are left out. Row by row of the sample, which is
    not changed; ``map`` is the identity of the map that it was drawn from.

    Examples
    --------
    >>> sample = pd.DataFrame({"cell": ["f"], "year": 2020, "lon_deg": 10.0, "lat_deg": 70.0, "p_any": 0.25})
    >>> finished = AuditedMap("manifest.json", "map a", "a", "h3_3", (2020,), pd.DataFrame(), 0.1)
    >>> sheet_of(sample.assign(weight=4.0, observed=""), finished).values.tolist()
    [['map a', 'f', 2020, 10.0, 70.0, 0.25, 4.0, '']]
    """
    return sample.assign(map=audited.map_id)[list(COLUMNS)]


def read_sheet(path: Path) -> FilledSheet:
    """Read a sheet that was filled in; cells without an answer stay out, and the log says how many.

    The file is CSV in UTF-8, with or without a byte order mark; columns beyond ``map cell year lon_deg lat_deg p_any
    weight observed`` are left out. An answer is one of ``1 yes true 0 no false``, in any case and with spaces around,
    or empty. Numbers are checked in all rows, also those without an answer: ``p_any`` in 0 to 1, ``weight`` above 0,
    whole years.

    Raises
    ------
    InputFileError
        It cannot be read as CSV, a column is missing, an answer is none of `ANSWERS`, a year is not whole, a cell and
        year comes twice, a chance or a weight cannot be, or fewer than 30 (`MIN_ANSWERS`) were answered; looked for in
        this order.
    """
    sheet = _read_csv(path)
    missing = [name for name in COLUMNS if name not in sheet]
    if missing:
        got = ", ".join(map(str, sheet.columns))
        raise _refusal(
            path, ", ".join(missing), "The sheet lacks columns.", got=got, expected=", ".join(COLUMNS), fix=SAVE_PLAIN
        )
    answers = sheet["observed"].str.strip().str.lower()
    is_answered = answers != ""
    _check(path, "observed", sheet["observed"], ~is_answered | answers.isin(list(ANSWERS)), ", ".join(ANSWERS))
    numbers = {name: pd.to_numeric(sheet[name], errors="coerce") for name in COLUMNS if name not in TEXTS}
    _check(path, "year", sheet["year"], numbers["year"] % 1 == 0, "whole numbers")
    _check(path, "cell", sheet["cell"], ~sheet[["cell", "year"]].duplicated(), "each cell and year once")
    _check(path, "p_any", sheet["p_any"], numbers["p_any"].between(0, 1), "0 to 1")
    _check(path, "weight", sheet["weight"], numbers["weight"].between(0, np.inf, inclusive="neither"), "above 0")
    _require_enough(path, int(is_answered.sum()), len(sheet))
    rows = sheet.assign(**numbers, observed=answers.map(ANSWERS))[is_answered]
    typed = rows.astype({"observed": bool, "year": np.int64}).reset_index(drop=True)
    return FilledSheet(str(path), typed[list(COLUMNS)], len(sheet))


def answers_on(sheet: FilledSheet, audited: AuditedMap) -> pd.DataFrame:
    """Columns ``cell cell_id lon_deg lat_deg year p_any weight observed`` of the answers, in the order of the sheet.

    Places and chances are the map's, not those of the sheet; a chance in the sheet may differ by 2e-6 (`TOLERANCE`),
    for it has six decimals.

    Raises
    ------
    InputFileError
        The sheet was drawn from another map, or names years, cells or chances that the map does not have; looked for in
        this order. A cell that the map does not predict is none of its cells.
    """
    rows, path = sheet.rows, Path(sheet.path)
    is_of_map = rows["map"] == audited.map_id
    expected = f"{audited.map_id}, which is {audited.path}"
    _check(path, "map", rows["map"], is_of_map, expected, ANOTHER_MAP, "The sheet was drawn from another map.")
    no_such, years = "The map has no such cell in this year.", ", ".join(map(str, audited.years))
    _check(path, "year", rows["year"], rows["year"].isin(audited.years), years, ANOTHER_MAP, no_such)
    known = audited.predictions(audited.years).dropna(subset="p_any")
    matched = rows[["cell", "year", "weight", "observed"]].merge(known, on=["cell", "year"], how="left")
    known_cells = f"cells that {audited.path} predicts"
    _check(path, "cell", rows["cell"], matched["p_any"].notna(), known_cells, ANOTHER_MAP, no_such)
    is_same = (matched["p_any"] - rows["p_any"]).abs() <= TOLERANCE
    chances = ", ".join(f"{p_any:.6f}" for p_any in matched.loc[~is_same, "p_any"].head(1))
    _check(path, "p_any", rows["p_any"], is_same, chances, ANOTHER_MAP, "The map gives another probability.")
    return matched


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=dict.fromkeys(TEXTS, "str"), keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        got = getattr(error, "strerror", None) or str(error)
        fix = f"name the file with --params answers=…, or {SAVE_PLAIN}"
        raise _refusal(path, "answers", "The sheet cannot be read.", got=got, expected="CSV", fix=fix) from error


def _require_enough(path: Path, n_answered: int, n_drawn: int) -> None:
    logger.info("%d of %d cells of the audit were looked at.", n_answered, n_drawn)
    if n_answered < MIN_ANSWERS:
        raise _refusal(
            path,
            "observed",
            "Too few cells were looked at to say anything of a map.",
            got=f"{n_answered} answers, {n_drawn - n_answered} empty",
            expected=f"{MIN_ANSWERS} answers or more",
        )


def _check(
    path: Path,
    field: str,
    values: "pd.Series[Any]",
    is_right: "pd.Series[bool]",
    expected: str,
    fix: str = FILL_IN,
    what: str = "The sheet holds what cannot be.",
) -> None:
    if not is_right.all():
        wrong = values[~is_right]
        got = f"{wrong.iloc[0]} and {len(wrong) - 1} more" if len(wrong) > 1 else wrong.iloc[0]
        raise _refusal(path, field, what, got=got, expected=expected, fix=fix)


def _refusal(path: Path, field: str, what: str, *, got: object, expected: object, fix: str = FILL_IN) -> InputFileError:
    return InputFileError(what, path=path, field=field, got=got, expected=expected, fix=fix)
