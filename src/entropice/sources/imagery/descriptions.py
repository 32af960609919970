"""Whether a file names its bands as the product does, where their values cannot tell their order."""

from collections.abc import Sequence
from pathlib import Path

from entropice.errors import InputFileError
from entropice.sources.imagery.products import Product, standard_description


def require_described(descriptions: Sequence[str], product: Product, path: Path) -> None:
    """Refuse bands that are not all named as the product's, in its order.

    Neighbouring bands of a spectrum look alike, so that values alone cannot tell whether two were exchanged: a file
    without names is refused, too.

    Names are compared without regard to capitals and as `standard_description` has them.

    `descriptions` are those of the file's bands in their order, empty where there is none; `path` is named in messages.

    Raises
    ------
    InputFileError
        Bands are missing, too many, in another order, or without a name.
    """
    said = [standard_description(description) for description in descriptions]
    expected = [standard_description(file_band) for file_band in product.file_bands]
    if said != expected:
        raise InputFileError(
            f"The file's bands are not those of the product {product.name}.",
            path=path,
            field="descriptions of bands",
            got=_difference(said, expected, descriptions),
            expected=f"{len(expected)} bands {' '.join(product.file_bands)}",
            fix="put the bands into this order and name them, e.g. with rasterio: file.descriptions = (…); what a "
            "sensor did not see is NaN, not left out",
        )


def _difference(said: Sequence[str], expected: Sequence[str], descriptions: Sequence[str]) -> str:
    count = f"{len(said)} bands"
    if not any(said):
        return f"{count} without names"
    lacking = [name.upper() for name in expected if name not in said]
    others = [name or "one without a name" for name in descriptions if standard_description(name) not in expected]
    parts = [f"without {', '.join(lacking)}"] * bool(lacking) + [f"with {', '.join(others)}"] * bool(others)
    return f"{count} {' and '.join(parts)}" if parts else f"{count} {' '.join(descriptions)}"
