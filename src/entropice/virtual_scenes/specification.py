"""What the virtual Arctic looks like from above, as strict parameters."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class Growth(StrictModel):
    """How slumps grow: their headwalls retreat upslope."""

    reference_year: int = Field(description="the year in which a slump has the area that the world gives it")
    retreat_shape: Positive = Field(description="shape of the inverse gamma of yearly headwall retreat")
    retreat_scale_m: Positive = Field(description="scale of that inverse gamma")
    largest_share: float = Field(
        gt=0, lt=1, description="yearly retreat is at most this share of the length in the reference year"
    )


class Relief(StrictModel):
    """Ground finer than the world's base units."""

    roughness_m: NotNegative = Field(description="standard deviation of the fine relief where ground ice is average")
    ice_exponent: float = Field(description="growth of its logarithm with one standard deviation of ground ice")
    gully_depth_m: NotNegative = Field(description="depth of gullies on steep ground")
    error_m: NotNegative = Field(description="standard deviation of errors of the elevation model, which is no image's")


class SlumpLook(StrictModel):
    """What sets a slump apart from the ground around it."""

    least_contrast: Share = Field(description="share of bare mud in the oldest slumps; the youngest have 1")
    fading_years: Positive = Field(description="age at which bare mud has lost 63 % of what it can lose")
    depth_m: NotNegative = Field(description="depth below the headwall of a slump of 1 m²")
    depth_exponent: NotNegative = Field(description="growth of the logarithm of the depth with that of the area")
    tongue_share: NotNegative = Field(description="length of the tongue below a slump over the slump's own length")
    scar_contrast: Share = Field(description="contrast of slumps that are not active in a year")


class Clouds(StrictModel):
    """What hides the ground, or darkens it."""

    cloudy_share: Share = Field(description="strips that have clouds")
    largest_share: Share = Field(description="clouds over a cloudy strip: uniform between 0 and this")
    shadow_m: NotNegative = Field(description="how far a shadow lies from its cloud")


class Sensors(StrictModel):
    """How images of one ground differ."""

    strip_m: Positive = Field(description="edge of the ground that is imaged at once")
    gain_spread: NotNegative = Field(description="standard deviation of a strip's gain, per band")
    offset_spread: NotNegative = Field(description="standard deviation of a strip's haze, in reflectance")
    noise: NotNegative = Field(description="standard deviation of a pixel's noise, in reflectance")


class SceneSpecification(StrictModel):
    """The look of a virtual Arctic: the same world, specification, year and place make the same pixels."""

    growth: Growth
    relief: Relief
    slumps: SlumpLook
    lookalikes_per_km2: dict[str, NotNegative] = Field(description="by name, every declared one")
    clouds: Clouds
    sensors: Sensors
