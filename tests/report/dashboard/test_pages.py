"""Every page, with all there is to show and with what is missing; nothing is shown as a traceback."""

# ruff: noqa: S608 - SQL of our own

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from entropice.dashboard.views import PAGES
from entropice.report.charts import CHARTS

TITLES = [page.title for page in PAGES]
UNOBSERVED = [
    *(f"UPDATE cells SET state_{year} = 'unobserved', rts_count_{year} = NULL" for year in (2021, 2022)),
    "DELETE FROM out_of_fold",
    "DELETE FROM scores",
]
LACKING: dict[str, tuple[list[str], dict[str, object], dict[str, str]]] = {
    "all unobserved": (
        UNOBSERVED,
        {},
        {
            "Training data": "nobody has looked at any cell",
            "Validation": "no model of this run was tested",
            "Compare": "No scores are shown",
        },
    ),
    "no truth": (
        ["DELETE FROM scores WHERE model = 'bayes_limit'"],
        {},
        {"Validation": "the truth is known in the virtual Arctic only"},
    ),
    "one model": (
        [f"DELETE FROM {table} WHERE model <> 'espa'" for table in ("scores", "out_of_fold")],
        {},
        {"Validation": "this run has one model only"},
    ),
    "one class": (
        [f"UPDATE cells SET state_{year} = 'observed_without', rts_count_{year} = 0" for year in (2021, 2022)],
        {},
        {"Training data": "none were found"},
    ),
    "one year": ([], {"years": [2022]}, {"Compare": "one run is chosen"}),
    "no features": (
        [f"DELETE FROM {table}" for table in ("drivers", "features", "feature_values", "responses")]
        + [f"UPDATE cells SET driver_1_{year} = NULL" for year in (2021, 2022)],
        {},
        {"Training data": "the models of this run see none", "Drivers": "explains none of these cells"},
    ),
}


def _script(root: str) -> None:
    from entropice.dashboard.app import main

    main(root)


def _opened(root: Path, page: str = TITLES[0]) -> AppTest:
    test = AppTest.from_function(_script, args=(str(root),), default_timeout=60)
    test.session_state["page"] = page
    return test.run()


def _told(test: AppTest) -> str:
    shown = [*test.info, *test.warning, *test.error, *test.caption, *test.code, *test.markdown, *test.subheader]
    return "\n".join(str(element.value) for element in shown)


def _each_page(test: AppTest) -> Iterator[str]:
    for page in TITLES:
        test.radio(key="page").set_value(page).run()
        assert not test.exception, page
        assert test.title[0].value == page
        yield page


def test_every_page_shows_a_run(written_run: Path) -> None:
    test = _opened(written_run)

    for page in _each_page(test):
        assert not test.error
        assert len(test.dataframe) > 0, page


@pytest.mark.parametrize("case", LACKING)
def test_pages_say_what_is_missing_and_why(alter: Callable[..., Path], tmp_path: Path, case: str) -> None:
    statements, manifest, told = LACKING[case]

    test = _opened(alter(tmp_path / "run", statements, **manifest))

    for page in _each_page(test):
        assert told.get(page, "") in _told(test)


def test_filters_that_nothing_passes_leave_every_page_standing(written_run: Path) -> None:
    test = _opened(written_run)

    for name, value in {"regions": ["0 to 45"], "classes": ["many"]}.items():
        test.multiselect(key=name).set_value(value)

    assert len(list(_each_page(test))) == len(TITLES)


def test_filters_and_years_change_what_is_shown(written_run: Path) -> None:
    test = _opened(written_run, "Map")
    n_cells = _n_lit(test)

    test.multiselect(key="regions").set_value([test.multiselect(key="regions").options[0]]).run()
    n_of_region = _n_lit(test)
    test.selectbox(key="year").set_value(2021).run()

    assert 0 < n_of_region < n_cells
    assert not test.exception


def _n_lit(test: AppTest) -> int:
    (lit,) = (caption.value for caption in test.caption if " lit, " in caption.value)
    return int(lit.partition(" cells of")[0].rpartition(" ")[2])


def test_no_run_and_no_folder_are_told(tmp_path: Path) -> None:
    empty, absent = _opened(tmp_path), _opened(tmp_path / "absent")

    assert "No run that can be opened lies below this folder" in _told(empty)
    assert "There is no folder" in _told(absent)
    assert not empty.exception
    assert not absent.exception


def test_broken_runs_are_listed_with_their_messages_beside_those_that_open(
    alter: Callable[..., Path], tmp_path: Path
) -> None:
    alter(tmp_path / "a_good")
    alter(tmp_path / "old", schema="entropice-run/1")
    alter(tmp_path / "undescribed", layers=[{"name": "p"}])
    damaged = alter(tmp_path / "damaged")
    (damaged / "run.gpkg").write_bytes(b"")

    test = _opened(tmp_path, "Map")
    assert "entropice-run/1" in _told(test)
    assert "The manifest of this run is not usable." in _told(test)
    assert "damaged or was changed" not in _told(test)

    test.multiselect(key="runs").set_value(["a_good", "damaged"]).run()

    assert "A file of the run is damaged or was changed after the run." in _told(test)
    assert " lit, " in _told(test)
    assert not test.exception


def test_several_runs_are_shown_at_once(alter: Callable[..., Path], tmp_path: Path) -> None:
    alter(tmp_path / "one")
    alter(tmp_path / "other", ["UPDATE cells SET p_any_rts_2022 = 0.5 * p_any_rts_2022"], title="Another")

    test = _opened(tmp_path)
    test.multiselect(key="runs").set_value(["one", "other"])

    told = {page: _told(test) for page in _each_page(test)}

    assert "mean absolute difference" in told["Compare"]


def test_hostile_words_are_text(alter: Callable[..., Path], tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script>![x](http://example.org/x.png) **bold** "quotes"' + "x" * 1_000_000
    alter(tmp_path / "one", title=hostile, notice=hostile)
    alter(tmp_path / "other", title=hostile)

    test = _opened(tmp_path, "Training data")
    test.multiselect(key="runs").set_value(["one", "other"]).run()

    assert not test.exception
    assert "\\<script\\>" in test.warning[0].value
    assert r"\!\[x\]\(http" in test.header[0].value
    assert max(len(element.value) for element in [*test.warning, *test.header]) < 1_000


def test_pages_change_no_run(written_run: Path) -> None:
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in written_run.iterdir()}

    assert len(list(_each_page(_opened(written_run)))) == len(TITLES)

    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in written_run.iterdir()} == before


def test_every_chart_of_a_run_stands_on_one_page() -> None:
    shown = [key for page in PAGES for key in (*page.charts, *page.stands_for)]
    assert sorted(shown) == sorted(chart.key for chart in CHARTS)


def test_the_shipped_schema_is_what_manifests_follow(written_run: Path) -> None:
    from entropice.dashboard.schema import manifest_schema

    manifest = json.loads((written_run / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest_schema()["required"]) <= set(manifest)
