"""The plan beside the pipeline's own, its bounds, and what it says where there is nothing to plan."""

import dataclasses
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from survey_candidates import cell

from entropice.learning import survey as pipeline
from qgis_plugin.entropice.core import survey_plan
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest
from qgis_plugin.entropice.core.survey_cells import Candidate, Constraints, Place, candidate, distance_km
from qgis_plugin.entropice.core.survey_plan import SurveyPlan, plan_survey
from qgis_plugin.entropice.core.survey_terms import SurveyTerms, survey_columns, survey_terms

FOLDER = Path("run")
TERMS = SurveyTerms(budget_km2=5_000.0, min_image_km2=100.0, find_value_bits=1.0, range_km=100.0)
FAIRBANKS = Place(-147.7, 64.8)
SURVEY = {"budget_km2": 5000.0, "min_image_km2": 100.0, "find_value_bits": 1.0, "range_km": 100.0}
PLANNED = {"parameters": {"reporting": {"survey": SURVEY}}}


def some_cells(seed: int, n_cells: int = 60) -> list[Candidate]:
    """Cells close enough together that what they tell overlaps, a few of them exactly alike."""
    draw = random.Random(seed)
    cells = []
    for number in range(n_cells):
        p_any = round(draw.random(), 1)
        place = Place(draw.uniform(-180, 180), draw.uniform(88, 90))
        cells.append(
            cell(
                number,
                place=place,
                p_any=p_any,
                cost_km2=draw.choice([100.0, 250.0, 250.0, 900.0]),
                information_bits=round(draw.random(), 1),
                find_bits=p_any,
            )
        )
    return cells


def plan(cells: list[Candidate], budget_km2: float = 2_000.0, **constraints: Any) -> SurveyPlan:
    return plan_survey(cells, Constraints(**constraints), budget_km2, TERMS, FOLDER)


def ids(planned: SurveyPlan) -> list[int]:
    return [choice.cell.cell_id for choice in planned.choices]


def pipelines_choice(cells: list[Candidate], budget_km2: float, terms: SurveyTerms) -> list[int]:
    rows = [
        {
            "lon_deg": cell.place.lon_deg,
            "lat_deg": cell.place.lat_deg,
            "p_any": cell.p_any,
            "information_bits": cell.information_bits,
            "cost_km2": cell.cost_km2,
        }
        for cell in cells
    ]
    parameters = {"min_image_km2": 1.0, "find_value_bits": terms.find_value_bits, "range_km": terms.range_km}
    order = pipeline.SurveyPlan(budget_km2=budget_km2, outside_spread=1.0, **parameters)
    return [cells[row].cell_id for row in pipeline.choose(pd.DataFrame(rows), order)]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("range_km", [0.0, 30.0, 100.0, 1000.0])
def test_the_order_is_that_of_the_pipeline(seed: int, range_km: float):
    cells, terms = some_cells(seed), dataclasses.replace(TERMS, range_km=range_km)
    for budget_km2 in (260.0, 3_000.0, 1e6):
        planned = plan_survey(cells, Constraints(), budget_km2, terms, FOLDER)
        assert ids(planned) == pipelines_choice(cells, budget_km2, terms)


@pytest.mark.parametrize("seed", range(12))
def test_the_budget_is_never_exceeded_and_left_only_where_no_cell_fits(seed: int):
    cells = some_cells(seed)
    for budget_km2 in np.linspace(100, 12_000, 40):
        planned = plan(cells, float(budget_km2))
        spent_km2 = [choice.spent_km2 for choice in planned.choices]
        assert spent_km2 == pytest.approx(np.cumsum([choice.cell.cost_km2 for choice in planned.choices]))
        assert planned.spent_km2 == spent_km2[-1] <= budget_km2
        left = {cell.cell_id for cell in cells}.difference(ids(planned))
        assert all(planned.spent_km2 + cells[number].cost_km2 > budget_km2 for number in left)


@pytest.mark.parametrize("seed", range(6))
def test_value_over_cost_falls_with_rank(seed: int):
    choices = plan(some_cells(seed), 1e6).choices
    values = [choice.gain_bits / choice.cell.cost_km2 for choice in choices]
    assert values == sorted(values, reverse=True)
    assert [choice.rank for choice in choices] == list(range(1, len(choices) + 1))


def test_of_equal_cells_the_lower_id_comes_first_in_whatever_order_they_are_given():
    cells = [cell(number, place=Place(0.0, 70.0), information_bits=0.0) for number in range(20)]
    for seed in range(5):
        shuffled = random.Random(seed).sample(cells, len(cells))
        assert ids(plan(shuffled, 1_500.0)) == [0, 1, 2, 3, 4]


def test_a_neighbour_of_a_chosen_cell_adds_less():
    first, second = plan([cell(1), cell(2)], 600.0).choices
    share = 1 - math.exp(-distance_km(first.cell.place.unit_vector, second.cell.place.unit_vector) / 100.0)
    assert first.gain_bits == pytest.approx(0.5)
    assert second.gain_bits == pytest.approx(0.4 + 0.1 * share)


