"""What may be done with what Sentinels saw and with heights of Copernicus, and whom to name."""

from typing import Final

from entropice.pipelines.image_sources.licences import SENTINEL
from entropice.pipelines.sources.declaration import Licence

RELIEF: Final = Licence(
    "Copernicus DEM GLO-30",
    "Copernicus WorldDEM-30 licence: free of charge, to be used, changed and passed on with the notice it prescribes",
    "Produced using Copernicus WorldDEM-30 © DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH 2014-2018 "
    "provided under COPERNICUS by the European Union and ESA; all rights reserved.",
    "dataspace.copernicus.eu, licence of the Copernicus DEM",
)
LICENCES: Final = (SENTINEL, RELIEF)
