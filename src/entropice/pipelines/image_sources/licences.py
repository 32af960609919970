"""Licences of products, as those who publish them state them."""

from entropice.pipelines.sources.declaration import Licence
from entropice.sources.series.declaration import SeriesProduct


def licence_of(product: SeriesProduct) -> Licence:
    """What may be done with the files of a series, and whom to name."""
    return Licence(product.title, product.terms, product.credit, product.reference)
