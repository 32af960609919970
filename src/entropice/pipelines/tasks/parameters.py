"""Parameters of one task of imagery; each has its section below ``tasks``."""

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, create_model

from entropice.base_model import StrictModel
from entropice.pipelines.evaluation.parameters import EvaluationParameters
from entropice.pipelines.image_sources.registry import IMAGE_SOURCES
from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.pipelines.samples.parameters import SampleParameters
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.pipelines.two_stage.parameters import TwoStageParameters


class TaskRules(StrictModel):
    """What is the same for every source of images."""

    bands: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = Field(
        description="what a network sees, in this order"
    )
    samples: SampleParameters
    network: NetworkParameters
    training: TrainingParameters
    evaluation: EvaluationParameters
    two_stage: TwoStageParameters
    mapping: MappingParameters


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
