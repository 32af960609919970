"""``kedro serve`` and ``entropice serve``: what finished runs know, for other programs."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import click

from entropice.app.cli_errors import refuse
from entropice.errors import ConfigError, InputFileError
from entropice.run_folders import require_folder_of_runs
from entropice.serve.limits import Limits

NEEDED: Final = ("fastapi", "uvicorn", "python_multipart", "jsonschema")
PORT: Final = 8750
_DEFAULTS: Final = Limits()


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="data")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; another lets others in.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option(
    "--max-upload-bytes", type=click.IntRange(1), default=_DEFAULTS.max_upload_bytes, show_default=True,
    help="Of a request's body.",
)  # fmt: skip
@click.option(
    "--max-pixels", type=click.IntRange(1), default=_DEFAULTS.max_pixels, show_default=True, help="Of an image."
)
@click.option(
    "--timeout-s", type=click.FloatRange(0, min_open=True), default=_DEFAULTS.timeout_s, show_default=True,
    help="For a body to arrive, and again for its answer.",
)  # fmt: skip
@click.option(
    "--threads", "n_threads", type=click.IntRange(1), default=_DEFAULTS.n_threads, show_default=True,
    help="That compute answers at the same time.",
)  # fmt: skip
@click.option(
    "--queue-length", type=click.IntRange(0), default=_DEFAULTS.queue_length, show_default=True,
    help="Requests that wait for a thread.",
)  # fmt: skip
@click.option(
    "--max-features", type=click.IntRange(1), default=_DEFAULTS.max_features, show_default=True, help="Of one GeoJSON."
)
@click.option(
    "--max-values", type=click.IntRange(1), default=_DEFAULTS.max_values, show_default=True, help="Of one forecast."
)
@click.option(
    "--interval-s", type=click.FloatRange(0.05), default=2.0, show_default=True,
    help="Between two looks for new runs and models.",
)  # fmt: skip
def serve(folder: Path, host: str, port: int, interval_s: float, **limits: Any) -> None:
    """Answer requests about the runs below FOLDER, to this machine alone; stop with Ctrl-C.

    FOLDER is data unless it is given. A folder that is not there, or a server that is not installed, ends the command
    with one message.
    """
    try:
        _require_installed()
        require_folder_of_runs(folder, "entropice serve")
    except (ConfigError, InputFileError) as error:
        refuse(error)
    from entropice.serve.server import serve as answer_until_stopped

    answer_until_stopped(folder, host, port, Limits(**limits), interval_s)


def _require_installed() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ConfigError(
            "The server is not installed.",
            got=f"no {' and no '.join(missing)}",
            expected="Entropice with its extra serve",
            fix="pip install -e '.[serve]'; with imagery, so that images can be classified: '.[imagery,serve]'",
        )
