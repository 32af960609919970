"""The one base of all parameter models."""

from pydantic import BaseModel, ConfigDict


class StrictModel(BaseModel):
    """Immutable parameters: unknown keys and silently converted types are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
