"""Image products that files come in, one declaration each."""

import re
from dataclasses import dataclass
from typing import Final

from entropice.errors import ConfigError, suggestion
from entropice.imagery.bands import RGB


@dataclass(frozen=True)
class Product:
    """How a product stores reflectances, or what a screen shows.

    Attributes
    ----------
    name
        How parameters call it.
    title
        How people call it.
    file_bands
        The publisher's names of all bands of a file, in their order.
    bands
        Names of `entropice.imagery.bands` that are read → their file bands.
    dtype
        Of the stored numbers, as rasterio names it.
    scale, offset
        A reflectance is a stored number times `scale`, plus `offset`.
    nodata
        Stored number where nothing is known; None where every number is a value.
    is_picture
        Whether values are what a screen shows: no scale can be told from them, black and white are values like
        others, and a band of transparency may follow, which says what is known.
    max_oblong
        By how much one edge of a pixel may be longer than the other, as a share. Pixels then count as squares of the
        mean edge, so that a scene of n pixels lies wrong by n / 2 times this share of a pixel at most.
    """

    name: str
    title: str
    file_bands: tuple[str, ...]
    bands: dict[str, str]
    dtype: str = "uint16"
    scale: float = 1e-4
    offset: float = 0.0
    nodata: float | None = 0.0
    is_picture: bool = False
    max_oblong: float = 1e-6

    def numbers(self) -> list[int]:
        """Number in the file, from 1, of each band that is read."""
        return [self.file_bands.index(file_band) + 1 for file_band in self.bands.values()]


_PLANET: Final = {"blue": "blue", "green": "green", "red": "red", "red_edge": "rededge", "nir": "nir"}
_SENTINEL_2: Final = {"blue": "B2", "green": "B3", "red": "B4", "red_edge": "B5", "nir": "B8"}

FIVE_BANDS: Final = Product(
    "five_bands", "Blue, green, red, red edge, NIR", ("blue", "green", "red", "rededge", "nir"), _PLANET
)

TRUE_COLOUR: Final = Product(
    "true_colour",
    "Red, green and blue as a screen shows them, 8 bits",
    ("red", "green", "blue"),
    {band: band for band in RGB},
    dtype="uint8",
    scale=1 / 255,
    nodata=None,
    is_picture=True,
    max_oblong=1e-3,
)
"""Scenes of MODIS as NASA hands them out have pixels of 255.91 × 255.83 m, .03 % from squares."""

PRODUCTS: Final[tuple[Product, ...]] = (
    FIVE_BANDS,
    TRUE_COLOUR,
    Product(
        "superdove",
        "PlanetScope SuperDove, 8 bands, surface reflectance",
        ("coastal_blue", "blue", "green_i", "green", "yellow", "red", "rededge", "nir"),
        _PLANET,
    ),
    Product(
        "dove_classic",
        "PlanetScope Dove Classic, 4 bands, surface reflectance",
        ("blue", "green", "red", "nir"),
        {name: file_band for name, file_band in _PLANET.items() if name != "red_edge"},
    ),
    Product(
        "sentinel_2",
        "Sentinel-2, the 10 bands of 10 and 20 m, processing baseline before 04.00",
        ("B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B11", "B12"),
        _SENTINEL_2,
    ),
    Product(
        "sentinel_2_visible_to_nir",
        "Sentinel-2, the 7 bands from B2 to B8, processing baseline before 04.00",
        ("B2", "B3", "B4", "B5", "B6", "B7", "B8"),
        _SENTINEL_2,
    ),
)


def product_named(name: str) -> Product:
    """The declared product of a name.

    Raises
    ------
    ConfigError
        There is none.
    """
    by_name = {product.name: product for product in PRODUCTS}
    if name not in by_name:
        raise ConfigError(
            f"There is no image product {name!r}{suggestion(name, by_name)}",
            field="product",
            got=name,
            expected=", ".join(by_name),
            fix="name one of these, or declare the product in entropice/sources/imagery/products.py",
        )
    return by_name[name]


def standard_description(description: str) -> str:
    """One spelling of a band's name: ``Red Edge``, ``red_edge`` and ``rededge`` are one; ``B02`` is ``b2``."""
    return re.sub(r"^b0(?=\d)", "b", re.sub(r"[\s_-]+", "", description.lower()))


KNOWN_DESCRIPTIONS: Final = frozenset(
    standard_description(file_band) for product in PRODUCTS for file_band in product.file_bands
)
"""A band so described is that band, whatever else a file's other bands are called."""
