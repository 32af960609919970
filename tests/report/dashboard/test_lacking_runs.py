"""Runs that lack something: each page of the dashboard, and each section of the report, says what, and none fails."""

from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from lacking_runs import HOSTILE, HOSTILE_CLASS, HOSTILE_WORD, LACKING
from pages import each_page, open_dashboard, told_by

from entropice.report.results import RunResults
from entropice.report.run_folder import RunFolder, write_run_folder

NOTHING_FOUND: Final = "Nothing can be found where no cell that was tested has slumps"
NOTHING_TESTED: Final = "No model was tested on cells that it had not seen"
NO_FEATURE: Final = "The model behind the map, eSPA, sees no feature"


class Told(NamedTuple):
    """What is said of a lack, by page, and in the report."""

    pages: Mapping[str, str]
    report: tuple[str, ...]


TOLD: Final = {
    "no truth": Told(
        {"Validation": "the truth is known in the virtual Arctic only"}, ("which is known in the virtual Arctic only",)
    ),
    "one model": Told(
        {"Validation": "this run has one model only"}, ("No comparison is shown: one model was tested.",)
    ),
    "one year": Told({}, ()),
    "no positives out of fold": Told({"Validation": NOTHING_FOUND}, (NOTHING_FOUND,)),
    "one observed class": Told(
        {"Training data": "none were found in the cells that somebody has looked at", "Validation": NOTHING_FOUND},
        ("No cell was observed with slumps of known area", NOTHING_FOUND),
    ),
    "all unobserved": Told(
        {
            "Training data": "nobody has looked at any cell",
            "Validation": NOTHING_TESTED,
            "Compare": "No scores are shown: no run has any",
        },
        ("this run has no scores. " + NOTHING_TESTED, NOTHING_FOUND, "this run has no calibration by region"),
    ),
    "no features": Told(
        {"Training data": "the models of this run see none", "Drivers": NO_FEATURE},
        (NO_FEATURE, "this run has no features", "does not sort places into boxes"),
    ),
}


@pytest.fixture(scope="module", params=LACKING)
def lacking(
    request: pytest.FixtureRequest,
    fabricated: RunResults,
    make_run_folder: Callable[..., RunFolder],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, RunFolder, Path]:
    """What a run lacks, its content, and its folder."""
    run, folder = make_run_folder(**LACKING[request.param](fabricated)), tmp_path_factory.mktemp("lacking")
    write_run_folder(run, folder)
    return request.param, run, folder


def test_every_page_says_what_is_missing_and_none_fails(lacking: tuple[str, RunFolder, Path]) -> None:
    case, _, folder = lacking
    test = open_dashboard(folder)

    assert not test.sidebar.code
    for page in each_page(test):
        assert not test.error
        assert TOLD[case].pages.get(page, "") in told_by(test)
        assert "No rows pass the filters" not in told_by(test), page


def test_the_report_says_what_is_missing(lacking: tuple[str, RunFolder, Path]) -> None:
    case, run, _ = lacking
    report = unescape(run.report_html)

    assert "</html>" in report
    assert [words for words in TOLD[case].report if words[1:] not in report] == []


def test_hostile_names_leave_every_page_standing_and_short(hostile_run: RunFolder, tmp_path: Path) -> None:
    write_run_folder(hostile_run, tmp_path)
    test = open_dashboard(tmp_path)

    for page in each_page(test):
        assert len(told_by(test)) < 50_000, page


def test_hostile_names_are_text_in_the_report(hostile_run: RunFolder) -> None:
    head, _, data = hostile_run.report_html.partition('<script type="application/json"')

    assert not [name for name in (HOSTILE, HOSTILE_CLASS, HOSTILE_WORD) if name in head]
    assert all(name in unescape(head) for name in (HOSTILE, HOSTILE_CLASS))
    assert "<" not in data.partition(">")[2].partition("</script>")[0]
    assert len(head) < 500_000
