from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
import pytest
from colour_vision import SIGHTS, lightness, smallest_difference
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr

from qgis_plugin.entropice.core.cell_hierarchy import Grid
from qgis_plugin.entropice.core.class_ranges import ClassRange
from qgis_plugin.entropice.core.comparison import (
    change_of,
    compare,
    confusion_table,
    difference_unit,
    facts,
    shown_title,
)
from qgis_plugin.entropice.core.comparison_agreement import agreement, pearson, ranks
from qgis_plugin.entropice.core.comparison_cells import CellValue, Piece, brought, joined, parent_pieces
from qgis_plugin.entropice.core.comparison_colours import layers_side_by_side
from qgis_plugin.entropice.core.comparison_scale import COLOURS, class_scale, diverging_scale, equality_scale
from qgis_plugin.entropice.core.comparison_side import Side, require_comparable, side_of
from qgis_plugin.entropice.core.comparison_statements import statements_on
from qgis_plugin.entropice.core.comparison_way import HIERARCHY, OVERLAY, SAME_CELLS, Way, way_of
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.manifest import Manifest, read_manifest
from qgis_plugin.entropice.core.run_record import RunRecord
from qgis_plugin.entropice.core.scales import Categorical, Graduated

SIDES = st.sampled_from(["a", "b"])
NUMBERS = st.none() | st.floats(0, 1)
SAME = Way(SAME_CELLS, "a")
OTHER_CLASSES = {
    "few": ClassRange(0.0, 7.0, None),
    "some": ClassRange(7.0, 9.0, None),
    "many": ClassRange(9.0, None, None),
}


@st.composite
def cells(draw: st.DrawFn) -> list[CellValue]:
    ids = draw(st.lists(st.integers(0, 30), unique=True, max_size=12))
    return [CellValue(cell_id, 1.0 + cell_id, draw(NUMBERS), *sorted([draw(st.floats(0, 1)), 1.0])) for cell_id in ids]


@pytest.fixture
def manifest(run_folder: Path) -> Manifest:
    return read_manifest(run_folder)


@pytest.fixture
def side(run_folder: Path, manifest: Manifest) -> Callable[..., Side]:
    def side(quantity: str = "p_any_rts", year: int | None = 2022, **changes: Any) -> Side:
        return side_of(run_folder, replace(manifest, **changes), quantity, year)

    return side


Make = Callable[..., Side]


# The difference


@given(cells())
def test_a_map_does_not_differ_from_itself(values: list[CellValue]):
    compared = joined(values, values, {})
    assert len(compared) == len(values)
    assert {cell.difference for cell in compared if cell.is_in_both} <= {0.0}
    assert all((cell.difference is None) == (cell.value_a is None) for cell in compared)
    found = agreement(compared)
    assert (found.n_only_a, found.n_only_b) == (0, 0)
    assert found.correlation in (None, pytest.approx(1.0))


@given(cells(), cells())
def test_exchanging_the_maps_turns_the_sign(a: list[CellValue], b: list[CellValue]):
    forth, back = joined(a, b, {}), joined(b, a, {})
    assert [cell.cell_id for cell in forth] == [cell.cell_id for cell in back]
    for one, other in zip(forth, back, strict=True):
        assert (one.value_a, one.value_b) == (other.value_b, other.value_a)
        assert one.difference == (None if other.difference is None else -other.difference)
        assert one.agrees == other.agrees
    there, again = agreement(forth), agreement(back)
    assert (there.n_both, there.n_only_a, there.n_only_b) == (again.n_both, again.n_only_b, again.n_only_a)
    assert there.mean_absolute_difference == again.mean_absolute_difference
    assert there.n_agree == again.n_agree


@given(cells(), cells())
def test_every_cell_of_either_map_is_told_once(a: list[CellValue], b: list[CellValue]):
    compared = joined(a, b, {})
    assert [cell.cell_id for cell in compared] == sorted({cell.cell_id for cell in (*a, *b)})
    known_a, known_b = ({cell.cell_id for cell in values if cell.value is not None} for values in (a, b))
    found = agreement(compared)
    assert found.n_both == len(known_a & known_b)
    assert (found.n_only_a, found.n_only_b) == (len(known_a - known_b), len(known_b - known_a))


