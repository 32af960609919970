"""When bands count as drifted, as parameters say."""

from pydantic import Field

from entropice.base_model import StrictModel


class DriftRules(StrictModel):
    """When bands of new images count as drifted from those that a network learned from."""

    max_shift_sd: float = Field(gt=0, description="largest shift of the mean, in the training's standard deviations")
    max_sd_ratio: float = Field(gt=1, description="largest ratio of the standard deviations, either way")
    max_psi: float = Field(gt=0, description="largest population stability index")
