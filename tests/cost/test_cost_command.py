"""`kedro cost` says what a run will cost before anything is there, and exactly once the files are."""

from pathlib import Path

import pytest
from project_copy import copy_project, kedro

from entropice.cost.table import amount


@pytest.fixture(scope="module")
def fresh_project(project_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(project_path, tmp_path_factory.mktemp("fresh") / "project")


def _rows(project: Path, *arguments: str) -> dict[str, list[str]]:
    """The columns after the first, by source."""
    result = kedro(project, "cost", *arguments)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    lines = result.stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("source "))
    rows = [[cell for cell in line.split("  ") if cell] for line in lines[start + 1 :]]
    return {row[0]: [cell.strip() for cell in row[1:]] for row in rows}


def test_before_anything_is_there_it_is_told_from_the_region_the_sources_and_the_workers(fresh_project: Path) -> None:
    rows = _rows(fresh_project, "--env", "test")
    fewer = _rows(
        fresh_project, "--env", "test", "--params", "grids.region.min_lat_deg=85,cluster.kind=local,cluster.n_workers=4"
    )

    assert rows.keys() == fewer.keys() == {"climate", "terrain", "embeddings"}
    assert all("the region" in row[-1] and "to come" in row[2] for row in rows.values())
    assert all(0 <= int(fewer[source][0]) < int(rows[source][0]) for source in ("terrain", "embeddings"))
    assert rows["climate"][0] == fewer["climate"][0] == "1", "read in one piece"
    assert rows["climate"][1] != fewer["climate"][1]
    assert not (fresh_project / "data").exists()


def test_with_the_files_it_is_the_plan_itself(finished_project: Path) -> None:
    rows = _rows(finished_project, "--env", "test")

    for source, output in (("terrain", "terrain_moments"), ("embeddings", "embedding_moments")):
        n_tiles = len(list((finished_project / "data/test/h3_4").glob(f"*/{output}/*.npz")))
        assert rows[source][0] == f"{n_tiles:,}"
        assert rows[source][-1] == "the plan of the files"
    n_bytes = (finished_project / "data/test/01_raw/era5_monthly.nc").stat().st_size
    assert rows["climate"][2] == f"{amount(n_bytes)}B here"


@pytest.mark.parametrize(
    ("environment", "groups"),
    [
        ("base", {"climate", "terrain", "embeddings"}),
        ("sample", {"climate"}),
        ("arctic", {"climate", "terrain", "embeddings"}),
        ("cluster", {"climate", "terrain", "embeddings"}),
        ("slump_imagery", {"slumps: scenes", "slumps: training", "slumps: mapping"}),
    ],
)
def test_every_environment_has_a_row_for_each_source_of_features_and_each_step_of_a_task(
    fresh_project: Path, environment: str, groups: set[str]
) -> None:
    rows = _rows(fresh_project, "--env", environment, "--params", "grid=h3_6")

    assert rows.keys() == groups


def test_the_sea_is_left_out_before_the_land_is_here(fresh_project: Path) -> None:
    """North of 88° N there is none."""
    at_sea = "grids.region.min_lat_deg=88,grid=h3_6"
    rows = _rows(fresh_project, "--env", "arctic", "--params", at_sea)

    assert rows["terrain"][0] == rows["embeddings"][0] == "0"


def test_wrong_use_is_one_message(fresh_project: Path) -> None:
    result = kedro(fresh_project, "cost", "--params", "features.terrain.blok_px=64")

    assert result.returncode != 0
    assert "did you mean block_px?" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