def test_a_plan_says_what_to_expect_of_it():
    planned = plan([cell(1, land_km2=500.0), cell(60, p_any=0.1, p_low=0.0, p_high=0.5, find_bits=0.1), cell(120)])
    assert (planned.n_candidates, planned.spent_km2, planned.land_km2) == (3, 900.0, 1_100.0)
    assert planned.n_expected == pytest.approx(0.9)
    assert planned.n_expected_range == pytest.approx((0.4, 1.9))
    assert planned.gain_bits == pytest.approx(0.5 + 0.2 + 0.5, abs=1e-6)


def test_a_range_that_one_cell_lacks_is_unknown():
    assert plan([cell(1), cell(2, p_low=None)]).n_expected_range is None


@pytest.mark.parametrize(
    ("constraint", "chosen"),
    [
        ({}, [1, 2, 3, 4]),
        ({"min_land_fraction": 0.5}, [1, 2, 3, 4]),
        ({"min_land_fraction": 0.6}, [2, 3, 4]),
        ({"inside_only": True}, [1, 3, 4]),
        ({"unseen_only": True}, [1, 2, 4]),
        ({"places": (Place(1.0, 70.0), Place(2.0, 70.0)), "max_distance_km": 10.0}, [1, 2]),
        ({"places": (Place(2.5, 70.0),), "max_distance_km": 20.0}, [2, 3]),
        ({"min_land_fraction": 0.6, "inside_only": True}, [3, 4]),
    ],
)
def test_only_cells_that_meet_every_constraint_are_chosen(constraint: dict[str, Any], chosen: list[int]):
    cells = [cell(1, land_fraction=0.5), cell(2, is_inside=False), cell(3, seen_share=0.2), cell(4)]
    planned = plan(cells, 1e5, **constraint)
    assert sorted(ids(planned)) == chosen
    assert planned.n_candidates == len(chosen)


def test_distance_is_that_of_the_great_circle_across_180_degrees():
    assert distance_km(Place(179.5, 0.0).unit_vector, Place(-179.5, 0.0).unit_vector) == pytest.approx(111.19, abs=0.01)
    assert distance_km(FAIRBANKS.unit_vector, FAIRBANKS.unit_vector) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("cells", "budget_km2", "constraints", "field", "fix"),
    [
        ([cell(1)], 0.0, {}, "budget", "Give a budget."),
        ([cell(1)], -5.0, {}, "budget", "Give a budget."),
        ([cell(1)], math.nan, {}, "budget", "Give a budget."),
        ([cell(1)], math.inf, {}, "budget", "Give a budget."),
        ([cell(1)], 299.9, {}, "budget", "Raise the budget."),
        ([], 1e4, {}, "area", "Choose a larger area"),
        ([cell(1)], 1e4, {"min_land_fraction": 1.5}, "least share of land", "Give a share"),
        ([cell(1, land_fraction=0.2)], 1e4, {"min_land_fraction": 0.5}, "constraints", "Loosen a constraint"),
        ([cell(1)], 1e4, {"places": (FAIRBANKS,), "max_distance_km": 10.0}, "constraints", "Loosen a constraint"),
        ([cell(1)], 1e4, {"places": (FAIRBANKS,)}, "largest distance", "Give a distance"),
        ([cell(1, is_inside=None)], 1e4, {"inside_only": True}, "only where the map", "Leave this constraint out."),
    ],
)
def test_where_nothing_can_be_planned_the_reason_and_a_fix_are_told(
    cells: list[Candidate], budget_km2: float, constraints: dict[str, Any], field: str, fix: str
):
    with pytest.raises(RunFolderError, match="No survey can be planned") as refused:
        plan(cells, budget_km2, **constraints)
    assert (refused.value.field or "").startswith(field)
    assert refused.value.fix.startswith(fix)
    assert refused.value.got
    assert refused.value.expected


def test_a_plan_beyond_all_use_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(survey_plan, "MAX_CELLS", 3)
    assert len(plan([cell(number) for number in range(4)], 900.0).choices) == 3
    with pytest.raises(RunFolderError, match="at most 3 cells"):
        plan([cell(number) for number in range(4)], 1_200.0)


@pytest.fixture
def planned_values(manifest_values: dict[str, Any]) -> dict[str, Any]:
    """The manifest of a run that values cells."""
    (plain,) = [layer for layer in manifest_values["layers"] if layer["name"] == "lat_deg"]
    value = dict.fromkeys(("name", "column", "quantity"), "survey_value")
    manifest_values["layers"].append(plain | value)
    manifest_values["tables"][0]["columns"].append(
        {"name": "survey_value", "type": "real", "unit": None, "description": ""}
    )
    return manifest_values | PLANNED


@pytest.fixture
def manifest(write_run: Callable[[dict[str, Any]], Path], planned_values: dict[str, Any]) -> Manifest:
    return read_manifest(write_run(planned_values))


