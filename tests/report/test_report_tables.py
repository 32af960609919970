import numpy as np
import pandas as pd
import pytest

from entropice.report.tables import (
    cells_table,
    drivers_table,
    features_table,
    importances_table,
    leading_drivers,
)

NAMES = ["none", "few", "some", "many"]


def table_of(run, year=2021, **parts):
    frames = {"labels": run.labels, "predictions": run.predictions, "cell_drivers": run.cell_drivers} | parts
    return cells_table(run.cells, *frames.values(), NAMES, year)


def test_every_cell_once_and_in_order(fabricated) -> None:
    table = table_of(fabricated)
    assert table["cell_id"].to_numpy(np.uint64).tolist() == fabricated.cells["cell_id"].tolist()
    assert table["cell_id"].dtype == np.int64
    assert table.crs == "EPSG:3413"


def test_unobserved_is_null_and_never_zero(fabricated) -> None:
    table = table_of(fabricated)
    unobserved = table[table["state"] == "unobserved"]
    assert 0 < len(unobserved) < len(table)
    assert unobserved[["rts_count", "rts_per_km2"]].isna().all(axis=None)
    assert table.loc[table["state"] != "unobserved", "rts_count"].notna().all()


def test_a_cell_without_label_is_unobserved(fabricated) -> None:
    first = fabricated.cells["cell_id"].iloc[0]
    row = table_of(fabricated, labels=fabricated.labels[fabricated.labels["cell_id"] != first]).iloc[0]
    assert row["state"] == "unobserved"
    assert pd.isna(row["observed_fraction"])


def test_a_cell_without_prediction_has_nulls(fabricated) -> None:
    first = fabricated.cells["cell_id"].iloc[0]
    table = table_of(fabricated, predictions=fabricated.predictions[fabricated.predictions["cell_id"] != first])
    assert table.iloc[0][["class_", "p_none", "p_any_rts", "entropy", "box"]].isna().all()
    assert table.iloc[1:]["p_any_rts"].notna().all()


def test_probability_of_any_slump_complements_the_first_class(fabricated) -> None:
    table = table_of(fabricated)
    np.testing.assert_allclose(table["p_any_rts"], table[["p_few", "p_some", "p_many"]].sum(axis=1), rtol=1e-12)


def test_years_do_not_mix(fabricated) -> None:
    expected = fabricated.predictions[fabricated.predictions["year"] == 2022].set_index("cell_id")["p_max"]
    found = table_of(fabricated, year=2022)
    np.testing.assert_array_equal(found["p_max"], expected.loc[fabricated.cells["cell_id"]])


def test_two_labels_of_one_cell_are_refused(fabricated) -> None:
    doubled = pd.concat([fabricated.labels, fabricated.labels.head(1)])
    with pytest.raises(pd.errors.MergeError):
        table_of(fabricated, labels=doubled)


def test_fewer_drivers_than_columns_leave_nulls() -> None:
    long = pd.DataFrame({"cell_id": [7], "year": [2021], "rank": [1], "feature": ["slope"], "share": [1.0]})
    row = leading_drivers(long, 2021).iloc[0]
    assert (row["driver_1"], row["driver_1_share"]) == ("slope", 1.0)
    assert row[["driver_2", "driver_2_share", "driver_3", "driver_3_share"]].isna().all()


def test_drivers_are_those_of_the_cells(fabricated) -> None:
    table = table_of(fabricated)
    drivers = drivers_table(table)
    assert list(drivers) == ["cell_id", "driver_1", "share", "geometry"]
    assert drivers["share"].equals(table["driver_1_share"].rename("share"))


def test_importances_carry_names_and_units(fabricated) -> None:
    described = features_table({name: variable.attrs for name, variable in fabricated.features.data_vars.items()})
    table = importances_table(fabricated.drivers.sample(frac=1, random_state=0), described)
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table.iloc[3][["feature", "unit", "feature_group"]].tolist() == [
        "thawing_degree_days_c_d",
        "°C d",
        "climate",
    ]
