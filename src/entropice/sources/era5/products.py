"""Data sets of the Climate Data Store that files can be of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from entropice.errors import ConfigError


@dataclass(frozen=True)
class Product:
    """A data set of the Climate Data Store, where its files do not identify it.

    Attributes
    ----------
    name
        For messages and the attribute ``source``.
    grib_class
        ``class`` of its GRIB messages.
    sums_since_midnight
        Whether hourly sums are since 00 UTC (the stamp 00 UTC holds the whole day before), not of the hour before.
    homonyms
        Names that mean another variable than in ERA5: ERA5-Land calls the thickness of the snow ``snow_depth``.
    """

    name: str
    grib_class: str
    sums_since_midnight: bool
    homonyms: frozenset[str] = frozenset()


LAND_HOMONYMS: Final = frozenset({"snow_depth"})
PRODUCTS: Final[Mapping[str, Product]] = {
    "era5": Product("ERA5", "ea", sums_since_midnight=False),
    "era5_land": Product("ERA5-Land", "l5", sums_since_midnight=True, homonyms=LAND_HOMONYMS),
    "era5_land_timeseries": Product("ERA5-Land", "l5", sums_since_midnight=False, homonyms=LAND_HOMONYMS),
}


def known_product(key: str) -> Product:
    """The product of a key of `PRODUCTS`: ``era5``, ``era5_land`` or ``era5_land_timeseries``.

    Raises
    ------
    ConfigError
        There is none.

    Examples
    --------
    >>> known_product("era5_land").sums_since_midnight
    True
    """
    if key not in PRODUCTS:
        raise ConfigError(
            "The climate product is not known.",
            path="catalog.yml",
            field="climate_file.product",
            got=key,
            expected=", ".join(PRODUCTS),
            fix="correct `product` of climate_file in the catalog",
        )
    return PRODUCTS[key]
