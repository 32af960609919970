"""A fixed sample of what ``make faults`` tries in any number."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from boundaries import Run, contents, kill_at_boundaries
from fault_campaign import GOOD, SEED
from mutated_inputs import flip_geometries, given_files, mutate_inputs
from mutated_outputs import mutate_outputs, opened

N_MUTATIONS = 44
ALWAYS_TOLD = {"NetCDF, zlib"}
"""Formats with a checksum that libraries look at."""


@pytest.fixture(scope="module")
def settled(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that was run once where it lies now."""
    project = Path(shutil.copytree(finished_project, tmp_path_factory.mktemp("faults") / "project"))
    run = Run(project)
    assert run.complete() == 0, run.output
    return project


def test_a_step_killed_before_any_change_of_its_output_completes_to_the_bytes_of_an_unbroken_run(settled: Path) -> None:
    kills = kill_at_boundaries(settled, "features.normalise_climate", 0, contents(settled), "climate.zarr")
    outcomes = list(kills)

    assert [outcome for _, outcome in outcomes if outcome != "as unbroken"] == []
    assert len(outcomes) >= 6


@pytest.mark.filterwarnings("ignore")
def test_mutated_outputs_and_records_are_made_again(settled: Path) -> None:
    with opened(settled) as project:
        outcomes = list(mutate_outputs(project, N_MUTATIONS, SEED))

    assert [item for item in outcomes if item[2] not in GOOD] == []
    assert Counter(outcome for _, _, outcome in outcomes)["made again"] > N_MUTATIONS / 2


@pytest.mark.filterwarnings("ignore")  # libraries warn of what they see in damaged files
def test_mutated_inputs_are_refused_or_read_alike_where_the_format_tells(settled: Path, tmp_path: Path) -> None:
    files = given_files(settled / "data" / "test", tmp_path)
    outcomes = list(mutate_inputs(files, N_MUTATIONS, SEED))

    assert [item for item in outcomes if item[2].startswith("traceback")] == []
    assert [item for item in outcomes if item[2] == "silent" and item[0] in ALWAYS_TOLD] == []
    assert Counter(outcome for _, _, outcome in outcomes)["refused"] > N_MUTATIONS / 2


@pytest.mark.filterwarnings("ignore")
def test_more_than_half_of_flipped_geometries_are_refused(settled: Path, tmp_path: Path) -> None:
    files = given_files(settled / "data" / "test", tmp_path)
    outcomes = Counter(flip_geometries(files["GeoPackage, slumps"], 40, SEED))

    assert outcomes["refused"] > 20
    assert set(outcomes) <= GOOD | {"silent"}
