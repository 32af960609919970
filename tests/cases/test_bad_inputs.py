"""Every kind of wrong input is refused by one message that names file, field, got, expected and fix."""

from pathlib import Path

import pytest
from bad_inputs import BadInput, groups

from entropice.errors import EntropiceError

KINDS = [pytest.param(bad, id=f"{group}: {bad.kind}") for group, kinds in groups().items() for bad in kinds]


@pytest.mark.parametrize("bad", KINDS)
def test_the_refusal_says_what_is_wrong_where_and_what_to_do(bad: BadInput, tmp_path: Path) -> None:
    with pytest.raises(EntropiceError) as refusal:
        bad.provoke(tmp_path)
    named = {part: getattr(refusal.value, part) for part in ("path", "field", "got", "expected", "fix")}
    assert {part for part, value in named.items() if value is None} == set(), str(refusal.value)
