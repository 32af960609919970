"""The server: a watch over run folders, and uvicorn before it."""

import socket
from pathlib import Path
from typing import Final

import uvicorn

from entropice.serve.app import app_of
from entropice.serve.limits import Limits
from entropice.serve.watch import Watch

LOOPBACK: Final = "127.0.0.1"
_LOOPBACKS: Final = (LOOPBACK, "localhost", "::1")


def serve(root: Path, host: str, port: int, limits: Limits, interval_s: float) -> None:
    """Answer until the process is stopped.

    Parameters
    ----------
    root
        Below it lie the runs.
    host, port
        Where it listens; port 0 takes a free one.
    interval_s
        Between two looks at the folders.
    """
    with Watch(root, limits.n_threads, interval_s) as watch:
        app = app_of(lambda: watch.current, limits, _LOOPBACKS if host in _LOOPBACKS else ())
        config = uvicorn.Config(
            app, host=host, port=port, log_level="warning", access_log=False, server_header=False, proxy_headers=False
        )
        with _listening(host, port) as listener:
            _, bound, *_ = listener.getsockname()
            print(f"http://{host}:{bound}/docs tells what can be asked; stop with Ctrl-C.", flush=True)  # noqa: T201
            uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    listener.set_inheritable(True)
    return listener
