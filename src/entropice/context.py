"""What an environment is: its composition decides the pipelines, its parameters are checked at once.

This is the context and no hook, because Kedro-Viz shows an environment without running hooks.
"""

from typing import Any

from kedro.framework.context import KedroContext

from entropice.composition import Composition
from entropice.errors import ConfigError, EntropiceError
from entropice.refusal import refuse


class ComposedContext(KedroContext):
    """A Kedro context that composes its environment's pipelines and refuses wrong parameters."""

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

        composed = compose(self._read_composition())
        validate_parameters(self.config_loader["parameters"])
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