ROW: dict[str, object] = {
    "cell_id": 7,
    "survey_value": 2.0,
    "p_any_rts_2022": 0.5,
    "p_any_low_2022": 0.25,
    "p_any_high_2022": None,
    "applicability_2022": "outside",
    "observed_fraction_2021": 0.2,
    "observed_fraction_2022": None,
    "area_m2": 2e9,
    "land_fraction": 0.5,
    "lon_deg": 12.0,
    "lat_deg": 70.0,
}


def test_a_row_becomes_a_cell_as_the_run_values_it(manifest: Manifest):
    columns, terms = survey_columns(manifest, FOLDER), survey_terms(manifest)
    assert terms == TERMS
    assert {*columns.names, "cell_id"} == ROW.keys()
    found = candidate(ROW, columns, terms, FOLDER)
    assert found is not None
    assert (found.cell_id, found.place, found.p_any, found.p_low, found.p_high) == (
        7,
        Place(12.0, 70.0),
        0.5,
        0.25,
        None,
    )
    assert (found.is_inside, found.land_km2, found.land_fraction, found.seen_share) == (False, 1_000.0, 0.5, 0.2)
    assert found.cost_km2 == pytest.approx(800.0)
    assert found.find_bits == 0.5
    assert found.information_bits == pytest.approx(2.0 * 0.8 - 0.5)
    assert found.value_per_1000_km2 == pytest.approx(2.0)


def test_land_seen_in_a_year_without_a_prediction_costs_nothing(
    write_run: Callable[[dict[str, Any]], Path], planned_values: dict[str, Any]
):
    (plain,) = [layer for layer in planned_values["layers"] if layer["name"] == "lat_deg"]
    planned_values["layers"].append(plain | dict.fromkeys(("name", "column", "quantity"), "seen_fraction"))
    described = {"name": "seen_fraction", "type": "real", "unit": None, "description": ""}
    planned_values["tables"][0]["columns"].append(described)
    columns = survey_columns(read_manifest(write_run(planned_values)), FOLDER)
    found = candidate(ROW | {"seen_fraction": 0.6}, columns, TERMS, FOLDER)
    assert found is not None
    assert (found.seen_share, found.cost_km2) == (0.6, pytest.approx(400.0))


def test_values_are_those_of_the_maps_model(
    write_run: Callable[[dict[str, Any]], Path], planned_values: dict[str, Any]
):
    (chance,) = [layer for layer in planned_values["layers"] if layer["name"] == "p_any_rts_2022"]
    other = {"name": "p_any_rts_espa_2022", "column": "p_none_2022", "model": "espa", "is_default": False}
    planned_values["layers"].append(chance | other | {"overview": None})
    assert survey_columns(read_manifest(write_run(planned_values)), FOLDER).p_any == "p_any_rts_2022"


def test_the_smallest_image_has_its_price(manifest: Manifest):
    found = candidate(ROW | {"land_fraction": 0.01}, survey_columns(manifest, FOLDER), TERMS, FOLDER)
    assert found is not None
    assert found.cost_km2 == 100.0


def test_a_cell_without_value_is_none_to_choose(manifest: Manifest):
    assert candidate(ROW | {"survey_value": None}, survey_columns(manifest, FOLDER), TERMS, FOLDER) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("survey_value", -1.0),
        ("survey_value", math.inf),
        ("p_any_rts_2022", None),
        ("p_any_rts_2022", 1.5),
        ("observed_fraction_2021", "half"),
        ("lat_deg", 91.0),
        ("cell_id", 1.5),
    ],
)
def test_a_value_that_cannot_be_is_refused(manifest: Manifest, column: str, value: object):
    with pytest.raises(RunFolderError, match="cannot be") as refused:
        candidate(ROW | {column: value}, survey_columns(manifest, FOLDER), TERMS, FOLDER)
    assert refused.value.field == column
    assert refused.value.got == repr(value)


def test_a_run_without_values_is_refused(write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any]):
    with pytest.raises(RunFolderError, match="does not value") as refused:
        survey_columns(read_manifest(write_run(manifest_values)), FOLDER)
    assert refused.value.got == "no survey_value"
    assert "kedro run" in refused.value.fix


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({}, "parameters.reporting"),
        ({"reporting": {"survey": SURVEY | {"range_km": "far"}}}, "parameters.reporting.survey.range_km"),
        ({"reporting": {"survey": SURVEY | {"budget_km2": -1}}}, "parameters.reporting.survey.budget_km2"),
        ({"reporting": {"survey": SURVEY | {"min_image_km2": 0}}}, "parameters.reporting.survey.min_image_km2"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    write_run: Callable[[dict[str, Any]], Path], manifest_values: dict[str, Any], parameters: dict[str, Any], field: str
):
    with pytest.raises(RunFolderError) as refused:
        survey_terms(read_manifest(write_run(manifest_values | {"parameters": parameters})))
    assert refused.value.field == field
