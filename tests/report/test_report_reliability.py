import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.report.reliability import reliability, wilson_interval

cases = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80)


@given(cases, st.integers(1, 12))
def test_bins_hold_every_case_and_keep_the_means(pairs: list[tuple[float, bool]], n_bins: int) -> None:
    probability, happened = (np.array(column) for column in zip(*pairs, strict=True))
    table = reliability(probability, happened, n_bins)
    assert table["n"].sum() == len(pairs)
    assert np.average(table["forecast"], weights=table["n"]) == pytest.approx(probability.mean(), abs=1e-12)
    assert np.average(table["frequency"], weights=table["n"]) == pytest.approx(happened.mean(), abs=1e-12)
    assert table["forecast"].is_monotonic_increasing
    assert ((table["low_95"] <= table["frequency"]) & (table["frequency"] <= table["high_95"])).all()


def test_wilson_by_hand() -> None:
    # 0 of 10: z² / (n + z²) with z² = 3.8415; 5 of 10: 0.5 ± z / (2 sqrt(n + z²))
    low, high = wilson_interval(np.array([0.0, 0.5]), np.array([10.0, 10.0]))
    np.testing.assert_allclose(low, [0.0, 0.2366], atol=5e-5)
    np.testing.assert_allclose(high, [0.2775, 0.7634], atol=5e-5)


def test_two_bins_by_hand() -> None:
    table = reliability(np.array([0.1, 0.2, 0.7, 0.9]), np.array([False, True, True, True]), n_bins=2)
    np.testing.assert_allclose(table["forecast"], [0.15, 0.8])
    np.testing.assert_allclose(table["frequency"], [0.5, 1.0])


def test_a_forecast_at_the_edge_of_two_bins_lies_in_the_lower_one() -> None:
    """As in the ECE: the median 0.2 of three forecasts ends the first of two bins."""
    table = reliability(np.array([0.1, 0.2, 0.9]), np.array([False, True, True]), n_bins=2)
    np.testing.assert_allclose(table["forecast"], [0.15, 0.9])
    assert table["n"].tolist() == [2, 1]
