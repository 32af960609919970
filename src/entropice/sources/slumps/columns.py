"""Names of the columns of foreign tables, and the meaning of their values."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from entropice.base_model import StrictModel

Range = Annotated[tuple[str, str], Field(strict=False)]
"""Columns of the first and last year or date of a range."""


def class_name(value: object) -> object:
    """The text that stands for a class: whole numbers and truth values as they are written, so that 1 is "1".

    Other values, such as text and fractions, stay as they are.

    Examples
    --------
    >>> [class_name(value) for value in (1, 1.0, True, 1.5, "slump")]
    ['1', '1', 'True', 1.5, 'slump']
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, bool | int) else value


Names = Annotated[tuple[Annotated[str, BeforeValidator(class_name)], ...], Field(strict=False)]


class OutlineColumns(StrictModel):
    """Column names of a table of slump outlines; null where the file has no such column."""

    year: str | None = Field(default="year", description="calendar year of the outline")
    date: str | Range | None = Field(
        default=None,
        description="instead of a year: a date, a range of dates (2018-01-01,2021-01-01), or the name of an image "
        "that begins with its date (20210718_…); two columns for the ends of a range: [from, to]",
    )
    id: str | None = Field(
        default=None,
        description="what identifies a slump, the same in every year and image; null: overlaps alone decide",
    )
    area: str | None = Field(
        default=None, description="area of a slump given as a point, in m²; empty or null: not known"
    )
    probability: str | None = Field(default=None, description="model probability, 0 to 1; null keeps every outline")
    label_class: str | None = Field(default=None, description="what the outline shows: a slump, empty ground, …")
    label_type: str | None = Field(default=None, description="how it was drawn: as an outline, a box, a point")

    @model_validator(mode="after")
    def _has_one_time(self) -> Self:
        if self.year is not None and self.date is not None:
            raise ValueError("name the column of years or that of dates, and set the other to null")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that are named, those of ranges one by one; what is null is left out."""
        return flat_names(self.model_dump().values())


def flat_names(columns: Iterable[str | Range | None]) -> tuple[str, ...]:
    """Every column named, those of ranges one by one.

    In their order, None left out.

    Examples
    --------
    >>> flat_names(["year", None, ("first", "last")])
    ('year', 'first', 'last')
    """
    groups = ((column,) if isinstance(column, str) else column or () for column in columns)
    return tuple(name for group in groups for name in group)


class OutlineFormat(StrictModel):
    """How a table of slump outlines is read.

    Every class and label type of the file must be listed: a value of none of the lists is refused.
    """

    columns: OutlineColumns = Field(default=OutlineColumns(), description="what the columns are called")
    min_probability: float = Field(
        default=0.5, ge=0, le=1, description="outlines below are left out, where there is a probability column"
    )
    slump_classes: Names = Field(default=(), description="classes that are slumps")
    empty_classes: Names = Field(
        default=(), description="classes of ground that was searched and found without a slump"
    )
    other_classes: Names = Field(default=(), description="classes that are neither: their rows are left out")
    outline_types: Names = Field(default=(), description="label types whose geometry is the outline of a slump")
    no_outline_types: Names = Field(
        default=(),
        description="label types whose geometry is not the outline of the slump: their cells count as not observed",
    )
    same_location_m: float = Field(
        default=30.0, gt=0, description="slumps given as points that lie nearer to each other are one"
    )
    point_radius_m: float = Field(
        default=250.0, gt=0, description="radius of the disc that stands for a point of a type without outline"
    )

    @model_validator(mode="after")
    def _lists_the_values_of_its_columns(self) -> Self:
        if (self.columns.label_class is None) != (not self.slump_classes):
            raise ValueError("slump_classes must be listed where there is a label_class column, and only there")
        if (self.columns.label_type is None) != (not self.outline_types):
            raise ValueError("outline_types must be listed where there is a label_type column, and only there")
        return self


class ArtsColumns(OutlineColumns):
    """Column names of ARTS (Yang et al. 2025, https://doi.org/10.1038/s41597-025-04372-7)."""

    year: str | None = None
    date: str | Range | None = "BaseMapDate"
    id: str | None = "UID"
    label_class: str | None = "TrainClass"
    label_type: str | None = "LabelType"


class ArtsFormat(OutlineFormat):
    """How ARTS is read: negatives are searched ground, boxes and points are slumps without an outline."""

    columns: ArtsColumns = ArtsColumns()
    slump_classes: Names = ("Positive",)
    empty_classes: Names = ("Negative",)
    outline_types: Names = ("Polygon",)
    no_outline_types: Names = ("BoundingBox", "Point")


class CoverageColumns(StrictModel):
    """Which column of the footprints holds years, and what they mean; both null: the file has no years."""

    every_year: str | None = Field(
        default="year", description="the year, years (2021,2022) or date in *each* of which the footprint was seen"
    )
    any_year: str | Range | None = Field(
        default=None,
        description="the years in *at least one* of which it was seen, or [from, to] of them: enough for pooled labels "
        "alone",
    )

    @model_validator(mode="after")
    def _has_one_meaning(self) -> Self:
        if self.every_year is not None and self.any_year is not None:
            raise ValueError("name every_year or any_year, and set the other to null")
        return self
