"""Cells of a run drawn at random, as the sheet that a person fills in and `kedro run --pipelines audit` reads."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .cell_row import cell_name
from .errors import RunFolderError
from .language import phrase, tr
from .manifest import GEOPACKAGE_NAME, Manifest
from .safe_names import REBUILD

COLUMNS = ("map", "cell", "year", "lon_deg", "lat_deg", "p_any", "weight", "observed")
OBSERVED = "observed"
CHANCE = "p_any_rts"
MIN_CELLS = 30
INSTRUCTION = phrase(
    "Write 1 (any slump) or 0 (none) into the column observed of each cell that you can judge, save, then run: "
    "kedro run --pipelines audit --params model=%1,answers=%2"
)


@dataclass(frozen=True)
class Chance:
    """What the map says of a cell: the probability of any slump.

    `p_any` lies in 0..1; the place is the centre of the cell in degrees on WGS 84.
    """

    cell_id: int
    lon_deg: float
    lat_deg: float
    p_any: float


def chance_column(manifest: Manifest, year: int, folder: Path) -> str:
    """The column of the probability of any slump in a year.

    Only layers of ``p_any_rts`` with a column count, whichever model they are of; of several of a year the last in the
    manifest counts; `folder` is named in the error alone.

    Raises
    ------
    RunFolderError
        The run does not show this year.
    """
    found = {layer.year: layer.column for layer in manifest.layers if layer.quantity == CHANCE and layer.column}
    if year not in found:
        raise RunFolderError(
            tr("The map does not show this year."),
            path=folder,
            field="year",
            got=year,
            expected=", ".join(sorted(map(str, found))) or tr("a run with %1", CHANCE),
            fix=tr("Choose another year."),
        )
    return found[year] or ""


def draw_sheet(manifest: Manifest, year: int, chances: Sequence[Chance], n_cells: int, seed: int, folder: Path) -> str:
    """Text of the CSV file: a simple random sample of the cells with a probability, in random order.

    `chances` are all cells with a probability, each once, in any order: the same `seed` and cells give the same sheet.
    n of N cells are drawn without replacement, by Python's ``random.Random(seed).sample`` of the cells ascending by id,
    each with the chance n/N, and have the weight N/n, its inverse. The columns are ``map cell year lon_deg lat_deg
    p_any weight observed``: the run as ``run_<run_id>``, the cell as its grid spells it, degrees and numbers with six
    decimals, and ``observed`` empty, for the person to fill. `n_cells` is at least 30 and at most N.

    Raises
    ------
    RunFolderError
        A probability lies outside 0..1, which is looked at first, or `n_cells` is below 30 or above N.
    """
    wrong = [chance for chance in chances if not 0 <= chance.p_any <= 1]
    if wrong:
        raise RunFolderError(
            tr("A row of the map has a value that cannot be."),
            path=folder / GEOPACKAGE_NAME,
            field=CHANCE,
            got=wrong[0].p_any,
            expected=tr("0 to 1"),
            fix=tr(REBUILD),
        )
    if not MIN_CELLS <= n_cells <= len(chances):
        raise RunFolderError(
            tr("The sample does not fit the map."),
            path=folder,
            field=tr("number of cells"),
            got=n_cells,
            expected=tr("%1 to %2, the cells with a probability", MIN_CELLS, len(chances)),
            fix=tr("Ask for another number of cells."),
        )
    # The order of the table's rows must not decide the draw.
    ordered = sorted(chances, key=lambda chance: chance.cell_id)
    drawn = random.Random(seed).sample(ordered, n_cells)  # noqa: S311  # a sample is no secret
    weight = len(chances) / n_cells
    rows = [_row(manifest, year, chance, weight) for chance in drawn]
    return "".join(",".join(row) + "\n" for row in [COLUMNS, *rows])


def _row(manifest: Manifest, year: int, chance: Chance, weight: float) -> tuple[str, ...]:
    numbers = (chance.lon_deg, chance.lat_deg, chance.p_any, weight)
    cell = cell_name(manifest.grid_name, chance.cell_id)
    return (f"run_{manifest.run_id}", cell, str(year), *(f"{number:.6f}" for number in numbers), "")


def write_sheet(text: str, path: Path) -> None:
    """Write a file that is not there yet.

    It is written as UTF-8 as it stands; folders on the way are made. What fails in the middle of writing leaves a part.

    Raises
    ------
    RunFolderError
        A file stands there, which may hold answers, or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise RunFolderError(
            tr("The sheet cannot be written; nothing was changed."),
            path=path,
            field="sheet",
            got=error.strerror,
            expected=tr("a name that no file has, in a folder that can be written to"),
            fix=tr("Choose another name."),
        ) from error
