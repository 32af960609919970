"""Sheets of audits that cannot be taken, and samples that cannot be drawn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from audited_maps import filled, small_map, write

from bad_inputs import BadInput
from entropice.app.before_run import check_answers, check_finished_run
from entropice.io import AuditedMapDataset, AuditSampleDataset, FilledSheetDataset
from entropice.learning.audit.sheet import answers_on, read_sheet
from entropice.pipelines.audit.nodes import draw_audit_sample
from entropice.pipelines.audit.parameters import AuditSampleParameters


def _sheet(kind: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> BadInput:
    """A sheet with answers, changed and held against its map."""

    def provoke(folder: Path) -> object:
        audited = small_map()
        return answers_on(read_sheet(write(change(filled(audited, 40)), folder / "sample.csv")), audited)

    return BadInput(f"audit: {kind}", provoke)


def _with(column: str, value: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda sheet: sheet.astype({column: "str"}).assign(**{column: [value, *sheet[column].astype("str")[1:]]})


def _sample(kind: str, **parameters: Any) -> BadInput:
    """A sample of a map that cannot give it."""
    given = {"n_cells": 100, "n_strata": 1, "year": None} | parameters
    return BadInput(f"audit: {kind}", lambda _: draw_audit_sample(small_map(), AuditSampleParameters(**given), 0))


def _is_drawn_again(folder: Path) -> None:
    dataset = AuditSampleDataset(filepath=str(folder / "sample"))
    sample = draw_audit_sample(small_map(), AuditSampleParameters(n_cells=30, n_strata=1, year=None), 0)
    dataset.save(sample)
    (dataset.path / "sample.csv").write_text("filled in")
    dataset.require_untouched()


def _semicolons(folder: Path) -> object:
    filled(small_map(), 40).to_csv(folder / "sample.csv", sep=";", decimal=",", index=False)
    return read_sheet(folder / "sample.csv")


BAD_INPUTS = (
    BadInput("audit: no run is named", lambda _: check_finished_run(None, AuditedMapDataset(filepath="no_model"))),
    BadInput(
        "audit: a folder that is no run",
        lambda folder: check_finished_run(str(folder), AuditedMapDataset(filepath=str(folder))),
    ),
    BadInput("audit: no sheet is named", lambda _: check_answers(None, FilledSheetDataset(filepath="no_answers"))),
    BadInput(
        "audit: a sheet that is not there",
        lambda folder: check_answers("sample.csv", FilledSheetDataset(filepath=str(folder / "sample.csv"))),
    ),
    BadInput("audit: a sheet with semicolons and decimal commas", _semicolons),
    BadInput("audit: a sample drawn again over answers", _is_drawn_again),
    _sample("more cells than the map has", n_cells=5000),
    _sample("more strata than cells", n_strata=200),
    _sample("a year that the map does not show", year=1999),
    _sheet("a column that is missing", lambda sheet: sheet.drop(columns="weight")),
    _sheet("no answer", lambda sheet: sheet.assign(observed="")),
    _sheet("too few answers", lambda sheet: sheet.assign(observed=["1", "0"] * 5 + [""] * 30)),
    _sheet("an answer that is none", _with("observed", "perhaps")),
    _sheet("a cell twice", lambda sheet: pd.concat([sheet, sheet.iloc[:1]])),
    _sheet("a sheet of another run", lambda sheet: sheet.assign(map="run_0123456789abcdef")),
    _sheet("a year that is not on the map", _with("year", "1999")),
    _sheet("a cell that is not on the map", _with("cell", "84fffffffffffff")),
    _sheet("a probability that was changed", _with("p_any", "0.987654")),
    _sheet("a probability that cannot be", _with("p_any", "1.2")),
    _sheet("a weight of nothing", _with("weight", "0")),
)
