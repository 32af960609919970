import hashlib
from dataclasses import replace

import pytest
from markupsafe import Markup

from entropice.report.html_report import draw_section, render_html
from entropice.report.sections import SECTIONS, doubts, responses
from entropice.report.sections.provenance import InputRow, input_rows
from entropice.report.sections.section import Section


@pytest.fixture(scope="module")
def minimal(content):
    """The run without a row in any table but those of cells and land, which every run has."""
    kept = {"cells", "land"}
    tables = {
        name: table if name in kept else replace(table, frame=table.frame.head(0))
        for name, table in content.tables.items()
    }
    return replace(content, tables=tables)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_a_section_renders_from_a_run_or_says_what_is_missing(section: Section, content, minimal) -> None:
    assert "Not shown" not in draw_section(section, content)
    without = draw_section(section, minimal)
    missing = [name for name in section.needs if minimal.frame(name).empty]
    assert ("Not shown" in without) is bool(missing)
    assert all(content.tables[name].title.lower() in without for name in missing)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_a_section_needs_tables_that_exist(section: Section, content) -> None:
    assert set(section.needs) <= set(content.tables)


def test_sections_have_keys_and_titles_of_their_own() -> None:
    assert len({section.key for section in SECTIONS}) == len({section.title for section in SECTIONS}) == len(SECTIONS)


def test_one_more_section_appears_in_page_and_contents(content) -> None:
    extra = Section("extra", "One more", lambda run: Markup("<p>{}</p>").format(run.about.title))
    page = render_html(content, (extra,))
    assert '<a href="#extra">One more</a>' in page
    assert '<section id="extra">\n<h2>One more</h2>\n<p>A fabricated run</p>' in page


def test_a_table_that_a_run_lacks_is_named(content) -> None:
    section = Section("tides", "Tides", lambda _: Markup("never"), needs=("tides",))
    assert draw_section(section, content) == "<p>Not shown: this run has no tides.</p>"


def test_a_folder_of_inputs_is_one_row() -> None:
    inputs = [
        {"dataset": "land_file", "path": "land.gpkg", "bytes": 5, "sha256": "aa"},
        *({"dataset": "tiles", "path": f"dem/{n}.tif", "bytes": 10, "sha256": f"b{2 - n}"} for n in range(3)),
        {"dataset": "shapes", "path": "rts.dbf", "bytes": 1, "sha256": "c1"},
        {"dataset": "shapes", "path": "rts.shp", "bytes": 2, "sha256": "c2"},
    ]
    assert input_rows(inputs) == [
        InputRow("land_file", "land.gpkg", 1, 5, "aa"),
        InputRow("tiles", "dem/", 3, 30, hashlib.sha256(b"b0\nb1\nb2\n").hexdigest()),
        InputRow("shapes", "rts.*", 2, 3, hashlib.sha256(b"c1\nc2\n").hexdigest()),
    ]


def test_where_to_look_next_is_told_or_said_to_be_nowhere(fabricated, make_run_folder) -> None:
    chosen = fabricated.survey["rank"].notna().sum()
    assert chosen > 0
    told = make_run_folder().report_html
    assert f"{chosen} cells that nobody has observed can be looked at" in told
    nowhere = make_run_folder(survey=fabricated.survey.head(0))
    assert "no cell that nobody has observed" in nowhere.report_html
    assert not {"survey_value", "survey_rank"} & set(nowhere.content.frame("cells"))
    assert nowhere.content.survey.empty


def test_reasons_not_to_trust_the_map_are_told_with_their_share_of_the_cells(content):
    told = dict(doubts.reasons(content, max(content.year_names)))
    cells = content.frame("cells")
    is_outside = cells[f"applicability_{max(content.year_names)}"] == "outside"
    assert told == {"far from training cells": is_outside.mean()}
    assert {layer.quantity for layer in doubts.pictured_doubts(content)} == {
        "p_any_sd",
        "conformal_set",
        "applicability",
    }


def test_where_no_set_exceeds_its_null_the_report_says_that_nothing_was_found(fabricated, make_run_folder):
    nothing = make_run_folder(drivers=fabricated.drivers.assign(is_discovery=False))
    assert "Nothing found:" in nothing.report_html
    assert "Nothing found:" not in make_run_folder().report_html


def test_boxes_are_told_most_slumps_first_and_not_at_all_where_there_are_none(fabricated, content, make_run_folder):
    rows = responses.box_rows(content)
    assert [row["box"] for row in rows] == list(range(8))
    assert [value["long_name"] for value in rows[0]["values"]] == ["mean elevation", "spread of slope"]
    assert "of 8 boxes" in make_run_folder().report_html
    assert "for 4 % of the land" in make_run_folder().report_html
    without = make_run_folder(boxes=fabricated.boxes.head(0), box_values=fabricated.box_values.head(0))
    assert responses.box_rows(without.content) == []
    assert "boxes" not in without.content.tables
    assert "Its boxes" not in without.report_html


def test_beyond_the_most_cells_pictures_stand_in_place_of_the_map(content, monkeypatch):
    section = next(section for section in SECTIONS if section.key == "maps")
    picture = '<img src="data:image/png'
    assert picture not in render_html(content, (section,))
    monkeypatch.setattr("entropice.report.frames.outlines.MOST_CELLS", len(content.frame("cells")) - 1)
    page = render_html(content, (section,))
    assert page.count(picture) == 2
    assert "Beyond that pictures stand in its place; QGIS and the dashboard show every cell." in page
