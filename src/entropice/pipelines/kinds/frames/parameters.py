"""Parameters of a task that asks for the next frames of a sequence."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, PositiveInt, model_validator

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, suggestion
from entropice.imagery.frames.arrows import require_whole_vectors
from entropice.imagery.frames.monitor_rules import MonitorRules
from entropice.imagery.frames.rivals import PERSISTENCE, RIVALS
from entropice.imagery.frames.window_rules import WindowRules, WindowSplitRules
from entropice.pipelines.kinds.expectations import PublishedExpectation
from entropice.pipelines.kinds.frames.measures import measures
from entropice.pipelines.outlook.parameters import OutlookParameters
from entropice.pipelines.samples.parameters import MeasuredSamples
from entropice.pipelines.tasks.names import one_of, wrong_value
from entropice.pipelines.tasks.rules import BandNames, TaskRules


class FrameSampleParameters(MeasuredSamples):
    """How fields become sequences."""

    windows: WindowRules
    splits: WindowSplitRules
    symmetry_probability: float = Field(
        ge=0,
        le=1,
        description="of a symmetry of a square while a network learns; arrows turn too, and wind allows no mirror",
    )
    steps_per_epoch: PositiveInt | None = Field(
        description="batches of an epoch; null: as many as every sequence is seen once in"
    )


class FrameEvaluationParameters(StrictModel):
    """How forecasts are judged."""

    rivals: Annotated[
        tuple[Annotated[str, one_of("rival", (one.name for one in RIVALS))], ...], Field(strict=False)
    ] = Field(description="simple forecasts that the network is compared with")
    batch_size: PositiveInt
    n_bootstrap: PositiveInt
    mapped_bands: BandNames | None = Field(default=None, description="what is mapped of what is forecast; null: all")
    monitor: MonitorRules
    expectations: Annotated[tuple[PublishedExpectation, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _skill_is_measured_from_persistence(self) -> Self:
        if PERSISTENCE not in self.rivals:
            raise wrong_value("skill is measured from persistence, which must be judged too", PERSISTENCE, "rivals")
        return self


class FrameParameters(TaskRules):
    """How frames are forecast and judged."""

    answers: ClassVar = "frames"

    target_bands: BandNames = Field(description="what is forecast of the bands that are seen")
    samples: FrameSampleParameters
    evaluation: FrameEvaluationParameters
    outlook: OutlookParameters | None = Field(default=None, description="of the pipeline outlook")

    @model_validator(mode="after")
    def _network_says_what_is_asked(self) -> Self:
        windows = self.samples.windows
        asked = {
            "n_frames_in": windows.n_frames_in,
            "n_frames_out": windows.forecast_horizon,
            "target_bands": list(self.target_bands),
        }
        settings = self.network.settings
        for option, wanted in asked.items():
            if settings.get(option) != wanted:
                raise wrong_value(
                    f"the network's {option} is {settings.get(option)}, and sequences have {wanted}",
                    f"{option}: {wanted}",
                    *("network", "options", option),
                )
        return self

    @model_validator(mode="after")
    def _maps_what_it_forecasts(self) -> Self:
        unsaid = [band for band in self.evaluation.mapped_bands or () if band not in self.target_bands]
        if unsaid:
            raise wrong_value(
                f"what is mapped must be forecast, and {unsaid[0]} is not",
                ", ".join(self.target_bands),
                *("evaluation", "mapped_bands"),
            )
        return self

    @model_validator(mode="after")
    def _sees_what_it_forecasts(self) -> Self:
        unseen = [band for band in self.target_bands if band not in self.bands]
        if unseen:
            raise wrong_value(
                f"what is forecast must be seen, and {unseen[0]} is not", ", ".join(self.bands), "target_bands"
            )
        return self

    @model_validator(mode="after")
    def _turns_whole_arrows(self) -> Self:
        try:
            if self.samples.symmetry_probability > 0:
                require_whole_vectors(self.bands)
        except ConfigError as error:
            expected = f"{error.expected}, or samples.symmetry_probability: 0"
            raise wrong_value(error.what, expected, "bands") from error
        return self

    @model_validator(mode="after")
    def _stops_by_what_is_measured(self) -> Self:
        known, metric = measures(self.samples.windows.future_horizons), self.training.metric
        if metric not in known:
            raise wrong_value(
                f"validation gives no {metric!r}{suggestion(metric, known)}", ", ".join(known), "training", "metric"
            )
        return self
