"""How objects are made of pixels and judged, as parameters say."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from entropice.base_model import StrictModel

IntersectionOverUnion = Annotated[float, Field(gt=0, le=1)]


class ObjectRules(StrictModel):
    """What is an object, and when it is right."""

    threshold: str = Field(
        description="rule by which their pixels are chosen: a name of entropice.imagery.thresholds; where chances of "
        "objects are joined with others, a generous one leaves more to judge"
    )
    min_px: PositiveInt = Field(description="objects of fewer pixels are none, found or true")
    min_ious: Annotated[tuple[IntersectionOverUnion, ...], Field(strict=False, min_length=1)] = Field(
        description="intersections over union from which a found and a true object may be one: each is scored"
    )
    true_at: IntersectionOverUnion = Field(description="that of min_ious from which a found object is a true one")
    size_edges_m: Annotated[tuple[float, ...], Field(strict=False, min_length=1)] = Field(
        description="largest extents at which a class of sizes begins, rising; the last class is open"
    )
    area_edges_m2: Annotated[tuple[PositiveFloat, ...], Field(strict=False)] = Field(
        default=(), description="areas on the ground at which a class of sizes begins, rising; the last class is open"
    )
    max_recall_gap: float = Field(
        gt=0, lt=1, description="how far recall of a class of sizes may fall behind without advising more resolutions"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.true_at not in self.min_ious:
            raise ValueError(f"true_at is {self.true_at:g}, expected one of min_ious: {self.min_ious}")
        if not all(low < high for low, high in pairwise((0.0, *self.size_edges_m))):
            raise ValueError(f"size_edges_m are {self.size_edges_m}, expected rising numbers above 0")
        if not all(low < high for low, high in pairwise(self.area_edges_m2)):
            raise ValueError(f"area_edges_m2 are {self.area_edges_m2}, expected rising numbers above 0")
        return self
