"""The report of a run of tasks of imagery, as text and in a real browser."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from chromium import ALL_DRAWN, is_left_out, tab
from image_runs import ABOUT, CARD, DIFFERENCE, TYPES, datasets, image_run, motion_layers, motion_scores

from entropice.errors import SchemaError
from entropice.imagery.map_layers import Ramp
from entropice.imagery.panels import PanelRow, Picture
from entropice.report.figure_files import svg_bytes
from entropice.report.image_run.card_facts import card_facts
from entropice.report.image_run.charts import horizon_frame
from entropice.report.image_run.content import ImageRun
from entropice.report.image_run.model_card import told_score
from entropice.report.image_run.page import render_run
from entropice.report.image_run.pictures import UNKNOWN, colouring, draw_rows, layer_rows, thinned
from entropice.report.image_run.score_grids import task_grids
from entropice.report.score_tables import ScoreCell

HOSTILE = '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'


def test_a_table_has_models_and_their_paired_differences(image_content: ImageRun) -> None:
    grids = task_grids(image_content.tasks[0])
    assert [(grid.title, grid.what) for grid in grids] == [
        ("Mean squared error", "part, steps ahead"),
        ("Mean absolute error (%)", "part, steps ahead"),
    ]
    assert grids[0].scores.columns == ("The network", "Persistence", "Drift that is kept", "Known future drift")
    assert grids[0].differences.columns == ("The network less persistence", "The network less drift that is kept")
    assert [name for name, _ in grids[0].scores.rows][:3] == ["space, 1", "space, 2", "space, 3"]
    scores = datasets()["ice_motion.task_scores"]
    wanted = scores.query("score == 'mse' and part == 'time' and horizon == 7 and compared_with == 'drift'")
    assert grids[0].differences.rows[-1][1][-1].value == wanted["value"].item()


def test_scores_of_all_stand_together_and_those_of_parts_by_themselves(image_content: ImageRun) -> None:
    whole, by_class = task_grids(image_content.tasks[1])
    assert [name for name, _ in whole.scores.rows] == ["Accuracy", "Calibration slope"]
    assert whole.scores.rows[1][1][1] is None
    assert (by_class.title, by_class.what) == ("Precision", "part")
    assert len(by_class.grids) == 1
    assert [name for name, _ in by_class.scores.rows] == ["open water", "thin ice"]


def test_a_chart_shows_scores_and_no_differences(image_content: ImageRun) -> None:
    frame = horizon_frame(image_content.tasks[0])
    assert len(frame) == motion_scores()["compared_with"].isna().sum()
    assert frame["at"].unique().tolist() == [
        "Mean squared error, space", "Mean squared error, time",
        "Mean absolute error (%), space", "Mean absolute error (%), time",
    ]  # fmt: skip
    assert frame.query("at == 'Mean squared error, space'")["model"].drop_duplicates().iloc[0] == "The network"


def test_what_a_kind_has_not_named_is_told_by_its_name() -> None:
    scores = motion_scores().assign(model="sails")
    task = image_run(ice_motion__task_scores=scores).tasks[0]
    assert task_grids(task)[0].scores.columns[0] == "sails"


def test_the_page_says_all_of_each_task(image_report: str) -> None:
    for text in ("Sea ice of a virtual ocean", "Made up for tests", "A week of ice", "Differences grow from day to day",
                 "Nothing is learned of leads below a pixel.", "0.0041 (persistence 0.0044)", "No limits were stated.",
                 "kedro run --env sea_ice", "no credit is required"):  # fmt: skip
        assert text in image_report
    assert image_report.count("<small>best 1</small>") == len(("accuracy", "slope"))
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", image_report)


def test_a_run_without_layers_or_panel_is_told_all_the_same() -> None:
    panel = replace(datasets()["ice_motion.panel"], rows=())
    page = render_run(image_run(ice_motion__map_layers=[], ice_motion__panel=panel))
    assert "A week of ice" not in page
    assert page.count("Layers of the map") == 1


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({name: value for name, value in CARD.items() if name != "inputs"}, "inputs"),
        (CARD | {"limits": "none"}, "limits"),
        (CARD | {"limits": ["one", 2]}, r"limits\[1\]"),
        (CARD | {"expectations": [{"what": "MSE", "published": "0.1"}]}, r"expectations\[0\].ours"),
        (CARD | {"expectations": ["MSE"]}, r"expectations\[0\]"),
    ],
)
def test_facts_of_a_card_that_are_missing_are_named(document: dict, field: str) -> None:
    with pytest.raises(SchemaError) as refused:
        card_facts(document, "ice_motion")
    assert re.search(f"ice_motion.card_facts: {field}", str(refused.value.field))


def test_facts_of_a_card_are_sentences_however_they_are_written() -> None:
    facts = card_facts(CARD | {"inputs": "30 fields", "limits": ["None is known", "Is it?"]}, "ice_motion")
    assert facts.inputs == "30 fields."
    assert facts.limits == ("None is known.", "Is it?")


def test_scores_that_lack_a_column_are_named() -> None:
    with pytest.raises(SchemaError, match="not usable") as refused:
        image_run(ice_types__task_scores=motion_scores().drop(columns="n_blocks"))
    assert refused.value.field == "ice_types.task_scores"
    assert refused.value.got == "no n_blocks"


def test_a_picture_tells_unknown_from_every_value() -> None:
    colours, norm = colouring(Ramp(0.0, 1.0, "viridis"))
    drawn = colours(norm(np.ma.masked_invalid(np.array([0.0, np.nan, 1.0, 7.0]))))
    as_hex = ["#" + "".join(f"{round(255 * channel):02x}" for channel in pixel[:3]) for pixel in drawn]
    assert as_hex == ["#440154", UNKNOWN, "#fde725", "#fde725"]
    colours, norm = colouring((TYPES[0], TYPES[2]))
    drawn = colours(norm(np.array([0.0, 1.0, 2.0, 9.0])))
    as_hex = ["#" + "".join(f"{round(255 * channel):02x}" for channel in pixel[:3]) for pixel in drawn]
    assert as_hex == [TYPES[0].colour, UNKNOWN, TYPES[2].colour, UNKNOWN]


def test_the_key_tells_what_is_not_known_only_where_something_is_not() -> None:
    known = np.zeros((4, 6), np.float32)
    unknown = np.where(np.eye(4, 6), np.nan, known).astype(np.float32)
    for values, has_key in ((known, False), (unknown, True)):
        figure = draw_rows(
            [PanelRow("day 1", (Picture("Truth", values, DIFFERENCE), Picture("Forecast", known, TYPES)))]
        )
        texts = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
        assert ("not known" in texts) is has_key
        assert {"open water", "thick ice"} <= set(texts)
        assert svg_bytes(figure) == svg_bytes(figure)


def test_layers_become_rows_of_pictures_and_large_ones_are_thinned() -> None:
    rows = layer_rows(motion_layers())
    assert [len(row.pictures) for row in rows] == [4, 3]
    assert rows[0].pictures[1].title == "Forecast, 2024-03-02"
    assert thinned(np.zeros((2_500, 700), np.float32)).shape == (500, 140)
    assert thinned(np.zeros((1_201, 50, 3), np.float32)).shape == (401, 17, 3)


def test_no_place_of_a_sparse_map_is_lost() -> None:
    sparse = np.full((1_000, 1_301), np.nan, np.float32)
    places = [(0, 0), (7, 1_300), (501, 633), (999, 1)]
    for number, place in enumerate(places):
        sparse[place] = number
    small = thinned(sparse)
    assert small.shape == (334, 434)
    assert {small[row // 3, column // 3] for row, column in places} == {0, 1, 2, 3}
    assert np.isfinite(small).sum() == len(places)


def test_a_score_without_an_interval_is_told_alone() -> None:
    nan = float("nan")
    assert told_score(ScoreCell(0.5, nan, nan)) == "0.500"
    assert told_score(ScoreCell(nan, nan, nan)) == told_score(None) == "–"
    scores = datasets()["ice_types.task_scores"].assign(low_95=nan, high_95=nan)
    assert "– to –" not in render_run(image_run(ice_types__task_scores=scores))


@pytest.mark.skipif(is_left_out(), reason="there is no Chromium: tests/support/browser.sh")
def test_a_browser_draws_the_page_and_hostile_names_are_text(tmp_path: Path) -> None:
    panel = replace(datasets()["ice_motion.panel"], title=HOSTILE, caption=HOSTILE)
    scores = pd.concat([motion_scores(), motion_scores().assign(model=HOSTILE)], ignore_index=True)
    run = image_run(replace(ABOUT, title=HOSTILE), ice_motion__panel=panel, ice_motion__task_scores=scores)
    path = tmp_path / "report.html"
    path.write_text(render_run(run), encoding="utf-8")
    for width_px in (1200, 400):
        (tmp_path / f"{width_px}").mkdir()
        with tab(tmp_path / f"{width_px}") as browser:
            browser.open(path.as_uri(), width_px=width_px)
            browser.wait(ALL_DRAWN)
            assert browser.errors == []
            assert browser.foreign_requests(path.as_uri()) == []
            assert browser.value("window.hacked") is None
            assert browser.value("document.title").startswith("</script>")
            assert browser.value("document.documentElement.scrollWidth <= innerWidth")
            assert browser.value("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
            assert browser.value("document.querySelectorAll('.chart svg .mark-symbol path').length") > 20
