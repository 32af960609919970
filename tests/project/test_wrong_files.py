"""A wrong source file stops the pipeline that reads it, with one clear message, and changes no output."""

import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from project_copy import kedro

LFS_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def _write_lfs_pointer(path: Path) -> None:
    path.write_text(LFS_POINTER)


def _pose_as_netcdf(path: Path) -> None:
    path.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data_stream-oper_stepType-instant.nc", b"CDF")


def _drop_the_crs(path: Path) -> None:
    with sqlite3.connect(path) as package:
        package.execute("UPDATE gpkg_geometry_columns SET srs_id = -1")
    package.close()


def _rewrite(change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        changed = change(gpd.read_file(path))
        path.unlink()
        changed.to_file(path, driver="GPKG")

    return rewrite


_declare_metres_as_degrees = _rewrite(lambda frame: frame.to_crs("EPSG:3413").set_crs("EPSG:4326", allow_override=True))
_drop_the_year = _rewrite(lambda frame: frame.drop(columns="year"))
_keep_no_slump = _rewrite(lambda frame: frame[frame["year"] == 0])


@pytest.fixture
def project(finished_project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished_project, tmp_path / "project"))


@pytest.mark.parametrize(
    ("pipeline", "file", "damage", "words"),
    [
        ("labels", "rts_darts_level2.gpkg", _truncate, ["truncated"]),
        ("labels", "rts_darts_level2.gpkg", _write_lfs_pointer, ["Git LFS", "git lfs pull"]),
        ("labels", "rts_darts_level2.gpkg", _declare_metres_as_degrees, ["CRS"]),
        ("labels", "rts_darts_level2.gpkg", _drop_the_crs, ["CRS"]),
        ("labels", "rts_darts_level2.gpkg", _drop_the_year, ["year", "pval_mean"]),
        ("labels", "rts_darts_level2.gpkg", _keep_no_slump, ["no row"]),
        ("features", "era5_monthly.nc", _pose_as_netcdf, ["ZIP", "unzip"]),
        ("features", "era5_monthly.nc", _truncate, ["truncated"]),
    ],
    ids=["truncated", "lfs", "wrong_crs", "no_crs", "no_column", "no_rows", "zip", "truncated_netcdf"],
)
def test_one_clear_message_and_no_output_changes(
    project: Path, pipeline: str, file: str, damage: Callable[[Path], None], words: list[str]
) -> None:
    source = project / "data/test/01_raw" / file
    source.with_name(f"{file}.sha256").unlink()
    damage(source)
    before = _outputs(project)

    result = kedro(project, "run", "--env", "test", "--pipelines", pipeline)

    message = result.stderr[result.stderr.find("Error:") :]
    what, *_ = message.splitlines()
    assert result.returncode == 1
    assert (result.stdout + result.stderr).count(what.removeprefix("Error: ")) == 1
    assert "Traceback" not in result.stdout + result.stderr
    for word in [file, "fix:", *words]:
        assert word.lower() in message.lower(), message
    assert _outputs(project) == before


def test_an_empty_region_is_refused(project: Path) -> None:
    before = _outputs(project)

    result = kedro(
        project, "run", "--env", "test", "--pipelines", "grids", "--params", "grids.region.min_lat_deg=89.99"
    )

    assert result.returncode == 1
    assert "grids.region.min_lat_deg" in result.stderr
    assert _outputs(project) == before


def test_a_damaged_intermediate_names_the_command_that_makes_it(project: Path) -> None:
    labels = project / "data/test/h3_4/03_primary/labels.parquet"
    content = bytearray(labels.read_bytes())
    content[len(content) // 2] ^= 1
    labels.write_bytes(content)

    result = kedro(project, "run", "--env", "test", "--pipelines", "modelling")

    assert result.returncode == 1
    assert "Traceback" not in result.stdout + result.stderr
    assert "labels.parquet" in result.stderr
    assert "fix: kedro run --pipelines labels --env test" in result.stderr


def _outputs(project: Path) -> dict[str, str]:
    return {str(record): record.read_text() for record in sorted((project / "data/test/h3_4").rglob("*.sha256"))}
