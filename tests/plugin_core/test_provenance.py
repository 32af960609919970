from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.provenance import read_provenance

Write = Callable[[dict[str, Any]], Path]


def test_provenance_tells_model_sources_and_command(write_run: Write, manifest_values: dict[str, Any]) -> None:
    manifest_values["inputs"] = [
        {"dataset": "a", "path": "a.tif", "bytes": 1_500_000, "sha256": "0" * 64},
        {"dataset": "b", "path": "b.nc", "bytes": 500_000, "sha256": "0" * 64},
    ]
    manifest_values["map_model"]["chosen"] = {
        "criterion": "log skill in inner folds",
        "score": 0.25,
        "parts": [],
        "beaten": [{"name": "knn", "title": "neighbours", "score": -0.5}],
    }

    told = read_provenance(write_run(manifest_values))

    said = {origin.name: origin.value for origin in told.origins}
    assert said["Source files"] == "2, 2 MB"
    assert said["Chosen by"] == "log skill in inner folds: 0.25"
    assert said["Others"] == "neighbours −0.5"
    assert said["Features"] == "arcticdem"
    assert told.rebuild_command == "kedro run"
    assert told.attributions == ("A survey",)


def test_where_no_model_was_chosen_nothing_is_said_of_it(run_folder: Path) -> None:
    assert "Chosen by" not in {origin.name for origin in read_provenance(run_folder).origins}


def test_a_wrong_value_is_refused_with_its_key(write_run: Write, manifest_values: dict[str, Any]) -> None:
    manifest_values["composition"]["labels"] = 3

    with pytest.raises(RunFolderError, match=r"composition\.labels"):
        read_provenance(write_run(manifest_values))
