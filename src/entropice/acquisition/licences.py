"""Licences of the sources, and the credits that their use asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Licence:
    """What may be done with a source, and how to name it.

    Attributes
    ----------
    source
        Its name.
    terms
        Licence, or terms of use, in brief.
    credit
        To be shown wherever results are.
    reference
        DOI or address of the terms.
    """

    source: str
    terms: str
    credit: str
    reference: str


LICENCES: Final[Mapping[str, Licence]] = MappingProxyType(
    {
        "land": Licence(
            "Natural Earth", "public domain", "Land: Natural Earth.", "naturalearthdata.com/about/terms-of-use"
        ),
        "labels": Licence(
            "DARTS",
            "CC BY 4.0",
            "DARTS: Nitze et al. 2025, Scientific Data 12:1512, doi 10.1038/s41597-025-05810-2; data doi "
            "10.18739/A22B8VD7C, CC BY 4.0.",
            "doi.org/10.18739/A22B8VD7C",
        ),
        "climate": Licence(
            "ERA5 (Copernicus Climate Change Service; ARCO-ERA5 by Google Research)",
            "Copernicus licence (CC BY 4.0 since 2025)",
            "ERA5: contains modified Copernicus Climate Change Service information; neither the European Commission "
            "nor ECMWF is responsible for any use that may be made of it. Hersbach et al. 2020, doi 10.1002/qj.3803.",
            "doi.org/10.24381/cds.f17050d7",
        ),
        "elevation": Licence(
            "ArcticDEM v4.1 mosaics",
            "free to use with credit; Alaska from 2022 on is excepted",
            "ArcticDEM: Porter et al. 2023, Harvard Dataverse V1, doi 10.7910/DVN/3VDC4W. DEMs provided by the Polar "
            "Geospatial Center under NSF-OPP awards 1043681, 1559691, 1542736, 1810976 and 2129685.",
            "www.pgc.umn.edu/data/arcticdem",
        ),
        "embeddings": Licence(
            "AlphaEarth Foundations Satellite Embedding",
            "CC BY 4.0",
            "The AlphaEarth Foundations Satellite Embedding dataset is produced by Google and Google DeepMind.",
            "source.coop/tge-labs/aef",
        ),
    }
)
"""By section of ``conf/…/download/parameters.yml``."""
