"""Parameters of the features pipeline: the label years, and one section a feature group."""

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, create_model, field_validator

from entropice.base_model import StrictModel
from entropice.pipelines.sources.registry import FEATURES


class FeatureYears(StrictModel):
    """What the features are derived for."""

    years: Annotated[tuple[int, ...], Field(strict=False)] = Field(
        min_length=1, description="label years; features of a year use nothing later than it"
    )
    min_known_fraction: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="share of a cell's land area that a source must know of it, else its features are unknown there",
    )

    @field_validator("years")
    @classmethod
    def _ascend(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if list(years) != sorted(set(years)):
            raise ValueError("years must ascend and occur once")
        return years


_SECTIONS: Final[dict[str, Any]] = {
    source.group: (source.parameters | None, Field(default=None, description=f"how {source.group} is derived"))
    for source in FEATURES
    if source.parameters is not None
}

if TYPE_CHECKING:
    FeatureParameters = FeatureYears
else:
    FeatureParameters = create_model(
        "FeatureParameters",
        __base__=FeatureYears,
        __module__=__name__,
        __doc__="What the features are derived for, and how.",
        **_SECTIONS,
    )
