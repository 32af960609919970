"""ARTS: slump outlines drawn by people."""

from typing import TYPE_CHECKING

from entropice.pipelines.sources.arts.parameters import ArtsParameters
from entropice.pipelines.sources.declaration import LabelSource, Licence

if TYPE_CHECKING:
    from entropice.types import BaseGeometry, GeoDataFrame

TITLE = "ARTS outlines"


def _survey_extent(rts_file: "GeoDataFrame", section: ArtsParameters) -> "BaseGeometry | None":
    from entropice.sources.slumps.arts import survey_extent

    return survey_extent(rts_file, section.survey_areas, section.max_gap_km, section.search_radius_km)


ARTS = LabelSource(
    "arts",
    licence=Licence(
        "ARTS",
        "CC0; the citation is asked for",
        "ARTS: Yang et al. 2025, Scientific Data 12:18, doi 10.1038/s41597-025-04372-7, CC0.",
        "doi.org/10.1038/s41597-025-04372-7",
    ),
    title=TITLE,
    parameters=ArtsParameters,
    outline_format=lambda section: section.outlines,
    corrects_coverage=True,
    survey_extent=_survey_extent,
)
