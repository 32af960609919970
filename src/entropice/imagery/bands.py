"""Bands that an image can have, one declaration each."""

from dataclasses import dataclass
from typing import Final

from entropice.errors import ConfigError, suggestion


@dataclass(frozen=True)
class Band:
    """What one number of a pixel means.

    Attributes
    ----------
    name
        How parameters, statistics and files call it.
    title
        How people call it.
    unit
        Of its values; ``1`` for a ratio.
    low, high
        No value lies beyond them; most images fill a small part of the way between.
    is_optical
        Whether light alone changes it, so that brightness and contrast may be varied.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    is_optical: bool = False


BANDS: Final[tuple[Band, ...]] = (
    Band("coastal", "Reflectance at 443 nm, of coast and aerosol", "1", 0.0, 1.6, is_optical=True),
    Band("blue", "Blue reflectance", "1", 0.0, 1.6, is_optical=True),
    Band("green", "Green reflectance", "1", 0.0, 1.6, is_optical=True),
    Band("red", "Red reflectance", "1", 0.0, 1.6, is_optical=True),
    Band("red_edge", "Red edge reflectance", "1", 0.0, 1.6, is_optical=True),
    Band("red_edge_2", "Red edge reflectance at 740 nm", "1", 0.0, 1.6, is_optical=True),
    Band("red_edge_3", "Red edge reflectance at 783 nm", "1", 0.0, 1.6, is_optical=True),
    Band("nir", "Near infrared reflectance", "1", 0.0, 1.6, is_optical=True),
    Band("nir_narrow", "Near infrared reflectance at 865 nm", "1", 0.0, 1.6, is_optical=True),
    Band("water_vapour", "Reflectance at 945 nm, where water vapour absorbs", "1", 0.0, 1.6, is_optical=True),
    Band("swir_1", "Shortwave infrared reflectance at 1610 nm", "1", 0.0, 1.6, is_optical=True),
    Band("swir_2", "Shortwave infrared reflectance at 2190 nm", "1", 0.0, 1.6, is_optical=True),
    Band("vv", "Radar backscatter, sent and received vertically", "dB", -50.0, 30.0),
    Band("vh", "Radar backscatter, sent vertically and received horizontally", "dB", -60.0, 20.0),
    Band("elevation", "Elevation", "m", -1000.0, 9000.0),
    Band("ndvi", "Normalised difference vegetation index", "1", -1.0, 1.0),
    Band("relative_elevation", "Elevation above the surroundings' mean", "m", -2000.0, 2000.0),
    Band("shaded_relief", "Shaded relief", "1", 0.0, 1.0),
    Band("ice_concentration", "Share of the sea that ice covers", "1", 0.0, 1.0),
    Band("ice_thickness", "Mean thickness of the ice where there is any", "m", 0.0, 300.0),
    Band("wind_x", "Wind along the grid's columns, towards larger x", "m s-1", -80.0, 80.0),
    Band("wind_y", "Wind along the grid's rows, towards larger y", "m s-1", -80.0, 80.0),
    Band("human_modification", "Human modification of the land, in 1/10,000 (HM)", "HM", 0.0, 10_000.0),
)


RGB: Final = ("red", "green", "blue")
"""What photographs know, in the order in which they and weights from them have it."""


DEPARTURE_OF: Final = "departure_of_"
"""Begins the name of a band that a quantity has by being measured from what is usual at its place."""

FURTHEST_DEPARTURE_SD: Final = 100.0
"""What is usual is known from years: farther from it lies no year that it says anything of."""


def departure_of(quantity: str) -> str:
    """The band of how far a quantity lies from what is usual at its place, in its standard deviations there.

    The quantity need not be a declared band.

    Examples
    --------
    >>> departure_of("ice_thickness")
    'departure_of_ice_thickness'
    """
    return f"{DEPARTURE_OF}{quantity}"


def is_departure(name: str) -> bool:
    """Whether a name is that of the departure of a quantity; the prefix `DEPARTURE_OF` alone is not.

    Examples
    --------
    >>> is_departure("departure_of_ndvi"), is_departure("departure_of_"), is_departure("ndvi")
    (True, False, False)
    """
    return name.startswith(DEPARTURE_OF) and name != DEPARTURE_OF


def _departure(name: str) -> Band:
    quantity = name.removeprefix(DEPARTURE_OF)
    title = f"Departure of {quantity} from what is usual at its place, in its standard deviations"
    return Band(name, title, "1", -FURTHEST_DEPARTURE_SD, FURTHEST_DEPARTURE_SD)


def band_named(name: str) -> Band:
    """The band of a name, one of `BANDS`; each quantity has its departure, a band without a declaration of its own.

    A departure has the unit ``1`` and reaches from −`FURTHEST_DEPARTURE_SD` to `FURTHEST_DEPARTURE_SD`, whether or not
    its quantity is declared.

    Raises
    ------
    ConfigError
        There is none.

    Examples
    --------
    >>> band_named("vv").unit, band_named("departure_of_ndvi").high
    ('dB', 100.0)
    """
    by_name = {band.name: band for band in BANDS}
    if is_departure(name):
        return _departure(name)
    if name not in by_name:
        raise ConfigError(
            f"There is no band {name!r}{suggestion(name, by_name)}",
            field="bands",
            got=name,
            expected=", ".join(by_name),
            fix="name one of these, or declare the band in entropice/imagery/bands.py",
        )
    return by_name[name]
