import csv
import dataclasses
import io
from pathlib import Path

import pytest
from survey_candidates import cell

from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.survey_cells import Place
from qgis_plugin.entropice.core.survey_plan import Choice, SurveyPlan
from qgis_plugin.entropice.core.survey_rows import columns, csv_text, waypoints
from qgis_plugin.entropice.core.survey_wording import EXAMPLE, places_in, summary
from qgis_plugin.entropice.core.target_file import write_target

FIRST = cell(
    0x8405723FFFFFFFF,
    place=Place(-172.5, 78.25),
    p_any=0.307,
    p_low=0.15,
    p_high=0.54,
    is_inside=False,
    land_km2=1_234.5,
    land_fraction=0.6,
    seen_share=0.25,
    cost_km2=925.875,
    information_bits=0.05,
    find_bits=0.307,
)
SECOND = dataclasses.replace(FIRST, cell_id=0x8405725FFFFFFFF, p_low=None, is_inside=None)
PLAN = SurveyPlan((Choice(1, FIRST, 0.357, 925.875), Choice(2, SECOND, 0.31, 1_851.75)), 9, 2_000.0)


def test_the_csv_holds_every_column_and_leaves_unknown_values_empty():
    first, second = csv.DictReader(io.StringIO(csv_text(PLAN, "h3")))
    assert list(first) == [column.name for column in columns("h3")]
    assert (first["rank"], first["cell"], first["applicability"]) == ("1", "8405723ffffffff", "outside")
    assert float(first["p_any"]) == 0.307
    assert float(first["value_per_1000_km2"]) == pytest.approx(1000 * 0.357 / 925.875, abs=1e-6)
    assert (second["p_any_low"], second["applicability"], second["spent_km2"]) == ("", "", "1851.750000")


def test_values_have_the_type_of_their_column():
    for column in columns("healpix"):
        for choice in PLAN.choices:
            assert isinstance(column.value(choice), (column.kind, type(None)))


def test_waypoints_are_named_by_rank_and_probability():
    first, second = waypoints(PLAN, "h3", "0123456789abcdef")
    assert (first.name, second.name) == ("1 (31 %)", "2 (31 %)")
    assert first.place == FIRST.place
    assert first.description == (
        "cell 8405723ffffffff; probability of any slump 31 % (90 % range 15 % to 54 %); 1,234 km² land; "
        "Entropice run 0123456789abcdef"
    )
    assert "range" not in second.description


def test_a_summary_says_what_is_spent_and_expected():
    assert dict(summary(PLAN)) == {
        "Cells chosen": "2 of 9",
        "Cost": "1,852 of 2,000 km²",
        "Land of the cells": "2,469 km²",
        "Expected cells with slumps": "0.6",
        "Expected information and finds": "0.7 bits",
    }
    told = dict(summary(dataclasses.replace(PLAN, choices=PLAN.choices[:1])))
    assert told["Expected cells with slumps"] == "0.3 (0.1 – 0.5)"


def test_places_are_read_as_longitude_and_latitude():
    assert places_in(EXAMPLE, Path()) == (Place(-133.7, 68.4), Place(-147.7, 64.8))
    assert places_in(" ", Path()) == ()
    assert places_in("180,90;", Path()) == (Place(180.0, 90.0),)


@pytest.mark.parametrize("text", ["68.4", "1,2,3", "north, east", "200, 10", "10, 91", "nan, 10", "10 20"])
def test_what_is_no_place_is_refused_with_an_example(text: str):
    with pytest.raises(RunFolderError) as refused:
        places_in(text, Path())
    assert (refused.value.field, refused.value.got) == ("places", repr(text))
    assert EXAMPLE in refused.value.fix


def test_a_target_replaces_what_stood_there_and_leaves_nothing_else(tmp_path: Path):
    write_target(tmp_path / "plan.csv", b"first", "CSV")
    write_target(tmp_path / "plan.csv", b"second", "CSV")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.csv"]
    assert (tmp_path / "plan.csv").read_bytes() == b"second"


@pytest.mark.parametrize("name", ["no folder/plan.csv", "file/plan.csv", "folder"])
def test_a_target_that_cannot_be_written_is_named_with_its_field(tmp_path: Path, name: str):
    (tmp_path / "file").write_bytes(b"as it was")
    (tmp_path / "folder").mkdir()
    with pytest.raises(RunFolderError, match="cannot be written") as refused:
        write_target(tmp_path / name, b"content", "CSV")
    assert (refused.value.path, refused.value.field) == (tmp_path / name, "CSV")
    assert "Choose another name" in refused.value.fix
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
