"""Parameters of the two pipelines of an audit."""

from pydantic import Field

from entropice.base_model import StrictModel


class AuditSampleParameters(StrictModel):
    """Which cells a person shall look at."""

    n_cells: int = Field(ge=30, description="cells to draw; 30 to 300 are worth a person's time")
    n_strata: int = Field(
        ge=1, description="equal parts of the map by P(any), each with its share of the cells; 1: all cells alike"
    )
    year: int | None = Field(description="label year that is looked at; null: the latest of the map")


class AuditParameters(StrictModel):
    """How a map is judged by answers."""

    n_bootstrap: int = Field(ge=0, description="bootstrap samples of cells behind each interval of a score")
