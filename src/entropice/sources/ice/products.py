"""Series of ice concentration, one declaration each.

What is not in any of them: thickness, drift, and certainty below about 15 %, where ice is hard to tell from open water.
Numbers of the Sea Ice Index are tenths of a percent, on the polar stereographic grids of 25 km of each hemisphere, and
its flags stand above 100 %; NetCDF files declare their own.
"""

from dataclasses import replace
from typing import Final

from entropice.sources.series.declaration import NetcdfProduct, RasterProduct, StoredUnit

BAND: Final = "ice_concentration"
FREE: Final = "free to use; the citation is asked for"
NSIDC_GRIDS: Final = ("EPSG:3411", "EPSG:3412")
TENTHS_OF_PERCENT: Final = StoredUnit("tenths_of_percent", 1e-3, ("uint16", "int16"), 0.0, 1000.0)

SEA_ICE_INDEX_DAILY: Final = RasterProduct(
    name="sea_ice_index_daily",
    title="NSIDC Sea Ice Index (G02135), daily concentration",
    band=BAND,
    folder="",
    pattern=r"(?P<series>[NS])_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})_concentration_v.+",
    example="N_20190501_concentration_v3.0.tif",
    step="P1D",
    crs=NSIDC_GRIDS,
    units=(TENTHS_OF_PERCENT,),
    terms=FREE,
    credit="Sea Ice Index, version 3: Fetterer et al. 2017, NSIDC, doi 10.7265/N5K072F8.",
    reference="doi.org/10.7265/N5K072F8",
    flags={2510: "hole at the pole", 2530: "coast", 2540: "land", 2550: "missing"},
)
SEA_ICE_INDEX_MONTHLY: Final = replace(
    SEA_ICE_INDEX_DAILY,
    name="sea_ice_index_monthly",
    title="NSIDC Sea Ice Index (G02135), monthly concentration",
    pattern=r"(?P<series>[NS])_(?P<year>\d{4})(?P<month>\d{2})_concentration_v.+",
    example="N_201905_concentration_v3.0.tif",
    step="P1M",
)
NOAA_NSIDC: Final = NetcdfProduct(
    name="noaa_nsidc_cdr",
    title="NOAA/NSIDC climate data record of concentration (G02202)",
    band=BAND,
    step="P1D",
    crs=NSIDC_GRIDS,
    variable=r"cdr_seaice_conc",
    terms=FREE,
    credit=(
        "NOAA/NSIDC Climate Data Record of Passive Microwave Sea Ice Concentration, version 4: Meier et al. 2021, "
        "NSIDC, doi 10.7265/efmz-2t65."
    ),
    reference="doi.org/10.7265/efmz-2t65",
)
NASA_TEAM: Final = NetcdfProduct(
    name="nsidc_nasateam",
    title="NSIDC NASA Team concentration, version 2 (NSIDC-0051)",
    band=BAND,
    step="P1D",
    crs=NSIDC_GRIDS,
    variable=r"[A-Z]\d{2}_ICECON",
    terms=FREE,
    credit=(
        "Sea Ice Concentrations from Nimbus-7 SMMR and DMSP SSM/I-SSMIS Passive Microwave Data, version 2: DiGirolamo "
        "et al. 2022, NASA NSIDC DAAC, doi 10.5067/MPYG15WAA4WX."
    ),
    reference="doi.org/10.5067/MPYG15WAA4WX",
)
OSI_SAF: Final = NetcdfProduct(
    name="osi_saf_cdr",
    title="EUMETSAT OSI SAF and ESA CCI climate data records of concentration",
    band=BAND,
    step="P1D",
    variable=r"ice_conc",
    status="status_flag",
    unknown=("land", "lake", "temporal_interp"),
    terms="free to use with credit; the file's attribute `license` says the version's terms",
    credit=(
        "Sea ice concentration: EUMETSAT OSI SAF and ESA CCI, Lavergne et al. 2019, The Cryosphere 13, 49-78, doi "
        "10.5194/tc-13-49-2019."
    ),
    reference="osi-saf.eumetsat.int",
)
CONCENTRATIONS: Final[tuple[RasterProduct | NetcdfProduct, ...]] = (
    *(SEA_ICE_INDEX_DAILY, SEA_ICE_INDEX_MONTHLY),
    *(NOAA_NSIDC, NASA_TEAM, OSI_SAF),
)
