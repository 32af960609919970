"""Parameters of what is learned from."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel
from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.data_rules import DataRules
from entropice.imagery.derived_band_rules import DerivedBandRules
from entropice.imagery.sensor_rules import Sensors
from entropice.imagery.split_rules import SplitRules
from entropice.pipelines.tasks.names import wrong_value

Bands = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]


class StatisticsParameters(StrictModel):
    """How bands are measured."""

    dataset_version: str = Field(min_length=1, description="names the images; statistics of others are refused")
    computed_date: date = Field(
        strict=False, description="of the statistics, as whoever fixes the version writes it: equal runs, equal bytes"
    )
    share: float = Field(gt=0, le=1, description="of the training tiles that are measured")


class MeasuredSamples(StrictModel):
    """What all samples have in common."""

    statistics: StatisticsParameters


class SampleParameters(MeasuredSamples):
    """How images become samples."""

    sensors: dict[str, Bands] = Field(
        default={}, description="bands that come together: a pixel is known where all bands of a sensor are; none: all"
    )
    known_by: Bands | None = Field(default=None, description="sensors any of which makes a pixel known; null: each")
    splits: SplitRules
    derivation: DerivedBandRules
    augmentation: AugmentationRules
    checks: DataRules

    @property
    def seen_by(self) -> Sensors:
        """What sees the images: which bands come together, and which of the sensors make a pixel known."""
        return Sensors(self.sensors, self.known_by)

    @model_validator(mode="after")
    def _has_sensors_to_hide(self) -> Self:
        if self.augmentation.hidden_sensor_probability > 0 and len(self.sensors) < 2:
            raise wrong_value(
                "no sensor can be hidden where there are not several of them",
                "0, or two samples.sensors or more",
                *("augmentation", "hidden_sensor_probability"),
            )
        return self
