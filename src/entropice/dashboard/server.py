"""The server of the dashboard: on this machine alone, and telling nobody."""

from pathlib import Path
from typing import Any, Final

from streamlit.web import bootstrap

LOOPBACK: Final = "127.0.0.1"
APP: Final = Path(__file__).with_name("app.py")
"""Run by Streamlit, never imported here: in this thread there is no session yet."""


def options(port: int, opens_browser: bool) -> dict[str, Any]:
    """Streamlit's options: loopback only, no statistics, no watching of files, no links to the outside.

    By their dotted names: ``server.address server.port server.headless server.fileWatcherType browser.gatherUsageStats
    client.toolbarMode client.showErrorDetails global.developmentMode runner.magicEnabled theme.base``.

    Examples
    --------
    >>> options(8501, opens_browser=False)["server.headless"]
    True
    """
    return {
        "server.address": LOOPBACK,
        "server.port": port,
        "server.headless": not opens_browser,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "global.developmentMode": False,
        "runner.magicEnabled": False,
        "theme.base": "light",
    }


def serve(root: Path, port: int, opens_browser: bool) -> None:
    """Show the runs below a folder until the process is stopped.

    It listens on 127.0.0.1 alone, at `port`, and does not return before that.
    """
    flags = {name.replace(".", "_"): value for name, value in options(port, opens_browser).items()}
    bootstrap.load_config_options(flag_options=flags)
    bootstrap.run(str(APP), is_hello=False, args=[str(root)], flag_options=flags)
