"""Concentration products that come as NetCDF, one declaration each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class ConcentrationProduct:
    """How a product says the share of ice.

    Attributes
    ----------
    name
        How parameters call it.
    title
        How people call it, with its number at the publisher.
    variable
        Regular expression of the whole name of the variable.
    crs
        Of its grid, or of its grids in the north and in the south, as its user guide says; empty: the file's grid
        mapping counts.
    status
        Variable of bits beside it; None where the numbers themselves hold the flags.
    unknown
        Meanings of those bits where the share is not known on its day: no ice can be there, or it was filled from
        other days, which a forecast must not have seen.
    """

    name: str
    title: str
    variable: str
    crs: tuple[str, ...] = ()
    status: str | None = None
    unknown: tuple[str, ...] = ()


NSIDC_GRIDS: Final = ("EPSG:3411", "EPSG:3412")

NOAA_NSIDC: Final = ConcentrationProduct(
    "noaa_nsidc_cdr", "NOAA/NSIDC climate data record of concentration (G02202)", r"cdr_seaice_conc", NSIDC_GRIDS
)
NASA_TEAM: Final = ConcentrationProduct(
    "nsidc_nasateam", "NSIDC NASA Team concentration, version 2 (NSIDC-0051)", r"[A-Z]\d{2}_ICECON", NSIDC_GRIDS
)
OSI_SAF: Final = ConcentrationProduct(
    "osi_saf_cdr",
    "EUMETSAT OSI SAF and ESA CCI climate data records of concentration",
    r"ice_conc",
    status="status_flag",
    unknown=("land", "lake", "temporal_interp"),
)
PRODUCTS: Final = (NOAA_NSIDC, NASA_TEAM, OSI_SAF)
