import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from band_images import BANDS, random_image

from entropice.errors import InputFileError, SchemaError
from entropice.imagery.statistics import image_statistics
from entropice.imagery.statistics_document import from_document, to_document

PATH = Path("normalization_stats.json")
STATISTICS = image_statistics(random_image(0))
DOCUMENT = to_document(STATISTICS, "slumps-v2", date(2025, 3, 4))


def test_reading_what_was_written_gives_the_same_numbers() -> None:
    document = json.loads(json.dumps(DOCUMENT, allow_nan=False))

    read = from_document(document, PATH, "slumps-v2", BANDS)

    assert (read.bands, read.n_tiles) == (STATISTICS.bands, STATISTICS.n_tiles)
    for name in ("n_pixels", "mean", "std"):
        assert getattr(read, name).tolist() == getattr(STATISTICS, name).tolist()


def test_rgb_is_red_green_blue_and_the_others_follow_in_the_order_of_bands() -> None:
    blue, green, red, nir, elevation = STATISTICS.mean.tolist()

    assert DOCUMENT["dataset_version"] == "slumps-v2"
    assert DOCUMENT["computed_date"] == "2025-03-04"
    assert DOCUMENT["n_tiles_used"] == 1
    assert DOCUMENT["bands"] == list(BANDS)
    assert DOCUMENT["rgb"]["mean"] == [red, green, blue]
    assert DOCUMENT["extra"]["mean"] == [nir, elevation]


@pytest.mark.parametrize("bands", [("red", "green", "blue"), ("elevation", "nir"), ("nir", "blue")])
def test_bands_without_extra_or_without_colour_are_kept(bands: tuple[str, ...]) -> None:
    statistics = image_statistics(random_image(1, bands=bands))

    read = from_document(to_document(statistics, "v", date(2025, 1, 1)), PATH, "v", bands)

    assert read.mean.tolist() == statistics.mean.tolist()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"layout_version": 2}, "layout_version"),
        ({"dataset_version": "slumps-v1"}, "dataset_version"),
        ({"bands": ["red", "green", "blue", "nir", "elevation"]}, "bands"),
        ({"n_pixels_used": [1, 2]}, "lengths"),
        ({"rgb": {"mean": [0.1, 0.1], "std": [0.1, 0.1, 0.1]}}, "lengths"),
        ({"extra": {"mean": [0.1, float("nan")], "std": [0.1, 0.1]}}, r"extra\.mean\.1"),
        ({"extra": {"mean": [0.1, 0.1]}}, r"extra\.std"),
        ({"computed_date": "yesterday"}, "computed_date"),
        ({"more": 1}, "more"),
        ({"n_tiles_used": 0}, "n_tiles_used"),
    ],
)
def test_documents_that_do_not_fit_are_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InputFileError, match=f"field: {field}"):
        from_document(deepcopy(DOCUMENT) | changes, PATH, "slumps-v2", BANDS)


def test_a_standard_deviation_of_nothing_is_refused() -> None:
    changed = DOCUMENT | {"extra": {"mean": [0.1, 0.1], "std": [0.1, 0.0]}}

    with pytest.raises(SchemaError, match=r"file: normalization_stats.json(.|\n)*elevation"):
        from_document(changed, PATH, "slumps-v2", BANDS)


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(InputFileError, match="layout"):
        from_document([1, 2], PATH, "slumps-v2", BANDS)
