"""How bands beside red, green and blue are joined with them.

Early, the bands are stacked and one encoder sees them all. Late, red, green and blue have an encoder of their own and
the others a second one; their features are joined level by level, and one decoder sees the joined ones.

Parameters are checked with these names before a run begins, so torch is imported where a network is built alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from entropice.errors import ConfigError, suggestion
from entropice.imagery.bands import RGB

if TYPE_CHECKING:
    from entropice.networks.architecture import NetworkSpecification

Build = Callable[[Callable[[int], Any], "NetworkSpecification"], Any]


@dataclass(frozen=True)
class Fusion:
    """One way to join bands.

    Attributes
    ----------
    name, title
        In parameters and records; for people.
    build
        A network, from the function that makes one with an encoder of so many bands.
    """

    name: str
    title: str
    build: Build


def _stacked(model: Callable[[int], Any], specification: "NetworkSpecification") -> Any:
    return model(specification.n_bands)


def _summed(model: Callable[[int], Any], specification: "NetworkSpecification") -> Any:
    from entropice.networks.two_encoders import joined, summing

    return joined(model, places_of(specification.bands), summing)


def _concatenated(model: Callable[[int], Any], specification: "NetworkSpecification") -> Any:
    from entropice.networks.two_encoders import joined, mixing

    return joined(model, places_of(specification.bands), mixing)


FUSIONS: Final[tuple[Fusion, ...]] = (
    Fusion("stacked", "Early: all bands in one encoder", _stacked),
    Fusion("summed", "Late: features of two encoders summed", _summed),
    Fusion("concatenated", "Late: features of two encoders concatenated", _concatenated),
)


def places_of(bands: Sequence[str]) -> tuple[list[int], list[int]]:
    """Positions of red, green and blue in this order, and of the other bands.

    Positions count from 0; the others keep their order.

    Raises
    ------
    ConfigError
        One of the three is missing, or there are no others.

    Examples
    --------
    >>> places_of(("nir", "blue", "green", "red", "elevation"))
    ([3, 2, 1], [0, 4])
    """
    others = [place for place, band in enumerate(bands) if band not in RGB]
    if not set(RGB) <= set(bands) or not others:
        raise ConfigError(
            "Late fusion joins red, green and blue with other bands.",
            field="bands",
            got=", ".join(bands),
            expected=f"{', '.join(RGB)} and at least one more",
            fix="name them, or choose the fusion stacked",
        )
    return [bands.index(band) for band in RGB], others


def fusion_named(name: str) -> Fusion:
    """The declared fusion of a name.

    It is the entry of `FUSIONS`: ``stacked``, ``summed`` or ``concatenated``.

    Raises
    ------
    ConfigError
        There is none.
    """
    by_name = {fusion.name: fusion for fusion in FUSIONS}
    if name not in by_name:
        raise ConfigError(
            f"There is no fusion {name!r}{suggestion(name, by_name)}",
            field="fusion",
            got=name,
            expected=", ".join(by_name),
        )
    return by_name[name]