def test_unknown_is_no_difference_and_not_zero():
    (cell,) = joined([CellValue(1, 1.0, None)], [CellValue(1, 1.0, 0.4)], {})
    assert (cell.difference, cell.agrees, cell.is_in_both) == (None, None, False)


def test_classes_differ_by_steps_and_other_texts_only_or_not():
    ranks = {"none": 0, "few": 1, "some": 2}
    a, b = (
        [CellValue(1, 1.0, "none"), CellValue(2, 1.0, "some")],
        [CellValue(1, 1.0, "some"), CellValue(2, 1.0, "some")],
    )
    assert [cell.difference for cell in joined(a, b, ranks)] == [2, 0]
    assert [change_of(cell) for cell in joined(a, b, ranks)] == ["+2", "same"]
    assert [cell.difference for cell in joined(a, b, {})] == [None, None]
    assert [change_of(cell) for cell in joined(a, b, {})] == ["other", "same"]
    assert agreement(joined(a, b, ranks)).confusion == {("none", "some"): 1, ("some", "some"): 1}


@pytest.mark.parametrize(
    ("a", "b", "agrees"),
    [
        (CellValue(1, 1, 0.5, 0.4, 0.6), CellValue(1, 1, 0.55, 0.45, 0.7), True),
        (CellValue(1, 1, 0.5, 0.4, 0.6), CellValue(1, 1, 0.55, 0.53, 0.7), False),
        (CellValue(1, 1, 0.5, 0.4, 0.6), CellValue(1, 1, 0.55), None),
    ],
)
def test_numbers_agree_where_each_lies_within_the_other_s_doubt(a: CellValue, b: CellValue, agrees: bool | None):
    assert joined([a], [b], {})[0].agrees is agrees
    assert joined([b], [a], {})[0].agrees is agrees


# Larger cells


@given(st.lists(st.tuples(st.floats(1, 1e6), NUMBERS), min_size=1, max_size=40))
def test_land_and_expected_totals_are_kept_where_all_is_known(drawn: list[tuple[float, float | None]]):
    parents = [int(cell) for cell in h3.cell_to_children(h3.latlng_to_cell(75.0, 120.0, 3), 4)]
    ids = [int(child) for parent in parents for child in h3.cell_to_children(parent, 5)][: len(drawn)]
    small = [CellValue(cell, land_m2, value or 0.0) for cell, (land_m2, value) in zip(ids, drawn, strict=True)]
    pieces = parent_pieces(ids, Grid("h3", 5), Grid("h3", 4))
    land_m2 = {parent: sum(cell.land_m2 for cell, piece in zip(small, pieces, strict=True) if piece.larger_id == parent)
               for parent in parents}  # fmt: skip
    larger = [CellValue(parent, land_m2[parent], None) for parent in parents]
    means = [cell for cell in brought(small, pieces, larger) if cell.value is not None]
    assert sum(cell.land_m2 for cell in means) == pytest.approx(sum(cell.land_m2 for cell in small))
    total = sum(cell.land_m2 * float(cell.value) for cell in small)
    assert sum(cell.land_m2 * float(cell.value) for cell in means) == pytest.approx(total)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=7), st.floats(0.01, 1))
def test_the_mean_of_one_value_is_that_value_whatever_the_shares(shares: list[float], value: float):
    small = [CellValue(i, 10.0, value) for i in range(len(shares))]
    pieces = [Piece(i, 100, share) for i, share in enumerate(shares)]
    (mean,) = brought(small, pieces, [CellValue(100, 1e-9, None)])
    assert mean.value == pytest.approx(value)


def test_a_larger_cell_of_which_too_little_is_known_has_no_value():
    small = [CellValue(1, 10.0, 0.2), CellValue(2, 10.0, 0.4), CellValue(3, 20.0, None)]
    pieces = [
        Piece(1, 9, 1.0),
        Piece(2, 9, 0.5),
        Piece(3, 9, 1.0),
        Piece(2, 8, 0.5),
        Piece(77, 8, 1.0),
        Piece(1, 7, 1.0),
    ]
    larger = [CellValue(9, 30.0, 0.1, 0.0, 1.0), CellValue(8, 11.0, None)]
    assert [(cell.cell_id, cell.value, cell.low) for cell in brought(small, pieces, larger)] == [
        (9, pytest.approx(0.8 / 3), None),
        (8, None, None),
    ]
    assert [cell.value for cell in brought(small, pieces, [CellValue(9, 31.0, None)])] == [None]


