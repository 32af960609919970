"""What is known of a product whose folder of files is one series."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class StoredUnit:
    """A way in which files store a quantity.

    Attributes
    ----------
    name
        How parameters call it.
    factor
        A published value is a stored number times this.
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


@dataclass(frozen=True, kw_only=True)
class SeriesProduct:
    """A quantity as its publisher maps it, step by step.

    Attributes
    ----------
    name
        How parameters call it.
    title
        How people call it, with its number at the publisher.
    band
        Name in `entropice.imagery.bands` of what is mapped.
    step
        ISO 8601 duration from one map to the next, of one unit: ``P5Y``, ``P1M``, ``P1D``.
    crs
        CRSs that its maps may be in, in metres. Of rasters the first is what others are warped to. Of NetCDF files they
        are those of the grids in the north and in the south, as the user guide says; empty: the file's grid mapping
        counts.
    terms, credit, reference
        Licence or terms of use in brief, whom to name, and where that is said: the publisher's.
    """

    name: str
    title: str
    band: str
    step: str
    crs: tuple[str, ...]
    terms: str
    credit: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class RasterProduct(SeriesProduct):
    """One that comes as rasters, a file a step.

    Attributes
    ----------
    folder
        Where its files lie below the folder that is given; empty: in it.
    pattern
        Regular expression of the whole name of a file without its suffix, with a group ``year``, and where steps are
        shorter ``month`` and ``day``; a group ``series`` where maps of several methods go by one name.
    example
        Such a name.
    units
        Ways in which its files store it.
    band_factor
        A value of the band is a published one times this.
    flags
        Stored numbers that are no values → what they say; they become unknown.
    fixed
        Bands that do not change → their file below the folder that is given, heights in metres.
    """

    folder: str
    pattern: str
    example: str
    units: tuple[StoredUnit, ...]
    band_factor: float = 1.0
    flags: dict[float, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NetcdfProduct(SeriesProduct):
    """One that comes as NetCDF, a step or more a file; unit, scale and flags are those that a file declares.

    Attributes
    ----------
    variable
        Regular expression of the whole name of the variable.
    status
        Variable of bits beside it; None where the numbers themselves hold the flags.
    unknown
        Meanings of those bits where the value is not known on its day: none can be there, or it was filled from
        other days, which a forecast must not have seen.
    """

    crs: tuple[str, ...] = ()
    variable: str
    status: str | None = None
    unknown: tuple[str, ...] = ()
