from pathlib import Path

import numpy as np
import pytest

from entropice.io.checkpoints import Checkpoints, link_or_copy

MADE_WITH = {"parameters": {}, "inputs": {}, "code": {}, "libraries": {}}


def _kept(folder: Path, **parts: int) -> Checkpoints:
    checkpoints = Checkpoints(folder / "network", MADE_WITH)
    with checkpoints.lock():
        for key, value in parts.items():
            checkpoints.keep(key, {"value": np.array(value)})
    return checkpoints


def test_all_parts_but_those_named_are_deleted_with_whatever_a_kill_has_left(tmp_path: Path) -> None:
    checkpoints = _kept(tmp_path, first=1, second=2, third=3)
    torn = next(iter(checkpoints.finished().values())).with_name("partial-7")
    torn.write_bytes(b"torn")

    checkpoints.discard_others({"second"})

    assert list(checkpoints.finished()) == ["second"]
    assert not torn.exists()
    assert np.load(checkpoints.finished()["second"])["value"] == 2


@pytest.mark.parametrize("has_links", [True, False])
def test_a_part_is_gathered_with_and_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    if not has_links:
        monkeypatch.setattr("entropice.io.checkpoints.os.link", unsupported)
    source = tmp_path / "part"
    source.write_bytes(b"abc")

    link_or_copy(source, tmp_path / "gathered")

    assert (tmp_path / "gathered").read_bytes() == b"abc"
    assert (tmp_path / "gathered").samefile(source) is has_links
