import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.sources.series.human_modification import FRACTION, PER_10000
from entropice.sources.series.writing import stored_numbers


def test_numbers_worked_by_hand():
    numbers, nodata = stored_numbers(np.float32([0.0, 0.1234, 1.0, np.nan]), PER_10000)

    assert numbers.dtype == np.uint16
    assert numbers.tolist() == [0, 1234, 10_000, 65_535]
    assert nodata == 65_535


@given(values=arrays(np.float32, 5, elements=st.floats(0, 1, width=32)))
def test_a_value_is_its_number_times_the_factor(values):
    scaled, _ = stored_numbers(values, PER_10000)
    native, nodata = stored_numbers(values, FRACTION)

    np.testing.assert_allclose(scaled * PER_10000.factor, values, atol=0.5001e-4)
    np.testing.assert_array_equal(native, values)
    assert np.isnan(nodata)
