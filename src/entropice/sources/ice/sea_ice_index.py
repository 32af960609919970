"""NSIDC's Sea Ice Index (G02135): concentration as GeoTIFF, a file a day or a month, flags above 100 %.

Numbers are tenths of a percent (uint16), on the polar stereographic grids of 25 km of each hemisphere.

| number | means | becomes |
|---|---|---|
| 0–1000 | share of ice × 1000 | 0–1 |
| 2510 | hole at the pole, which no sensor sees | unknown |
| 2530 | coast | unknown |
| 2540 | land | unknown |
| 2550 | missing | unknown |

What is not in it: thickness, drift, and certainty below about 15 %, where ice is hard to tell from open water.
"""

from dataclasses import replace
from typing import Final

from entropice.sources.ice.products import NSIDC_GRIDS
from entropice.sources.series.declaration import SeriesProduct, StoredUnit

TENTHS_OF_PERCENT: Final = StoredUnit("tenths_of_percent", 1e-3, ("uint16", "int16"), 0.0, 1000.0)

DAILY: Final = SeriesProduct(
    name="sea_ice_index_daily",
    title="NSIDC Sea Ice Index (G02135), daily concentration",
    band="ice_concentration",
    folder="",
    pattern=r"(?P<series>[NS])_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})_concentration_v.+",
    example="N_20190501_concentration_v3.0.tif",
    step="P1D",
    crs=NSIDC_GRIDS,
    units=(TENTHS_OF_PERCENT,),
    licence="free to use; the citation is asked for",
    credit="Sea Ice Index, version 3: Fetterer et al. 2017, NSIDC, doi 10.7265/N5K072F8.",
    flags={2510: "hole at the pole", 2530: "coast", 2540: "land", 2550: "missing"},
)
MONTHLY: Final = replace(
    DAILY,
    name="sea_ice_index_monthly",
    title="NSIDC Sea Ice Index (G02135), monthly concentration",
    pattern=r"(?P<series>[NS])_(?P<year>\d{4})(?P<month>\d{2})_concentration_v.+",
    example="N_201905_concentration_v3.0.tif",
    step="P1M",
)
SEA_ICE_INDEX: Final = (DAILY, MONTHLY)
