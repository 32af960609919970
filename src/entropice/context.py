"""What an environment is: its composition decides the pipelines, its parameters are checked at once.

This is the context and no hook, because Kedro-Viz shows an environment without running hooks.
"""

from typing import TYPE_CHECKING, Any

from kedro.framework.context import KedroContext

from entropice.composition import Composition
from entropice.errors import ConfigError, EntropiceError
from entropice.refusal import refuse

if TYPE_CHECKING:
    from entropice.parameters import Parameters


class ComposedContext(KedroContext):
    """A Kedro context that composes its environment's pipelines and refuses wrong parameters.

    Attributes
    ----------
    parameters
        The checked parameters of the run, defaults included.
    """

    parameters: "Parameters"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            self._compose()
        except EntropiceError as error:
            refuse(error)

    def _compose(self) -> None:
        from kedro.framework.project import pipelines

        from entropice.composition import compose
        from entropice.parameters import validate_parameters

        composition = self._read_composition()
        composed = compose(composition)
        self.parameters = validate_parameters(self.config_loader["parameters"])
        if composition.world is not None and self.parameters.data_root is not None:
            raise ConfigError(
                "data_root names source files that are given, but this environment makes its own.",
                field="data_root",
                got=self.parameters.data_root,
                fix="leave data_root out, or choose an environment with `world: null`, such as --env sample",
            )
        for name in list(pipelines):
            del pipelines[name]
        pipelines.update(composed)

    def _read_composition(self) -> Composition:
        from pydantic import ValidationError

        try:
            return Composition.model_validate(self.config_loader["composition"])
        except ValidationError as error:
            raise ConfigError(
                "The environment's composition is wrong.",
                path=f"conf/{self.env}/composition.yml",
                got="; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()),
            ) from error
