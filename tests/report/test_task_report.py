"""The sections, charts and tables of a run in which something was looked for in images."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from task_results import GATE, MODELS, RATIOS

from entropice import open_run
from entropice.figures.charts import chart_figure
from entropice.figures.figure import Figure
from entropice.report.charts import CHARTS, charts_of
from entropice.report.charts.chart import Chart
from entropice.report.content import RunContent
from entropice.report.frames.imagery import LEFT_OUT, NOT_IMAGED, found_map, gate_curve, pixel_curves, step_names
from entropice.report.html_report import draw_section, render_html
from entropice.report.page_charts import draw_chart
from entropice.report.run_folder import write_run_folder
from entropice.report.scales import Graduated
from entropice.report.sections import SECTIONS, sections_of
from entropice.report.sections.imagery import imagery_sections, land_shares, next_rows
from entropice.report.sections.section import Section
from entropice.report.task_facts import TaskFacts
from entropice.report.task_scores import joint_grid, object_grid, pixel_grids, size_grid, within, year_rows
from entropice.report.task_statements import object_statements


@pytest.fixture(scope="module")
def run(tasked) -> RunContent:
    return tasked.content


@pytest.fixture(scope="module")
def finished(tasked, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasked_report")
    write_run_folder(tasked, folder)
    return open_run(folder)


@pytest.fixture(scope="module")
def charts(run: RunContent) -> list[Chart]:
    return [chart for section in imagery_sections(run) for chart in section.charts]


def test_sections_of_tasks_stand_after_the_survey_and_only_where_there_are_tasks(run, content) -> None:
    keys = [section.key for section in sections_of(run)]
    assert keys[keys.index("survey") + 1 :][:3] == ["imagery_slumps", "imagery_scores_slumps", "comparison"]
    assert sections_of(content) == SECTIONS


def test_the_report_has_every_chart_of_the_task_and_no_key_twice(tasked, charts: list[Chart]) -> None:
    for chart in charts:
        assert tasked.report_html.count(f'<figure id="chart-{chart.key}">') == 1
    ids = re.findall(r' id="([^"]+)"', tasked.report_html)
    assert len(ids) == len(set(ids))


def test_charts_are_vega_lite_and_say_the_same_of_a_finished_run(run, finished, charts: list[Chart]) -> None:
    import altair

    for chart, again in zip(charts, [c for s in imagery_sections(run) for c in s.charts], strict=True):
        made, read = chart.frame(run), again.frame(finished)
        assert not made.empty
        pd.testing.assert_frame_equal(pd.DataFrame(read), pd.DataFrame(made), check_dtype=False)
        assert chart.surroundings(finished) == chart.surroundings(run)
        specification = chart.specification(made, run.facts, chart.surroundings(run))
        altair.Chart.from_dict(specification).to_dict()


def test_charts_of_tasks_come_after_those_of_every_run(run, content, charts: list[Chart]) -> None:
    made = charts_of(run.facts)
    assert made[: len(CHARTS)] == charts_of(content.facts) == CHARTS
    assert [chart.key for chart in made[len(CHARTS) :]] == [chart.key for chart in charts]


def test_charts_of_tasks_become_figures(finished) -> None:
    chart = charts_of(finished.facts)[len(CHARTS) + 2]
    figure = chart_figure(chart, finished)
    assert isinstance(figure, Figure)
    assert figure.key == "slumps_gate_curve"
    assert b"bound 5" in figure.svg


@pytest.mark.parametrize("own", ["tiles", "curves", "scores", "object_scores", "joint_scores"])
def test_a_table_without_rows_is_named_and_the_rest_is_shown(run, own: str) -> None:
    name = f"slumps_{own}"
    emptied = replace(run, tables=run.tables | {name: replace(run.tables[name], frame=run.frame(name).head(0))})
    page = render_html(emptied, imagery_sections(emptied))
    assert "ot shown" in page
    assert "ot shown" not in render_html(run, imagery_sections(run))


def test_no_word_of_the_sections_is_tied_to_slumps(run) -> None:
    """Nouns come from the declaration of the source: of a task that looks for lakes, no slumps are told."""
    (task,) = run.tasks
    text = replace(task.text, nouns="lakes", title="Lakes in images", source_title="a camera", models=task.text.models)
    told = replace(run, tasks=(replace(task, text=text),))
    for section in imagery_sections(told):
        figures = [str(draw_chart(chart, told).figure) for chart in section.charts]
        words = re.sub(r'id="[^"]*"', "", str(draw_section(section, told)) + "".join(figures))
        assert "lakes" in words
        assert "slump" not in words.lower()


def test_what_cells_show_is_gate_tiles_and_finds(run, slump_results) -> None:
    frame = found_map(run, run.tasks[0])
    finds = slump_results.cell_finds
    scale = next(layer.scale for layer in run.layers if layer.quantity == "slumps_found_per_km2")
    assert (frame["shown"] == LEFT_OUT).tolist() == (~finds["passes_gate"]).tolist()
    assert (frame["shown"] == NOT_IMAGED).tolist() == (finds["passes_gate"] & (finds["n_tiles"] == 0)).tolist()
    assert set(frame.loc[finds["n_tiles"] > 0, "shown"]) <= set(scale.steps())
    assert frame["found_per_km2"].isna().tolist() == (finds["n_tiles"] == 0).tolist()


def test_a_value_is_in_the_step_that_holds_it() -> None:
    scale = Graduated((0.0, 1.0, 2.0), ("#000000", "#ffffff"))
    values = pd.Series([0.0, 0.5, 1.0, 2.0, np.nan])
    assert step_names(values, scale).tolist() == ["0 – 1", "0 – 1", "1 – 2", "1 – 2", None]
    assert step_names(values, None).isna().all()


@pytest.mark.parametrize(
    ("threshold", "saved"), [(0.004, 0.18), (0.005, 0.18), (None, 0.0), (0.02, 0.6)], ids=["on", "between", "all", "on"]
)
def test_the_chosen_point_of_the_gate_is_its_threshold(run, threshold: float | None, saved: float) -> None:
    (task,) = run.tasks
    points = gate_curve(run, replace(task, gate=replace(task.gate, threshold_per_km2=threshold)))
    assert points.loc[points["is_chosen"], "land_saved"].tolist() == [saved]
    assert len(points) == len(GATE["curve"])


def titles_of_judged(task: TaskFacts) -> list[str]:
    return [title for name, title in task.model_titles.items() if name in MODELS]


def test_curves_have_models_by_title_in_reading_order(run) -> None:
    rows = pixel_curves(run, run.tasks[0], "precision_recall")
    assert list(dict.fromkeys(rows["model"])) == titles_of_judged(run.tasks[0])
    assert set(rows["at"]) == {"1:200", "1:500", "1:1000"}


def test_tables_of_scores_hold_every_score_and_lead(run) -> None:
    (task,) = run.tasks
    grids = pixel_grids(run.frame("slumps_scores"), task)
    assert list(grids) == [f"1:{ratio:g}" for ratio in RATIOS]
    grid = grids["1:500"]
    titles = titles_of_judged(task)
    assert grid.columns == (*titles, *(f"lead over {within(title)}" for title in titles[1:]))
    cells = dict(grid.rows)["PR-AUC"]
    assert [cell.value for cell in cells] == pytest.approx(
        [MODELS["network"], MODELS["pixel_logistic"], MODELS["pixel_boosting"], 0.7, 0.4]
    )
    objects = object_grid(run.frame("slumps_object_scores"))
    assert dict(objects.rows)["recall of objects, IoU ≥ 0.3"][0].value == 0.6
    assert len(objects.rows) == 6
    joint = joint_grid(run.frame("slumps_joint_scores"), task)
    assert [way for way, _ in joint.rows][:2] == ["pixels alone", "pixels after a hard gate"]
    assert joint.columns[0] == "PR-AUC, 1:500"


def test_recall_is_told_by_size_with_the_classes_that_fall_behind(run, tasked) -> None:
    scores = run.frame("slumps_object_scores")
    sizes = size_grid(scores)
    assert [name for name, _ in sizes.rows] == ["50 to 200 m (20 true)", "200 m and more (3 true)"]
    assert sizes.columns == ("IoU ≥ 0.1", "IoU ≥ 0.3", "IoU ≥ 0.5")
    assert [cell.value for cell in dict(sizes.rows)["50 to 200 m (20 true)"]] == [0.5, 0.5, 0.5]
    told = "Slumps of 50 to 200 m are found less often than others (IoU ≥ 0.5): looking in several resolutions"
    assert [text.startswith(told) for text in object_statements(scores, run.tasks[0])] == [True]
    assert told in tasked.report_html
    assert size_grid(scores[scores["low_m"].isna()]).rows == ()


def test_the_best_value_of_every_score_of_pixels_is_told(tasked, run) -> None:
    assert "PR-AUC<small>best 1</small></th>" in tasked.report_html
    best = {score.name: score.best for score in run.tasks[0].text.scores}
    assert (best["log_score"], best["predicted_over_observed"]) == (0, 1)


def test_where_a_score_was_not_computed_there_is_a_dash(run) -> None:
    scores = run.frame("slumps_scores")
    partly = scores[~((scores["model"] == "pixel_logistic") & (scores["score"] == "iou"))]
    assert dict(pixel_grids(partly, run.tasks[0])["1:200"].rows)["IoU"][1] is None


def test_land_and_years_add_up(run, slump_results) -> None:
    land = land_shares(run, run.tasks[0])
    finds = slump_results.cell_finds
    assert land["left_out"] == pytest.approx((~finds["passes_gate"]).mean())
    assert land["seen_km2"] == pytest.approx(finds["seen_area_m2"].sum() / 1e6)
    assert land["seen"] == pytest.approx(land["seen_of_passing"] * (1 - land["left_out"]))
    years = year_rows(run.frame("slumps_tiles"))
    assert [row["year"] for row in years] == [2021, 2022]
    assert years[0]["n_tiles"] == run.tasks[0].n_tiles
    assert years[1]["expected_found"] == pytest.approx(
        slump_results.imaged_tiles.query("year == 2022")["expected_found"].sum()
    )


def test_tiles_in_cells_that_are_left_out_are_no_part_of_the_land_that_passes(make_run_folder, slump_results) -> None:
    shut = slump_results.cell_finds.assign(passes_gate=slump_results.cell_finds["n_tiles"] == 0)
    content = make_run_folder(tasks={"slumps": replace(slump_results, cell_finds=shut)}).content
    land = land_shares(content, content.tasks[0])
    assert land["seen"] > 0
    assert land["seen_of_passing"] == 0


def test_the_first_cells_to_image_next_are_told_or_said_to_be_none(run, make_run_folder, slump_results) -> None:
    assert [row["rank"] for row in next_rows(run, run.tasks[0])] == list(range(1, 11))
    done = slump_results.cell_finds.assign(look_next_rank=pd.NA)
    page = make_run_folder(tasks={"slumps": replace(slump_results, cell_finds=done)}).report_html
    assert "every cell that passes the gate has been imaged" in page


def test_growth_that_no_cell_has_is_said_to_be_unknown(make_run_folder, slump_results) -> None:
    names = ["growth_m2_per_year", "growth_low_90", "growth_high_90"]
    once = replace(slump_results, cell_finds=slump_results.cell_finds.assign(**dict.fromkeys(names, np.nan)))
    page = make_run_folder(tasks={"slumps": once}).report_html
    assert "Growth of slumps is unknown: no cell was seen in two years." in page
    assert "Growth of slumps — not shown" in page


def test_beyond_the_most_cells_pictures_stand_in_place_of_maps(run, monkeypatch) -> None:
    section: Section = imagery_sections(run)[0]
    picture = '<img src="data:image/png'
    assert picture not in render_html(run, (section,))
    monkeypatch.setattr("entropice.report.frames.outlines.MOST_CELLS", len(run.frame("cells")) - 1)
    page = render_html(run, (section,))
    assert page.count(picture) == 1
    assert "Slumps found in images — not shown: maps are drawn of up to" in page


def test_text_from_outside_stays_text(run) -> None:
    (task,) = run.tasks
    hostile = replace(task, text=replace(task.text, nouns="<script>alert(1)</script>", title="<b>x</b>"))
    page = render_html(replace(run, tasks=(hostile,)), imagery_sections(replace(run, tasks=(hostile,))))
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page