# Agreement


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1)), min_size=3, max_size=30))
def test_correlations_are_scipy_s(pairs: list[tuple[int, float]]):
    a, b = [float(a) for a, _ in pairs], [b for _, b in pairs]
    if np.ptp(a) > 0 and np.std(b) > 1e-6:
        assert pearson(a, b) == pytest.approx(pearsonr(a, b).statistic, abs=1e-6)
        assert pearson(ranks(a), ranks(b)) == pytest.approx(spearmanr(a, b).statistic, abs=1e-9)


@pytest.mark.parametrize(("a", "b"), [([], []), ([1.0], [2.0]), ([1.0, 1.0], [0.0, 2.0]), ([0.1] * 3, [1.0, 2.0, 4.0])])
def test_there_is_no_correlation_without_spread(a: list[float], b: list[float]):
    assert pearson(a, b) is None
    assert pearson(b, a) is None


def test_means_are_weighted_by_land():
    a = [CellValue(1, 1.0, 0.5), CellValue(2, 3.0, 0.5)]
    b = [CellValue(1, 1.0, 0.9), CellValue(2, 3.0, 0.3)]
    found = agreement(joined(a, b, {}))
    assert found.mean_difference == pytest.approx((0.4 - 3 * 0.2) / 4)
    assert found.mean_absolute_difference == pytest.approx((0.4 + 3 * 0.2) / 4)
    assert found.land_both_m2 == 4


# Colours


@given(st.lists(st.floats(-1e6, 1e6), max_size=50))
@example([5e-324])
def test_the_scale_is_symmetric_and_holds_every_difference(differences: list[float]):
    scale = diverging_scale(differences)
    opposite = diverging_scale([-difference for difference in differences])
    assert scale == opposite
    assert list(scale.breaks) == [-edge for edge in reversed(scale.breaks)]
    assert all(low < high for low, high in zip(scale.breaks, scale.breaks[1:], strict=False))
    assert len(scale.breaks) == len(scale.colours) + 1
    assert all(scale.breaks[0] <= difference <= scale.breaks[-1] for difference in differences)
    assert scale.breaks[3] < 0 < scale.breaks[4]


def test_no_step_lies_beyond_the_largest_difference():
    assert diverging_scale([-0.9, 0.2]).breaks == pytest.approx((-0.9, -0.5, -0.3, -0.1, 0.1, 0.3, 0.5, 0.9))


def test_steps_are_round_and_one_outlier_does_not_take_all_colours():
    scale = diverging_scale([0.01 * i for i in range(-35, 36)] + [4.0])
    assert scale.breaks == pytest.approx((-4, -0.25, -0.15, -0.05, 0.05, 0.15, 0.25, 4))


@pytest.mark.parametrize("n_classes", [2, 3, 4])
def test_every_step_between_classes_has_a_colour(n_classes: int):
    scale = class_scale(n_classes)
    values = [category.value for category in scale.categories]
    assert values == [*(f"+{n}" for n in range(n_classes - 1, 0, -1)), "same", *(f"-{n}" for n in range(1, n_classes))]
    assert len({category.colour for category in scale.categories}) == 2 * n_classes - 1


@pytest.mark.parametrize("sight", SIGHTS)
def test_steps_are_told_apart_without_a_kind_of_cone(sight: str):
    assert smallest_difference(COLOURS, sight) > 9
    lights = [lightness(colour, sight) for colour in COLOURS]
    middle = len(COLOURS) // 2
    assert lights[: middle + 1] == sorted(lights[: middle + 1])
    assert lights[middle:] == sorted(lights[middle:], reverse=True)


# What can be compared


def test_sides_of_one_run(side: Make):
    a, b = side(), side(year=2021)
    require_comparable(a, b)
    assert way_of(a, b, 1.0, 1.0) == SAME
    assert (a.title, a.column) == ("Probability of any slump · summer 2022", "p_any_rts_2022")
    assert side("area_m2", 2021).column == "area_m2"
    assert a.interval == ("p_any_low_2022", "p_any_high_2022")
    assert side("entropy").interval is None


@pytest.mark.parametrize(
    ("quantity", "year", "field"),
    [("p_some_rts", 2022, "quantity"), ("p_any_rts", 2030, "year"), ("land", None, "quantity")],
)
def test_what_a_run_does_not_have_is_refused(side: Make, quantity: str, year: int | None, field: str):
    with pytest.raises(RunFolderError) as raised:
        side(quantity, year)
    assert raised.value.field == field
    assert raised.value.fix


