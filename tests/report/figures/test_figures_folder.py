"""What cannot be written is told by its file, or by the folder asked for where the system names none."""

from pathlib import Path
from typing import Any

import pytest

from entropice.errors import InputFileError
from entropice.figures import folder as module


@pytest.mark.parametrize("named", [None, "roc.svg"])
def test_the_file_that_the_system_names_is_told_or_else_the_folder(
    named: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(run: Any, place: Path) -> Any:
        raise OSError(28, "No space left on device", *([] if named is None else [str(place / named)]))

    monkeypatch.setattr(module, "_write", full)
    run: Any = None

    with pytest.raises(InputFileError) as caught:
        module.write_figures(run, tmp_path / "figures")

    path = Path(str(caught.value.path))
    assert path == tmp_path / "figures" if named is None else path.name == named
    assert caught.value.got == "No space left on device"
