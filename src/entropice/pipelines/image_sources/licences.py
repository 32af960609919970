"""Licences of products, as those who publish them state them."""

from typing import Final

from entropice.pipelines.sources.declaration import Licence
from entropice.sources.series.declaration import SeriesProduct

SENTINEL: Final = Licence(
    "Copernicus Sentinel-1 and Sentinel-2",
    "free, full and open access with credit",
    "Contains modified Copernicus Sentinel data.",
    "sentinels.copernicus.eu, legal notice on the use of Copernicus Sentinel data",
)


def licence_of(product: SeriesProduct) -> Licence:
    """What may be done with the files of a series, and whom to name, as the product declares it."""
    return Licence(product.title, product.terms, product.credit, product.reference)
