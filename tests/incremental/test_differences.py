import pytest

from entropice.incremental.differences import SECTIONS, differences

FINGERPRINT = {
    "step": "package.nodes.work(cells) -> labels",
    "parameters": {"params:modelling": {"espa": {"n_boxes": [1, 2]}, "seed": 1}},
    "files": {},
    "inputs": {"cells": "a"},
    "datasets": {"cells": {"type": "TableDataset"}},
    "code": {"package.nodes": "b"},
    "libraries": {"numpy": "2"},
}


@pytest.mark.parametrize(
    ("section", "now", "phrase"),
    [
        ("parameters", {"params:modelling": {"espa": {"n_boxes": [1]}, "seed": 1}}, "parameter modelling.espa.n_boxes"),
        ("parameters", {"params:modelling": {"espa": {"n_boxes": [1, 2]}}}, "parameter modelling.seed"),
        ("files", {"params:grids.region.file": "c"}, "file named by parameter grids.region.file"),
        ("inputs", {"cells": "z"}, "input cells"),
        ("inputs", {"cells": "a", "land": "l"}, "input land"),
        ("datasets", {"cells": {"type": "TableDataset", "layer": "x"}}, "settings of dataset cells.layer"),
        ("code", {"package.nodes": "b", "package.more": "c"}, "code of package.more"),
        ("libraries", {"numpy": "3"}, "version of numpy"),
        ("step", "package.nodes.play(cells) -> labels", "wiring of the step"),
    ],
)  # fmt: skip
def test_a_difference_is_called_by_its_name(section: str, now: object, phrase: str) -> None:
    assert differences(FINGERPRINT, {**FINGERPRINT, section: now}) == [phrase]


def test_nothing_differs_from_itself() -> None:
    assert differences(FINGERPRINT, FINGERPRINT) == []


@pytest.mark.parametrize("section", ["inputs", "code"])
def test_what_is_unknown_differs_even_from_itself(section: str) -> None:
    unknown = {**FINGERPRINT, section: {"x": None}}

    assert differences(unknown, unknown) != []


@pytest.mark.parametrize("section", SECTIONS)
def test_a_record_that_does_not_say_all_differs(section: str) -> None:
    recorded = {name: value for name, value in FINGERPRINT.items() if name != section}

    assert differences(recorded, FINGERPRINT) == ["something that its record does not say"]
