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
        """The checked parameters, those of ``--params`` among them."""
        return self.context.parameters

    @property
    def composition(self) -> "Composition":
        """What the environment is made of: world, labels, sources, pipelines and tasks."""
        return self.context.composition

    @property
    def world(self) -> Any:
        """The section of the virtual world; None where the files are real."""
        return self.parameters.section("virtual_arctic") if self.composition.world is not None else None

    @cached_property
    def catalog(self) -> "DataCatalog":
        """The catalog, made once; a dataset of it knows its path and whether it is there.

        Raises
        ------
        ClickException
            An entry cannot be made; the command ends with the message.
        """
        return cast("DataCatalog", self.context.catalog)

    @cached_property
    def land(self) -> "tuple[BaseGeometry, str]":
        """The region's land in EPSG:3413 and what is known of it, see `land_of`; read once."""
        return land_of(self.context, self.catalog)

    @cached_property
    def has_cells(self) -> bool:
        """Whether the cells are here: the dataset ``cells`` is in the catalog, and its file on the disk."""
        return "cells" in self.catalog and self.catalog.exists("cells")
