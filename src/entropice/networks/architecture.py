"""What a network is built from, and what every architecture declares."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from entropice.errors import ConfigError
from entropice.imagery.bands import band_named

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class NetworkSpecification:
    """All that decides the shapes of a network's tensors.

    Attributes
    ----------
    architecture, encoder
        Names of an architecture declared here, and of an encoder that it takes.
    bands
        Names of the input's bands, in their order.
    n_outputs
        Logits of a pixel.
    fusion
        Name of how bands beside red, green and blue are joined with them; ``stacked`` where there are no others.
    n_pixels
        Edge of the tiles that encoders with positions for one size are built for; others take any multiple of 32.
    """

    architecture: str
    encoder: str
    bands: tuple[str, ...]
    n_outputs: int = 1
    fusion: str = "stacked"
    n_pixels: int = 512

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
        The network of a specification, with random weights drawn from torch's global generator: float32 (n, band, row,
        column) to logits (n, output, row, column). Its encoder is the submodule ``encoder``.
    encoder
        An encoder that it is usually built on.
    source
        Where it was published.
    fusions
        Names of the fusions it can do.
    needs
        Module of the extra ``foundation`` that holds it; None where nothing is needed beside the extra ``imagery``.
    """

    name: str
    title: str
    build: "Callable[[NetworkSpecification], nn.Module]"
    encoder: str
    source: str
    fusions: tuple[str, ...] = ("stacked",)
    needs: str | None = None

    def require_installed(self) -> None:
        """Pass only where its libraries are.

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
