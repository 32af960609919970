from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from entropice.errors import SchemaError
from entropice.report.layers import build_cells
from entropice.report.out_of_fold import OutOfFold, out_of_fold_of
from entropice.report.palettes import AGREEMENT_LABELS
from entropice.report.quantities import Quantity, leading_drivers, quantities, years_of_run
from entropice.report.results import RunResults
from entropice.report.texts import ModelText, SchemeText, Texts

NAMES = ["none", "few", "some", "many"]


TEXTS = Texts(
    models=(ModelText("espa", "eSPA"), ModelText("logistic", "logistic regression"), ModelText("prevalence", "", True)),
    schemes=(SchemeText("spatial", "spatial folds"), SchemeText("random", "random")),
    scores=(),
)


def forecasts_of(results: RunResults) -> OutOfFold:
    return out_of_fold_of(results.out_of_fold, "none", TEXTS, "espa")


def cells_of(results: RunResults, *more: Quantity):
    forecasts = forecasts_of(results)
    return build_cells(years_of_run(results, forecasts), (*quantities(NAMES, {}, forecasts), *more))


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


@pytest.mark.parametrize("dataset", ["labels", "predictions", "cell_drivers", "out_of_fold"])
def test_two_rows_of_one_cell_are_refused(fabricated, dataset: str) -> None:
    frame = getattr(fabricated, dataset)
    with pytest.raises(SchemaError, match="one is expected") as caught:
        cells_of(replace(fabricated, **{dataset: pd.concat([frame, frame.head(1)])}))
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
        "state", "agreement", "driver_1", "survey_rank", "land",
    ]  # fmt: skip


def test_what_label_years_without_a_prediction_have_seen_is_told(fabricated) -> None:
    assert "seen_fraction" not in cells_of(fabricated)[0]
    first = fabricated.cells["cell_id"].iloc[0]
    earlier = fabricated.labels.query("year == 2021").assign(year=2019, observed_fraction=0.1)
    earlier.loc[earlier["cell_id"] == first, "observed_fraction"] = 0.97
    table, _ = cells_of(replace(fabricated, labels=pd.concat([fabricated.labels, earlier])))
    assert table["seen_fraction"].iloc[0] == 0.97
    both = table[["observed_fraction_2021", "observed_fraction_2022"]].max(axis=1)
    assert (table["seen_fraction"].iloc[1:] == both.clip(lower=0.1).iloc[1:]).all()


def test_what_is_forecast_out_of_fold_never_comes_from_the_map_itself(fabricated) -> None:
    table, _ = cells_of(fabricated)
    turned = fabricated.predictions.assign(p_none=1.0 - fabricated.predictions["p_none"])
    same, _ = cells_of(replace(fabricated, predictions=turned))
    columns = [name for name in table if name.startswith(("agreement_", "p_any_out_of_fold_"))]
    assert len(columns) == 6
    pd.testing.assert_frame_equal(table[columns], same[columns])


def test_every_observed_cell_is_told_whether_it_came_as_forecast_under_the_first_scheme(fabricated) -> None:
    table, layers = cells_of(fabricated)
    (threshold,) = {forecasts_of(fabricated).threshold}
    assert table["agreement_2022"].isin(AGREEMENT_LABELS).all()
    assert ((table["agreement_2022"] == "unobserved") == (table["state_2022"] == "unobserved")).all()
    spatial = fabricated.out_of_fold.query("scheme == 'spatial' and model == 'espa' and year == 2022")
    p_any = (1.0 - spatial.set_index("cell_id")["p_none"]).reindex(fabricated.cells["cell_id"]).reset_index(drop=True)
    pd.testing.assert_series_equal(table["p_any_out_of_fold_2022"], p_any, check_names=False)
    is_wrong = (table["state_2022"] == "observed_with") != (p_any >= threshold)
    told_wrong = table["agreement_2022"].isin(["miss", "false_alarm"])
    assert (told_wrong == (is_wrong & p_any.notna())).all()
    counts = pd.concat([table["agreement_2021"], table["agreement_2022"]]).value_counts()
    assert counts["miss"] == counts["false_alarm"] > 0
    assert f"{100 * threshold:.3g} %" in next(layer.description for layer in layers if layer.quantity == "agreement")


def test_other_models_that_are_no_references_have_their_forecasts_in_one_scale(fabricated) -> None:
    _, layers = cells_of(fabricated)
    shown = [layer for layer in layers if layer.quantity == "p_any_out_of_fold" and layer.year == 2022]
    assert [(layer.model, layer.column) for layer in shown] == [
        (None, "p_any_out_of_fold_2022"),
        ("logistic", "p_any_out_of_fold_logistic_2022"),
    ]
    assert shown[0].scale == shown[1].scale
    assert "logistic regression" in shown[1].description


def test_a_run_whose_map_tells_no_cells_apart_has_no_agreement(fabricated) -> None:
    alike = fabricated.out_of_fold.assign(p_none=0.7)
    assert not any(name.startswith("agreement") for name in cells_of(replace(fabricated, out_of_fold=alike))[0])


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
