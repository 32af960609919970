"""Parameters of a virtual land that people change."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.pipelines.tasks.names import one_of
from entropice.sources.series.human_modification import HUMAN_MODIFICATION
from entropice.virtual_modification.specification import CeilingRules, ModificationSpecification

UnitName = Annotated[str, one_of("unit of human modification", (unit.name for unit in HUMAN_MODIFICATION.units))]


class VirtualModificationParameters(StrictModel):
    """The land, how its files are stored, and what can be known of its future."""

    land: ModificationSpecification = Field(description="the land and the law by which it changes")
    unit: UnitName = Field(description="how its files store modification: as a fraction, or per 10,000")
    ceiling: CeilingRules = Field(description="forecasts of someone who knows the law")
