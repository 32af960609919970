"""Every kind of wrong input is refused by one message that names file, field, got, expected and fix."""

from pathlib import Path
from statistics import median

import pytest
from bad_inputs import PARTS, BadInput, groups

KINDS = [pytest.param(bad, id=f"{group}: {bad.kind}") for group, kinds in groups().items() for bad in kinds]
PAGE = (Path(__file__).parents[2] / "docs/wrong-inputs.md").read_text(encoding="utf-8")
MEDIAN_LENGTH = 400


@pytest.mark.parametrize("bad", KINDS)
def test_the_refusal_says_what_is_wrong_where_and_what_to_do(bad: BadInput, tmp_path: Path) -> None:
    refusal = bad.refusal(tmp_path)

    assert {part for part in PARTS if getattr(refusal, part) is None} == set(), str(refusal)
    assert bad.row(refusal, tmp_path) in PAGE


def test_messages_are_short() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| kind ")]

    assert len(rows) == len(KINDS)
    assert median(map(len, rows)) <= MEDIAN_LENGTH
