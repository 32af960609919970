"""All products whose folder of files is one series; one entry each."""

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from entropice.errors import ConfigError, suggestion
from entropice.sources.ice.products import CONCENTRATIONS
from entropice.sources.series.declaration import RasterProduct, SeriesProduct, StoredUnit
from entropice.sources.series.human_modification import HUMAN_MODIFICATION

SERIES_PRODUCTS: Final[tuple[SeriesProduct, ...]] = (HUMAN_MODIFICATION, *CONCENTRATIONS)
RASTER_PRODUCTS: Final = tuple(product for product in SERIES_PRODUCTS if isinstance(product, RasterProduct))


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Declared = TypeVar("Declared", bound=_Named)


def series_product_named(name: str, products: Iterable[Declared]) -> Declared:
    """The product of a name, of some of those that are declared.

    All are `SERIES_PRODUCTS`: ``human_modification sea_ice_index_daily sea_ice_index_monthly noaa_nsidc_cdr
    nsidc_nasateam osi_saf_cdr``.

    Raises
    ------
    ConfigError
        There is none.
    """
    return _named(name, products, "product", "declare it in entropice/sources/series/registry.py")


def stored_unit(product: RasterProduct, name: str) -> StoredUnit:
    """The unit of a name in which files of a product are stored.

    Raises
    ------
    ConfigError
        They are not.

    Examples
    --------
    >>> stored_unit(HUMAN_MODIFICATION, "per_10000").factor
    0.0001
    """
    return _named(name, product.units, "unit", f"look into a file with gdalinfo how {product.title} is stored there")


def _named(name: str, declared: Iterable[Declared], field: str, otherwise: str) -> Declared:
    by_name = {each.name: each for each in declared}
    if name not in by_name:
        raise ConfigError(
            f"There is no {field} {name!r}{suggestion(name, by_name)}",
            field=field,
            got=name,
            expected=", ".join(by_name),
            fix=f"name one of these; or {otherwise}",
        )
    return by_name[name]
