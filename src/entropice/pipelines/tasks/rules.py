"""Parameters of a task that are the same whatever it is asked."""

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from entropice.base_model import StrictModel
from entropice.imagery.bands import BANDS, is_departure
from entropice.networks.architecture import Kind
from entropice.pipelines.tasks.names import one_of
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters, require_together

_DECLARED = one_of("band", (band.name for band in BANDS))


def _band(name: str) -> str:
    """A declared band, or the departure of any quantity."""
    return name if is_departure(name) else str(_DECLARED.func(name))  # type: ignore[call-arg]


BandName = Annotated[str, AfterValidator(_band)]
BandNames = Annotated[tuple[BandName, ...], Field(strict=False, min_length=1)]


class TaskRules(StrictModel):
    """What a network sees, what it is, and how it learns."""

    answers: ClassVar[Kind]
    """What its network says."""

    bands: BandNames = Field(description="what a network sees, in this order")
    network: NetworkParameters
    training: TrainingParameters

    @model_validator(mode="after")
    def _learns_what_is_asked(self) -> Self:
        require_together(self.network, self.training, self.answers)
        return self
