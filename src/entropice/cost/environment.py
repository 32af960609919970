"""What is known of an environment before it runs, each thing looked at once."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from entropice.cost.land import land_of

if TYPE_CHECKING:
    from kedro.io import DataCatalog
    from kedro.pipeline import Pipeline

    from entropice.app.configuration.parameters import Parameters
    from entropice.app.context import ComposedContext
    from entropice.pipelines.composition import Composition
    from entropice.types import BaseGeometry


@dataclass(frozen=True)
class Environment:
    """An environment that is planned.

    Attributes
    ----------
    context
        Its Kedro context; every look at the catalog there makes a new one.
    pipeline
        What runs by default.
    """

    context: "ComposedContext"
    pipeline: "Pipeline"

    @property
    def parameters(self) -> "Parameters":
        """The checked parameters."""
        return self.context.parameters

    @property
    def composition(self) -> "Composition":
        """What the environment is made of."""
        return self.context.composition

    @property
    def world(self) -> Any:
        """The section of the virtual world; None where the files are real."""
        return self.parameters.section("virtual_arctic") if self.composition.world is not None else None

    @cached_property
    def catalog(self) -> "DataCatalog":
        """The catalog."""
        return cast("DataCatalog", self.context.catalog)

    @cached_property
    def land(self) -> "tuple[BaseGeometry, str]":
        """See `land_of`."""
        return land_of(self.context, self.catalog)

    @cached_property
    def has_cells(self) -> bool:
        """Whether the cells are here."""
        return "cells" in self.catalog and self.catalog.exists("cells")
