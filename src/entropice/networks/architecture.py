"""What a network is built from, and what every architecture declares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from entropice.errors import ConfigError
from entropice.imagery.bands import band_named
from entropice.networks.options import NetworkOptions

if TYPE_CHECKING:
    from torch import nn


Kind = Literal["mask", "class", "change", "frames"]
"""What a network answers, from float32 inputs to float32 outputs: of ``mask`` (n, band, row, column) to
(n, output, row, column); of ``class`` the same to (n, class); of ``change``, before and after, (n, 2, band, row,
column) to (n, 1, row, column); of ``frames`` (n, time, band, row, column) to (n, later time, target band, row,
column)."""


@dataclass(frozen=True)
class NetworkSpecification:
    """All that decides the shapes of a network's tensors.

    Attributes
    ----------
    architecture, encoder
        Names of an architecture declared here, and of an encoder that it takes; None where it has none.
    bands
        Names of the input's bands, in their order.
    n_outputs
        Logits of a pixel of a mask; other kinds have theirs from the options.
    fusion
        Name of how bands beside red, green and blue are joined with them; ``stacked`` where there are no others.
    n_pixels
        Edge of the tiles that encoders with positions for one size are built for; others take any multiple of 32, and
        networks without an encoder any number.
    options
        What the architecture lets choose, as plain JSON values; what is left out has its usual value.

    Raises
    ------
    ConfigError
        A band is not known, named twice, or there is none; or `n_outputs` is below 1.
    """

    architecture: str
    encoder: str | None
    bands: tuple[str, ...]
    n_outputs: int = 1
    fusion: str = "stacked"
    n_pixels: int = 512
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for band in self.bands:
            band_named(band)
        if not self.bands or len(set(self.bands)) < len(self.bands):
            raise ConfigError("A network needs bands, each once.", field="bands", got=list(self.bands))
        if self.n_outputs < 1:
            raise ConfigError("A network needs an output.", field="n_outputs", got=self.n_outputs, expected="≥ 1")

    @property
    def n_bands(self) -> int:
        """How many bands it sees."""
        return len(self.bands)


@dataclass(frozen=True)
class Architecture:
    """One way from bands to logits.

    Attributes
    ----------
    name, title
        In parameters and records; for people.
    build
        The network of a specification, with random weights drawn from torch's global generator. Its encoder, where it
        has one, is the submodule ``encoder``.
    encoder
        An encoder that it is usually built on; None for one that has no encoder to choose.
    source
        Where it was published.
    kind
        What it answers.
    options
        Model of its options.
    sees_unknown
        Whether it is given NaN where a value is not known; all others are given 0, which is the mean.
    has_own_encoder
        Whether it has an encoder that is not to be chosen.
    fusions
        Names of the fusions it can do.
    needs
        Module of the extra ``foundation`` that holds it; None where nothing is needed beside the extra ``imagery``.
    """

    name: str
    title: str
    build: "Callable[[NetworkSpecification], nn.Module]"
    encoder: str | None
    source: str
    fusions: tuple[str, ...] = ("stacked",)
    needs: str | None = None
    kind: Kind = "mask"
    options: type[NetworkOptions] = NetworkOptions
    sees_unknown: bool = False
    has_own_encoder: bool = False

    @property
    def has_encoder(self) -> bool:
        """Whether a part of it is an encoder, chosen or its own, which can be kept from learning."""
        return self.encoder is not None or self.has_own_encoder

    def require_installed(self) -> None:
        """Pass only where its libraries are.

        Its libraries are looked for and not imported; where it needs none beside the extra ``imagery``, nothing is
        looked for.

        Raises
        ------
        ConfigError
            They are not.
        """
        if self.needs is not None and find_spec(self.needs) is None:
            raise ConfigError(
                f"{self.title} needs the extra foundation, which is not installed.",
                field="architecture",
                got=self.name,
                expected=f"the module {self.needs}",
                fix='pip install "entropice[foundation]"',
            )

    def read_options(self, given: Mapping[str, Any]) -> NetworkOptions:
        """Options as their model, with the usual values for what is not given.

        Names and values are as in parameters: lists stand for tuples and whole numbers for floats, and no other type is
        converted. The first thing that is wrong is told.

        Raises
        ------
        ConfigError
            One is not known, is missing, or has a value that it cannot have.

        Examples
        --------
        >>> from entropice.networks.architectures import architecture_named
        >>> architecture_named("siamese").read_options({"widths": [8, 16]}).widths
        (8, 16)
        >>> architecture_named("siamese").read_options({}).widths
        (32, 64, 128, 256)
        """
        try:
            return self.options.model_validate(dict(given))
        except ValidationError as error:
            first = error.errors()[0]
            raise ConfigError(
                f"{self.title} cannot have these options: {first['msg']}",
                field=".".join(("options", *map(str, first["loc"]))),
                got=first["input"],
                expected=", ".join(self.options.model_fields) or "no options",
            ) from error
