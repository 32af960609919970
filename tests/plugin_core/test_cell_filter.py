from pathlib import Path

import pytest

from qgis_plugin.entropice.core.cell_filter import passes, read_conditions
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.manifest import read_manifest


def holds(text: str, folder: Path, **row: object) -> bool:
    conditions = read_conditions(text, read_manifest(folder), 2022, folder)
    return passes(conditions, {condition.layer.column: None for condition in conditions} | row)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("p_any_rts >= 0.8", 0.8, True),
        ("p_any_rts >= 0.8", 0.79, False),
        ("p_any_rts ≥ 80 %", 0.8, True),
        ("p_any_rts>80%", 0.8, False),
        ("p_any_rts < .5", 0.4, True),
        ("p_any_rts ≤ 5e-1", 0.5, True),
        ("p_any_rts = 0", 0, True),
        ("p_any_rts != 0", 0, False),
        ("p_any_rts_2022 >= 0.8", 0.9, True),
        ("p_any_rts is known", 0.0, True),
        ("p_any_rts IS UNKNOWN", 0.0, False),
    ],
)
def test_numbers(run_folder: Path, text: str, value: float, expected: bool):
    assert holds(text, run_folder, p_any_rts_2022=value) is expected


@pytest.mark.parametrize(
    "text",
    [
        *(f"p_any_rts {operator} 0" for operator in ("=", "!=", "<", "<=", ">", ">=", "≠", "≤", "≥")),
        *(f"state {operator} unobserved" for operator in ("=", "!=", "≠")),
    ],
)
def test_what_is_unknown_satisfies_no_comparison(run_folder: Path, text: str):
    assert not holds(text, run_folder)


def test_only_unknown_is_unknown(run_folder: Path):
    assert holds("p_any_rts is unknown", run_folder)
    assert not holds("p_any_rts is known", run_folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("state = unobserved", True),
        ("state = 'unobserved'", True),
        ("state != unobserved", False),
        ("state ≠ observed_with", True),
        ("driver_1 = anything", False),
    ],
)
def test_texts(run_folder: Path, text: str, expected: bool):
    assert holds(text, run_folder, state_2022="unobserved", driver_1_2022="elevation_mean_m") is expected


def test_all_conditions_hold_together_and_each_in_its_year(run_folder: Path):
    text = "p_any_rts >= 0.5 AND p_any_rts_2021 < 0.5 and state = unobserved"
    row = {"p_any_rts_2022": 0.6, "p_any_rts_2021": 0.4, "state_2022": "unobserved"}
    assert holds(text, run_folder, **row)
    for column, value in (("p_any_rts_2022", 0.4), ("p_any_rts_2021", 0.6), ("state_2022", "observed_with")):
        assert not holds(text, run_folder, **(row | {column: value}))


@pytest.mark.parametrize(
    ("text", "field", "got"),
    [
        ("", "condition", ""),
        ("p_any_rts", "condition", "p_any_rts"),
        ("p_any_rts >= 0.5 OR state = unobserved", "p_any_rts", "0.5 OR state = unobserved"),
        ("1 = 1", "quantity", "1"),
        ("p_any_rts >= 0.5 AND doubt <= 1", "quantity", "doubt"),
        ("p_any_rts_2019 > 0", "quantity", "p_any_rts_2019"),
        ("p_any_rts > high", "p_any_rts", "high"),
        ("state = seen", "state", "seen"),
        ("state > unobserved", "state", ">"),
        ("p_any_rts >= 0.5; DROP TABLE cells", "p_any_rts", "0.5; DROP TABLE cells"),
    ],
)
def test_what_is_no_condition_of_this_run_is_refused(run_folder: Path, text: str, field: str, got: str):
    with pytest.raises(RunFolderError) as raised:
        holds(text, run_folder)
    assert (raised.value.field, raised.value.got) == (field, got)
    assert raised.value.expected
    assert raised.value.fix


def test_a_year_that_the_run_does_not_have_is_refused(run_folder: Path):
    with pytest.raises(RunFolderError) as raised:
        read_conditions("p_any_rts > 0", read_manifest(run_folder), 1999, run_folder)
    assert (raised.value.field, raised.value.got) == ("year", "1999")
