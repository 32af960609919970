"""What is said of one cell, by hand."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from entropice.dashboard.views import cell_card
from entropice.dashboard.views.cell_card import drivers_of_cell, show_cell, spelt_value

CALIBRATION = pd.DataFrame(
    {
        "region": ["east", "west"],
        "n_cell_years": [10, 1234],
        "mean_p_any": [0.9, 0.25],
        "frequency": [0.8, 0.2],
        "bias": [0.1, 0.05],
        "low_95": [-0.3, -0.03],
        "high_95": [0.4, 0.13],
    }
)


def quantity(name: str, **changes: Any) -> SimpleNamespace:
    return SimpleNamespace(
        **{"name": name, "title": name, "labels": {}, "is_number": True, "factor": 1.0, "shown_unit": ""} | changes
    )


def run_of(cell: dict[str, Any], calibration: pd.DataFrame, values: dict[str, float] | None = None) -> SimpleNamespace:
    """A run of one cell, number 7, in the west."""
    labels = {"slope": "Slope of the ground", "warmth": "Warmth"}
    names = ("p_any_rts", "p_any_low", "not_applicable_because", "driver_1", "driver_2", "driver_3")
    return SimpleNamespace(
        cell=lambda cell_id, year: cell,
        quantities=lambda year: {name: quantity(name, labels=labels) for name in names},
        table={"regional_calibration": calibration}.__getitem__,
        regions=pd.Series(["west"], index=[7]),
        run=SimpleNamespace(
            facts=SimpleNamespace(table_titles={} if values is None else {"feature_values": "Values"}),
            features_of_cell=lambda cell_id, year: pd.Series(values),
            manifest={"features": [{"name": "slope", "unit": "1"}, {"name": "warmth", "unit": "K"}]},
        ),
    )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that are shown, without what keeps Markdown off."""
    texts: list[str] = []

    def tell(text: str) -> None:
        texts.append(text.replace("\\", ""))

    shown = SimpleNamespace(markdown=tell, caption=tell, columns=lambda n: [nullcontext()] * n)
    monkeypatch.setattr(cell_card, "st", shown)
    return texts


def test_how_far_forecasts_were_off_is_of_the_region_of_the_cell(told: list[str]) -> None:
    show_cell(run_of({}, CALIBRATION), 7, 2021)

    assert told[-1] == (
        "At longitudes west, 1,234 forecasts out of fold said 25% on average and slumps were in 20% (bias +0.050, "
        "95 % interval -0.030 to +0.130)."
    )


@pytest.mark.parametrize("table", [CALIBRATION.iloc[:1], CALIBRATION.iloc[:0], pd.DataFrame()])
def test_where_nothing_was_tested_that_is_said(table: pd.DataFrame, told: list[str]) -> None:
    show_cell(run_of({}, table), 7, 2021)

    assert told[-1] == "Nothing was tested at longitudes west: how far forecasts are off there is unknown."


def test_a_cell_that_is_applicable_has_no_reason_why_not_and_an_unknown_value_is_told(told: list[str]) -> None:
    show_cell(run_of({"p_any_low": np.nan, "not_applicable_because": None, "p_any_rts": 0.5}, CALIBRATION), 7, 2021)
    assert "- p_any_rts: **0.500**" in told
    assert "- p_any_low: **unknown**" in told
    assert "The map's model explains nothing of this cell." in told
    told.clear()

    show_cell(
        run_of({"not_applicable_because": 3.0, "driver_1": "slope", "driver_1_share": -0.25}, CALIBRATION), 7, 2021
    )
    assert "- not_applicable_because: **3.00**" in told
    assert "- Slope of the ground: -25%" in told
    assert "Signed shares: negative speaks against slumps." in told


def test_drivers_by_rank_with_values_and_signed_shares() -> None:
    """The third has no name that the run tells, and no value."""
    cell = {
        **{"driver_1": "warmth", "driver_1_share": 0.5, "driver_2": "slope", "driver_2_share": -0.125},
        **{"driver_3": "other", "driver_3_share": 0.04, "driver_4": "slope", "driver_4_share": 0.01},
    }
    values = {"warmth": 271.25, "slope": 0.5, "other": np.nan}

    assert drivers_of_cell(run_of(cell, CALIBRATION, values), 7, 2021) == [
        *("Warmth, 271 K: +50%", "Slope of the ground, 0.500: -12%", "other: +4%")
    ]
    assert drivers_of_cell(run_of(cell, CALIBRATION), 7, 2021)[0] == "Warmth: +50%"
    assert drivers_of_cell(run_of({"driver_1": None, "driver_2": np.nan}, CALIBRATION, values), 7, 2021) == []


def test_a_value_is_spelt_with_its_unit() -> None:
    share = quantity("share", factor=100.0, shown_unit="%")
    kind = quantity("kind", is_number=False, labels={"inside": "inside of it"})

    assert (spelt_value(share, 0.125), spelt_value(share, None)) == ("12.5 %", "unknown")
    assert (spelt_value(kind, "inside"), spelt_value(kind, "other"), spelt_value(kind, np.nan)) == (
        *("inside of it", "other", "unknown"),
    )
