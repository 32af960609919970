"""Every run has a log of its own."""

import logging
from pathlib import Path

from entropice.app.run_log import N_KEPT, run_log


def test_it_has_what_the_terminal_has_not(tmp_path: Path) -> None:
    kedro = logging.getLogger("kedro.runner")
    with run_log(tmp_path / "logs") as path:
        kedro.warning("of Kedro")
        logging.getLogger("entropice.somewhere").warning("of %s", "ours")
    kedro.warning("after the run")

    assert [line.split(" ", 2)[2] for line in path.read_text().splitlines()] == [
        "WARNING kedro.runner: of Kedro",
        "WARNING entropice.somewhere: of ours",
    ]


def test_a_run_with_nothing_to_say_has_none(tmp_path: Path) -> None:
    with run_log(tmp_path / "logs") as path:
        pass

    assert not path.exists()


def test_the_latest_are_kept(tmp_path: Path) -> None:
    for number in range(N_KEPT + 3):
        (tmp_path / f"2020-01-{number:02}T00-00-00.0.log").touch()
    with run_log(tmp_path) as path:
        logging.getLogger("entropice").warning("now")

    kept = sorted(item.name for item in tmp_path.iterdir())
    assert len(kept) == N_KEPT
    assert kept[0] == "2020-01-04T00-00-00.0.log"
    assert kept[-1] == path.name
