"""Parameters of a task that are the same whatever it is asked."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.imagery.bands import BANDS
from entropice.pipelines.tasks.names import one_of
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters

BandName = Annotated[str, one_of("band", (band.name for band in BANDS))]
BandNames = Annotated[tuple[BandName, ...], Field(strict=False, min_length=1)]


class TaskRules(StrictModel):
    """What a network sees, what it is, and how it learns."""

    bands: BandNames = Field(description="what a network sees, in this order")
    network: NetworkParameters
    training: TrainingParameters
