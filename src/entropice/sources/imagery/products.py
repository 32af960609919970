"""Image products that files come in, one declaration each."""

import math
import re
from dataclasses import dataclass
from typing import Final

from entropice.errors import ConfigError, suggestion
from entropice.imagery.bands import RGB


@dataclass(frozen=True)
class Part:
    """Bands of a file that one sensor saw and that are stored alike; units and ranges are those of the declared bands.

    Attributes
    ----------
    bands
        Names of `entropice.imagery.bands`.
    scale, offset
        A value is a stored number times `scale`, plus `offset`.
    nodata
        Stored number where nothing is known, besides NaN; None where every number is a value.
    is_whole
        Whether stored numbers are whole, whatever type they have.
    """

    bands: tuple[str, ...]
    scale: float = 1.0
    offset: float = 0.0
    nodata: float | None = None
    is_whole: bool = False


@dataclass(frozen=True)
class Product:
    """How a product stores what sensors saw, or what a screen shows.

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
        Stored number where nothing is known, as headers may state it; None where every number is a value.
    sensors
        Where several sensors saw it, each with scale, offset and nodata of its own; together they have `bands` in
        their order. One that saw nothing of a file is missing there, which is no fault.
    is_described
        Whether a file must name its bands, since their values cannot tell their order.
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
    sensors: tuple[Part, ...] = ()
    is_described: bool = False
    is_picture: bool = False
    max_oblong: float = 1e-6

    def numbers(self) -> list[int]:
        """Number in the file, from 1, of each band that is read, in the order of `bands`.

        Examples
        --------
        >>> product_named("superdove").numbers()  # blue, green, red, red edge, near infrared of eight
        [2, 4, 6, 7, 8]
        """
        return [self.file_bands.index(file_band) + 1 for file_band in self.bands.values()]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sensors, in their order; one with all bands where none are told apart."""
        return self.sensors or (Part(tuple(self.bands), self.scale, self.offset, self.nodata),)

    def rows(self, part: Part) -> list[int]:
        """Where the bands of a part stand among those that are read, from 0.

        In the order of the part.

        Examples
        --------
        >>> product = product_named("sentinel_1_2_relief")
        >>> [product.rows(part)[0] for part in product.parts]
        [0, 12, 14]
        """
        names = list(self.bands)
        return [names.index(band) for band in part.bands]

    def numbers_of(self, part: Part) -> list[int]:
        """Number in the file, from 1, of each band of a part.

        Examples
        --------
        >>> product = product_named("sentinel_1_2_relief")
        >>> product.numbers_of(product.parts[1])  # VV and VH come after twelve bands
        [13, 14]
        """
        return [self.file_bands.index(self.bands[band]) + 1 for band in part.bands]


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

OPTICAL: Final = {
    "coastal": "B1",
    "blue": "B2",
    "green": "B3",
    "red": "B4",
    "red_edge": "B5",
    "red_edge_2": "B6",
    "red_edge_3": "B7",
    "nir": "B8",
    "nir_narrow": "B8A",
    "water_vapour": "B9",
    "swir_1": "B11",
    "swir_2": "B12",
}
"""Sentinel-2, level 2A, which has no B10."""

RADAR: Final = {"vv": "VV", "vh": "VH"}
RELIEF: Final = {"elevation": "DEM"}

SENTINEL_1_2_RELIEF: Final = Product(
    "sentinel_1_2_relief",
    "Sentinel-2 level 2A (12 bands, reflectance × 10,000), Sentinel-1 VV and VH (dB) and heights (m) in one file",
    (*OPTICAL.values(), *RADAR.values(), *RELIEF.values()),
    OPTICAL | RADAR | RELIEF,
    dtype="float32",
    nodata=math.nan,
    sensors=(Part(tuple(OPTICAL), scale=1e-4, nodata=0.0, is_whole=True), Part(tuple(RADAR)), Part(tuple(RELIEF))),
    is_described=True,
)
"""Products of Sentinel-2 have 0 where they know nothing, whatever a file's header states."""

PRODUCTS: Final[tuple[Product, ...]] = (
    FIVE_BANDS,
    TRUE_COLOUR,
    SENTINEL_1_2_RELIEF,
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

    Names are ``five_bands true_colour sentinel_1_2_relief superdove dove_classic sentinel_2 sentinel_2_visible_to_nir``
    (`PRODUCTS`).

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
    """One spelling of a band's name: ``Red Edge``, ``red_edge`` and ``rededge`` are one; ``B02`` is ``b2``.

    Examples
    --------
    >>> [standard_description(name) for name in ("Red Edge", "red_edge", "B02", "B12")]
    ['rededge', 'rededge', 'b2', 'b12']
    """
    return re.sub(r"^b0(?=\d)", "b", re.sub(r"[\s_-]+", "", description.lower()))


KNOWN_DESCRIPTIONS: Final = frozenset(
    standard_description(file_band) for product in PRODUCTS for file_band in product.file_bands
)
"""A band so described is that band, whatever else a file's other bands are called."""
