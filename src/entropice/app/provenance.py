"""What a run is made of and what it is given, derived from its composition, pipelines and catalog."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.app.commands import DEFAULT_ENVIRONMENTS, kedro_run
from entropice.pipelines.composition import Composition
from entropice.pipelines.registry import PIPELINES

if TYPE_CHECKING:
    from kedro.io import DataCatalog
    from kedro.pipeline import Pipeline

    from entropice.app.parameters import Parameters


def describe_run(
    composition: Composition, parameters: "Parameters", environment: str | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Plain JSON values: ``composition``, the ``parameters`` that decide results, ``environment``, ``rebuild_command``.

    Parameters that only say where files lie, and how they are fetched, are left out, as are those of pipelines that the
    composition does not have. `given` are those of the command line.
    """
    values = parameters.model_dump(mode="json")
    unused = {
        pipeline.name
        for pipeline in PIPELINES
        if pipeline.name not in composition.made_and_run or not pipeline.runs_by_default
    }
    deciding = {name: value for name, value in given.items() if name in values}
    return {
        "composition": composition.model_dump(mode="json"),
        "parameters": {name: value for name, value in values.items() if name not in unused},
        "environment": "base" if environment in DEFAULT_ENVIRONMENTS else environment,
        "rebuild_command": kedro_run(None, environment, {"grid": parameters.grid, **deciding}),
    }


def external_inputs(pipeline: "Pipeline", catalog: "DataCatalog", parameters: "Parameters") -> dict[str, Path]:
    """Every file and folder that a pipeline is given, or that stands for what it would be given, by dataset.

    These are its free inputs that have a path, the source files that the virtual Arctic makes for it, and files that
    parameters name, by parameter.
    """
    from entropice.io.named_files import named_files
    from entropice.io.sources import SourceDataset

    datasets = {name: catalog.get(name) for name in sorted(pipeline.datasets()) if name in catalog}
    free = pipeline.inputs()
    paths = {
        name: path
        for name, dataset in datasets.items()
        if isinstance(path := getattr(dataset, "path", None), Path)
        and (name in free or isinstance(dataset, SourceDataset))
    }
    return {**paths, **dict(named_files(parameters.model_dump(mode="json")))}
