"""The server: a watch over run folders, and uvicorn before it."""

import signal
import socket
import sys
from pathlib import Path
from typing import Final, NoReturn

import uvicorn

from entropice.serve.app import app_of
from entropice.serve.limits import Limits
from entropice.serve.watch import Watch

LOOPBACK: Final = "127.0.0.1"
_BACKLOG: Final = 2048
_LOOPBACKS: Final = (LOOPBACK, "localhost", "::1")


def serve(root: Path, host: str, port: int, limits: Limits, interval_s: float) -> None:
    """Answer until the process is stopped.

    It prints its address, and ends with Ctrl-C or SIGTERM, copies of runs being removed.

    Parameters
    ----------
    root
        Below it lie the runs.
    host, port
        Where it listens; port 0 takes a free one.
    interval_s
        Between two looks at the folders.

    Raises
    ------
    OSError
        The host or port cannot be listened to.
    """
    signal.signal(signal.SIGTERM, _end)
    with Watch(root, limits.n_threads, interval_s) as watch, listening(host, port) as listener:
        print(f"{address_of(listener)}/docs tells what can be asked; stop with Ctrl-C.", flush=True)  # noqa: T201
        server_of(watch, limits, host).run(sockets=[listener])


def _end(number: int, _: object) -> NoReturn:
    """End as an exception does, so that copies of runs are removed; uvicorn hands the signal on once it has stopped."""
    sys.exit(128 + number)


def server_of(watch: Watch, limits: Limits, host: str = LOOPBACK) -> uvicorn.Server:
    """What answers from what is watched; it has not begun.

    On a loopback address only requests to ``127.0.0.1``, ``localhost`` and ``::1`` are answered, on any other all.
    Requests are not logged.
    """
    app = app_of(lambda: watch.current, limits, _LOOPBACKS if host in _LOOPBACKS else ())
    config = uvicorn.Config(
        app, host=host, log_level="warning", access_log=False, server_header=False, proxy_headers=False
    )
    return uvicorn.Server(config)


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections; they wait until somebody answers.

    A host with a colon is of IPv6; up to 2048 connections wait.

    Raises
    ------
    OSError
        The host or port cannot be listened to.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def address_of(listener: socket.socket) -> str:
    """How to reach it: ``http://<host>:<port>``, an IPv6 host in brackets, with the port that it has taken."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
