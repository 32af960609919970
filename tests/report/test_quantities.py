from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from entropice.errors import SchemaError
from entropice.report.layers import build_cells
from entropice.report.quantities import Quantity, leading_drivers, quantities, years_of_run
from entropice.report.results import RunResults

NAMES = ["none", "few", "some", "many"]


def cells_of(results: RunResults, *more: Quantity):
    return build_cells(years_of_run(results), (*quantities(NAMES, {}), *more))


def test_every_cell_once_and_in_order(fabricated) -> None:
    table, _ = cells_of(fabricated)
    assert table["cell_id"].to_numpy(np.uint64).tolist() == fabricated.cells["cell_id"].tolist()
    assert table["cell_id"].dtype == np.int64
    assert table.crs == "EPSG:3413"
    assert table.geometry.geom_equals(fabricated.cells.geometry).all()


def test_unobserved_is_null_and_never_zero(fabricated) -> None:
    table, _ = cells_of(fabricated)
    is_unobserved = table["state_2021"] == "unobserved"
    assert 0 < is_unobserved.sum() < len(table)
    assert table.loc[is_unobserved, ["rts_count_2021", "rts_per_km2_2021"]].isna().all(axis=None)
    assert table.loc[~is_unobserved, "rts_count_2021"].notna().all()


def test_a_cell_without_label_is_unobserved(fabricated) -> None:
    first = fabricated.cells["cell_id"].iloc[0]
    labels = fabricated.labels[fabricated.labels["cell_id"] != first]
    row = cells_of(replace(fabricated, labels=labels))[0].iloc[0]
    assert row["state_2021"] == "unobserved"
    assert pd.isna(row["observed_fraction_2021"])


def test_a_cell_without_prediction_has_nulls(fabricated) -> None:
    first = fabricated.cells["cell_id"].iloc[0]
    predictions = fabricated.predictions[fabricated.predictions["cell_id"] != first]
    table, _ = cells_of(replace(fabricated, predictions=predictions))
    of_2021 = [f"{name}_2021" for name in ("class", "p_none", "p_any_rts", "entropy", "box")]
    assert table.iloc[0][of_2021].isna().all()
    assert table.iloc[1:]["p_any_rts_2021"].notna().all()


def test_probability_of_any_slump_complements_the_first_class(fabricated) -> None:
    table, _ = cells_of(fabricated)
    np.testing.assert_allclose(
        table["p_any_rts_2022"], table[["p_few_2022", "p_some_2022", "p_many_2022"]].sum(axis=1), rtol=1e-12
    )


def test_years_do_not_mix(fabricated) -> None:
    expected = fabricated.predictions[fabricated.predictions["year"] == 2022].set_index("cell_id")["entropy"]
    np.testing.assert_array_equal(cells_of(fabricated)[0]["entropy_2022"], expected.loc[fabricated.cells["cell_id"]])


ONE_DRIVER = pd.DataFrame(
    {"cell_id": [7], "year": [2021], "rank": [1], "feature": ["slope"], "share": [1.0], "contribution": [-0.4]}
)


@pytest.mark.parametrize("dataset", ["labels", "predictions", "cell_drivers"])
def test_two_rows_of_one_cell_are_refused(fabricated, dataset: str) -> None:
    frame = getattr(fabricated, dataset)
    with pytest.raises(SchemaError, match="one is expected") as caught:
        years_of_run(replace(fabricated, **{dataset: pd.concat([frame, frame.head(1)])}))
    assert caught.value.field == dataset


def test_fewer_drivers_than_columns_leave_nulls() -> None:
    row = leading_drivers(ONE_DRIVER, 2021, pd.DataFrame(index=[7])).iloc[0]
    assert (row["driver_1"], row["driver_1_share"], row["driver_1_contribution"]) == ("slope", 1.0, -0.4)
    assert row.filter(regex="^driver_[23]").isna().all()


def test_contributions_that_no_cell_has_in_any_year_have_no_column() -> None:
    boxes = ONE_DRIVER.assign(contribution=float("nan"))
    assert "driver_1_contribution" not in leading_drivers(boxes, 2021, pd.DataFrame(index=[7]))
    of_one_year = pd.concat([boxes, ONE_DRIVER.assign(year=2022)])
    assert leading_drivers(of_one_year, 2021, pd.DataFrame(index=[7]))["driver_1_contribution"].isna().all()


def test_a_model_that_explains_no_cell_and_has_no_box_leaves_out_their_columns(fabricated) -> None:
    plain = replace(
        fabricated, cell_drivers=fabricated.cell_drivers.head(0), predictions=fabricated.predictions.drop(columns="box")
    )
    table, layers = cells_of(plain)
    assert [name for name in table if name.startswith(("driver_", "box_"))] == []
    assert {layer.group for layer in layers} == {"prediction", "doubt", "observation", "cell", "context"}
    assert "p_any_rts_2022" in table


def test_every_layer_of_cells_has_its_column_and_every_column_its_layer(fabricated) -> None:
    table, layers = cells_of(fabricated)
    columns = [layer.column for layer in layers if layer.table == "cells"]
    assert sorted(columns) == sorted(set(table) - {"cell_id", "geometry"})


def test_the_latest_years_probability_is_the_default_and_scales_are_those_of_all_years(fabricated) -> None:
    table, layers = cells_of(fabricated)
    assert [layer.name for layer in layers if layer.is_default] == ["p_any_rts_2022"]
    first, second = (layer.scale for layer in layers if layer.quantity == "p_any_rts")
    assert first == second
    both = table[["p_any_rts_2021", "p_any_rts_2022"]]
    assert first.breaks[0] <= both.min(axis=None) <= both.max(axis=None) <= first.breaks[-1]


def test_what_is_on_the_map_has_a_scale(fabricated) -> None:
    _, layers = cells_of(fabricated)
    assert all(layer.scale is not None for layer in layers if layer.on_map)
    assert [layer.quantity for layer in layers if layer.on_map and layer.year in {2022, None}] == [
        "slumps", "searched_ground", "p_any_rts", "class", "entropy", "p_any_sd", "conformal_set", "applicability",
        "state", "driver_1", "survey_rank", "land",
    ]  # fmt: skip


def test_one_declaration_adds_a_quantity_with_its_columns_and_layers(fabricated) -> None:
    doubt = Quantity(
        "doubt", "Doubt", "1 − the probability of the first class.", "1", "prediction", "percent",
        lambda year: 1.0 - year.predictions["p_none"], has_overview=True,
    )  # fmt: skip
    table, layers = cells_of(fabricated, doubt)
    np.testing.assert_allclose(table["doubt_2022"], 1.0 - table["p_none_2022"])
    assert [layer.overview_file for layer in layers if layer.quantity == "doubt"] == [
        "overview_doubt_2022.tif",
        "overview_doubt_2021.tif",
    ]
