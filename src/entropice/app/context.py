"""What an environment is: its composition decides the pipelines, its parameters are checked at once.

This is the context and no hook, because Kedro-Viz shows an environment without running hooks.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from kedro.framework.context import KedroContext

from entropice.app.cli_errors import refuse
from entropice.app.commands import COMMAND_LINE
from entropice.app.composition import Globals
from entropice.app.provenance import describe_run, external_inputs
from entropice.app.synthetic_files import check_given_root
from entropice.base_model import StrictModel
from entropice.errors import ConfigError, EntropiceError
from entropice.pipelines.composition import Composition

if TYPE_CHECKING:
    from kedro.io import DataCatalog

    from entropice.app.parameters import Parameters
    from entropice.incremental.state import IncrementalState

Model = TypeVar("Model", bound=StrictModel)


class ComposedContext(KedroContext):
    """A Kedro context that composes its environment's pipelines and refuses wrong parameters.

    Attributes
    ----------
    composition
        Which world, sources and pipelines the environment has.
    parameters
        The checked parameters of the run, defaults included.
    run
        What the run is made of, as plain values: the dataset ``params:run``.
    work_root, grid_root
        Folder of everything that is made, and of what is made for the grid.
    incremental_state
        Knows which outputs are up to date.
    """

    composition: Composition
    parameters: "Parameters"
    run: dict[str, Any]
    work_root: Path
    grid_root: Path
    incremental_state: "IncrementalState"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            self._compose()
        except EntropiceError as error:
            refuse(error)

    def _compose(self) -> None:
        from kedro.framework.project import pipelines

        from entropice.app.composition import compose
        from entropice.app.parameters import validate_parameters

        self._require_environment()
        composition = self.composition = self._read_strictly("composition", Composition)
        roots = self._read_strictly("globals", Globals)
        self.work_root = self.project_path / roots.work_root
        composed = compose(composition)
        self.parameters = validate_parameters(self.config_loader["parameters"], composition)
        self.grid_root = self.work_root / self.parameters.grid
        check_given_root(composition.world, self.parameters.data_root, COMMAND_LINE)
        check_given_root(composition.world, roots.data_root, f"conf/{self.env}/globals.yml")
        for name in list(pipelines):
            del pipelines[name]
        pipelines.update(composed)
        self.run = describe_run(composition, self.parameters, self.env, self.config_loader.runtime_params or {})
        self.incremental_state = self._open_incremental_state()

    def _get_parameters(self) -> dict[str, Any]:
        """Parameters as datasets that know how to be copied; to find that out, Kedro would import pandas and numpy."""
        from kedro.io import MemoryDataset

        values = super()._get_parameters()
        values |= {"params:run": self.run, "params:composition.labels": self.composition.labels}
        return {name: MemoryDataset(value, copy_mode="deepcopy") for name, value in values.items()}

    def _get_catalog(self, *args: Any, **kwargs: Any) -> "DataCatalog":
        """The catalog, in which the provenance knows every file that the composed pipelines are given."""
        from kedro.framework.project import pipelines

        from entropice.io import ProvenanceDataset

        catalog = cast("DataCatalog", super()._get_catalog(*args, **kwargs))
        for dataset in (catalog.get(name) for name in catalog):
            if isinstance(dataset, ProvenanceDataset):
                dataset.inputs = external_inputs(pipelines["__default__"], catalog, self.parameters)
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

    def _require_environment(self) -> None:
        conf, name = Path(self.config_loader.conf_source), self.env
        if name is not None and not (conf / name).is_dir():
            known = sorted(folder.name for folder in conf.iterdir() if folder.is_dir())
            raise ConfigError(
                "There is no such environment.",
                path=conf / name,
                got=name,
                expected=", ".join(known),
                fix="name one of these with --env, or make a folder of this name (docs/how-to.md)",
            )

    def _read_strictly(self, name: str, model: type[Model]) -> Model:
        from pydantic import ValidationError

        try:
            return model.model_validate(self.config_loader[name])
        except ValidationError as error:
            raise ConfigError(
                f"The environment's {name} is wrong.",
                path=f"conf/{self.env}/{name}.yml",
                got="; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()),
            ) from error
