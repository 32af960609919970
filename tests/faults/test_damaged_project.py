"""Outputs and records in any state: made again in one run, or refused with the command that makes them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from boundaries import Run, contents
from project_copy import kedro, steps_run

GRID = "data/test/h3_4"


@pytest.fixture(scope="module")
def project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that was run once where it lies now; every test leaves it whole."""
    project = Path(shutil.copytree(finished_project, tmp_path_factory.mktemp("damaged") / "project"))
    run = Run(project)
    assert run.complete() == 0, run.output
    return project


def _record_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _cut_in_the_fingerprint(path: Path) -> None:
    _record_of(path).write_bytes(_record_of(path).read_bytes()[:200])


def _folder_for_a_record(path: Path) -> None:
    _record_of(path).unlink()
    _record_of(path).mkdir()


def _without_a_chunk(path: Path) -> None:
    max((file for file in path.rglob("c/*") if file.is_file()), key=lambda file: file.stat().st_size).unlink()


def _leftover(path: Path) -> None:
    path.unlink()
    path.with_name(f".partial-999999999-{path.name}").write_bytes(b"half")
    path.with_name(f".partial-999999999-{path.name}.sha256").write_bytes(b"")


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "03_primary/coverage.parquet": (lambda path: _record_of(path).write_bytes(b""), "damaged: record of coverage"),
    "03_primary/climate.zarr": (_without_a_chunk, "damaged: climate"),
    "05_model_input/folds.parquet": (_leftover, "missing: folds"),
    "07_model_output/predictions.parquet": (_cut_in_the_fingerprint, "damaged: record of predictions"),
    "07_model_output/drivers.parquet": (_folder_for_a_record, "damaged: record of drivers"),
    "07_model_output/scores.parquet": (lambda path: path.write_bytes(b""), "damaged: scores"),
    "07_model_output/bayes_limit.parquet": (
        lambda path: _record_of(path).write_bytes(bytes(range(256))),
        "damaged: record of bayes_limit",
    ),
    "07_model_output/bayes_limit_scores.parquet": (
        lambda path: _record_of(path).unlink(),
        "missing: bayes_limit_scores",
    ),
    "06_models/map_model_choice.json": (lambda path: path.unlink(), "missing: map_model_choice"),
}


def test_whatever_is_damaged_is_told_and_made_again(project: Path) -> None:
    unbroken = contents(project)
    for name, (damage, _) in DAMAGE.items():
        damage(project / GRID / name)

    result = kedro(project, "run", "--env", "test")

    assert result.returncode == 0, result.stderr[-3000:]
    assert [reason for _, reason in DAMAGE.values() if reason not in result.stdout] == []
    assert len(steps_run(result.stdout)) == len(DAMAGE)
    assert "Traceback" not in result.stdout + result.stderr
    assert contents(project) == unbroken


@pytest.mark.parametrize(
    ("name", "pipeline", "makers"),
    [
        ("02_intermediate/land.parquet", "reporting", "grids"),
        ("03_primary/labels.parquet", "modelling", "labels"),
    ],
)
@pytest.mark.parametrize("content", [b"", bytes(range(256))], ids=["empty", "binary"])
def test_a_damaged_record_before_a_pipeline_is_refused_with_what_makes_it(
    project: Path, name: str, pipeline: str, makers: str, content: bytes
) -> None:
    record = _record_of(project / GRID / name)
    whole = record.read_bytes()
    record.write_bytes(content)

    result = kedro(project, "run", "--env", "test", "--pipelines", pipeline)
    record.write_bytes(whole)

    assert result.returncode == 1
    assert "checksum record beside this output is damaged" in result.stderr
    assert record.name in result.stderr
    assert f"fix: kedro run --pipelines {makers} --env test" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr
