"""Time and memory of steps on any number of cells: ``python -m benchmarks.large_steps SMALL FOLDER [--steps ...]``.

SMALL is the folder of a grid that a run has filled, such as ``data/virtual_arctic/h3_4``. Every cell of a finer grid
takes over labels, features, predictions and drivers of one of its cells, as in `benchmarks.large_run`, each year those
of one of its years, each feature with a thousandth of noise, so that files do not shrink to what is repeated. What is
fitted, tested or to be surveyed stays as it is, with one heir a cell. With ``--groups`` there are tiles of moments too,
each of which holds neighbouring heirs, some of them with the next tile. FOLDER is made for all that, and holds what
steps write.

Each step is the one of the pipelines, between reading and writing by the catalog, in a process of its own. Memory is
the proportional set size of this process and its children together, by the kernel's books every 50 ms. A step whose
output would take the place of something small (`UNSAVED`) writes nothing.
"""

import argparse
import shutil
import subprocess  # nosec B404
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from kedro.framework.project import pipelines
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project

from benchmarks.large_moments import CELL_AXES, known_moments, write_tiles
from benchmarks.large_run import Heirs, enlarged_cells, heirs_of, provenance_in, read_dataset, read_json
from benchmarks.measuring import circumstances, markdown_table
from entropice.dggs import parse_grid
from entropice.io.atomic import atomic_folder
from entropice.io.checksums import write_record
from entropice.types import DataArray, DataFrame, Dataset

LAST_YEAR: Final = 2023
NOISE: Final = 1e-3
FIRST_HEIRS: Final = ("folds", "out_of_fold", "training_table", "survey", "bayes_limit")
EVERY_HEIR: Final = ("labels", "predictions", "cell_drivers")
UNSAVED: Final = frozenset({"build_training_table", "score", "check_leaks"})
STEPS: Final = (
    *("derive_climate", "derive_terrain", "derive_embeddings"),
    *("assemble_features", "build_training_table", "score", "check_leaks", "explain", "describe_model", "predict"),
    *("plan_survey", "assemble_run"),
)
MAKES: Final = "make"
MANIFEST: Final = "manifest_of_small.json"
"""Beside the datasets: where the small run came from, which the enlarged one does not know."""

PART: Final = ".part"
MEBIBYTE: Final = 2**20


@dataclass(frozen=True)
class Place:
    """Where the enlarged run lies, and for which years."""

    folder: Path
    grid: str
    n_years: int

    @property
    def years(self) -> list[int]:
        """Label years, ascending."""
        return list(range(LAST_YEAR - self.n_years + 1, LAST_YEAR + 1))

    @property
    def work_root(self) -> Path:
        """Where its data lie."""
        return self.folder / "data/virtual_arctic"

    @property
    def grid_root(self) -> Path:
        """Where the datasets of its grid lie."""
        return self.work_root / self.grid

    def link(self) -> None:
        """Make the folder a project of Kedro, for all paths are below that of the project."""
        (self.folder / "src").mkdir(parents=True)
        for name in ("pyproject.toml", "conf"):
            (self.folder / name).symlink_to(Path(__file__).parents[1] / name)

    def open(self, ceiling_gib: float) -> Any:
        """Kedro's context of the base environment with its paths and years."""
        bootstrap_project(self.folder)
        asked = {
            "grid": self.grid,
            "modelling": {"prediction_years": self.years},
            "features": {"years": self.years},
            "tiles": {"memory_ceiling_gib": ceiling_gib},
        }
        return KedroSession.create(self.folder, env="base", runtime_params=asked).load_context()


