"""What may be done with ice charts and with the images under them, and whom to name."""

from typing import Final

from entropice.pipelines.image_sources.licences import SENTINEL
from entropice.pipelines.sources.declaration import Licence

USNIC: Final = Licence(
    "Ice charts of the US National Ice Center (NOAA/NESDIS, US Navy, US Coast Guard)",
    "public domain; credit is asked for",
    "Ice charts: U.S. National Ice Center.",
    "usicecenter.gov",
)
IMS: Final = Licence(
    "IMS daily northern hemisphere snow and ice analysis (G02156)",
    "free to use; the citation is asked for",
    "IMS Daily Northern Hemisphere Snow and Ice Analysis, version 1: U.S. National Ice Center 2008, NSIDC, doi "
    "10.7265/N52R3PMC.",
    "doi.org/10.7265/N52R3PMC",
)
MODIS: Final = Licence(
    "MODIS corrected reflectance, from NASA Worldview and GIBS",
    "free to use; credit is asked for",
    "We acknowledge the use of imagery from the NASA Worldview application, part of the NASA Earth Science Data and "
    "Information System (ESDIS).",
    "worldview.earthdata.nasa.gov",
)
LICENCES: Final = (USNIC, IMS, SENTINEL, MODIS)
