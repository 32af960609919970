"""Answers are plain values of what is known."""

from types import SimpleNamespace
from typing import Any

from entropice.errors import InputFileError
from entropice.serve.boxes import Box
from entropice.serve.telling import error_of, week_document


def test_no_error_is_none_and_an_error_keeps_the_path_to_itself() -> None:
    told = error_of(InputFileError("It is damaged.", path="/srv/run/a.tif", got=3, fix="copy it again"))

    assert error_of(None) is None
    assert told == {"what": "It is damaged.", "field": None, "got": "3", "expected": None, "fix": "copy it again"}


def test_a_week_is_called_as_its_first_day() -> None:
    def day(name: str, unit: str) -> Any:
        return SimpleNamespace(title=name, unit=unit, begins=None, ends=None, description=f"{name}.", pixel_m=1.0)

    forecast: Any = SimpleNamespace(
        within=lambda box: None, days=(day("Ice", "%"), day("Ice of the last day", "")), task="motion", band="ice"
    )
    run: Any = SimpleNamespace(manifest={"run_id": "r", "notice": "n", "crs": "EPSG:3413"})

    week = week_document("run", run, forecast, Box(0.0, 80.0, 1.0, 81.0), max_values=0)

    assert (week["title"], week["unit"], week["grid"]) == ("Ice", "%", None)
    assert [each["description"] for each in week["days"]] == ["Ice.", "Ice of the last day."]
