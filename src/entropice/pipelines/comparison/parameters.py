"""Parameters of the comparison of runs."""

from pydantic import Field

from entropice.base_model import StrictModel


class ComparisonParameters(StrictModel):
    """Which runs are compared, and on what."""

    runs_root: str | None = Field(
        default=None, exclude=True, description="folder below which finished runs lie; null: work_root"
    )
    unit_level: int = Field(ge=3, le=7, description="HEALPix level of the common units; 5 is 204 km across")
    min_observed_fraction: float = Field(
        gt=0, le=1, description="of a unit's land, for the unit to be judged in a year"
    )
    min_covered_share: float = Field(
        gt=0, le=1, description="of a unit's observed or mapped land that each run must speak of"
    )
    n_bootstrap: int = Field(ge=0, description="bootstrap samples of blocks behind each interval")
