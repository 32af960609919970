import json
from dataclasses import replace

import pandas as pd
import pytest

from entropice import open_run
from entropice.report.charts import CHARTS, find_chart
from entropice.report.charts.chart import Chart
from entropice.report.charts.rows import row_columns
from entropice.report.html_report import render_html
from entropice.report.page_charts import chart_data, draw_chart
from entropice.report.run_folder import write_run_folder
from entropice.report.run_tables import RunTables
from entropice.report.sections import SECTIONS

EACH = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)


@pytest.fixture(scope="module")
def finished(run_folder, tmp_path_factory):
    """The fabricated run as a folder that is opened again."""
    folder = tmp_path_factory.mktemp("run")
    write_run_folder(run_folder, folder)
    return open_run(folder)


def test_a_finished_run_says_the_same_of_itself(finished, content) -> None:
    made = content.facts
    assert [score.title for score in finished.facts.texts.scores] == [score.title for score in made.texts.scores]
    assert finished.facts.model_titles == made.model_titles
    bare = replace(made, texts=finished.facts.texts)
    assert finished.facts == bare


@EACH
def test_a_chart_shows_the_same_rows_of_a_finished_run(chart: Chart, finished, content) -> None:
    made, read = chart.frame(content), chart.frame(finished)
    assert not made.empty
    pd.testing.assert_frame_equal(pd.DataFrame(read), pd.DataFrame(made), check_dtype=False, check_column_type=False)


@EACH
def test_a_specification_is_vega_lite(chart: Chart, content) -> None:
    import altair

    altair.Chart.from_dict(chart.specification(chart.frame(content), content.facts)).to_dict()


@EACH
def test_a_chart_without_rows_says_why(chart: Chart, content) -> None:
    kept = {"cells", "land"} - set(chart.needs)
    tables = {
        name: table if name in kept else replace(table, frame=table.frame.head(0))
        for name, table in content.tables.items()
    }
    drawn = draw_chart(chart, replace(content, tables=tables))
    assert drawn.columns is None
    assert drawn.missing.endswith(".")
    assert "not shown" in drawn.figure


def test_charts_have_keys_of_their_own_and_are_found_by_them() -> None:
    assert [find_chart(chart.key) for chart in CHARTS] == list(CHARTS)
    with pytest.raises(KeyError, match="no chart 'tides'; there are"):
        find_chart("tides")


def test_the_report_shows_every_chart_once() -> None:
    assert sorted(chart.key for section in SECTIONS for chart in section.charts) == sorted(c.key for c in CHARTS)


def test_equal_columns_stand_once_and_end_no_script_element(content) -> None:
    def rows(_: RunTables) -> pd.DataFrame:
        return pd.DataFrame({"name": ["</script><script>alert(1)</script>"], "value": [float("nan")]})

    charts = [Chart(key, "", "", rows, lambda *_: {"mark": "point"}) for key in ("one", "two")]
    text = chart_data(draw_chart(chart, content) for chart in charts)
    assert "<" not in text
    page = json.loads(text)
    assert list(page["columns"].values()) == [["</script><script>alert(1)</script>"], [None]]
    assert list(page["charts"]["one"]["columns"]) == ["name", "value"]
    assert page["charts"]["one"]["columns"] == page["charts"]["two"]["columns"]


def test_a_chart_that_a_run_lacks_is_named_in_the_report(content) -> None:
    without = {name: table for name, table in content.tables.items() if name != "out_of_fold"}
    sections = [section for section in SECTIONS if section.key == "calibration"]
    assert "Reliability — not shown: this run has no out_of_fold." in render_html(
        replace(content, tables=without), sections
    )


def test_a_page_holds_categories_by_their_places_and_numbers_as_they_are_shown(content) -> None:
    frame = find_chart("map").frame(content)
    drawn = draw_chart(find_chart("map"), content)
    assert drawn.columns is not None
    labels = frame["state_2022"].cat.categories
    assert [labels[place] for place in drawn.columns["state_2022"]] == frame["state_2022"].tolist()
    assert all(float(f"{value:.3g}") == value for value in drawn.columns["p_any_rts_2022"])
    assert drawn.columns["geometry"] == row_columns(find_chart("fold_map").frame(content))["geometry"]
