"""Parameters of the pipeline that applies a finished run's model."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel


class ApplyParameters(StrictModel):
    """What a model is applied to."""

    years: Annotated[tuple[int, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None, description="label years to predict; null: every year of the features"
    )
