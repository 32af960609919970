"""The NetCDF file for other models: what it holds, and what a checker of the CF conventions says of it."""

import io
import json
import warnings
from contextlib import redirect_stdout
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr
from pyproj import CRS, Transformer

from entropice.report.starting_conditions import FILE_NAME, NO_CELL, starting_conditions, write_starting_conditions


@pytest.fixture(scope="module")
def file(run_folder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("conditions") / FILE_NAME
    write_starting_conditions(run_folder.starting_conditions, path)
    return path


@pytest.fixture(scope="module")
def conditions(file: Path) -> xr.Dataset:
    with xr.open_dataset(file, decode_coords="all") as dataset:
        return dataset.load()


def test_a_checker_of_the_conventions_has_nothing_to_say(file: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from compliance_checker.runner import CheckSuite, ComplianceChecker

        CheckSuite.load_all_available_checkers()
        with redirect_stdout(io.StringIO()):
            ComplianceChecker.run_checker(
                str(file), ["cf:1.11"], verbose=0, criteria="strict", output_filename=str(tmp_path / "report.json"),
                output_format="json",
            )  # fmt: skip
    report = json.loads((tmp_path / "report.json").read_text())["cf:1.11"]
    priorities = [report[f"{priority}_priorities"] for priority in ("high", "medium", "low")]
    assert [message for checks in priorities for message in _messages(checks)] == []
    assert report["possible_points"] > 50


def _messages(checks: list[dict]) -> list[str]:
    return [message for check in checks for message in [*check["msgs"], *_messages(check["children"] or [])]]


def test_every_predicted_number_of_every_year_is_there(conditions: xr.Dataset) -> None:
    assert {"p_any_rts", "entropy", "p_none", "p_many", "expected_rts_area_fraction"} <= set(conditions.data_vars)
    assert "box" not in conditions
    assert conditions["p_any_rts"].dims == ("time", "y", "x")
    assert conditions["time"].dt.year.to_numpy().tolist() == [2021, 2022]
    assert (conditions["time_bnds"][0].dt.strftime("%Y-%m-%d") == ["2021-01-01", "2022-01-01"]).all()


def test_each_pixel_has_the_value_of_the_cell_at_its_centre(conditions: xr.Dataset, run_folder) -> None:
    cells = run_folder.content.frame("cells").set_index("cell_id")
    ids = conditions["cell_id"].to_numpy()
    known = cells["p_any_rts_2022"].dropna()
    row, column = next((r, c) for r, c in zip(*np.nonzero(ids > 0), strict=True) if ids[r, c] in known.index)
    pixel = conditions["p_any_rts"].sel(time="2022").squeeze()[row, column]
    assert float(pixel) == pytest.approx(known[int(ids[row, column])], rel=1e-6)
    x, y = Transformer.from_crs(4326, 3413, always_xy=True).transform(float(pixel["lon"]), float(pixel["lat"]))
    assert (x, y) == pytest.approx((float(pixel["x"]), float(pixel["y"])), abs=2.0)


def test_outside_the_cells_everything_is_missing(file: Path) -> None:
    with netCDF4.Dataset(file) as plain:
        outside = plain["cell_id"][:] == NO_CELL
        assert outside.any()
        assert not outside.all()
        assert np.ma.getmaskarray(plain["entropy"][:])[:, outside].all()
        assert not np.isnan(plain["entropy"][:].compressed()).any()


def test_the_grid_mapping_is_that_of_the_house(file: Path) -> None:
    with netCDF4.Dataset(file) as plain:
        mapping = plain[plain["p_any_rts"].grid_mapping]
        assert CRS.from_cf({name: mapping.getncattr(name) for name in mapping.ncattrs()}) == CRS("EPSG:3413")


def test_the_same_run_gives_the_same_bytes_without_time_or_place(run_folder, file: Path, tmp_path: Path) -> None:
    write_starting_conditions(run_folder.starting_conditions, tmp_path / "again.nc")
    content = (tmp_path / "again.nc").read_bytes()
    assert content == file.read_bytes()
    assert str(tmp_path).encode() not in content


def test_an_institution_is_told_and_its_lack_said(run_folder, conditions: xr.Dataset) -> None:
    stated = starting_conditions(run_folder.content, 50_000.0, "Institute of Slumps")
    assert stated.attrs["institution"] == "Institute of Slumps"
    assert "not stated" in conditions.attrs["institution"]
    assert run_folder.content.origin.run_id in conditions.attrs["source"]
    assert conditions.attrs["history"].startswith("kedro run")
