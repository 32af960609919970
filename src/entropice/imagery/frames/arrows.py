"""Bands that are the parts of arrows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from entropice.errors import ConfigError


@dataclass(frozen=True)
class Arrow:
    """Bands that are the parts of one arrow.

    Attributes
    ----------
    x, y
        Towards larger x, with the columns, and towards larger y, against the rows.
    is_deflected
        Whether the Earth's rotation deflects what it drives: to one side, so that a mirror shows another law.
    """

    x: str
    y: str
    is_deflected: bool

    @property
    def parts(self) -> tuple[str, str]:
        """Names of both bands: x, then y."""
        return self.x, self.y


ARROWS: Final[tuple[Arrow, ...]] = (Arrow("wind_x", "wind_y", is_deflected=True),)


def require_whole_vectors(bands: Sequence[str]) -> None:
    """Pass only bands with both parts of an arrow or none: half an arrow cannot be turned.

    Of `ARROWS` there is one, ``wind_x`` with ``wind_y``.

    Raises
    ------
    ConfigError
        Names the part that is missing.

    Examples
    --------
    >>> require_whole_vectors(("ice_concentration", "wind_x", "wind_y"))
    >>> try:
    ...     require_whole_vectors(("wind_x",))
    ... except ConfigError as error:
    ...     print(error.fix)
    add wind_y, or set symmetry_probability to 0
    """
    for arrow in ARROWS:
        missing = [part for part in arrow.parts if part not in bands]
        if len(missing) == 1:
            raise ConfigError(
                "Half an arrow can't be turned.",
                field="bands",
                got=", ".join(bands),
                expected=" and ".join(arrow.parts),
                fix=f"add {missing[0]}, or set symmetry_probability to 0",
            )


def knows_mirrors(bands: Sequence[str]) -> bool:
    """Whether images of these bands have the same law in a mirror: none is part of an arrow that deflects.

    The one arrow, ``wind_x`` with ``wind_y``, does.

    Examples
    --------
    >>> knows_mirrors(("ice_concentration",)), knows_mirrors(("ice_concentration", "wind_x"))
    (True, False)
    """
    return not any(arrow.is_deflected and set(arrow.parts) & set(bands) for arrow in ARROWS)
