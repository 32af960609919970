"""Dask clusters by name, from a closed list."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from entropice.errors import ConfigError, RunStateError
from entropice.tiles.parameters import ClusterParameters

if TYPE_CHECKING:
    from dask_jobqueue.slurm import SLURMCluster
    from distributed import Client, LocalCluster

INSTALL: Final = "pip install 'entropice[cluster]'"
CONNECT_TIMEOUT_S: Final = 30.0

_QUIET: Final = {"logging.distributed": "warning"}
_SETTINGS: Final = _QUIET | {
    # Tiles of a dead worker are submitted again by `distribution`, which names them; dask would repeat other tiles too.
    "distributed.scheduler.allowed-failures": 0,
    # A worker has one tile: spilling or pausing in the middle of it gains nothing.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    # Which rows a fit takes goes with its task: a thousandth of the rows that it shares, and past 10 MB for millions.
    "distributed.admin.large-graph-warning-threshold": "1GB",
}


@contextmanager
def open_client(parameters: ClusterParameters) -> Iterator["Client"]:
    """Start a cluster, or connect to a running one; a cluster started here is closed on leaving the context.

    Parameters
    ----------
    parameters
        Kind of cluster, one of ``local``, ``slurm``, ``coiled`` and ``address``, and its size: `n_workers`
        workers of one thread each, on this machine, in Slurm jobs or on Coiled, or those that the scheduler at the
        address has. ``none`` has no client (KeyError).

    Yields
    ------
    distributed.Client
        Connected; workers may still be starting, or waiting in a queue.

    Raises
    ------
    ConfigError
        A package of the cluster's kind is not installed, or Slurm is asked for where ``sbatch`` is not on this machine.
    RunStateError
        No scheduler answers, at the address or of the cluster started, within 30 s (`CONNECT_TIMEOUT_S`).
    """
    with ExitStack() as stack:
        try:
            import dask.config

            with dask.config.set(_QUIET):  # read when distributed is imported
                from distributed import Client
        except ImportError as error:
            raise _missing(parameters, "distributed", INSTALL) from error
        stack.enter_context(dask.config.set(_SETTINGS))
        cluster = _CLUSTERS[parameters.kind](parameters)
        if not isinstance(cluster, str):
            stack.enter_context(cluster)
        yield stack.enter_context(_connect(Client, cluster, parameters))


def slurm_cluster(parameters: ClusterParameters) -> "SLURMCluster":
    """A cluster whose workers run in Slurm jobs; no job is submitted yet.

    Each job of `parameters.slurm` has as many workers as cores, with one thread each; memory is that of the whole job.

    Raises
    ------
    ConfigError
        The package ``dask-jobqueue`` is not installed, or there is no section for Slurm jobs.
    """
    try:
        from dask_jobqueue.slurm import SLURMCluster
    except ImportError as error:
        raise _missing(parameters, "dask-jobqueue", INSTALL) from error
    job = parameters.slurm
    if job is None:
        raise ConfigError("There is no section for Slurm jobs.", field="cluster.slurm", expected="memory_gib, walltime")
    return SLURMCluster(
        queue=job.queue,
        account=job.account,
        interface=job.interface,
        cores=job.cores,
        processes=job.cores,
        memory=f"{job.memory_gib} GiB",
        walltime=job.walltime,
        scheduler_options={"dashboard_address": ":0"},
    )


def _scaled_slurm_cluster(parameters: ClusterParameters) -> "SLURMCluster":
    """Submit the jobs; workers join when their job starts.

    Raises
    ------
    ConfigError
        ``sbatch`` is not on this machine.
    """
    if shutil.which("sbatch") is None:
        raise ConfigError(
            "Slurm's command sbatch is not found on this machine.",
            field="cluster.kind",
            got=parameters.kind,
            fix="start the run where jobs can be submitted, such as a login node, or choose another kind",
        )
    cluster = slurm_cluster(parameters)
    cluster.scale(n=parameters.n_workers)
    return cluster


def _local_cluster(parameters: ClusterParameters) -> "LocalCluster":
    from distributed import LocalCluster

    return LocalCluster(n_workers=parameters.n_workers, threads_per_worker=1, memory_limit=0, dashboard_address=":0")


def _coiled_cluster(parameters: ClusterParameters) -> Any:
    try:
        import coiled
    except ImportError as error:
        raise _missing(parameters, "coiled", "pip install coiled") from error
    machine = parameters.coiled
    return coiled.Cluster(
        n_workers=parameters.n_workers,
        worker_memory=f"{machine.worker_memory_gib} GiB",
        worker_options={"nthreads": 1},
        region=machine.region,
        workspace=machine.workspace,
    )


def _address(parameters: ClusterParameters) -> str:
    return str(parameters.address)


def _connect(client_class: "type[Client]", cluster: Any, parameters: ClusterParameters) -> "Client":
    try:
        return client_class(cluster, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise RunStateError(
            "No dask scheduler answers.",
            field="cluster.address" if parameters.kind == "address" else "cluster.kind",
            got=parameters.address if parameters.kind == "address" else parameters.kind,
            fix="start one with `dask scheduler` and `dask worker`, or correct the section `cluster`",
        ) from error


def _missing(parameters: ClusterParameters, package: str, install: str) -> ConfigError:
    return ConfigError(
        "A package that this kind of cluster needs is not installed.",
        field="cluster.kind",
        got=parameters.kind,
        expected=package,
        fix=f"{install}; or leave out cluster.kind to do all on this machine",
    )


_CLUSTERS: Final[dict[str, Callable[[ClusterParameters], Any]]] = {
    "local": _local_cluster,
    "slurm": _scaled_slurm_cluster,
    "coiled": _coiled_cluster,
    "address": _address,
}
