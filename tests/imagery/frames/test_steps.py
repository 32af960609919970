"""How far steps are apart, and how that is told."""

import pytest

from entropice.imagery.frames.steps import step_of


@pytest.mark.parametrize(
    ("step", "told"),
    [("P1D", "every day"), ("P7D", "every 7 days"), ("P1M", "every month"), ("P5Y", "every 5 years")],
)
def test_steps_are_told_to_people(step: str, told: str) -> None:
    assert step_of(step).told == told
