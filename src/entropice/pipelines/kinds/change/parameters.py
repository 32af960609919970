"""Parameters of a task that asks where something has changed between two images."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, PositiveInt, model_validator

from entropice.base_model import StrictModel
from entropice.errors import suggestion
from entropice.imagery.threshold_rules import RULES
from entropice.pipelines.kinds.change.measures import MEASURES
from entropice.pipelines.kinds.expectations import PublishedExpectation
from entropice.pipelines.samples.parameters import SampleParameters
from entropice.pipelines.tasks.names import one_of, wrong_value
from entropice.pipelines.tasks.rules import TaskRules


class ChangeSampleParameters(SampleParameters):
    """How pairs of images become samples."""

    ignored_edge_px: int = Field(ge=0, description="pixels at both sides of a label's edge that do not count")


class ChangeEvaluationParameters(StrictModel):
    """How a network that marks changes is judged."""

    threshold: Annotated[str, one_of("rule for thresholds", (rule.name for rule in RULES))] = Field(
        description="rule by which pixels are chosen, on the validation images"
    )
    batch_size: PositiveInt
    n_bootstrap: PositiveInt = Field(description="draws of blocks that give the intervals")
    n_rival_tiles: PositiveInt = Field(description="training pairs that pixel models learn from, at most")
    n_rival_pixels: PositiveInt = Field(description="pixels of each class that they take from a pair, at most")
    n_shown: PositiveInt = Field(description="pairs in the panel")
    expectations: Annotated[tuple[PublishedExpectation, ...], Field(strict=False)] = Field(
        default=(), description="what was published of such systems"
    )


class ChangeParameters(TaskRules):
    """How changes are learned and judged."""

    answers: ClassVar = "change"

    samples: ChangeSampleParameters
    evaluation: ChangeEvaluationParameters

    @model_validator(mode="after")
    def _stops_by_what_is_measured(self) -> Self:
        metric = self.training.metric
        if metric not in MEASURES:
            raise wrong_value(
                f"validation gives no {metric!r}{suggestion(metric, MEASURES)}",
                ", ".join(MEASURES),
                *("training", "metric"),
            )
        return self
