"""How samples are varied while a network learns, as parameters say."""

from pydantic import Field

from entropice.base_model import StrictModel


class AugmentationRules(StrictModel):
    """How samples are varied while a network learns; probabilities of 0 leave them as they are."""

    symmetry_probability: float = Field(
        ge=0, le=1, description="of a turn by a random multiple of 90°, and of either flip"
    )
    affine_probability: float = Field(ge=0, le=1, description="of a shift with a scaling and a rotation")
    max_shift: float = Field(ge=0, lt=1, description="largest shift along rows and columns, as a share of the edge")
    max_scale: float = Field(ge=0, lt=1, description="largest change of scale, as a share")
    max_rotation_deg: float = Field(ge=0, le=180, description="largest rotation, either way")
    elastic_probability: float = Field(ge=0, le=1, description="of an elastic deformation")
    elastic_alpha_px: float = Field(ge=0, description="factor of the smoothed random displacement")
    elastic_sigma_px: float = Field(gt=0, description="standard deviation of the Gaussian that smooths it")
    shear_probability: float = Field(ge=0, le=1, description="of a shear along rows and columns")
    max_shear_deg: float = Field(ge=0, lt=45, description="largest angle of a shear, either way")
    colour_probability: float = Field(ge=0, le=1, description="of a change of each of brightness, contrast, saturation")
    max_brightness: float = Field(ge=0, lt=1, description="largest change of red, green and blue, as a share")
    max_contrast: float = Field(ge=0, lt=1, description="largest change of their distance from the mean, as a share")
    max_saturation: float = Field(ge=0, lt=1, description="largest change of their distance from grey, as a share")
    hidden_sensor_probability: float = Field(
        default=0.0, ge=0, le=1, description="of hiding each sensor of a sample; one that knows something is left"
    )

    @property
    def displaces(self) -> bool:
        """Whether pixels may come to lie between pixels, so that distances between them change.

        That is where affine, elastic or shear have a probability above 0; turns by 90° and flips displace nothing.
        """
        return max(self.affine_probability, self.elastic_probability, self.shear_probability) > 0
