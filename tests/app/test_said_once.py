"""A terminal is told once in a run; the run's log has all."""

import logging
from pathlib import Path

from entropice.app.run_log import run_log
from entropice.app.said_once import SaidOnce, said_once


def record(logger: str, number: int) -> logging.LogRecord:
    return logging.LogRecord(logger, logging.WARNING, "", 0, "%d positives", (number,), None)


def test_a_message_is_let_through_once_for_each_logger_and_wording() -> None:
    once = SaidOnce()
    said = [record("a", 1), record("a", 1), record("a", 2), record("b", 1), record("a", 2)]
    assert [once.filter(each) for each in said] == [True, False, True, True, False]


def test_the_log_of_a_run_has_what_the_terminal_was_not_told_again(tmp_path: Path) -> None:
    shown: list[str] = []
    terminal = logging.Handler()
    terminal.emit = lambda item: shown.append(item.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(terminal)
    try:
        with said_once(), run_log(tmp_path) as path:
            for _ in range(2):
                logging.getLogger("entropice.here").warning("in a run")
        logging.getLogger("entropice.here").warning("in a run")
    finally:
        logging.getLogger().removeHandler(terminal)
    assert shown == ["in a run"] * 2
    assert len(path.read_text().splitlines()) == 2
