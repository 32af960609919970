"""The folder of figures of a run."""

from itertools import chain
from pathlib import Path
from typing import Final

from entropice.errors import InputFileError
from entropice.figures.captions import captions
from entropice.figures.charts import chart_figures
from entropice.figures.figure import Figure, Missing
from entropice.figures.maps import map_figures
from entropice.io.atomic import atomic_folder
from entropice.runs import Run

CAPTIONS: Final = "captions.md"


def write_figures(run: Run, folder: Path) -> tuple[list[Figure], list[Missing]]:
    """Write every chart and map of a run and their captions, whole or not at all; the same run gives the same bytes.

    ``<key>.svg`` and ``<key>.png`` of each figure, and ``captions.md``, in a temporary folder beside it that takes its
    place when all are there. Folders above are made. What is there already is not looked at, and replaced:
    `place.require_free` asks before.

    Parameters
    ----------
    folder
        Does not exist, or is empty.

    Returns
    -------
    list of Figure, list of Missing
        What was drawn and what could not be, charts first, in their order.

    Raises
    ------
    InputFileError
        The run is damaged, or nothing can be written there.
    """
    try:
        with atomic_folder(folder) as place:
            return _write(run, place)
    except OSError as error:
        raise InputFileError(
            "The figures cannot be written.",
            path=error.filename or folder,
            got=error.strerror or str(error),
            expected="a folder that can be written, on a disk with space",
            fix="name another one: --to FOLDER",
        ) from error


def _write(run: Run, place: Path) -> tuple[list[Figure], list[Missing]]:
    figures: list[Figure] = []
    missing: list[Missing] = []
    for one in chain(chart_figures(run), map_figures(run)):
        if isinstance(one, Missing):
            missing.append(one)
        else:
            (place / f"{one.key}.svg").write_bytes(one.svg)
            (place / f"{one.key}.png").write_bytes(one.png)
            figures.append(one)
    (place / CAPTIONS).write_text(captions(run.manifest, figures, missing), encoding="utf-8")
    return figures, missing
