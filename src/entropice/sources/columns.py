"""What the columns of a foreign table are called."""

from pydantic import Field

from entropice.strict import StrictModel


class DartsColumns(StrictModel):
    """Column names of a DARTS level 2 table; they differ between releases."""

    year: str = Field(default="year", description="calendar year of the outline")
    id: str | None = Field(
        default=None,
        description="identity of the slump, the same in every year; null where the file has none",
    )
    probability: str | None = Field(default=None, description="model probability, 0 to 1; null keeps every outline")
