"""All products that come as a folder of rasters, a file a step; one entry each."""

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from entropice.errors import ConfigError, suggestion
from entropice.sources.ice.sea_ice_index import SEA_ICE_INDEX
from entropice.sources.series.declaration import SeriesProduct, StoredUnit
from entropice.sources.series.human_modification import HUMAN_MODIFICATION

SERIES_PRODUCTS: Final[tuple[SeriesProduct, ...]] = (HUMAN_MODIFICATION, *SEA_ICE_INDEX)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Declared = TypeVar("Declared", bound=_Named)


def series_product_named(name: str) -> SeriesProduct:
    """The declared product of a name.

    Raises
    ------
    ConfigError
        There is none.
    """
    return _named(name, SERIES_PRODUCTS, "product", "declare it in entropice/sources/series/registry.py")


def stored_unit(product: SeriesProduct, name: str) -> StoredUnit:
    """The unit of a name in which files of a product are stored.

    Raises
    ------
    ConfigError
        They are not.
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
