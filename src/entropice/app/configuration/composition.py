"""The pipelines of an environment, and what its paths are made of."""

from typing import TYPE_CHECKING

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, suggestion
from entropice.pipelines.composition import Composition
from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.registry import PIPELINES

if TYPE_CHECKING:
    from kedro.pipeline import Pipeline


class Globals(StrictModel):
    """The content of ``globals.yml``: what paths are made of.

    Attributes
    ----------
    grid
        Key of the grid of a run that names none.
    work_root
        Folder of everything that is made.
    data_root
        Folder of the source files; None for ``01_raw`` in `work_root`.
    size
        Which of the parameters' ``sizes`` holds for a run that names none; None where there are none.
    base_root
        Folder of the finished run that this environment builds on; None where it builds on none.
    """

    grid: str
    work_root: str
    data_root: str | None = None
    size: str | None = None
    base_root: str | None = None


VIRTUAL_WORLD = Composition(
    world="virtual_arctic", labels="darts", features=("era5_monthly", "arcticdem", "alphaearth")
)


def compose(composition: Composition) -> "dict[str, Pipeline]":
    """Every pipeline of an environment by name, and the sum of those that run by default as ``__default__``.

    Pipelines stand in the order of `Composition.made_and_run`; `ConfigError` names the nearest one.

    Raises
    ------
    ConfigError
        There is no pipeline of a name.
    ValueError
        No pipeline of the composition runs by default.
    """
    declared = [_declared(name) for name in composition.made_and_run]
    pipelines = {pipeline.name: pipeline.create(composition) for pipeline in declared}
    first, *rest = (pipelines[pipeline.name] for pipeline in declared if pipeline.runs_by_default)
    return {**pipelines, "__default__": sum(rest, start=first)}


def _declared(name: str) -> PipelineDeclaration:
    by_name = {pipeline.name: pipeline for pipeline in PIPELINES}
    if name not in by_name:
        raise ConfigError(
            f"There is no pipeline {name!r}{suggestion(name, by_name)}",
            path="composition.yml",
            field="pipelines",
            got=name,
            expected=", ".join(by_name),
        )
    return by_name[name]
