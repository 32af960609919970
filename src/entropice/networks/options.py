"""Options of architectures: what is decided beside bands and encoder.

Parameters are checked with these models before a run begins, so nothing heavy is imported here.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, NonNegativeInt, PositiveInt, model_validator

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, suggestion

Widths = Annotated[tuple[PositiveInt, ...], Field(strict=False, min_length=1)]


def _odd(edge_px: int) -> int:
    """Kernels have a middle, so that frames keep their places."""
    if edge_px % 2 == 0:
        raise ValueError("a kernel without a middle shifts what it sees")
    return edge_px


class NetworkOptions(StrictModel):
    """Of an architecture without any; base of all others."""

    def require_bands(self, _bands: Sequence[str]) -> None:
        """Pass only options that an input of these bands, in their order, can have; without options every input passes.

        Raises
        ------
        ConfigError
            They name a band that is not there.
        """

    @property
    def moments(self) -> tuple[int, ...]:
        """How many images a sample has, a tuple with that number; empty where it is one."""
        return ()

    def outputs(self, n_outputs: int) -> str:
        """What comes out, for people, without the number of samples; here the logits of a pixel.

        Examples
        --------
        >>> NetworkOptions().outputs(1), ConvLSTMOptions(target_bands=["ice"]).outputs(1)
        ('1', '7 × 1 (ice)')
        """
        return f"{n_outputs}"


class ConvLSTMOptions(NetworkOptions):
    """Of `entropice.networks.conv_lstm`; the usual ones are the published ones of ice motion."""

    n_frames_in: PositiveInt = 30
    n_frames_out: PositiveInt = 7
    target_bands: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = Field(
        description="what is forecast of the bands that are seen, in this order"
    )
    widths: Widths = Field(default=(32, 32), description="channels of each layer's state, the lowest first")
    kernel_px: Annotated[PositiveInt, AfterValidator(_odd)] = Field(default=3, description="edge of kernels; odd")
    attention: Literal["none", "channel", "spatial"] = Field(
        default="none", description="what weighs the forecaster's states before they are read out"
    )
    is_residual: bool = Field(default=True, description="whether outputs are added to the last frame that is seen")
    n_recalled: NonNegativeInt = Field(
        default=0, description="frames before the last that it is drawn back to, by weights that are learned"
    )
    recomputed_every: PositiveInt | None = Field(
        default=None, description="steps in time whose values are computed again for gradients; null: none"
    )

    @model_validator(mode="after")
    def _can_be_recalled(self) -> Self:
        if self.n_recalled >= self.n_frames_in or (self.n_recalled and not self.is_residual):
            raise ValueError("n_recalled is less than n_frames_in, and 0 where nothing is added to the last frame")
        return self

    def require_bands(self, bands: Sequence[str]) -> None:
        """Target bands are among those that are seen, each once.

        Raises
        ------
        ConfigError
            A target band is not seen, or named twice.

        Examples
        --------
        >>> ConvLSTMOptions(target_bands=["ice"]).require_bands(("wind", "ice"))
        >>> ConvLSTMOptions(target_bands=["ice", "ice"]).require_bands(("wind", "ice"))
        Traceback (most recent call last):
        entropice.errors.ConfigError: A band is forecast once.
        ...
        """
        for band in self.target_bands:
            if band not in bands:
                raise ConfigError(
                    f"A network cannot forecast a band that it does not see{suggestion(band, bands)}",
                    field="options.target_bands",
                    got=band,
                    expected=", ".join(bands),
                    fix="name bands of the task",
                )
        if len(set(self.target_bands)) < len(self.target_bands):
            raise ConfigError(
                "A band is forecast once.",
                field="options.target_bands",
                got=list(self.target_bands),
                expected="each once",
            )

    @property
    def moments(self) -> tuple[int, ...]:
        """The frames that are seen, ``(n_frames_in,)``."""
        return (self.n_frames_in,)

    def outputs(self, _n_outputs: int) -> str:
        """Steps in time and bands, as text; `n_outputs` plays no part."""
        return f"{self.n_frames_out} × {len(self.target_bands)} ({', '.join(self.target_bands)})"


class ClassifierOptions(NetworkOptions):
    """Of `entropice.networks.classifier`."""

    n_classes: Annotated[int, Field(ge=2)]
    widths: Widths = Field(default=(512, 128), description="features between the encoder's and the classes'")
    dropout: float = Field(default=0.5, ge=0, lt=1, description="share of the first of these that a step leaves out")

    def outputs(self, _n_outputs: int) -> str:
        """One for each class, as text; `n_outputs` plays no part."""
        return f"{self.n_classes}"


class SiameseOptions(NetworkOptions):
    """Of `entropice.networks.siamese`."""

    widths: Annotated[tuple[PositiveInt, ...], Field(strict=False, min_length=2)] = Field(
        default=(32, 64, 128, 256), description="channels of each shared block"
    )

    @property
    def moments(self) -> tuple[int, ...]:
        """Before and after, ``(2,)``."""
        return (2,)


Bands = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]


class PyramidOptions(NetworkOptions):
    """Of networks whose tokens become a pyramid and then a mask; the usual ones are those published for lakes."""

    decoder_widths: Annotated[tuple[PositiveInt, ...], Field(strict=False, min_length=4, max_length=4)] = Field(
        default=(256, 128, 64, 32), description="channels of the decoder's levels, the coarsest first"
    )


class TerramindOptions(PyramidOptions):
    """Of `entropice.networks.terramind`."""

    radar: Literal["S1GRD", "S1RTC"] = Field(default="S1GRD", description="which product vv and vh are of")


class MultimodalOptions(PyramidOptions):
    """Of `entropice.networks.multimodal_vit`."""

    sensors: dict[str, Bands] = Field(min_length=1, description="names of bands that come together, by sensor")
    patch_px: PositiveInt = Field(default=16, description="edge of a patch; a multiple of 4")
    width: PositiveInt = Field(default=1024, description="channels of a token; a multiple of 4 and of the heads")
    depth: Annotated[int, Field(ge=4)] = Field(default=24, description="layers, four of which are read")
    n_heads: PositiveInt = 16
    mlp_ratio: PositiveInt = Field(default=4, description="channels between two layers of a perceptron, over width")
    stem_widths: Annotated[tuple[PositiveInt, ...], Field(strict=False)] = Field(
        default=(),
        description="channels of convolutions before the patches, each but the first at half the resolution; none: []",
    )

    @model_validator(mode="after")
    def _can_be_cut(self) -> Self:
        if self.width % 4 or self.width % self.n_heads:
            raise ValueError("width is a multiple of 4 and of n_heads")
        if self.patch_px % max(4, 2 ** max(len(self.stem_widths) - 1, 0)):
            raise ValueError("patch_px is a multiple of 4, and can be halved as often as the stem does")
        return self

    def require_bands(self, bands: Sequence[str]) -> None:
        """Every band is of one sensor, and sensors have no others.

        Raises
        ------
        ConfigError
            A band is of no sensor or of several, or a sensor has one that the task has not.

        Examples
        --------
        >>> MultimodalOptions(sensors={"optical": ["red", "nir"], "radar": ["vv"]}).require_bands(("vv", "red", "nir"))
        """
        counted = Counter(band for own in self.sensors.values() for band in own)
        wrong = [band for band in (*bands, *counted) if band not in bands or counted[band] != 1]
        if wrong:
            raise ConfigError(
                f"Every band of the task is of one sensor{suggestion(wrong[0], bands)}",
                field="options.sensors",
                got=f"{wrong[0]}, {counted[wrong[0]]} times",
                expected=f"once each of {', '.join(bands)}",
                fix="name the task's bands in options.sensors, each once",
            )
