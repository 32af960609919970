"""Human modification of the land: how it is mapped, and how its files are read.

**Quantity.** Share of a place that people have changed, from 0 (none) to 1 (all): the extent of settlements,
agriculture, transport, mining, energy, forestry and other pressures, each weighted by how much it changes the land. It
is a modelled index. It says nothing of when within five years a change came, and nothing of permafrost.

**Maps.** 1990, 1995, … 2020, pixels of 300 m. Native files hold float32 from 0 to 1; some projects store them × 10,000
as integers. Both are read as *HM units*, 0–10,000, the unit of the band. Which of them a folder holds is said by the
parameter ``unit``: a small number may be either, so that it is never guessed. Scores and figures are in HM units too.

**Series.** The maps of 1990–2020 (letter ``c`` behind the year in the publisher's names) are comparable with each
other. That of 2022 (``s``) is a series of its own: a difference between both need be no change of the land, and a
folder that holds both is refused.

**Files.** ``hm/HM_<year>.tif`` and ``static/elevation.tif`` (m), on one grid, EPSG:3413, below one folder. Water and
what nobody has mapped are nodata, and unknown.

**Variables of** ``fields``:

- ``human_modification``: time (first day of the year), y, x; HM; NaN on water and in pixels without data in that map.
- ``elevation``: y, x; m; NaN where the elevation model has no data.
"""

from typing import Final

from entropice.crs import POLAR_CRS
from entropice.sources.series.declaration import RasterProduct, StoredUnit

HM_UNITS: Final = 10_000.0
"""A share of 1 in HM units."""

FRACTION: Final = StoredUnit("fraction", 1.0, ("float32", "float64"), 0.0, 1.0)
PER_10000: Final = StoredUnit("per_10000", 1e-4, ("uint16", "int16", "int32", "uint32"), 0.0, 10_000.0)

HUMAN_MODIFICATION: Final = RasterProduct(
    name="human_modification",
    title="Global Human Modification, version 3, 1990–2020",
    band="human_modification",
    folder="hm",
    pattern=r"HM(?:v\d+)?_(?P<year>\d{4})(?P<series>[a-z]?)(?:_.+)?",
    example="HM_1990.tif",
    step="P5Y",
    crs=(POLAR_CRS,),
    units=(FRACTION, PER_10000),
    band_factor=HM_UNITS,
    terms="CC BY 4.0",
    credit=(
        "Global extent and change in human modification of terrestrial ecosystems from 1990 to 2022: Theobald et al. "
        "2025, Scientific Data, CC BY 4.0."
    ),
    reference="creativecommons.org/licenses/by/4.0",
    fixed={"elevation": "static/elevation.tif"},
)
