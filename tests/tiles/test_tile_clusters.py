"""Clusters are named from a closed list, and Slurm is asked for the right jobs."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from entropice.app.configuration.composition import VIRTUAL_WORLD
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.app.configuration.parameters import validate_parameters
from entropice.errors import ConfigError
from entropice.settings import CONFIG_LOADER_ARGS
from entropice.tiles.clusters import slurm_cluster
from entropice.tiles.parameters import ClusterParameters, TileParameters

SLURM = {"cores": 4, "memory_gib": 32.0, "walltime": "12:00:00", "queue": "standard", "account": "permafrost"}


def test_slurm_is_asked_for_jobs_with_a_worker_a_core() -> None:
    parameters = ClusterParameters.model_validate({"kind": "slurm", "n_workers": 8, "slurm": SLURM})
    with slurm_cluster(parameters) as cluster:
        script = cluster.job_script()

    directives = {line.removeprefix("#SBATCH ") for line in script.splitlines() if line.startswith("#SBATCH")}
    assert {"-p standard", "-A permafrost", "--cpus-per-task=4", "--mem=32G", "-t 12:00:00"} <= directives
    assert sys.executable in script
    assert "--nthreads 1" in script
    assert "--nworkers 4" in script
    assert "--memory-limit 8.00GiB" in script


@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        ({"kind": "distributed.LocalCluster"}, "'none', 'local', 'slurm', 'coiled' or 'address'"),
        ({"kind": "local", "n_workers": 0}, "greater than or equal to 1"),
        ({"kind": "local", "n_wrokers": 2}, "unknown parameter cluster.n_wrokers; did you mean n_workers?"),
        ({"kind": "address"}, "kind: address needs `address`"),
        ({"kind": "address", "address": "host:8786"}, "should match pattern"),
        ({"kind": "slurm"}, "kind: slurm needs the section `slurm`"),
        ({"kind": "slurm", "slurm": {**SLURM, "walltime": "12h"}}, "should match pattern"),
        ({"kind": "slurm", "slurm": {**SLURM, "job_cls": "x"}}, "unknown parameter cluster.slurm.job_cls"),
    ],
)
def test_a_wrong_cluster_is_refused_before_any_work(cluster: dict, message: str, project_parameters: dict) -> None:
    with pytest.raises(ConfigError) as caught:
        validate_parameters({**project_parameters, "cluster": cluster}, VIRTUAL_WORLD)

    assert message in str(caught.value)


def test_who_works_and_how_much_memory_says_nothing_about_results(project_parameters: dict) -> None:
    changed = {"cluster": {"kind": "local", "n_workers": 4}, "tiles": {"memory_ceiling_gib": 1.0}}

    here = validate_parameters(project_parameters, VIRTUAL_WORLD).model_dump()
    there = validate_parameters({**project_parameters, **changed}, VIRTUAL_WORLD).model_dump()

    assert here == there


def test_the_committed_environment_starts_workers_of_this_machine(project_path: Path) -> None:
    loader = RootedConfigLoader(str(project_path / "conf"), env="cluster", **CONFIG_LOADER_ARGS)

    assert validate_parameters(dict(loader["parameters"]), VIRTUAL_WORLD).cluster.kind == "local"


def test_a_ceiling_is_in_gib() -> None:
    assert TileParameters(memory_ceiling_gib=0.5).memory_ceiling_bytes == 2**29
    with pytest.raises(ValidationError):
        TileParameters(memory_ceiling_gib=0.0)


def test_a_second_cluster_of_a_process_has_all_settings_of_dask() -> None:
    probe = (
        "import dask.config; from entropice.errors import RunStateError; from entropice.tiles import clusters;"
        "from entropice.tiles.parameters import ClusterParameters; clusters.CONNECT_TIMEOUT_S = 0.1\n"
        "try: clusters.open_client(ClusterParameters(kind='address', address='tcp://127.0.0.1:9')).__enter__()\n"
        "except RunStateError: print(dask.config.get('distributed.comm.retry.count'))"
    )
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert result.stdout.splitlines()[-1] == "0"


def test_tiles_done_in_this_process_import_no_dask(tmp_path: Path) -> None:
    probe = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); folder = Path(sys.argv[2]);"
        "from tile_plans import plan_of_sums; from entropice.io import TileResultsDataset;"
        "TileResultsDataset(filepath=str(folder / 'out')).save(plan_of_sums(folder));"
        "print([name for name in ('distributed', 'dask') if name in sys.modules])"
    )
    support = Path(__file__).parents[1] / "support"
    result = subprocess.run(
        [sys.executable, "-c", probe, str(support), str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines()[-1] == "[]"
