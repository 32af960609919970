"""`kedro cost` says what a run will cost before anything is there, and exactly once the files are."""

from pathlib import Path

import pytest
from project_copy import copy_project, kedro

from entropice.cost.table import amount

SOURCES = {"features.normalise_climate", "features.reduce_terrain", "features.reduce_embeddings"}


@pytest.fixture(scope="module")
def fresh_project(project_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(project_path, tmp_path_factory.mktemp("fresh") / "project")


def _rows(project: Path, *arguments: str) -> dict[str, list[str]]:
    """The columns after the first, by step."""
    result = kedro(project, "cost", *arguments)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    lines = result.stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("step "))
    rows = [[cell for cell in line.split("  ") if cell] for line in lines[start + 1 :]]
    return {row[0]: [cell.strip() for cell in row[1:]] for row in rows if len(row) > 1}


def _n_tiles(row: list[str]) -> int:
    return int(row[0].split()[0].replace(",", ""))


def test_before_anything_is_there_it_is_told_from_the_region_the_sources_and_the_workers(fresh_project: Path) -> None:
    rows = _rows(fresh_project, "--env", "test")
    fewer = _rows(
        fresh_project, "--env", "test", "--params", "grids.region.min_lat_deg=85,cluster.kind=local,cluster.n_workers=4"
    )

    assert rows.keys() == fewer.keys() >= {*SOURCES, "virtual_arctic.build_world", "modelling.predict_out_of_fold"}
    assert all("the region" in rows[step][-1] and "to come" in rows[step][1] for step in SOURCES)
    assert all(0 <= _n_tiles(fewer[step]) < _n_tiles(rows[step]) for step in SOURCES - {"features.normalise_climate"})
    assert _n_tiles(rows["features.normalise_climate"]) == _n_tiles(fewer["features.normalise_climate"]) == 1
    assert rows["features.normalise_climate"][0] != fewer["features.normalise_climate"][0]
    assert rows["grids.build_cells"][-1] == "the land's area, and the parameters"
    assert not (fresh_project / "data").exists()


def test_with_the_files_it_is_the_plan_itself_and_what_steps_took_stands_beside(finished_project: Path) -> None:
    rows = _rows(finished_project, "--env", "test")
    measured = _rows(finished_project, "--env", "test", "--measured")

    for step, output in (
        ("features.reduce_terrain", "terrain_moments"),
        ("features.reduce_embeddings", "embedding_moments"),
    ):
        n_tiles = len(list((finished_project / "data/test/h3_4").glob(f"*/{output}/*.npz")))
        assert _n_tiles(rows[step]) == n_tiles
        assert rows[step][-1] == "the plan of the files"
    n_bytes = (finished_project / "data/test/01_raw/era5_monthly.nc").stat().st_size
    assert rows["features.normalise_climate"][1] == f"{amount(n_bytes)}B here"
    assert rows["grids.build_cells"][-1] == "the cells, and the parameters"
    assert measured["reporting.assemble_run"][1].endswith(" s")
    assert "B" in measured["reporting.assemble_run"][4], "memory at the peak so far"


def test_tasks_of_images_have_a_row_for_each_step(fresh_project: Path) -> None:
    rows = _rows(fresh_project, "--env", "sea_ice")

    assert "T operations" in rows["ice_motion.train_network"][0]
    assert rows["exporting.export_run"][-1] == "weights and samples are copied; not measured"


def test_the_sea_is_left_out_before_the_land_is_here(fresh_project: Path) -> None:
    """North of 88° N there is none."""
    at_sea = "grids.region.min_lat_deg=88,grid=h3_6"
    rows = _rows(fresh_project, "--env", "arctic", "--params", at_sea)

    assert _n_tiles(rows["features.reduce_terrain"]) == _n_tiles(rows["features.reduce_embeddings"]) == 0
    assert rows["grids.build_cells"][0] == "0 cells"


def test_wrong_use_is_one_message(fresh_project: Path) -> None:
    result = kedro(fresh_project, "cost", "--params", "features.terrain.blok_px=64")

    assert result.returncode != 0
    assert "did you mean block_px?" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
