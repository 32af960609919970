"""What a run is made of and what it is given, derived from its composition, pipelines and catalog."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.app.commands import DEFAULT_ENVIRONMENTS, kedro_run
from entropice.pipelines.composition import Composition
from entropice.pipelines.registry import PIPELINES
from entropice.pipelines.tasks.credits import image_credits

if TYPE_CHECKING:
    from kedro.io import DataCatalog
    from kedro.pipeline import Pipeline

    from entropice.app.configuration.parameters import Parameters


def describe_run(
    composition: Composition, parameters: "Parameters", environment: str | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Plain JSON values: ``composition``, the ``parameters`` that decide results, and the words on the run, ``about``.

    Parameters that only say where files lie, and how they are fetched, are left out, as are those of pipelines that the
    composition does not have. `given` are those of the command line.

    ``composition`` is as `composition.yml` says it, defaults included. In ``parameters`` stand the sections of its
    pipelines that run by default, its tasks where it has any, and what concerns no pipeline. ``about`` has ``title
    description purpose notice attributions rebuild_command``, and is empty where nothing is reported.
    """
    values = parameters.model_dump(mode="json")
    unused = {
        pipeline.name
        for pipeline in PIPELINES
        if pipeline.name not in composition.made_and_run or not pipeline.runs_by_default
    }
    if not composition.tasks:
        unused.add("tasks")
    deciding = {name: value for name, value in given.items() if name in values}
    return {
        "composition": composition.model_dump(mode="json"),
        "parameters": {name: value for name, value in values.items() if name not in unused},
        "about": _about(composition, parameters, environment, deciding),
    }


def _about(
    composition: Composition, parameters: "Parameters", environment: str | None, deciding: Mapping[str, Any]
) -> dict[str, Any]:
    """Empty where nothing is reported."""
    name = "base" if environment is None or environment in DEFAULT_ENVIRONMENTS else environment
    command = kedro_run(None, environment, {"grid": parameters.grid, **deciding})
    credited = image_credits(composition.tasks, parameters.tasks)
    for pipeline in PIPELINES:
        section = parameters.section(pipeline.name)
        if pipeline.about is not None and pipeline.name in composition.pipelines and section is not None:
            about = asdict(pipeline.about(section, composition, name, command, credited))
            return about | {"attributions": list(about["attributions"])}
    return {}


def ancestry(pipeline: "Pipeline", catalog: "DataCatalog", view: str) -> dict[str, Path]:
    """Every recorded output that the readers of a dataset are made of, however far before, by dataset.

    Source files are left out: what is made of them says what they held.

    `view` is the name of the dataset whose readers are meant; the readers' own outputs are not among them. Without
    readers it is empty. Paths are those of the catalog.
    """
    from entropice.io.recorded import RecordedDataset
    from entropice.io.sources import SourceDataset

    readers = {node.name for node in pipeline.nodes if view in node.inputs}
    before = [node for node in pipeline.to_nodes(*readers).nodes if node.name not in readers] if readers else []
    outputs = {name: catalog.get(name) for node in before for name in node.outputs}
    return {
        name: dataset.path
        for name, dataset in outputs.items()
        if isinstance(dataset, RecordedDataset) and not isinstance(dataset, SourceDataset)
    }
