"""Every page, with all there is to show and with what is missing; nothing is shown as a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

from pages import TITLES, each_page, open_dashboard, told_by
from streamlit.testing.v1 import AppTest

from entropice.dashboard.views import PAGES
from entropice.report.charts import CHARTS
from entropice.report.run_folder import RunFolder, write_run_folder


def test_every_page_shows_a_run(written_run: Path) -> None:
    test = open_dashboard(written_run)

    for page in each_page(test):
        assert not test.error
        assert len(test.dataframe) > 0, page


def test_a_run_with_tasks_shows_their_quantities(tasked: RunFolder, tmp_path: Path) -> None:
    write_run_folder(tasked, tmp_path)
    test = open_dashboard(tmp_path, "Map")

    (shown,) = [box for box in test.selectbox if box.label.startswith("Show one of")]
    for quantity in ("slumps_gate", "slumps_growth_m2_per_year"):
        shown.set_value(quantity).run()
        assert not test.exception, quantity
        assert not test.error, quantity


def test_filters_that_nothing_passes_leave_every_page_standing(written_run: Path) -> None:
    test = open_dashboard(written_run)

    for name, value in {"regions": ["0 to 45"], "classes": ["many"]}.items():
        test.multiselect(key=name).set_value(value)

    assert len(list(each_page(test))) == len(TITLES)


def test_filters_and_years_change_what_is_shown(written_run: Path) -> None:
    test = open_dashboard(written_run, "Map")
    n_cells = _n_lit(test)

    test.multiselect(key="regions").set_value([test.multiselect(key="regions").options[0]]).run()
    n_of_region = _n_lit(test)
    test.selectbox(key="year").set_value(2021).run()

    assert 0 < n_of_region < n_cells
    assert not test.exception


def _n_lit(test: AppTest) -> int:
    (lit,) = (caption.value for caption in test.caption if " lit, " in caption.value)
    return int(lit.partition(" cells of")[0].rpartition(" ")[2])


def test_no_run_and_no_folder_aretold_by(tmp_path: Path) -> None:
    empty, absent = open_dashboard(tmp_path), open_dashboard(tmp_path / "absent")

    assert "No run that can be opened lies below this folder" in told_by(empty)
    assert "There is no folder" in told_by(absent)
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

    test = open_dashboard(tmp_path, "Map")
    assert "entropice-run/1" in told_by(test)
    assert "The manifest of this run is not usable." in told_by(test)
    assert "damaged or was changed" not in told_by(test)

    test.multiselect(key="runs").set_value(["a_good", "damaged"]).run()

    assert "A file of the run is damaged or was changed after the run." in told_by(test)
    assert " lit, " in told_by(test)
    assert not test.exception


def test_several_runs_are_shown_at_once(alter: Callable[..., Path], tmp_path: Path) -> None:
    alter(tmp_path / "one")
    alter(tmp_path / "other", ["UPDATE cells SET p_any_rts_2022 = 0.5 * p_any_rts_2022"], title="Another")

    test = open_dashboard(tmp_path)
    test.multiselect(key="runs").set_value(["one", "other"])

    told = {page: told_by(test) for page in each_page(test)}

    assert "mean absolute difference" in told["Compare"]


def test_hostile_words_are_text(alter: Callable[..., Path], tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script>![x](http://example.org/x.png) **bold** "quotes"' + "x" * 1_000_000
    alter(tmp_path / "one", title=hostile, notice=hostile)
    alter(tmp_path / "other", title=hostile)

    test = open_dashboard(tmp_path, "Training data")
    test.multiselect(key="runs").set_value(["one", "other"]).run()

    assert not test.exception
    assert "\\<script\\>" in test.warning[0].value
    assert r"\!\[x\]\(http" in test.header[0].value
    assert max(len(element.value) for element in [*test.warning, *test.header]) < 1_000


def test_pages_change_no_run(written_run: Path) -> None:
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in written_run.iterdir()}

    assert len(list(each_page(open_dashboard(written_run)))) == len(TITLES)

    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in written_run.iterdir()} == before


def test_every_chart_of_a_run_stands_on_one_page() -> None:
    shown = [key for page in PAGES for key in (*page.charts, *page.stands_for)]
    assert sorted(shown) == sorted(chart.key for chart in CHARTS)


def test_the_shipped_schema_is_what_manifests_follow(written_run: Path) -> None:
    from entropice.dashboard.schema import manifest_schema

    manifest = json.loads((written_run / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest_schema()["required"]) <= set(manifest)
