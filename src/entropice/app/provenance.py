"""What a run is made of and what it is given, derived from its composition, pipelines and catalog."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from entropice.pipelines.composition import Composition
from entropice.pipelines.registry import PIPELINES

if TYPE_CHECKING:
    from kedro.io import DataCatalog
    from kedro.pipeline import Pipeline

    from entropice.app.parameters import Parameters

SYNTHETIC: Final = "Synthetic data, made by Entropice itself; no credit is required."


def describe_run(composition: Composition, parameters: "Parameters") -> dict[str, Any]:
    """Plain JSON values: ``composition``, the ``parameters`` that decide results, and ``attributions``.

    Parameters that only say where files lie, and how they are fetched, are left out, as are those of pipelines that the
    composition does not have.
    """
    values = parameters.model_dump(mode="json")
    unused = {
        pipeline.name
        for pipeline in PIPELINES
        if pipeline.name not in composition.made_and_run or not pipeline.runs_by_default
    }
    return {
        "composition": composition.model_dump(mode="json"),
        "parameters": {name: value for name, value in values.items() if name not in unused},
        "attributions": attributions(composition),
    }


def attributions(composition: Composition) -> list[str]:
    """Credits that the licences of the composition's sources ask for."""
    licences = [source.licence for source in composition.sources if source.licence is not None]
    if composition.world is not None:
        return [SYNTHETIC]
    return list(dict.fromkeys(licence.credit for licence in licences))


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
