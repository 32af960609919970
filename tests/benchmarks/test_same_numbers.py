"""Two runs are the same where every value of the old one is in the new one, under the same or a stated name."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from benchmarks.same_numbers import DATASETS, Column, compare, compare_folders, read_cube, report

PREDICTIONS = DATASETS["predictions"]
OLD = pd.DataFrame({"cell_id": [1, 2], "year": [2021, 2021], "p_none": [0.25, np.nan], "class_": ["none", None]})


def _columns(new: pd.DataFrame, renamed: dict[str, str] | None = None, old: pd.DataFrame = OLD) -> dict[str, Column]:
    found = compare("predictions", PREDICTIONS, old, new, renamed or {})
    return {column.name: column for column in found}


def test_order_and_columns_that_were_added_are_no_difference() -> None:
    columns = _columns(OLD.iloc[::-1].assign(p_few=1.0))

    assert set(columns) == {"p_none", "class_"}
    assert all(column.is_same for column in columns.values())


def test_the_smallest_change_of_a_value_is_one() -> None:
    columns = _columns(OLD.assign(p_none=[np.nextafter(0.25, 1), np.nan]))

    assert columns["p_none"] == Column("predictions", "p_none", 2, 1)
    assert columns["class_"].is_same


@pytest.mark.parametrize("value", [0.5, -1.0])
def test_unknown_is_not_the_same_as_any_value(value: float) -> None:
    assert not _columns(OLD.assign(p_none=[0.25, value]))["p_none"].is_same
    assert not _columns(OLD.assign(p_none=[np.nan, np.nan]))["p_none"].is_same


def test_a_column_under_another_name_is_found_only_where_that_is_stated() -> None:
    new = OLD.rename(columns={"class_": "density_class"})

    assert not _columns(new)["class_"].is_same
    assert _columns(new, {"class_": "density_class"})["density_class"].is_same


def test_nullable_integers_are_compared() -> None:
    boxes = OLD[["cell_id", "year"]].assign(box=pd.array([3, None], dtype="Int64"))

    assert _columns(boxes, old=boxes)["box"].is_same
    assert _columns(boxes.assign(box=pd.array([3, 4], dtype="Int64")), old=boxes)["box"].n_different == 1


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (OLD.iloc[:1], "1 rows are missing"),
        (pd.concat([OLD, OLD.assign(year=2022)]), "2 were added"),
        (pd.concat([OLD, OLD]), "several rows of one cell_id, year"),
    ],
    ids=["missing", "added", "twice"],
)
def test_rows_must_be_the_same(new: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _columns(new)


def _write_run(folder: Path, elevation_m: float, n_models: int) -> Path:
    for name in ("04_feature", "07_model_output"):
        (folder / name).mkdir(parents=True)
    cube = xr.Dataset(
        {"elevation_m": ("cell", [elevation_m, 2.0]), "warmth_c": (("cell", "year"), [[1.0], [np.nan]])},
        {"cell_ids": ("cell", np.array([1, 2], dtype=np.uint64)), "year": [2021]},
    )
    cube.to_zarr(folder / "04_feature/features.zarr", zarr_format=2)
    OLD.to_parquet(folder / PREDICTIONS.path)
    scores = pd.DataFrame({"scheme": "spatial", "model": ["espa", "logistic"], "score": "auc", "value": [0.8, 0.7]})
    scores.iloc[:n_models].to_parquet(folder / DATASETS["scores"].path)
    return folder


def test_whole_folders_are_compared_and_models_may_be_added(tmp_path: Path) -> None:
    old = _write_run(tmp_path / "old", 1.0, n_models=1)

    same = compare_folders(old, _write_run(tmp_path / "same", 1.0, n_models=2))
    other = compare_folders(old, _write_run(tmp_path / "other", 1.5, n_models=2))

    assert all(column.is_same for column in same)
    assert [(c.dataset, c.name) for c in other if not c.is_same] == [("features", "elevation_m")]
    assert "| features | 2 | 4 | 1 |" in report(other)
    assert "- features.elevation_m: 1 values differ" in report(other)


def test_a_feature_without_years_stands_in_each_of_them(tmp_path: Path) -> None:
    frame = read_cube(_write_run(tmp_path / "run", 1.0, n_models=1) / "04_feature/features.zarr")

    assert frame.set_index("cell_id")["elevation_m"].to_dict() == {1: 1.0, 2: 2.0}
