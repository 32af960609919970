"""Parameters of years to come."""

from pydantic import Field, PositiveInt

from entropice.base_model import StrictModel


class OutlookParameters(StrictModel):
    """How much is asked of the map's model."""

    n_map_draws: PositiveInt = Field(
        description="climates that may have come, of which the map is asked where it is scored, at most"
    )
    n_bootstrap: PositiveInt = Field(description="replicates of blocks behind an interval")
    block_level: int = Field(ge=0, description="level of the parent cells that are drawn, in one year each")
