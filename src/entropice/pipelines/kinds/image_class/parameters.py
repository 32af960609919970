"""Parameters of a task that asks which one of several classes an image shows."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from entropice.base_model import StrictModel
from entropice.errors import suggestion
from entropice.pipelines.kinds.expectations import PublishedExpectation
from entropice.pipelines.kinds.image_class.measures import BY_NAME
from entropice.pipelines.samples.parameters import SampleParameters
from entropice.pipelines.tasks.names import wrong_value
from entropice.pipelines.tasks.rules import TaskRules


class ClassParameters(StrictModel):
    """What an image can show."""

    name: str = Field(pattern="^[a-z][a-z0-9_]*$", description="in tables and files")
    title: str = Field(min_length=1, description="for people")
    colour: str = Field(pattern="^#[0-9a-f]{6}$", description="on the map")


class ClassSampleParameters(SampleParameters):
    """How images become samples, and what they can show."""

    classes: Annotated[tuple[ClassParameters, ...], Field(strict=False, min_length=2)] = Field(
        description="in the order of the labels 0, 1, …"
    )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the labels 0, 1, …; titles are for people."""
        return tuple(one.name for one in self.classes)

    @model_validator(mode="after")
    def _names_are_their_own(self) -> Self:
        if len(set(self.names)) < len(self.names):
            raise wrong_value("classes need names of their own", "each name once", "classes")
        return self


class ClassEvaluationParameters(StrictModel):
    """How a network that names classes is judged."""

    batch_size: PositiveInt
    n_symmetries: Literal[1, 2, 4, 8] = Field(
        description="ways to lay an image over which the network's chances are averaged; 1 for as it is"
    )
    n_bootstrap: PositiveInt = Field(description="draws of blocks that give the intervals")
    false_alarm_rate: float = Field(
        gt=0, lt=1, description="share of images of the classes for which the alarm 'none of these' may ring"
    )
    confident_from: float = Field(gt=0, lt=1, description="chance of an answer from which on it is called confident")
    n_shown: PositiveInt = Field(description="images in the panel")
    expectations: Annotated[tuple[PublishedExpectation, ...], Field(strict=False)] = Field(
        default=(), description="what was published of such systems"
    )


class ImageClassParameters(TaskRules):
    """How classes are learned and judged."""

    answers: ClassVar = "class"

    samples: ClassSampleParameters
    evaluation: ClassEvaluationParameters

    @model_validator(mode="after")
    def _tells_the_classes_apart(self) -> Self:
        n_classes = self.network.settings["n_classes"]
        if n_classes != len(self.samples.classes):
            raise wrong_value(
                f"the network tells {n_classes} classes apart", f"{len(self.samples.classes)}", "network", "options"
            )
        return self

    @model_validator(mode="after")
    def _stops_by_what_is_measured(self) -> Self:
        metric = self.training.metric
        if metric not in BY_NAME:
            known = ", ".join(BY_NAME)
            raise wrong_value(
                f"validation gives no {metric!r}{suggestion(metric, BY_NAME)}", known, "training", "metric"
            )
        return self
