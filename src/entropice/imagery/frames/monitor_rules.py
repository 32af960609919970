"""When forecasts are said to have become worse, as parameters say."""

from pydantic import Field

from entropice.base_model import StrictModel


class MonitorRules(StrictModel):
    """When forecasts are said to have become worse than they were in validation."""

    newest_weight: float = Field(gt=0, le=1, description="of the newest score in the running mean of scores")
    limit_sd: float = Field(gt=0, description="standard deviations above which the running mean is too high")
