import numpy as np

from entropice.virtual_modification.ceiling import known_law_forecast
from entropice.virtual_modification.forecasts import ceiling_forecasts
from entropice.virtual_modification.specification import CeilingRules

RULES = CeilingRules(n_known=3, n_horizons=4, n_draws=3)


def test_every_map_with_truth_has_its_forecast(modified, specification):
    found = ceiling_forecasts(modified, RULES)

    assert found["ceiling"].dims == ("first", "horizon", "y", "x")
    assert found["ceiling"].shape == (4, 4, *specification.shape)
    assert found["first"].to_numpy().astype("datetime64[Y]").astype(str).tolist() == ["2000", "2005", "2010", "2015"]
    assert found["horizon"].to_numpy().tolist() == [1, 2, 3, 4]
    is_known = np.isfinite(found["ceiling"]).any(("y", "x")).to_numpy()
    assert is_known.sum(axis=1).tolist() == [4, 3, 2, 1]
    np.testing.assert_array_equal(
        found["ceiling"][1, :3], known_law_forecast(modified, 3, 3, 3).median * np.float32(1e4)
    )
    np.testing.assert_array_equal(
        found["ceiling_mean"][3, :1], known_law_forecast(modified, 5, 1, 3).mean * np.float32(1e4)
    )
