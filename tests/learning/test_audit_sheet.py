"""Sheets of audits: read as they were filled in, also by way of a spreadsheet, or refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from audited_maps import filled, small_map, write

from entropice.errors import InputFileError
from entropice.learning.audit.audited_map import AuditedMap
from entropice.learning.audit.sheet import COLUMNS, answers_on, read_sheet

Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def audited() -> AuditedMap:
    return small_map()


def test_a_sheet_comes_back_as_it_was_filled_in(audited: AuditedMap, tmp_path: Path) -> None:
    words = ["1", " no", "", "YES", "0", "true"] * 6
    sheet = filled(audited, 36).assign(observed=words)
    read = read_sheet(write(sheet, tmp_path / "sample.csv"))
    kept = sheet[sheet["observed"] != ""].reset_index(drop=True)
    assert read.rows["observed"].tolist() == [True, False, True, False, True] * 6
    assert (read.n_drawn, len(read.rows)) == (36, 30)
    pd.testing.assert_frame_equal(read.rows[list(COLUMNS[:-1])], kept[list(COLUMNS[:-1])], check_dtype=False)


def test_answers_stand_on_the_cells_and_chances_of_the_map(audited: AuditedMap, tmp_path: Path) -> None:
    sheet = filled(audited, 40)
    path = tmp_path / "saved by a spreadsheet.csv"
    saved = sheet.assign(note="seen in Sentinel-2").iloc[::-1]
    saved.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n", float_format="%.6f")

    answers = answers_on(read_sheet(path), audited)

    known = audited.cells.set_index("cell_id")[f"p_any_rts_{audited.years[-1]}"]
    np.testing.assert_array_equal(answers["p_any"], known.loc[answers["cell_id"]])
    assert [format(cell_id, "x") for cell_id in answers["cell_id"]] == saved["cell"].tolist()
    assert answers["observed"].tolist() == (saved["observed"] == "1").tolist()


def _set(column: str, value: str) -> Change:
    return lambda sheet: sheet.astype({column: "str"}).assign(**{column: [value, *sheet[column].astype("str")[1:]]})


@pytest.mark.parametrize(
    ("spoil", "field", "got"),
    [
        (lambda sheet: sheet.drop(columns=["weight"]), "weight", "cell"),
        (_set("observed", "perhaps"), "observed", "perhaps"),
        (_set("p_any", "1.2"), "p_any", "1.2"),
        (_set("p_any", ""), "p_any", ""),
        (_set("p_any", "0,5"), "p_any", "0,5"),
        (_set("weight", "0"), "weight", "0"),
        (_set("weight", "inf"), "weight", "inf"),
        (_set("year", "2022.5"), "year", "2022.5"),
        (lambda sheet: pd.concat([sheet, sheet.iloc[:1]]), "cell", "8"),
        (lambda sheet: sheet.assign(observed=""), "observed", "0 answers, 40 empty"),
        (lambda sheet: sheet.assign(observed=["1"] * 29 + [""] * 11), "observed", "29 answers, 11 empty"),
    ],
)
def test_spoilt_sheets_are_refused_with_the_field(
    audited: AuditedMap, tmp_path: Path, spoil: Change, field: str, got: str
) -> None:
    path = write(spoil(filled(audited, 40)), tmp_path / "sample.csv")
    with pytest.raises(InputFileError) as error:
        read_sheet(path)
    _requires_all(error.value, path, field, got)


@pytest.mark.parametrize("text", [None, "", "\x00\xff", '"map,cell\n'])
def test_what_is_no_sheet_is_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "sample.csv"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputFileError) as error:
        read_sheet(path)
    _requires_all(error.value, path, error.value.field or "", "")


@pytest.mark.parametrize(
    ("spoil", "field", "got"),
    [
        (_set("map", "run_of another map"), "map", "run_of another map"),
        (_set("year", "1999"), "year", "1999"),
        (_set("cell", "84fffffffffffff"), "cell", "84fffffffffffff"),
        (_set("p_any", "0.987654"), "p_any", "0.987654"),
    ],
)
def test_sheets_that_are_not_of_the_map_are_refused(
    audited: AuditedMap, tmp_path: Path, spoil: Change, field: str, got: str
) -> None:
    path = write(spoil(filled(audited, 40)), tmp_path / "sample.csv")
    with pytest.raises(InputFileError) as error:
        answers_on(read_sheet(path), audited)
    _requires_all(error.value, path, field, got)


def test_of_several_wrong_values_the_first_is_told_and_how_many_more(audited: AuditedMap, tmp_path: Path) -> None:
    sheet = filled(audited, 40).assign(observed=["perhaps", *["1"] * 37, "later", "surely"])
    with pytest.raises(InputFileError) as error:
        read_sheet(write(sheet, tmp_path / "sample.csv"))
    assert error.value.got == "perhaps and 2 more"


def test_a_cell_without_a_prediction_is_unknown(audited: AuditedMap, tmp_path: Path) -> None:
    path = write(filled(audited, 40), tmp_path / "sample.csv")
    empty = replace(audited, cells=audited.cells.assign(**{f"p_any_rts_{audited.years[-1]}": np.nan}))
    with pytest.raises(InputFileError) as error:
        answers_on(read_sheet(path), empty)
    _requires_all(error.value, path, "cell", "39 more")


def _requires_all(error: InputFileError, path: Path, field: str, got: str) -> None:
    assert (error.path, error.field) == (str(path), field)
    assert got in str(error.got)
    assert error.expected is not None
    assert error.fix is not None