@pytest.mark.parametrize(
    ("a", "b", "changes", "field"),
    [
        ("p_any_rts", "area_m2", {}, "unit of area_m2"),
        ("p_any_rts", "entropy", {}, "unit of entropy_2022"),
        ("p_any_rts", "class", {}, "unit of class_2022"),
        ("class", "state", {}, "quantity"),
        ("class", "class", {"class_ranges": OTHER_CLASSES}, "classes.edges"),
        ("p_few", "p_few", {"class_names": ("none", "few")}, "classes.edges"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_field_with_a_fix(side: Make, a: str, b: str, changes: dict, field: str):
    with pytest.raises(RunFolderError) as raised:
        require_comparable(side(a), side(b, **changes))
    assert raised.value.field == field
    assert "Choose" in raised.value.fix or "Compare" in raised.value.fix


def test_probabilities_without_edges_compare_whatever_the_classes(side: Make):
    for quantity in ("p_any_rts", "expected_rts_area_fraction", "p_none"):
        require_comparable(side(quantity), side(quantity, class_ranges=OTHER_CLASSES))


def test_larger_cells_are_those_of_the_lower_level_or_of_the_larger_area(side: Make):
    h3_5, healpix = {"grid_level": 5, "grid_key": "h3_5"}, {"grid_name": "healpix", "grid_key": "healpix_7"}
    assert way_of(side(), side(**h3_5), 1.0, 9.0) == Way(HIERARCHY, "a")
    assert way_of(side(**h3_5), side(), 9.0, 1.0) == Way(HIERARCHY, "b")
    assert way_of(side(), side(**healpix), 1.0, 9.0) == Way(OVERLAY, "b")
    assert way_of(side(), side(**healpix), 9.0, 1.0) == Way(OVERLAY, "a")
    assert way_of(side(), side(**healpix), 1.0, 1.0).coarse != way_of(side(**healpix), side(), 1.0, 1.0).coarse


@pytest.mark.parametrize("quantity", ["class", "entropy", "state", "rts_count", "driver_1_share"])
def test_what_does_not_follow_from_smaller_cells_is_refused(side: Make, quantity: str):
    with pytest.raises(RunFolderError, match="larger cells") as raised:
        way_of(side(quantity), side(quantity, grid_level=5), 1.0, 1.0)
    assert raised.value.field == "quantity"
    assert "p_any_rts" in (raised.value.expected or "")


def test_a_mean_of_chances_is_called_what_it_is(side: Make):
    a, b = side(), side(grid_level=5, grid_key="h3_5")
    way = way_of(a, b, 1.0, 1.0)
    result = compare(a, b, way, [CellValue(1, 5.0, 0.5)], [CellValue(1, 5.0, 0.2)])
    assert result.layer.title == "B − A: Expected share of land in cells with slumps"
    assert shown_title(b, way) == "Expected share of land in cells with slumps · summer 2022"
    assert shown_title(b, SAME) == "Probability of any slump · summer 2022"
    assert result.statement.startswith("h3_5 is brought to the cells of h3_4 through the ids of the cell hierarchy")
    assert "compare its order, not its height" in result.statement


def test_the_result_says_how_alike_the_maps_are(side: Make):
    a = [CellValue(i, 1e8, i / 10, 0.0, 1.0) for i in range(10)]
    b = [CellValue(i, 1e8, i / 10 + 0.05, 0.0, 0.5) for i in range(8)]
    result = compare(side(year=2021), side(), SAME, a, b)
    told = {fact.name: fact.value for fact in facts(result)}
    assert told == {
        "Cells with both": "8 of 10",
        "Cells only in A": "2",
        "Cells only in B": "0",
        "Land with both": "800 km²",
        "Mean difference": "5 percentage points",
        "Mean absolute difference": "5 percentage points",
        "Correlation": "1",
        "Rank correlation": "1",
        "Within each other's 90 % range": "75 % of 8",
    }
    assert result.layer.title == "B − A: Probability of any slump"
    assert (
        result.layer.description
        == "A: Probability of any slump · summer 2021. B: Probability of any slump · summer 2022."
    )
    assert isinstance(result.layer.scale, Graduated)
    assert result.statement == "Cell by cell on h3_4."


def test_densities_are_told_as_legends_tell_them(side: Make):
    quantity = "expected_rts_area_fraction"
    result = compare(side(quantity), side(quantity, 2021), SAME, [CellValue(1, 1, 1e-6)], [CellValue(1, 1, 3e-6)])
    assert {fact.name: fact.value for fact in facts(result)}["Mean difference"] == "2 m² per km²"
    assert difference_unit(result.layer) == "m² per km²"


def test_a_column_is_its_own_quantity_whatever_the_year(side: Make):
    assert side("p_any_rts_2021", 2022).layer.year == 2021


def test_a_model_s_own_values_are_asked_for_by_its_name(run_folder: Path, manifest: Manifest):
    own = replace(manifest.layers[1], name="p_any_rts_ridge", column="area_m2", model="ridge")
    both = replace(manifest, layers=(*manifest.layers, own))
    assert side_of(run_folder, both, own.quantity, own.year).layer == manifest.layers[1]
    assert side_of(run_folder, both, own.quantity, own.year, "ridge").layer == own
    with pytest.raises(RunFolderError) as raised:
        side_of(run_folder, both, "entropy", own.year, "ridge")
    assert raised.value.field == "quantity"


def test_other_quantities_of_a_unit_are_told_in_the_title(side: Make):
    result = compare(side("p_few"), side("p_some"), SAME, [CellValue(1, 1, 0.1)], [CellValue(1, 1, 0.3)])
    assert result.layer.title == "B − A: Probability of class some − Probability of class few"


def test_texts_have_no_mean_and_no_correlation(side: Make):
    result = compare(side("class"), side("class", 2021), SAME, [CellValue(1, 1, "few")], [CellValue(1, 1, "none")])
    assert isinstance(result.layer.scale, Categorical)
    assert [change_of(cell) for cell in result.cells] == ["-1"]
    assert {fact.name: fact.value for fact in facts(result)}["Cells that agree"] == "0 % of 1"
    assert "Correlation" not in {fact.name for fact in facts(result)}
    states = compare(side("state"), side("state", 2021), SAME, [], [])
    assert states.layer.scale == equality_scale()
    assert [fact.value for fact in facts(states)] == ["0 of 0", "0", "0", "0 km²"]


# Side by side


def test_both_maps_have_the_same_steps_which_reach_to_all_values(side: Make):
    steps = Graduated((0.1, 0.4, 0.6), ("#000000", "#ffffff"))
    a, b = (replace(made, layer=replace(made.layer, scale=steps)) for made in (side(), side(year=2021)))
    values = [CellValue(1, 1, 0.05)], [CellValue(1, 1, 0.9)]
    for first, second in ((a, b), (b, a)):
        shown = layers_side_by_side(compare(first, second, SAME, *values))
        assert [layer.scale for layer in shown] == [Graduated((0.05, 0.4, 0.9), steps.colours)] * 2
        assert [layer.column for layer in shown] == [first.column, second.column]


def test_maps_of_two_quantities_keep_their_own_steps(side: Make):
    result = compare(side("p_any_rts"), side("p_few"), SAME, [CellValue(1, 1, 0.2)], [CellValue(1, 1, 0.3)])
    assert layers_side_by_side(result) == (side("p_any_rts").layer, side("p_few").layer)


def test_the_table_of_classes_is_in_their_order(side: Make):
    a = [CellValue(i, 1, value) for i, value in enumerate(["many", "none", "none", "few"])]
    b = [CellValue(i, 1, value) for i, value in enumerate(["none", "none", "few", "few"])]
    values, counts = confusion_table(compare(side("class"), side("class", 2021), SAME, a, b))
    assert values == ("none", "few", "many")
    assert counts == ((1, 1, 0), (0, 1, 0), (1, 0, 0))


def test_notices_of_both_runs_are_said_once(side: Make):
    a, b = side(notices=("Only a check.",)), side(notices=("Only a check.", "Beaten."))
    result = compare(a, b, SAME, [], [])
    record = RunRecord("espa", {}, (), {}, dict.fromkeys(("folds", "rts", "coverage", "land"), ()))
    assert statements_on(result, record, record) == ("Cell by cell on h3_4.", "Only a check.", "Beaten.")
    other = replace(record, digests=record.digests | {"rts": ("1",)})
    assert any("rts differ" in text for text in statements_on(result, record, other))
