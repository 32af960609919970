"""Forecasts of someone who knows the law, as frames are judged beside them."""

from datetime import date

import numpy as np

from entropice.virtual_ice.ceiling import forecast_in
from entropice.virtual_ice.fields import fields_of
from entropice.virtual_ice.forecasts import ceiling_forecasts
from entropice.virtual_ice.seasons import season_of
from entropice.virtual_ice.specification import IceCeilingRules, IceRegion, IceSeasons, IceSpecification

ICE = IceSpecification(
    region=IceRegion(left_m=-2e5, top_m=2e5, pixel_m=12_500, n_pixels=32, land_share=0.2, coast_scale_m=1e5),
    seasons=IceSeasons(first_day=date(2011, 4, 1), n_days=14, n_seasons=2, n_spin_up_days=3),
)
RULES = IceCeilingRules(n_known=3, every_days=4, n_seasons=1, n_horizons=5, n_members=3)


def test_they_begin_on_days_of_the_last_season_and_end_with_it():
    forecasts = ceiling_forecasts(ICE, 7, RULES)
    known = forecasts["first"].dt.strftime("%Y-%m-%d").to_numpy().tolist()
    assert known == ["2012-04-03", "2012-04-07", "2012-04-11"]
    is_there = np.isfinite(forecasts["ceiling_mean"]).any(("y", "x")).to_numpy()
    assert is_there.tolist() == [[True] * 5, [True] * 5, [True] * 3 + [False] * 2]


def test_the_mean_is_the_forecast_of_the_season_and_the_ground_is_that_of_the_fields():
    forecasts, season = ceiling_forecasts(ICE, 7, RULES), season_of(ICE, 7, 1)
    by_hand = forecast_in(season, ICE, date(2012, 4, 8), 5, 3)
    np.testing.assert_array_equal(forecasts["ceiling_mean"][1], by_hand)
    fields = fields_of(ICE, 7)
    assert all(np.array_equal(forecasts[name], fields[name]) for name in ("x", "y"))
    on_land = np.isnan(fields["ice_concentration"][0].to_numpy())
    assert np.isnan(forecasts["ceiling"][0, 0].to_numpy()[on_land]).all()
    assert np.isfinite(forecasts["ceiling"][0, 0].to_numpy()[~on_land]).all()
