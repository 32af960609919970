"""The tutorials, followed word for word in a fresh copy of the project: what they tell to do works, in their order."""

import re
import shutil
from pathlib import Path

import pytest
from documented import PROJECT, blocks, listed_files
from readers import Reader

pytestmark = pytest.mark.slow
LATER = (
    "dashboard.md", "serving.md", "imagery.md", "sea-ice.md", "human-modification.md", "glacial-lakes.md",
    "years-to-come.md",
)  # fmt: skip
"""Tutorials that begin where the first one ends."""
PICTURE = PROJECT / "docs/images/dashboard_map.png"
"""A picture of the reader's own."""


@pytest.fixture(scope="module")
def reader(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """One who has gone from clone to map."""
    reader = Reader(PROJECT, tmp_path_factory.mktemp("reader"), {"FOLDER": shared_data})
    reader.follow(PROJECT / "docs/tutorial.md")
    return reader


def test_ten_minutes_from_clone_to_map(reader: Reader) -> None:
    listing = next(each for each in blocks(PROJECT / "docs/tutorial.md") if "manifest.json" in each.text)
    run = reader.folder / listing.text.splitlines()[0]

    assert all(list(run.glob(name)) for name in listed_files(listing))
    assert "data/slump_imagery/h3_4/demo/08_reporting/run/report.html" in re.sub(
        r"\s", "", reader.printed + reader.told
    )


@pytest.mark.parametrize("name", LATER)
def test_another_tutorial_goes_on_from_there(reader: Reader, name: str) -> None:
    shutil.copy(PICTURE, reader.folder / "picture.png")
    again = Reader(reader.source, reader.folder, {"FOLDER": reader.folder / "data"})

    again.follow(PROJECT / "docs" / name)
