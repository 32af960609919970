"""Parameters of a task that asks which pixels belong to what is looked for."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from entropice.errors import ConfigError, suggestion
from entropice.imagery.curriculum_rules import CurriculumRules
from entropice.imagery.rivals import RIVALS
from entropice.imagery.sensor_rules import require_sensors
from entropice.pipelines.inventory.parameters import InventoryParameters
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.measures import measures
from entropice.pipelines.mapping.parameters import MappingParameters
from entropice.pipelines.samples.parameters import SampleParameters
from entropice.pipelines.tasks.names import wrong_value
from entropice.pipelines.tasks.rules import TaskRules
from entropice.pipelines.two_stage.parameters import TwoStageParameters


class MaskSampleParameters(SampleParameters):
    """How images and masks become samples."""

    ignored_edge_px: int = Field(ge=0, description="pixels at both sides of a label's edge that do not count")
    curriculum: CurriculumRules


class MaskParameters(TaskRules):
    """How a mask is learned and judged, where to look, and how what is found there is mapped."""

    answers: ClassVar = "mask"

    samples: MaskSampleParameters
    evaluation: EvaluationParameters
    two_stage: TwoStageParameters | None = Field(default=None, description="of the pipeline two_stage")
    mapping: MappingParameters | None = Field(default=None, description="of the pipeline mapping")
    inventory: InventoryParameters | None = Field(default=None, description="of the pipeline inventory")

    @model_validator(mode="after")
    def _sensors_share_out_bands(self) -> Self:
        try:
            require_sensors(self.samples.seen_by, self.bands)
        except ConfigError as error:
            raise wrong_value(
                f"{error.what} ({error.got})", str(error.expected), *str(error.field).split(".")
            ) from error
        return self

    @model_validator(mode="after")
    def _rivals_see_what_they_need(self) -> Self:
        for rival in RIVALS:
            missing = [band for band in rival.bands if band not in self.bands]
            if rival.name in self.evaluation.rivals and missing:
                raise wrong_value(
                    f"{rival.name} needs bands that are not seen: {', '.join(missing)}",
                    f"{' and '.join(rival.bands)} among bands, or other rivals",
                    *("evaluation", "rivals"),
                )
        return self

    @model_validator(mode="after")
    def _stops_by_what_is_measured(self) -> Self:
        known, metric = measures(self.evaluation.ratios), self.training.metric
        if metric not in known:
            raise wrong_value(
                f"validation gives no {metric!r}{suggestion(metric, known)}", ", ".join(known), "training", "metric"
            )
        return self

    @model_validator(mode="after")
    def _keeps_distances(self) -> Self:
        if self.training.needs_distances and self.samples.augmentation.displaces:
            raise wrong_value(
                "a loss learns from distances to the edge of the label, which an affine, elastic or sheared sample no "
                "longer has",
                "affine_probability, elastic_probability and shear_probability 0",
                *("samples", "augmentation"),
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
