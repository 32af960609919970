"""How a run ends that was asked to stop: it says how to go on, and keeps what is finished."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

import click

ADVICE: Final = "Stopped. Finished steps and finished tiles are kept: the same command goes on from here."


class Terminated(BaseException):
    """The process was asked to end (SIGTERM), as Slurm does before it kills a job."""


@contextmanager
def stops_with_advice() -> Iterator[None]:
    """On Ctrl-C and on SIGTERM, let everything close in order, then say how to go on; exit status 130 or 143."""
    try:
        with _terminated_by_signal():
            yield
    except KeyboardInterrupt:
        _exit(signal.SIGINT)
    except Terminated:
        _exit(signal.SIGTERM)


@contextmanager
def _terminated_by_signal() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _exit(number: signal.Signals) -> NoReturn:
    click.echo(f"\n{ADVICE}", err=True)
    raise SystemExit(128 + number)
