"""Parameters of one task of imagery; each has its section below ``tasks``."""

from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import Field, create_model, model_validator

from entropice.base_model import StrictModel
from entropice.errors import suggestion
from entropice.imagery.bands import BANDS
from entropice.pipelines.evaluation.parameters import EvaluationParameters
from entropice.pipelines.image_sources.registry import IMAGE_SOURCES
from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.pipelines.samples.parameters import SampleParameters
from entropice.pipelines.tasks.names import one_of, wrong_value
from entropice.pipelines.training.measures import measures
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.pipelines.two_stage.parameters import TwoStageParameters

BandName = Annotated[str, one_of("band", (band.name for band in BANDS))]


class TaskRules(StrictModel):
    """What is the same for every source of images."""

    bands: Annotated[tuple[BandName, ...], Field(strict=False, min_length=1)] = Field(
        description="what a network sees, in this order"
    )
    samples: SampleParameters
    network: NetworkParameters
    training: TrainingParameters
    evaluation: EvaluationParameters
    two_stage: TwoStageParameters
    mapping: MappingParameters

    @model_validator(mode="after")
    def _stops_by_what_is_measured(self) -> Self:
        known, metric = measures(self.evaluation.ratios), self.training.metric
        if metric not in known:
            raise wrong_value(
                f"validation gives no {metric!r}{suggestion(metric, known)}", ", ".join(known), "training", "metric"
            )
        return self

    @model_validator(mode="after")
    def _fits_into_a_batch(self) -> Self:
        highest = max(phase.negatives_per_positive for phase in self.samples.curriculum.phases)
        if self.training.batch_size < 1 + highest:
            raise wrong_value(
                f"a batch can't hold a positive tile and {highest:g} negative ones",
                f"at least {1 + highest:g}, or a lower negatives_per_positive",
                *("training", "batch_size"),
            )
        return self


_SECTIONS: Final[dict[str, Any]] = {
    source.name: (source.parameters | None, Field(default=None, description=source.title)) for source in IMAGE_SOURCES
}

if TYPE_CHECKING:
    TaskParameters = TaskRules
else:
    TaskParameters = create_model(
        "TaskParameters",
        __base__=TaskRules,
        __module__=__name__,
        __doc__="How a task is learned and judged, and one section per source of images; the composition says which.",
        **_SECTIONS,
    )
