from pathlib import Path

import numpy as np

from entropice.io.checkpoints import Checkpoints

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
