"""What may be done with each series of ice, and whom to name."""

from collections.abc import Mapping
from typing import Final

from entropice.pipelines.sources.declaration import Licence

_SEA_ICE_INDEX: Final = Licence(
    "NSIDC Sea Ice Index, concentration (G02135)",
    "free to use; the citation is asked for",
    "Sea Ice Index, version 3: Fetterer et al. 2017, NSIDC, doi 10.7265/N5K072F8.",
    "doi.org/10.7265/N5K072F8",
)

LICENCES: Final[Mapping[str, Licence]] = {
    "sea_ice_index_daily": _SEA_ICE_INDEX,
    "sea_ice_index_monthly": _SEA_ICE_INDEX,
    "noaa_nsidc_cdr": Licence(
        "NOAA/NSIDC climate data record of sea ice concentration (G02202)",
        "free to use; the citation is asked for",
        "NOAA/NSIDC Climate Data Record of Passive Microwave Sea Ice Concentration, version 4: Meier et al. 2021, "
        "NSIDC, doi 10.7265/efmz-2t65.",
        "doi.org/10.7265/efmz-2t65",
    ),
    "nsidc_nasateam": Licence(
        "NSIDC NASA Team sea ice concentration (NSIDC-0051)",
        "free to use; the citation is asked for",
        "Sea Ice Concentrations from Nimbus-7 SMMR and DMSP SSM/I-SSMIS Passive Microwave Data, version 2: DiGirolamo "
        "et al. 2022, NASA NSIDC DAAC, doi 10.5067/MPYG15WAA4WX.",
        "doi.org/10.5067/MPYG15WAA4WX",
    ),
    "osi_saf_cdr": Licence(
        "EUMETSAT OSI SAF and ESA CCI sea ice concentration",
        "free to use with credit; the file's attribute `license` says the version's terms",
        "Sea ice concentration: EUMETSAT OSI SAF and ESA CCI, Lavergne et al. 2019, The Cryosphere 13, 49-78, doi "
        "10.5194/tc-13-49-2019.",
        "osi-saf.eumetsat.int",
    ),
}
"""By the name of the series (`entropice.sources.ice.series`)."""
