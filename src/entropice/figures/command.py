"""``kedro figures``: the charts and maps of a finished run as files for papers."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from entropice.app.cli_errors import refuse
from entropice.errors import ConfigError, EntropiceError
from entropice.figures.place import beside, require_free
from entropice.runs import open_run

NEEDED: Final = "vl_convert"


@click.command()
@click.argument("run_folder", type=click.Path(path_type=Path))
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Where to write; else RUN_FOLDER_figures.")
def figures(run_folder: Path, folder: Path | None) -> None:
    """Write every chart and map of the run in RUN_FOLDER as SVG and PNG, with captions."""
    try:
        _require_installed()
        run = open_run(run_folder)
        place = folder or beside(run_folder)
        require_free(place)
        from entropice.figures.folder import write_figures

        drawn, missing = write_figures(run, place)
    except EntropiceError as error:
        refuse(error)
    click.echo(f"{len(drawn)} figures are in {place}; captions.md says what they show, and why {len(missing)} are not.")


def _require_installed() -> None:
    if find_spec(NEEDED) is None:
        raise ConfigError(
            "What draws charts without a browser is not installed.",
            got=f"no {NEEDED}",
            expected="Entropice with its extra figures",
            fix="pip install -e '.[figures]'",
        )
