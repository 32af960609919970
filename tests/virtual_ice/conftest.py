from datetime import date

import pytest

from entropice.virtual_ice.seasons import Season, season_of
from entropice.virtual_ice.specification import IceRegion, IceSeasons, IceSpecification

REGION = IceRegion(left_m=-400_000, top_m=-600_000, pixel_m=12_500, n_pixels=64, land_share=0.15, coast_scale_m=100_000)
SEED = 5


@pytest.fixture(scope="session")
def specification() -> IceSpecification:
    seasons = IceSeasons(first_day=date(2011, 4, 20), n_days=40, n_seasons=2, n_spin_up_days=20)
    return IceSpecification(region=REGION, seasons=seasons)


@pytest.fixture(scope="session")
def season(specification: IceSpecification) -> Season:
    return season_of(specification, SEED, 0)
