"""What must be said of ERA5 by whoever shows something made of it."""

from entropice.pipelines.sources.declaration import Licence

LICENCE = Licence(
    "ERA5 (Copernicus Climate Change Service; ARCO-ERA5 by Google Research)",
    "Copernicus licence (CC BY 4.0 since 2025)",
    "ERA5: contains modified Copernicus Climate Change Service information; neither the European Commission "
    "nor ECMWF is responsible for any use that may be made of it. Hersbach et al. 2020, doi 10.1002/qj.3803.",
    "doi.org/10.24381/cds.f17050d7",
)
