"""A second run does again only what changed, and never serves what is stale."""

import json
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import yaml
from project_copy import copy_project, kedro, kedro_command, kedro_environment, steps_run

N_STEPS = 35
GRID = "data/test/h3_4"
MOST_STARTS = 5.0
"""What a run may cost in which nothing changed, in starts of Kedro that do nothing: machines differ in their speed."""

REPORTS = {"reporting.assemble_run"}
LIMIT = {"reporting.attainable_limit", "reporting.score_limit", "reporting.check_limit"}
"""They state the hash of all code, so that they follow every change of code."""


@pytest.fixture
def project(finished_project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished_project, tmp_path / "project"))


@pytest.fixture
def settled_project(project: Path) -> Path:
    """A copy whose files are old enough to be remembered."""
    time.sleep(2.1)
    return project


@pytest.fixture(scope="module")
def idle_project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that has looked at its files once; tests may run it, but change nothing."""
    project = Path(shutil.copytree(finished_project, tmp_path_factory.mktemp("idle") / "project"))
    assert _run(project) == set()
    return project


def _output(project: Path, *arguments: str, environment: str = "test") -> str:
    result = kedro(project, "run", "--env", environment, *arguments)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result.stdout


def _ran(output: str) -> set[str]:
    return set(steps_run(output))


def _reason(step: str, output: str) -> str:
    (line,) = (line for line in output.splitlines() if line.startswith(f"  {step} "))
    return line.rpartition("  ")[2]


def _run(project: Path, *arguments: str, environment: str = "test") -> set[str]:
    """The steps that ran."""
    return _ran(_output(project, *arguments, environment=environment))


def _records(project: Path) -> dict[str, str]:
    return {str(path.relative_to(project)): path.read_text() for path in sorted((project / "data").rglob("*.sha256"))}


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def _computing_s(call: Callable[[], object]) -> float:
    """Seconds of computing of the processes that a call starts, the less of two times: other work makes it more."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        call()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return min(once(), once())


def test_a_run_without_changes_skips_all_and_is_cheap(idle_project: Path, tmp_path: Path) -> None:
    output = _output(idle_project)

    assert f"{N_STEPS} of {N_STEPS} steps are up to date" in output
    assert _ran(output) == set()
    assert "08_reporting/run/run.gpkg" in output

    start_s = _computing_s(lambda: kedro(tmp_path, "--version"))
    assert _computing_s(lambda: _output(idle_project)) <= MOST_STARTS * start_s


