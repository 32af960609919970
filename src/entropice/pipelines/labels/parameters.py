"""Parameters of the labels."""

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import Field, create_model, field_validator, model_validator

from entropice.base_model import StrictModel
from entropice.pipelines.sources.label_sources import LABELS
from entropice.sources.slumps.columns import CoverageColumns

Year = Annotated[int, Field(ge=1984, le=2100)]


class LabelRules(StrictModel):
    """Label years and the rule for "observed"."""

    years: Annotated[tuple[Year, ...], Field(strict=False, min_length=1)] = Field(description="label years, increasing")
    pooled_from: Year | None = Field(
        default=None, description="the one label year stands for all years from this one on; null: for itself alone"
    )
    min_observed_fraction: float = Field(
        default=0.5, gt=0, le=1, description="of a cell's land area, from which on it counts as observed"
    )
    min_shared_area: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="of the smaller one's area that outlines of two years share, from which on they are one slump",
    )
    max_identity_gap_m: float = Field(
        default=500.0,
        gt=0,
        description="between outlines of one id, beyond which the id is not that of a slump and the file is refused",
    )
    max_outside_share: float = Field(
        default=0.01, ge=0, le=1, description="of the slumps, in no cell, above which a warning says what may be wrong"
    )
    coverage: CoverageColumns = Field(default=CoverageColumns(), description="which column of footprints holds years")

    @field_validator("years")
    @classmethod
    def _are_increasing(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(years)):
            raise ValueError(f"years must increase, without repeats: {list(years)}")
        return years

    @model_validator(mode="after")
    def _pools_into_one_year(self) -> Self:
        if self.pooled_from is not None and (len(self.years) > 1 or self.pooled_from > self.years[0]):
            raise ValueError(f"pooled_from {self.pooled_from} asks for one label year, not before it: {self.years}")
        return self

    @model_validator(mode="after")
    def _pools_what_has_no_years(self) -> Self:
        formats = {source.name: source.outline_format(getattr(self, source.name)) for source in LABELS}
        timeless = [key for key, given in formats.items() if given.columns.year is None and given.columns.date is None]
        if self.coverage.every_year is None:
            timeless.append("coverage")
        if timeless and self.pooled_from is None:
            raise ValueError(
                f"{', '.join(timeless)}: without years of their own they can only stand for pooled labels; "
                "say in pooled_from which years these are"
            )
        return self


_SECTIONS: Final[dict[str, Any]] = {
    source.name: (source.parameters, Field(default=source.parameters(), description=source.title)) for source in LABELS
}

if TYPE_CHECKING:
    LabelParameters = LabelRules
else:
    LabelParameters = create_model(
        "LabelParameters",
        __base__=LabelRules,
        __module__=__name__,
        __doc__='Label years, the rule for "observed", and one section per source; the environment says which is used.',
        **_SECTIONS,
    )
