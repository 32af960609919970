"""How a run ends that was asked to stop: it says how to go on, and keeps what is finished."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

import click

ADVICE: Final = "Stopped. Finished steps and finished tiles are kept: the same command goes on from here."
ASKED_AGAIN_AFTER_S: Final = 0.02


class Terminated(BaseException):
    """The process was asked to end (SIGTERM), as Slurm does before it kills a job."""


@contextmanager
def stops_with_advice() -> Iterator[None]:
    """On Ctrl-C and on SIGTERM, let everything close in order, then say how to go on; exit status 130 or 143.

    Signals are taken over in the main thread alone, and given back at the end; one that is ignored stays so. Within
    numba's code the exception waits until that has returned.

    Raises
    ------
    SystemExit
        It was asked to stop.
    """
    try:
        with _raised(signal.SIGINT, KeyboardInterrupt), _raised(signal.SIGTERM, Terminated):
            yield
    except KeyboardInterrupt:
        _exit(signal.SIGINT)
    except Terminated:
        _exit(signal.SIGTERM)


@contextmanager
def _raised(number: signal.Signals, exception: type[BaseException]) -> Iterator[None]:
    """A signal becomes an exception; one that is ignored, such as Ctrl-C in the background of a shell, stays so."""
    previous = signal.getsignal(number)
    if threading.current_thread() is not threading.main_thread() or previous == signal.SIG_IGN:
        yield
        return
    signal.signal(number, _raising(exception))
    try:
        yield
    finally:
        signal.signal(number, previous)


def _raising(exception: type[BaseException]) -> Callable[[int, FrameType | None], None]:
    """Raise as soon as no code of numba is on the way out.

    What compiled loops call of Python to make their results is not expected to fail: an exception from there crashes
    the process (https://github.com/numba/numba/issues/2324).
    """

    def handle(number: int, frame: FrameType | None) -> None:
        if not _is_within_numba(frame):
            raise exception
        again = threading.Timer(ASKED_AGAIN_AFTER_S, os.kill, (os.getpid(), number))
        again.daemon = True
        again.start()

    return handle


def _is_within_numba(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("numba."):
            return True
        frame = frame.f_back
    return False


def _exit(number: signal.Signals) -> NoReturn:
    click.echo(f"\n{ADVICE}", err=True)
    raise SystemExit(128 + number)