def test_a_run_without_changes_imports_nothing_heavy(idle_project: Path) -> None:
    probe = """
import sys
from collections.abc import Callable
from pathlib import Path
from kedro.framework.project import settings
from kedro.framework.startup import bootstrap_project
bootstrap_project(Path.cwd())
with settings.SESSION_CLASS.create(env="test") as session:
    session.run()
heavy = ["numpy", "pandas", "torch", "xarray", "numba", "scipy", "h3", "healpy", "shapely", "rasterio"]
print("heavy:", *[name for name in heavy if name in sys.modules])
"""
    result = subprocess.run(
        [*kedro_command()[:1], "-c", probe],
        cwd=idle_project,
        env=kedro_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr[-3000:]
    assert result.stdout.splitlines()[-1].split() == ["heavy:"]


def test_a_file_that_a_reader_leaves_in_the_run_folder_redoes_nothing(project: Path) -> None:
    run = project / GRID / "08_reporting" / "run"
    (run / "overview_p_any_rts_2023.tif.aux.xml").write_text("<PAMDataset/>")

    assert _run(project) == set()
    assert _run(project, "--nodes", "reporting.assemble_run") == set()

    (run / "report.html").write_text("damaged")
    assert _ran(_output(project)) == {"reporting.assemble_run"}


def test_a_changed_parameter_runs_what_reads_it_and_says_so(project: Path) -> None:
    output = _output(project, "--params", "reporting.n_bayes_limit_draws=120")

    assert _ran(output) == LIMIT | REPORTS
    assert _reason("reporting.attainable_limit", output) == "changed: parameter reporting.n_bayes_limit_draws"
    assert _run(project, "--params", "reporting.n_bayes_limit_draws=120") == set()


@pytest.mark.parametrize(
    ("parameter", "steps"),
    [
        (
            "modelling.n_bootstrap=210",
            {"modelling.score", "modelling.fit_doubts", "reporting.score_limit", "reporting.check_limit"},
        ),
        ("reporting.title=Another", set()),
    ],
)
def test_a_parameter_redoes_only_the_steps_that_use_it(project: Path, parameter: str, steps: set[str]) -> None:
    assert _run(project, "--params", parameter) == steps | REPORTS


def test_a_rule_of_the_labels_redoes_only_the_steps_that_use_it(project: Path) -> None:
    labels, last = ("--pipelines", "labels", "--params"), {"labels.label_cells"}

    assert _run(project, *labels, "labels.min_observed_fraction=0.55") == last
    assert _run(project, *labels, "labels.max_outside_share=0.02") - last == {"labels.normalise_rts"}


def test_changed_code_runs_its_steps_and_stops_where_the_results_are_the_same(project: Path) -> None:
    _edit(project / "src/entropice/derive/terrain/layers.py", "tuple(name for pair in", "tuple(name  for pair in")

    output = _output(project)

    assert _ran(output) == {"features.reduce_terrain", "features.derive_terrain"} | REPORTS
    assert _reason("features.reduce_terrain", output) == "changed: code of entropice.derive.terrain.layers"


def test_changed_code_runs_all_that_follows_where_the_results_differ(project: Path) -> None:
    nodes = project / "src/entropice/pipelines/reporting/nodes.py"
    _edit(nodes, "n_draws=n_draws", "n_draws=n_draws + 1")

    assert _run(project) == LIMIT | REPORTS
    assert _run(project) == set()


def test_a_step_alone_is_refused_on_what_other_code_has_made(project: Path) -> None:
    _edit(project / "src/entropice/derive/terrain/layers.py", "tuple(name for pair in", "tuple(name  for pair in")

    result = kedro(project, "run", "--env", "test", "--pipelines", "modelling")

    assert result.returncode == 1
    assert "out of date: " in result.stderr
    assert "terrain_moments" in result.stderr
    assert "code of entropice.derive.terrain.layers" in result.stderr
    assert "or all that changed: kedro run --env test" in result.stderr


def test_a_missing_and_a_damaged_output_are_made_again(project: Path, finished_project: Path) -> None:
    (project / GRID / "07_model_output/scores.parquet").unlink()
    damaged = project / GRID / "07_model_output/predictions.parquet"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)

    output = _output(project)

    assert _ran(output) == {"modelling.score", "modelling.predict"}
    assert _reason("modelling.score", output) == "missing: scores"
    assert _reason("modelling.predict", output) == "damaged: predictions"
    assert _records(project) == _records(finished_project)


def test_a_file_that_decayed_unnoticed_is_made_again_once_a_step_has_read_it(settled_project: Path) -> None:
    project = settled_project
    memory, table = project / "data/test/.digests.json", project / GRID / "05_model_input/folds.parquet"
    assert _run(project) == set()
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    remembered, stamp = json.loads(memory.read_text()), table.stat()
    remembered[str(table)][:3] = [stamp.st_size, stamp.st_mtime_ns, stamp.st_ctime_ns]
    memory.write_text(json.dumps(remembered))

    result = kedro(
        project, "run", "--env", "test", "--nodes", "modelling.predict_out_of_fold", "--params", "force=true"
    )
    assert result.returncode == 1

    assert "folds.parquet" in result.stderr
    assert _run(project) == {"modelling.make_folds"}


def test_one_source_alone_can_be_made_again(project: Path) -> None:
    shutil.rmtree(project / GRID / "04_feature/terrain_features.zarr")

    assert _run(project, "--pipelines", "features", "--tags", "climate") == set()
    assert _run(project, "--pipelines", "features", "--tags", "terrain") == {"features.derive_terrain"}
    assert _run(project) == set()


