import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.report.packing import packed, scale_factor

VALUES = arrays(np.float64, st.integers(2, 60), elements=st.floats(-1e9, 1e9))


@given(VALUES, st.sampled_from([1e-9, 1.0, 1e6]), st.floats(-1e6, 1e6))
def test_rounding_moves_no_value_by_more_than_half_a_step(values: np.ndarray, size: float, centre: float) -> None:
    values = centre + size * values
    step, largest, spread = scale_factor(values), np.abs(values).max(), np.std(values)
    found = packed(values, step).to_numpy(np.float64) * step
    np.testing.assert_allclose(found, values, rtol=0, atol=0.5 * step + 1e-9 * largest)
    if spread > 1e-9 * largest:
        assert step <= 1.000001e-3 * spread


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([0.0, 2.0], 1e-3),
        ([0.0, 1.99], 1e-4),
        ([273.15, 273.15, np.nan], 1e-1),
        ([0.1 + 0.2, 0.3], 1e-4),
        ([0.0, 0.0], 1.0),
        ([np.nan], 1.0),
        ([], 1.0),
    ],
)
def test_steps_by_hand(values: list[float], step: float) -> None:
    assert scale_factor(np.array(values)) == step


def test_unknown_is_null_and_zero_is_zero() -> None:
    assert packed(np.array([np.nan, 0.0, -0.04]), 0.1).isna().tolist() == [True, False, False]
    assert packed(np.array([0.0, -0.04]), 0.1).tolist() == [0, 0]
