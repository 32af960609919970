import numpy as np
import pandas as pd

from entropice.report.frames.class_shares import class_distribution


def test_shares_by_hand() -> None:
    forecasts = pd.DataFrame({"class_": ["none", "none", "many", "none"], "p_none": [0.5, 0.7, 0.3, 0.5]})
    forecasts = forecasts.assign(p_many=1 - forecasts["p_none"])
    predictions = pd.DataFrame({"p_none": [0.9, 0.7], "p_many": [0.1, 0.3]})
    shares = class_distribution(forecasts, predictions, ["none", "many"])
    np.testing.assert_allclose(shares.loc["none"], [0.75, 0.5, 0.8])
    np.testing.assert_allclose(shares.sum(), 1.0)


def test_a_class_nobody_saw_has_share_zero() -> None:
    forecasts = pd.DataFrame({"class_": ["none"], "p_none": [1.0], "p_many": [0.0]})
    assert class_distribution(forecasts, forecasts, ["none", "many"]).loc["many", "observed"] == 0
