from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import InputFileError
from entropice.sources.ice.shares import Coding, shares_of

INDEX = Coding(0.001, 0.0, {2510: "pole hole", 2530: "coast", 2540: "land", 2550: "missing"})
FILE = Path("S_20190501_concentration_v3.0.tif")


@given(st.lists(st.integers(0, 1000) | st.sampled_from(list(INDEX.flags)), min_size=1))
def test_a_flag_is_never_ice_and_a_share_is_never_lost(numbers: list[int]) -> None:
    stored = np.array(numbers, dtype=np.uint16)

    shares = shares_of(stored, INDEX, FILE)

    assert np.array_equal(np.isnan(shares), stored > 1000)
    assert np.allclose(shares[stored <= 1000] * 1000, stored[stored <= 1000], atol=1e-3)


def test_shares_by_hand() -> None:
    shares = shares_of(np.array([[0, 153], [1000, 2540]], dtype=np.uint16), INDEX, FILE)

    assert shares.dtype == np.float32
    assert np.array_equal(shares, np.array([[0, 0.153], [1, np.nan]], dtype=np.float32), equal_nan=True)


def test_an_undeclared_flag_is_refused_with_its_number() -> None:
    with pytest.raises(InputFileError, match="neither a share") as caught:
        shares_of(np.array([10, 2520]), INDEX, FILE)

    assert (caught.value.path, caught.value.got) == (str(FILE), "2520")
    assert "2540 land" in caught.value.expected


def test_percent_taken_for_shares_is_refused() -> None:
    with pytest.raises(InputFileError, match="neither a share"):
        shares_of(np.array([0.0, 57.0, 100.0]), Coding(1.0, 0.0, {}), FILE)