@pytest.mark.parametrize("runner", ["SequentialRunner", "ThreadRunner", "ParallelRunner"])
def test_force_runs_all_steps_with_any_runner_to_the_same_records(
    project: Path, finished_project: Path, runner: str
) -> None:
    ran = _run(project, "--pipelines", "grids,labels", "--runner", runner, "--params", "force=true")

    assert ran == {
        "grids.normalise_land", "grids.build_cells",
        "labels.normalise_rts", "labels.normalise_coverage", "labels.label_cells",
    }  # fmt: skip
    assert _records(project) == _records(finished_project)
    assert _run(project, "--runner", runner) == set()


@pytest.mark.parametrize("content", ["", '{"/some/file": [1, 2'])
def test_a_torn_memory_of_digests_costs_nothing_but_time(settled_project: Path, content: str) -> None:
    memory = settled_project / "data/test/.digests.json"
    memory.write_text(content)

    assert _run(settled_project) == set()
    assert json.loads(memory.read_text())


def test_a_killed_run_goes_on_where_it_was(project: Path, finished_project: Path) -> None:
    for folder in ("04_feature/features.zarr", "05_model_input", "06_models", "07_model_output", "08_reporting"):
        shutil.rmtree(project / GRID / folder)
    process = subprocess.Popen(
        kedro_command("run", "--env", "test"),
        cwd=project,
        env=kedro_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not (project / GRID / "06_models/map_model").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()

    ran = _run(project)

    assert not ran & {"features.assemble_features", "modelling.build_training_table"}
    assert {"modelling.predict", "reporting.assemble_run"} <= ran
    assert _records(project) == _records(finished_project)


@pytest.fixture(scope="module")
def labelled_project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose labels are made from external inputs; no record stands beside those."""
    project = copy_project(finished_project, tmp_path_factory.mktemp("external") / "project")
    sources = project / "sources"
    shutil.copytree(finished_project / "data/test/01_raw", sources, ignore=shutil.ignore_patterns("*.sha256"))
    shutil.copytree(project / "conf/test", project / "conf/external")
    composition = yaml.safe_load((project / "conf/base/composition.yml").read_text())
    (project / "conf/external/composition.yml").write_text(yaml.safe_dump({**composition, "world": None}))
    (project / "conf/external/globals.yml").write_text("work_root: data/external\ndata_root: sources\n")
    assert len(_label(project)) == 5
    return project


def _label(project: Path) -> set[str]:
    return _run(project, "--pipelines", "grids,labels", environment="external")


class TestExternalInputs:
    @pytest.fixture
    def project(self, labelled_project: Path, tmp_path: Path) -> Path:
        return Path(shutil.copytree(labelled_project, tmp_path / "project"))

    def test_a_touched_file_runs_nothing(self, project: Path) -> None:
        os.utime(project / "sources/coverage.gpkg")

        assert _label(project) == set()

    def test_a_file_with_other_bytes_and_the_same_meaning_runs_its_reader_alone(self, project: Path) -> None:
        self._rewrite(project, 0)

        assert _label(project) == {"labels.normalise_coverage"}

    def test_a_changed_file_runs_all_that_follows(self, project: Path) -> None:
        self._rewrite(project, 1)

        assert _label(project) == {"labels.normalise_coverage", "labels.label_cells"}
        assert _label(project) == set()

    def test_a_step_alone_is_refused_on_what_was_made_from_another_file(self, project: Path) -> None:
        self._rewrite(project, 1)

        result = kedro(project, "run", "--env", "external", "--nodes", "labels.label_cells")

        assert result.returncode == 1
        assert "out of date: coverage" in result.stderr
        assert "kedro run --pipelines labels --env external" in result.stderr

    @staticmethod
    def _rewrite(project: Path, n_dropped: int) -> None:
        """Write the footprints again, without the first ones."""
        file = project / "sources/coverage.gpkg"
        footprints = gpd.read_file(file)
        file.unlink()
        footprints.iloc[n_dropped:].to_file(file, driver="GPKG", layer="other_name")
