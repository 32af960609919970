"""Strengths of the papers' conventions give the same fits after conversion."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.espa import to_plain

FACTORS = {
    "plain": lambda eps_e, eps_cl, n_features, n_classes: (1.0, eps_e, eps_cl),
    "paper": lambda eps_e, eps_cl, n_features, n_classes: (1.0, eps_e / n_features, eps_cl / n_classes),
    "matlab": lambda eps_e, eps_cl, n_features, n_classes: (1 / n_features, eps_e / n_features, eps_cl / n_classes),
}
"""Factors a, b, c of discretisation error, entropy and label term."""


@pytest.mark.parametrize("convention", ["plain", "paper", "matlab"])
@given(
    eps_entropy=st.floats(1e-6, 1e3),
    eps_class=st.floats(1e-6, 1e3),
    n_features=st.integers(1, 600),
    n_classes=st.integers(2, 20),
)
def test_only_the_ratios_to_the_discretisation_error_matter(convention, eps_entropy, eps_class, n_features, n_classes):
    a, b, c = FACTORS[convention](eps_entropy, eps_class, n_features, n_classes)
    converted = to_plain(convention, eps_entropy, eps_class, n_features, n_classes)
    assert math.isclose(converted.eps_entropy, b / a, rel_tol=1e-12)
    assert math.isclose(converted.eps_class, c / a, rel_tol=1e-12)


def test_conversion_of_numbers_worked_by_hand():
    assert to_plain("paper", 0.2, 1.0, n_features=8, n_classes=2) == pytest.approx((0.025, 0.5))
    assert to_plain("matlab", 0.2, 1.0, n_features=8, n_classes=2) == pytest.approx((0.2, 4.0))
    assert to_plain("plain", 0.2, 1.0, n_features=8, n_classes=2) == (0.2, 1.0)


def test_an_unknown_convention_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'plain', 'paper' or 'matlab', got 'julia'"):
        to_plain("julia", 0.1, 0.1, n_features=3, n_classes=2)
