"""A step of a task on inputs of a test, with the parameters of an environment, as a run carries it out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kedro.io import DataCatalog
from xarray import Dataset

from entropice.app.blame import file_at_fault, parameter_file
from entropice.app.configuration.composition import compose
from entropice.app.configuration.environment import Configuration, read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.errors import EntropiceError
from entropice.io import CubeDataset, TableDataset
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[2] / "conf"


def configuration_of(
    environment: str, task: str, given: Mapping[str, Any], size: str = "published", conf: Path = CONF
) -> Configuration:
    """What an environment says, with these parameters of a task on the command line."""
    of_run = {"size": size, "tasks": {task: dict(given)}}
    return read_configuration(
        RootedConfigLoader(str(conf), env=environment, runtime_params=of_run, **CONFIG_LOADER_ARGS)
    )


def run_step(task: str, step: str, configuration: Configuration, inputs: Mapping[str, Any], folder: Path) -> object:
    """Run a step of a task on inputs; its error gets the file that a run would name."""
    pipelines = compose(configuration.composition)
    node = next(node for node in pipelines["__default__"].nodes if node.name == f"{task}.{step}")
    names = {name: name.removeprefix(f"{task}.") for name in node.inputs}
    catalog = DataCatalog(
        {
            name: _dataset(folder / names[name], inputs[names[name]])
            for name in node.inputs
            if not name.startswith("params:")
        }
    )
    told = {
        name: configuration.parameters.section(*name.removeprefix("params:").split("."))
        if name.startswith("params:")
        else inputs[names[name]]
        for name in node.inputs
    }
    try:
        return node.func(*told.values())
    except EntropiceError as error:
        error.path = parameter_file(error, configuration.parameters, configuration.origin) or file_at_fault(
            error, node, told, catalog
        )
        raise


def _dataset(path: Path, value: object) -> CubeDataset | TableDataset:
    if isinstance(value, Dataset):
        return CubeDataset(filepath=f"{path}.zarr")
    return TableDataset(filepath=f"{path}.parquet")