def make(small: Path, place: Place, min_lat_deg: float, with_moments: bool) -> None:
    """Fill the folder of an enlarged run."""
    cells = read_dataset(small, "cells")
    heirs = heirs_of(len(cells), parse_grid(place.grid), min_lat_deg)
    large = {f"{name}.zarr" for name in ("features", "climate_features", "terrain_features", "embedding_features")}
    left_out = [*large, *(f"{name}.sha256" for name in large), "run", "report.html", "*_moments"]
    place.link()
    shutil.copytree(small, place.grid_root, ignore=shutil.ignore_patterns(*left_out))
    shutil.copy(small / "08_reporting/run/manifest.json", place.grid_root / MANIFEST)
    (place.work_root / "01_raw").symlink_to((small.parent / "01_raw").absolute())
    catalog = place.open(8.0).catalog
    catalog["cells"].save(enlarged_cells(cells, heirs))
    for name in EVERY_HEIR:
        catalog[name].save(of_years(heirs.every(read_dataset(small, name), cells), place.years))
    for name in FIRST_HEIRS:
        catalog[name].save(heirs.first(read_dataset(small, name), cells))
    write_cube(read_dataset(small, "features"), cells, heirs, place.years, catalog["features"])
    for name, axes in CELL_AXES.items() if with_moments else ():
        known = known_moments(next(small.glob(f"0*/{name}")), axes)
        write_tiles(known.tiles(heirs, place.years), catalog[name])
    if with_moments:
        earlier = place.n_years - read_dataset(small, "features").sizes["year"]
        catalog["climate"].save(with_earlier_years(read_dataset(small, "climate").load(), earlier))


def with_earlier_years(climate: Dataset, n_years: int) -> Dataset:
    """Months with as many years before the first one, which are as those that follow: normals look back as far."""
    before = climate.isel(time=slice(0, 12 * max(n_years, 0)))
    time = pd.DatetimeIndex(before["time"].to_numpy()) - pd.DateOffset(years=n_years)
    return xr.concat([before.assign_coords(time=("time", time, climate["time"].attrs)), climate], "time")


def of_years(rows: DataFrame, years: Sequence[int]) -> DataFrame:
    """Rows of each cell, those of its years in turn."""
    known = np.sort(rows["year"].unique())
    parts = [rows[rows["year"] == known[number % len(known)]].assign(year=year) for number, year in enumerate(years)]
    return pd.concat(parts).sort_values(["cell_id", "year"], kind="stable", ignore_index=True)


def write_cube(small: Dataset, cells: DataFrame, heirs: Heirs, years: Sequence[int], dataset: Any) -> None:
    """Write the cube of all heirs, one feature in memory at a time."""
    rows = pd.Index(small["cell_ids"].to_numpy()).get_indexer(cells["cell_id"].to_numpy()[heirs.places])
    places_of_years = np.arange(len(years)) % small.sizes["year"]
    coordinates = {
        "cell_ids": ("cell", heirs.cell_ids, dict(heirs.grid.metadata)),
        "year": ("year", np.asarray(years), small["year"].attrs),
    }
    with atomic_folder(dataset.path) as temporary:
        for number, name in enumerate(sorted(map(str, small.data_vars))):
            values = small[name].load().isel(cell=rows)
            values = values.isel(year=places_of_years) if "year" in values.dims else values
            noisy = with_noise(values, number)
            alone = xr.Dataset({name: (noisy.dims, noisy.to_numpy(), noisy.attrs)}, coordinates)
            dataset.write(alone, temporary / PART)
            join(temporary / PART, temporary)
        write_record(dataset.path, temporary, dataset.fingerprint)


def join(part: Path, whole: Path) -> None:
    """Move the arrays of a Zarr group of one feature into that of all; coordinates and document are those of any."""
    for entry in part.iterdir():
        if not (whole / entry.name).exists():
            entry.rename(whole / entry.name)
    shutil.rmtree(part)


def with_noise(values: DataArray, number: int) -> DataArray:
    """Values that differ from heir to heir by a thousandth."""
    noise = np.random.default_rng([0, number]).standard_normal(values.shape)
    return values.copy(data=values.to_numpy() * (1 + NOISE * noise))


