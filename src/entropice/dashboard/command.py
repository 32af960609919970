"""``kedro dashboard``: look at finished runs in a browser."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from entropice.app.cli_errors import refuse
from entropice.errors import ConfigError, InputFileError
from entropice.run_folders import require_folder_of_runs

NEEDED: Final = ("streamlit", "pydeck")
PORT: Final = 8501


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="data")
@click.option("--port", type=click.IntRange(1024, 65535), default=PORT, show_default=True)
@click.option("--browser/--no-browser", "opens_browser", default=True, help="Whether to open a browser.")
def dashboard(folder: Path, port: int, opens_browser: bool) -> None:
    """Show the runs below FOLDER in a browser, on this machine alone; stop with Ctrl-C.

    FOLDER is data unless it is given. A folder that is not there, or a dashboard that is not installed, ends the
    command with one message.
    """
    try:
        _require_installed()
        require_folder_of_runs(folder, "kedro dashboard")
    except (ConfigError, InputFileError) as error:
        refuse(error)
    from entropice.dashboard.server import serve

    serve(folder, port, opens_browser)


def _require_installed() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ConfigError(
            "The dashboard is not installed.",
            got=f"no {' and no '.join(missing)}",
            expected="Entropice with its extra dashboard",
            fix="make dashboard; or pip install -e '.[dashboard]'",
        )
