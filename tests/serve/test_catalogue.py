"""Models of the newest run come first, as the first is taken where none is named; a run that is gone is missed."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from entropice.serve.catalogue import Catalogue, Known, looked


def _run(written_ns: int | None, *tasks: str) -> Known:
    stamp = (None if written_ns is None else (written_ns, 1, 1),)
    models: Any = {task: SimpleNamespace() for task in tasks}
    return Known(stamp, "v", None, SimpleNamespace(), models)


def test_models_are_those_of_the_newest_run_first_and_of_one_that_is_gone_last() -> None:
    runs = {"old": _run(1, "a"), "gone": _run(None, "d"), "new": _run(3, "b", "a"), "between": _run(2, "c")}

    assert list(Catalogue(runs).models) == ["new:b", "new:a", "between:c", "old:a", "gone:d"]


def test_a_run_that_is_gone_is_missed_at_one_look_and_forgotten_at_the_next(tmp_path: Path) -> None:
    missed = looked(tmp_path, Catalogue({"gone": _run(1, "a")}), n_threads=1)

    assert [(name, known.is_missed) for name, known in missed.runs.items()] == [("gone", True)]
    assert not looked(tmp_path, missed, n_threads=1).runs
