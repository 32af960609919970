"""What is known of a product whose folder of rasters is one series."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class StoredUnit:
    """A way in which files store a quantity.

    Attributes
    ----------
    name
        How parameters call it.
    factor
        A value is a stored number times this.
    dtypes
        Types of stored numbers, as rasterio names them.
    lowest, highest
        No stored number lies beyond them, apart from the product's flags.
    """

    name: str
    factor: float
    dtypes: tuple[str, ...]
    lowest: float
    highest: float


@dataclass(frozen=True)
class SeriesProduct:
    """A quantity as its publisher maps it, step by step.

    Attributes
    ----------
    name
        How parameters call it.
    title
        How people call it.
    band
        Name in `entropice.imagery.bands` of what is mapped.
    folder
        Where its files lie below the folder that is given; empty: in it.
    pattern
        Regular expression of the whole name of a file, with a group ``year``, and where steps are shorter ``month``
        and ``day``; a group ``series`` where maps of several methods go by one name.
    example
        Such a name.
    step
        ISO 8601 duration from file to file, of one unit: ``P5Y``, ``P1M``, ``P1D``.
    crs
        CRSs that fields of it may have, in metres; the first is what others are warped to.
    units
        Ways in which its files store it.
    flags
        Stored numbers that are no values → what they say; they become unknown.
    fixed
        Bands that do not change → their file below the folder that is given, heights in metres.
    licence, credit
        Of the publisher.
    """

    name: str
    title: str
    band: str
    folder: str
    pattern: str
    example: str
    step: str
    crs: tuple[str, ...]
    units: tuple[StoredUnit, ...]
    licence: str
    credit: str
    flags: dict[float, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
