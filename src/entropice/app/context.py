"""What an environment is: its composition decides the pipelines, its parameters are checked at once.

This is the context and no hook, because Kedro-Viz shows an environment without running hooks.
"""

from functools import reduce
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kedro.framework.context import KedroContext

from entropice.app.cli_errors import refuse
from entropice.app.provenance import ancestry, describe_run
from entropice.errors import EntropiceError

if TYPE_CHECKING:
    from kedro.io import DataCatalog

    from entropice.app.configuration.faults import Origin
    from entropice.app.configuration.loader import RootedConfigLoader
    from entropice.app.configuration.parameters import Parameters
    from entropice.incremental.state import IncrementalState
    from entropice.pipelines.composition import Composition


class ComposedContext(KedroContext):
    """A Kedro context that composes its environment's pipelines and refuses wrong parameters.

    Attributes
    ----------
    composition
        Which world, sources and pipelines the environment has.
    parameters
        The checked parameters of the run, defaults included.
    origin
        Which file, or the command line, gives a parameter.
    run
        What the run is made of, as plain values: the dataset ``params:run``, ``composition parameters about`` as
        `describe_run` gives them.
    work_root, grid_root
        Folder of everything that is made, and of what is made for the grid.
    base_root
        Folder of the run that the environment builds on; None where it builds on none.
    incremental_state
        Knows which outputs are up to date.
    """

    composition: "Composition"
    parameters: "Parameters"
    origin: "Origin"
    run: dict[str, Any]
    work_root: Path
    grid_root: Path
    base_root: Path | None
    incremental_state: "IncrementalState"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            self._compose()
        except EntropiceError as error:
            refuse(error)

    def _compose(self) -> None:
        from kedro.framework.project import pipelines

        from entropice.app.configuration.composition import compose
        from entropice.app.configuration.environment import read_configuration

        loader = cast("RootedConfigLoader", self.config_loader)
        configuration = read_configuration(loader)
        composition = self.composition = configuration.composition
        self.parameters, self.origin = configuration.parameters, configuration.origin
        self.work_root = self.project_path / configuration.roots.work_root
        base_root = configuration.roots.base_root
        self.base_root = None if base_root is None else self.project_path / base_root
        composed = compose(composition)
        self.grid_root = self.project_path / loader.grid_root()
        for name in list(pipelines):
            del pipelines[name]
        pipelines.update(composed)
        self.run = describe_run(composition, self.parameters, self.env, self.config_loader.runtime_params or {})
        self.incremental_state = self._open_incremental_state()

    def _get_validated_params(self) -> dict[str, Any]:
        """Parameters as Kedro validates them, in an order in which a section and its parts can both be asked for."""
        from kedro.framework.project import pipelines

        from entropice.app.typed_parameters import typed_parameters

        asked = pipelines if self._pipelines_to_validate is None else self._pipelines_to_validate
        return typed_parameters({name: pipelines[name] for name in asked}, self.config_loader["parameters"])

    def _get_parameters(self) -> dict[str, Any]:
        """Parameters as datasets that know how to be copied; to find that out, Kedro would import pandas and numpy."""
        from kedro.io import MemoryDataset

        values = {**self._defaults(), **super()._get_parameters()}
        values["params:run"] = self.run
        return {name: MemoryDataset(value, copy_mode="deepcopy") for name, value in values.items()}

    def _defaults(self) -> dict[str, Any]:
        """Parameters that steps use by their own names, as plain values; files may leave out those with a default.

        What the composition says of what steps do is among them.
        """
        from kedro.framework.project import pipelines

        asked = {name for pipeline in pipelines.values() for name in pipeline.inputs() if name.startswith("params:")}
        plain = {**self.parameters.model_dump(mode="json"), "composition": self.composition.model_dump(mode="json")}
        paths = {name: name.removeprefix("params:").split(".") for name in asked}
        return {name: _entry(plain, path) for name, path in paths.items() if _has_entry(plain, path)}

    def _get_catalog(self, *args: Any, **kwargs: Any) -> "DataCatalog":
        """The catalog, in which the provenance knows every output that a run is made of."""
        from kedro.framework.project import pipelines

        from entropice.app.configuration.catalog_entries import CatalogOrigin, checked
        from entropice.io import ProvenanceDataset

        known = {name for pipeline in pipelines.values() for name in pipeline.datasets()}
        origin = CatalogOrigin(Path(self.config_loader.conf_source), self.env)
        try:
            catalog = checked(
                lambda: cast("DataCatalog", super(ComposedContext, self)._get_catalog(*args, **kwargs)), known, origin
            )
        except EntropiceError as error:
            refuse(error)
        for name in catalog:
            dataset = catalog.get(name)
            if isinstance(dataset, ProvenanceDataset):
                dataset.outputs = ancestry(pipelines["__default__"], catalog, name)
        return catalog

    def _open_incremental_state(self) -> "IncrementalState":
        from entropice.incremental.code_dependencies import CodeDependencies
        from entropice.incremental.state import IncrementalState
        from entropice.io.digests import Digests

        return IncrementalState(
            self.parameters.model_dump(mode="json") | {"run": self.run, "composition": self.run["composition"]},
            CodeDependencies(Path(__file__).parents[1]),
            Digests(self.work_root / ".digests.json"),
        )


def _has_entry(values: Any, path: list[str]) -> bool:
    return not path or (isinstance(values, dict) and path[0] in values and _has_entry(values[path[0]], path[1:]))


def _entry(values: Any, path: list[str]) -> Any:
    return reduce(getitem, path, values)
