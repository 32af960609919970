import hashlib
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entropice.report.manifest import records, to_json
from entropice.report.origin import Origin, seeds
from entropice.sha256 import file_entries

COMPOSITION = {"world": "virtual_arctic", "terrain": "arcticdem"}
INPUTS = [{"dataset": "rts_file", "path": "rts.gpkg", "sha256": "aa"}]
PARAMETERS = {"grid": "h3_4", "random_seed": 0, "labels": {"years": [2021]}}


@pytest.mark.parametrize(
    "change",
    [
        {"parameters": PARAMETERS | {"grid": "h3_5"}},
        {"parameters": PARAMETERS | {"labels": {"years": [2022]}}},
        {"inputs": [INPUTS[0] | {"sha256": "ab"}]},
        {"code": "d"},
        {"composition": COMPOSITION | {"terrain": None}},
        {"settings": {"climate_file": {"type": "ClimateFileDataset", "product": "era5_land"}}},
        {"inputs": [INPUTS[0] | {"dataset": "coverage_file"}]},
    ],
    ids=["parameter", "nested parameter", "input", "code", "composition", "settings", "use of an input"],
)
def test_a_run_is_another_when_its_causes_are(change: dict) -> None:
    assert run_id(**change) != run_id()


def run_id(*, composition: dict = COMPOSITION, parameters: dict = PARAMETERS, code: str = "c", **changes: Any):
    provenance = {"inputs": INPUTS, "settings": {}, "code_sha256": code} | changes
    return Origin(composition, parameters, provenance).run_id


def test_the_order_of_parameters_and_the_place_of_inputs_change_nothing() -> None:
    reordered = dict(reversed(PARAMETERS.items()))
    moved = [INPUTS[0] | {"path": "elsewhere/rts.gpkg"}]
    assert run_id(parameters=reordered, inputs=moved) == run_id()


def test_every_seed_is_listed_by_its_path() -> None:
    nested = {"random_seed": 1, "virtual_arctic": {"seed": 7, "deep": {"noise_seed": 3}}, "seedling": 5}
    assert seeds(nested) == {"random_seed": 1, "virtual_arctic.seed": 7, "virtual_arctic.deep.noise_seed": 3}


@given(st.lists(st.one_of(st.floats(allow_infinity=False), st.none()), min_size=1))
def test_unknown_numbers_become_null(values: list[float | None]) -> None:
    table = pd.DataFrame({"value": pd.Series(values, dtype=float), "n": range(len(values))})
    found = json.loads(json.dumps(records(table), allow_nan=False))
    expected = [None if value is None or math.isnan(value) else value for value in values]
    assert [row["value"] for row in found] == expected
    assert [row["n"] for row in found] == list(range(len(values)))


def test_nan_cannot_reach_the_file() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json({"value": math.nan})


def test_files_are_listed_with_size_and_hash(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"two")
    (tmp_path / "a.txt").write_bytes(b"")
    first, second = file_entries(tmp_path)
    assert first == {"name": "a.txt", "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    assert (second["name"], second["bytes"]) == ("b.txt", 3)