def do_step(place: Place, step: str, ceiling_gib: float) -> None:
    """Read the inputs of a step, do it and write what it gives."""
    from entropice.processes import memory_ceiling

    context = place.open(ceiling_gib)
    (node,) = [node for node in pipelines["__default__"].nodes if node.name.endswith(f".{step}")]
    catalog = context.catalog
    with memory_ceiling(int(ceiling_gib * 2**30)):
        known = {"provenance": provenance_in(read_json(place.grid_root / MANIFEST))}
        given = known | {name: catalog.load(name) for name in node.inputs if name not in known}
        found = node.run({name: given[name] for name in node.inputs})
    if step not in UNSAVED:
        for name, output in found.items():
            catalog.save(name, output)


@dataclass(frozen=True)
class Taken:
    """What a step took, all its processes together."""

    step: str
    wall_s: float
    cpu_s: float
    peak_mib: float


def watched(step: str, command: Sequence[str]) -> Taken:
    """Run a command to its end and watch its memory."""
    import resource

    begin_s, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process, peak_bytes = subprocess.Popen(command), 0  # noqa: S603  # nosec B603 - this file itself
    while process.poll() is None:
        peak_bytes = max(peak_bytes, sum(map(pss_bytes, with_children(process.pid))))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{step} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(step, time.perf_counter() - begin_s, cpu_s, peak_bytes / MEBIBYTE)


def with_children(pid: int) -> Iterator[int]:
    """A process and all that it has started."""
    yield pid
    for task in _listed(Path(f"/proc/{pid}/task")):
        for child in _text(task / "children").split():
            yield from with_children(int(child))


def pss_bytes(pid: int) -> int:
    """Proportional set size of a process; 0 where it is gone."""
    rows = _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(1024 * int(row.split()[1]) for row in rows if row.startswith("Pss:"))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""


def table_of(taken: Iterable[Taken]) -> str:
    """A row a step."""
    rows = [[one.step, f"{one.wall_s:.0f}", f"{one.cpu_s:.0f}", f"{one.peak_mib:,.0f}"] for one in taken]
    return markdown_table(["step", "wall (s)", "CPU (s)", "peak memory (MiB)"], rows)


def main() -> None:
    """Make the run where it is not there, do the steps and say what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small", type=Path)
    parser.add_argument("folder", type=Path, help="of the enlarged run, made where it is not there")
    parser.add_argument("--grid", default="h3_6")
    parser.add_argument("--min-lat-deg", type=float, default=79.3, help="with h3_6, 62,000 cells")
    parser.add_argument("--years", type=int, default=7)
    parser.add_argument("--ceiling-gib", type=float, default=8.0)
    parser.add_argument("--groups", action="store_true", help="make moments, too, for derive_* and assemble_features")
    parser.add_argument("--steps", nargs="*", default=STEPS)
    parser.add_argument("--do", choices=[MAKES, *STEPS], help="one step in this process; the benchmark's own")
    given = parser.parse_args()
    place = Place(given.folder.absolute(), given.grid, given.years)
    if given.do == MAKES:
        make(given.small.absolute(), place, given.min_lat_deg, given.groups)
    elif given.do is not None:
        do_step(place, given.do, given.ceiling_gib)
    else:
        steps = [*([] if place.grid_root.exists() else [MAKES]), *given.steps]
        command = [sys.executable, "-m", "benchmarks.large_steps", *sys.argv[1:], "--do"]
        taken = []
        for step in steps:
            taken.append(watched(step, [*command, step]))
            print(table_of(taken[-1:]).splitlines()[-1], flush=True)  # noqa: T201
        n_cells = len(pd.read_parquet(place.grid_root / "03_primary/cells.parquet", columns=["cell_id"]))
        print(f"{n_cells:,} cells, {given.years} years.\n{table_of(taken)}\n{circumstances()}")  # noqa: T201


if __name__ == "__main__":
    main()
