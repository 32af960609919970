"""How samples are varied, as parameters say."""

from pydantic import Field

from entropice.base_model import StrictModel


class AugmentationRules(StrictModel):
    """Chances and ranges of what is done to a sample before it is learned from."""

    turn_chance: float = Field(ge=0, le=1, description="of a turn by 90, 180 or 270 degrees")
    flip_chance: float = Field(ge=0, le=1, description="of a flip, for each axis")
    affine_chance: float = Field(ge=0, le=1, description="of shift, scale and rotation together")
    max_shift: float = Field(ge=0, lt=1, description="share of the edge")
    max_scale: float = Field(ge=0, lt=1, description="largest change of size, as a share")
    max_rotation_deg: float = Field(ge=0, le=180)
    shear_chance: float = Field(ge=0, le=1)
    max_shear_deg: float = Field(ge=0, lt=90)
    elastic_chance: float = Field(ge=0, le=1)
    elastic_alpha: float = Field(ge=0, description="pixels by which smoothed noise of ±1 moves a pixel")
    elastic_sigma: float = Field(gt=0, description="pixels over which the noise is smoothed")
    light_chance: float = Field(ge=0, le=1, description="of each of brightness, contrast and saturation")
    max_light: float = Field(ge=0, lt=1, description="largest change of each, as a share")
