"""Parameters of the execution of tiles; no result depends on them."""

from typing import Literal, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel
from entropice.units import BYTES_PER_GIB


class TileParameters(StrictModel):
    """Memory limit of tiles, and of all other tasks that are done side by side."""

    memory_ceiling_gib: float = Field(
        default=8.0, gt=0, description="memory of all tiles, or fits, in execution together, on each machine"
    )

    @property
    def memory_ceiling_bytes(self) -> int:
        """The ceiling in bytes, 2³⁰ to a GiB, rounded down."""
        return int(self.memory_ceiling_gib * BYTES_PER_GIB)


class SlurmParameters(StrictModel):
    """One Slurm job; each of its cores executes one tile at a time."""

    cores: int = Field(default=1, ge=1, description="cores of a job, each with a worker of its own")
    memory_gib: float = Field(gt=0, description="memory of a job, for all its workers together")
    walltime: str = Field(pattern=r"^\d{1,3}:[0-5]\d:[0-5]\d$", description="longest time of a job, HH:MM:SS")
    queue: str | None = Field(default=None, description="partition; the site's default where it is left out")
    account: str | None = Field(default=None, description="project that pays; the user's default where it is left out")
    interface: str | None = Field(default=None, description="network by which workers reach the scheduler, such as ib0")


class CoiledParameters(StrictModel):
    """Virtual machines of Coiled."""

    region: str | None = Field(default=None, description="cloud region; best where the data lie")
    worker_memory_gib: float = Field(default=16.0, gt=0, description="memory of a machine")
    workspace: str | None = Field(default=None, description="Coiled workspace; the user's default where it is left out")


class ClusterParameters(StrictModel):
    """Where tiles are executed: in this process (``none``), or by dask workers."""

    kind: Literal["none", "local", "slurm", "coiled", "address"] = Field(
        default="none", description="this process; workers of this machine, of Slurm or of Coiled; a running scheduler"
    )
    n_workers: int = Field(
        default=1, ge=1, description="workers to start, each with one tile at a time; ignored for an address"
    )
    address: str | None = Field(
        default=None, pattern=r"^(tcp|tls|ws|wss)://[^/\s]+$", description="scheduler, such as tcp://host:8786"
    )
    slurm: SlurmParameters | None = None
    coiled: CoiledParameters = CoiledParameters()

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.kind == "address" and self.address is None:
            raise ValueError("kind: address needs `address`, such as tcp://host:8786")
        if self.kind == "slurm" and self.slurm is None:
            raise ValueError("kind: slurm needs the section `slurm` with memory_gib and walltime of a job")
        return self
